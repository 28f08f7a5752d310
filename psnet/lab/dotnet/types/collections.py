"""Arrays, ArrayList, List[T], HashSet[T], stacks and queues."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.compare import order
from psnet.lab.dotnet.convert import convert, to_bool
from psnet.lab.dotnet.errors import argument_error, argument_range, thrown
from psnet.lab.dotnet.objects import HashSet, MultiArray, Sequence
from psnet.lab.dotnet.registry import constructor, method, prop, static
from psnet.lab.dotnet.strings import linguistic
from psnet.lab.dotnet.tostring import is_enumerable
from psnet.lab.dotnet.typenames import split_generic, type_name_of, unwrap
from psnet.lab.values import AUTOMATION_NULL, Array, ArrayList, GenericList

if TYPE_CHECKING:
    from collections.abc import Callable

_ARRAY, _LIST, _GENERIC = "System.Array", "System.Collections.ArrayList", "System.Collections.Generic.List`1"
_SET = "System.Collections.Generic.HashSet`1"
_COLLECTION = "System.Collections.ObjectModel.Collection`1"
_RANGE = "Index was out of range. Must be non-negative and less than the size of the collection."
_MISSING = object()


def exactly(one: Any, other: Any) -> bool:
    """Say whether ``Object.Equals`` holds: same type and value."""
    one, other = unwrap(one), unwrap(other)
    if isinstance(one, str) and isinstance(other, str):
        return type(one) is type(other) and one == other
    return one is other or (type_name_of(one) == type_name_of(other) and bool(one == other))


def _find(items: list[Any], value: Any, start: int = 0, end: int | None = None) -> int:
    stop = len(items) if end is None else end
    return next((place for place in range(start, stop) if exactly(items[place], value)), -1)


def _check(items: list[Any], index: int, *, extra: int = 0) -> None:
    if not 0 <= index < len(items) + extra:
        raise argument_range("index", _RANGE)


def sorted_values(items: list[Any], compare: Callable[[Any, Any], Any] | None = None) -> list[Any]:
    """Return values in the order of their default comparer, or of a comparer's."""

    def default(one: Any, other: Any) -> int:
        one, other = unwrap(one), unwrap(other)
        if one is None or other is None:
            return (one is not None) - (other is not None)
        if isinstance(one, str) and isinstance(other, str):
            return linguistic(one, other, ignore_case=False)
        if type_name_of(one) != type_name_of(other):
            raise thrown(
                "InvalidOperationException",
                "Failed to compare two elements in the array.",
                argument_error(f"Object must be of type {type_name_of(one).rpartition('.')[2]}.").exception,
            )
        return order(one, other, ignore_case=False) or 0

    if compare is None:
        return sorted(items, key=cmp_to_key(default))
    chosen = compare
    return sorted(items, key=cmp_to_key(lambda one, other: int(convert(chosen(one, other), "System.Int32"))))


# -- Array ---------------------------------------------------------------------------------------------------

for _name, _getter in {
    "int Length": len,
    "int Count": len,
    "int Rank": lambda value: len(value.shape) if isinstance(value, MultiArray) else 1,
    "bool IsFixedSize": lambda _: True,
    "bool IsReadOnly": lambda _: False,
    "bool IsSynchronized": lambda _: False,
    "System.Object SyncRoot": lambda value: value,
}.items():
    prop(_ARRAY, _name, _getter, extended="AliasProperty" if _name.endswith("Count") else "")
prop(_ARRAY, "long LongLength", lambda value: convert(len(value), "System.Int64"))


def _fixed(message: str = "Collection was of a fixed size.") -> Any:
    return thrown("NotSupportedException", message)


@method(_ARRAY, "int Add(System.Object value)", "void Remove(System.Object value)", "void RemoveAt(int index)")
def _no_change(value: Array, _: Any) -> Any:
    raise _fixed()


@method(_ARRAY, "void Insert(int index, System.Object value)")
def _no_insert(value: Array, _: int, __: Any) -> Any:
    raise _fixed()


@method(_ARRAY, "void Clear()")
def _array_clear(value: Array) -> Any:
    blank = convert(None, value.element_type) if value.element_type != "System.String" else None
    value.items[:] = [blank] * len(value.items)
    return AUTOMATION_NULL


@method(_ARRAY, "bool Contains(System.Object value)")
def _array_contains(value: Array, item: Any) -> bool:
    return _find(list(value), item) >= 0


@method(_ARRAY, "int IndexOf(System.Object value)")
def _array_index(value: Array, item: Any) -> int:
    return _find(list(value), item)


@method(_ARRAY, "System.Object Clone()")
def _array_clone(value: Array) -> Array:
    return Array(list(value.items), value.element_type)


@method(_ARRAY, "int GetLength(int dimension)")
def _get_length(value: Any, dimension: int) -> int:
    shape = value.shape if isinstance(value, MultiArray) else (len(value),)
    if not 0 <= dimension < len(shape):
        raise thrown("IndexOutOfRangeException", "Array does not have that many dimensions.")
    return int(shape[dimension])


@method(_ARRAY, "int GetUpperBound(int dimension)")
def _upper(value: Any, dimension: int) -> int:
    return _get_length(value, dimension) - 1


@method(_ARRAY, "int GetLowerBound(int dimension)")
def _lower(value: Any, dimension: int) -> int:
    return 0 * _get_length(value, dimension)


@method(_ARRAY, "System.Object GetValue(int index)", "System.Object Get(int index)")
def _get_value(value: Array, index: int) -> Any:
    if not 0 <= index < len(value):
        raise thrown("IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return value.items[index]


@method(_ARRAY, "void SetValue(System.Object value, int index)")
def _set_value(value: Array, item: Any, index: int) -> Any:
    if not 0 <= index < len(value):
        raise thrown("IndexOutOfRangeException", "Index was outside the bounds of the array.")
    value.items[index] = convert(item, value.element_type)
    return AUTOMATION_NULL


@method(_ARRAY, "void Set(int index, System.Object value)")
def _set_at(value: Array, index: int, item: Any) -> Any:
    return _set_value(value, item, index)


@method(_ARRAY, "void CopyTo(array array, int index)")
def _array_copy(value: Array, target: Array, index: int) -> Any:
    target.items[index : index + len(value)] = value.items
    return AUTOMATION_NULL


@method("System.Collections.IEnumerable", "System.Collections.IEnumerator GetEnumerator()")
def _enumerator(value: Any) -> Any:
    return Sequence(list(value), "System.Collections.IEnumerator")


@static(_ARRAY, "void Sort(array array)", "void Sort(array array, delegate comparer)")
def _sort(value: Array, compare: Callable[[Any, Any], Any] | None = None) -> Any:
    value.items[:] = sorted_values(value.items, compare)
    return AUTOMATION_NULL


@static(_ARRAY, "void Sort(array keys, array items)")
def _sort_pairs(keys: Array, items: Array) -> Any:
    placed = sorted_values(
        [Sequence([key, place]) for place, key in enumerate(keys.items)],
        lambda a, b: order(a.items[0], b.items[0]) or 0,
    )
    places = [each.items[1] for each in placed]
    keys.items[:] = [keys.items[place] for place in places]
    items.items[:] = [items.items[place] for place in places]
    return AUTOMATION_NULL


@static(_ARRAY, "void Reverse(array array)", "void Reverse(array array, int index, int length)")
def _reverse(value: Array, index: int = 0, count: int | None = None) -> Any:
    end = len(value) if count is None else index + count
    value.items[index:end] = value.items[index:end][::-1]
    return AUTOMATION_NULL


@static(
    _ARRAY,
    "int IndexOf(array array, System.Object value)",
    "int IndexOf(array array, System.Object value, int startIndex)",
)
def _index_of(value: Array, item: Any, start: int = 0) -> int:
    return _find(value.items, item, start)


@static(_ARRAY, "int LastIndexOf(array array, System.Object value)")
def _last_index(value: Array, item: Any) -> int:
    return next((place for place in range(len(value) - 1, -1, -1) if exactly(value.items[place], item)), -1)


@static(_ARRAY, "void Copy(array sourceArray, array destinationArray, int length)")
def _copy(source: Array, target: Array, count: int) -> Any:
    return _copy_from(source, 0, target, 0, count)


@static(
    _ARRAY, "void Copy(array sourceArray, int sourceIndex, array destinationArray, int destinationIndex, int length)"
)
def _copy_from(source: Array, start: int, target: Array, at: int, count: int) -> Any:
    if start + count > len(source):
        raise argument_error(
            "Source array was not long enough. Check the source index, length, and the array's lower bounds.",
            "sourceArray",
        )
    if at + count > len(target):
        raise argument_error(
            "Destination array was not long enough. Check the destination index, length, and the array's lower bounds.",
            "destinationArray",
        )
    target.items[at : at + count] = [convert(item, target.element_type) for item in source.items[start : start + count]]
    return AUTOMATION_NULL


@static(_ARRAY, "void Clear(array array, int index, int length)")
def _clear_part(value: Array, index: int, count: int) -> Any:
    blank = None if value.element_type == "System.String" else convert(None, value.element_type)
    value.items[index : index + count] = [blank] * count
    return AUTOMATION_NULL


@static(_ARRAY, "array CreateInstance(type elementType, int length)")
def _create(kind: Any, count: int) -> Array:
    return blank_array(kind.name, count)


@static(_ARRAY, "System.Object Find(array array, delegate match)")
def _array_find(value: Array, test: Callable[[Any], Any]) -> Any:
    return next((item for item in value.items if to_bool(test(item))), None)


@static(_ARRAY, "array FindAll(array array, delegate match)")
def _array_find_all(value: Array, test: Callable[[Any], Any]) -> Array:
    return Array([item for item in value.items if to_bool(test(item))], value.element_type)


@static(_ARRAY, "int FindIndex(array array, delegate match)")
def _array_find_index(value: Array, test: Callable[[Any], Any]) -> int:
    return next((place for place, item in enumerate(value.items) if to_bool(test(item))), -1)


@static(_ARRAY, "bool Exists(array array, delegate match)")
def _array_exists(value: Array, test: Callable[[Any], Any]) -> bool:
    return any(to_bool(test(item)) for item in value.items)


@static(_ARRAY, "System.Object Empty()")
def _empty() -> Array:
    return Array([])


def blank_array(element: str, count: int) -> Array:
    """Return an array of default values."""
    from psnet.lab.dotnet.types.statics import default_value  # noqa: PLC0415 - it builds on the numbers

    if count < 0:
        raise thrown("OverflowException", "Arithmetic operation resulted in an overflow.")
    return Array([default_value(element) for _ in range(count)], element)


@constructor(_ARRAY, "(int length)")
def _new_array(type_name: str, count: int) -> Any:
    return blank_array(type_name[:-2], count)


@constructor(_ARRAY, "(int length0, int length1)", "(int length0, int length1, int length2)")
def _new_multi(type_name: str, *shape: int) -> MultiArray:
    element = type_name[: type_name.rindex("[")]
    size = 1
    for each in shape:
        size *= each
    return MultiArray(tuple(shape), blank_array(element, size).items, element)


@method(_ARRAY, "System.Object GetValue(int index1, int index2)")
def _get_multi(value: MultiArray, first: int, second: int) -> Any:
    return value.items[first * value.shape[1] + second]


@method(_ARRAY, "void SetValue(System.Object value, int index1, int index2)")
def _set_multi(value: MultiArray, item: Any, first: int, second: int) -> Any:
    value.items[first * value.shape[1] + second] = convert(item, value.element_type)
    return AUTOMATION_NULL


# -- ArrayList and List[T] ----------------------------------------------------------------------------------------


def _lists(owner: str, item: str) -> None:
    """Declare what ArrayList, List[T] and Collection[T] share; ``item`` is their element type in signatures."""
    prop(owner, "int Count", len)
    prop(owner, "bool IsReadOnly", lambda _: False)
    prop(owner, "bool IsFixedSize", lambda _: False)

    @method(owner, f"void Insert(int index, {item} value)")
    def insert(value: Any, index: int, new: Any) -> Any:
        _check(value.items, index, extra=1)
        value.items.insert(index, new)
        return AUTOMATION_NULL

    @method(owner, "void RemoveAt(int index)")
    def remove_at(value: Any, index: int) -> Any:
        _check(value.items, index)
        del value.items[index]
        return AUTOMATION_NULL

    @method(owner, "void Clear()")
    def clear(value: Any) -> Any:
        value.items.clear()
        return AUTOMATION_NULL

    @method(owner, f"bool Contains({item} item)")
    def contains(value: Any, wanted: Any) -> bool:
        return _find(value.items, wanted) >= 0

    @method(owner, f"int IndexOf({item} item)", f"int IndexOf({item} item, int index)")
    def index_of(value: Any, wanted: Any, start: int = 0) -> int:
        return _find(value.items, wanted, start)

    @method(owner, "void CopyTo(array array)", "void CopyTo(array array, int arrayIndex)")
    def copy_to(value: Any, target: Array, index: int = 0) -> Any:
        target.items[index : index + len(value.items)] = value.items
        return AUTOMATION_NULL

    @method(owner, f"{item} get_Item(int index)")
    def get_item(value: Any, index: int) -> Any:
        _check(value.items, index)
        return value.items[index]

    @method(owner, f"void set_Item(int index, {item} value)")
    def set_item(value: Any, index: int, new: Any) -> Any:
        _check(value.items, index)
        value.items[index] = new
        return AUTOMATION_NULL


_lists(_LIST, "System.Object")
_lists(_GENERIC, "T")
_lists(_COLLECTION, "T")


def _ranges(owner: str, item: str) -> None:
    """Declare what ArrayList and List[T] share beyond a Collection."""
    prop(owner, "int Capacity", lambda value: max(4, len(value.items)))

    @method(
        owner,
        "void AddRange(System.Collections.Generic.IEnumerable[T] c)"
        if item == "T"
        else "void AddRange(System.Collections.ICollection c)",
    )
    def add_range(value: Any, more: Any) -> Any:
        value.items.extend(list(unwrap(more)) if is_enumerable(more) else [more])
        return AUTOMATION_NULL

    @method(owner, "void InsertRange(int index, System.Collections.ICollection c)")
    def insert_range(value: Any, index: int, more: Any) -> Any:
        _check(value.items, index, extra=1)
        kind = value.element_type if isinstance(value, GenericList) else "System.Object"
        value.items[index:index] = [convert(each, kind) for each in more]
        return AUTOMATION_NULL

    @method(owner, "void RemoveRange(int index, int count)")
    def remove_range(value: Any, index: int, count: int) -> Any:
        if index < 0 or count < 0 or index + count > len(value.items):
            raise argument_error(
                "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection."
            )
        del value.items[index : index + count]
        return AUTOMATION_NULL

    @method(owner, "void Reverse()")
    def reverse(value: Any) -> Any:
        value.items.reverse()
        return AUTOMATION_NULL

    @method(owner, "void Sort()", "void Sort(delegate comparison)")
    def sort(value: Any, compare: Callable[[Any, Any], Any] | None = None) -> Any:
        value.items[:] = sorted_values(value.items, compare)
        return AUTOMATION_NULL

    @method(owner, f"int LastIndexOf({item} item)")
    def last(value: Any, wanted: Any) -> int:
        return next((place for place in range(len(value.items) - 1, -1, -1) if exactly(value.items[place], wanted)), -1)

    @method(owner, f"{item}[] ToArray()")
    def to_array(value: Any) -> Array:
        return Array(list(value.items), value.element_type if isinstance(value, GenericList) else "System.Object")

    @method(owner, "System.Object GetRange(int index, int count)")
    def get_range(value: Any, index: int, count: int) -> Any:
        part = value.items[index : index + count]
        return GenericList(part, value.element_type) if isinstance(value, GenericList) else ArrayList(part)

    @method(owner, f"int BinarySearch({item} value)")
    def search(value: Any, wanted: Any) -> int:
        low, high = 0, len(value.items) - 1
        while low <= high:
            middle = (low + high) // 2
            sign = order(value.items[middle], wanted) or 0
            if not sign:
                return middle
            low, high = (middle + 1, high) if sign < 0 else (low, middle - 1)
        return ~low


_ranges(_LIST, "System.Object")
_ranges(_GENERIC, "T")


@method(_LIST, "int Add(System.Object value)")
def _list_add(value: ArrayList, item: Any) -> int:
    value.items.append(item)
    return len(value.items) - 1


@method(_LIST, "void Remove(System.Object obj)")
def _list_remove(value: ArrayList, item: Any) -> Any:
    place = _find(value.items, item)
    if place >= 0:
        del value.items[place]
    return AUTOMATION_NULL


@method(_LIST, "array ToArray(type type)")
def _list_typed(value: ArrayList, kind: Any) -> Array:
    return Array([convert(item, kind.name) for item in value.items], kind.name)


@method(_LIST, "System.Object Clone()")
def _list_clone(value: ArrayList) -> ArrayList:
    return ArrayList(list(value.items))


@method(_GENERIC, "void Add(T item)")
def _generic_add(value: GenericList, item: Any) -> Any:
    value.items.append(item)
    return AUTOMATION_NULL


@method(_COLLECTION, "void Add(T item)")
def _collection_add(value: Sequence, item: Any) -> Any:
    value.items.append(item)
    return AUTOMATION_NULL


def _remove(value: Any, item: Any) -> bool:
    place = _find(value.items, item)
    if place >= 0:
        del value.items[place]
    return place >= 0


method(_GENERIC, "bool Remove(T item)")(_remove)
method(_COLLECTION, "bool Remove(T item)")(_remove)


@method(_GENERIC, "T Find(delegate match)")
def _generic_find(value: GenericList, test: Callable[[Any], Any]) -> Any:
    return next((item for item in value.items if to_bool(test(item))), None)


@method(_GENERIC, "System.Object FindAll(delegate match)")
def _generic_find_all(value: GenericList, test: Callable[[Any], Any]) -> GenericList:
    return GenericList([item for item in value.items if to_bool(test(item))], value.element_type)


@method(_GENERIC, "int FindIndex(delegate match)")
def _generic_find_index(value: GenericList, test: Callable[[Any], Any]) -> int:
    return next((place for place, item in enumerate(value.items) if to_bool(test(item))), -1)


@method(_GENERIC, "int RemoveAll(delegate match)")
def _remove_all(value: GenericList, test: Callable[[Any], Any]) -> int:
    kept = [item for item in value.items if not to_bool(test(item))]
    removed = len(value.items) - len(kept)
    value.items[:] = kept
    return removed


@method(_GENERIC, "bool Exists(delegate match)")
def _exists(value: GenericList, test: Callable[[Any], Any]) -> bool:
    return any(to_bool(test(item)) for item in value.items)


@method(_GENERIC, "bool TrueForAll(delegate match)")
def _for_all(value: GenericList, test: Callable[[Any], Any]) -> bool:
    return all(to_bool(test(item)) for item in value.items)


@method(_GENERIC, "System.Object AsReadOnly()")
def _read_only(value: GenericList) -> Sequence:
    kind = f"System.Collections.ObjectModel.ReadOnlyCollection`1[{value.element_type}]"
    return Sequence(value.items, kind, value.element_type)


@constructor(_LIST, "()", "(int capacity)", "(System.Collections.ICollection c)")
def _new_list(source: Any = None) -> ArrayList:
    return ArrayList() if source is None or isinstance(source, int) else ArrayList(list(source))


@constructor(_GENERIC, "()", "(int capacity)", "(System.Collections.Generic.IEnumerable[T] collection)")
def _new_generic(type_name: str, source: Any = None) -> GenericList:
    kind = split_generic(type_name)[1][0]
    if source is None or isinstance(source, int):
        if isinstance(source, int) and source < 0:
            raise argument_range("capacity", "Non-negative number required.")
        return GenericList([], kind)
    return GenericList([convert(item, kind) for item in source], kind)


@constructor(_COLLECTION, "()")
def _new_collection(type_name: str) -> Sequence:
    return Sequence([], type_name, split_generic(type_name)[1][0])


prop("System.Collections.ObjectModel.ReadOnlyCollection`1", "int Count", len)

# -- HashSet -----------------------------------------------------------------------------------------------------

prop(_SET, "int Count", len)


def _comparer(value: HashSet) -> Any:
    from psnet.lab.dotnet.objects import Native  # noqa: PLC0415 - one property

    if not value.case_sensitive:
        return Native("System.OrdinalIgnoreCaseComparer")
    name = f"System.Collections.Generic.GenericEqualityComparer`1[{value.element_type}]"
    return Native(name)


prop(_SET, "System.Collections.IComparer Comparer", _comparer)
prop(_SET, "bool IsReadOnly", lambda _: False)


@method(_SET, "bool Add(T item)")
def _set_add(value: HashSet, item: Any) -> bool:
    return value.add(item)


@method(_SET, "bool Contains(T item)")
def _set_contains(value: HashSet, item: Any) -> bool:
    return item in value


@method(_SET, "bool Remove(T item)")
def _set_remove(value: HashSet, item: Any) -> bool:
    return value.entries.pop(value.key(item), _MISSING) is not _MISSING


@method(_SET, "void Clear()")
def _set_clear(value: HashSet) -> Any:
    value.entries.clear()
    return AUTOMATION_NULL


def _others(value: HashSet, other: Any) -> HashSet:
    items = [convert(item, value.element_type) for item in unwrap(other)]
    return HashSet(items, value.element_type, case_sensitive=value.case_sensitive)


_ENUMERABLE = "System.Collections.IEnumerable other"


@method(_SET, f"void UnionWith({_ENUMERABLE})")
def _union(value: HashSet, other: Any) -> Any:
    for item in _others(value, other):
        value.add(item)
    return AUTOMATION_NULL


@method(_SET, f"void IntersectWith({_ENUMERABLE})")
def _intersect(value: HashSet, other: Any) -> Any:
    wanted = _others(value, other)
    value.entries = {key: item for key, item in value.entries.items() if item in wanted}
    return AUTOMATION_NULL


@method(_SET, f"void ExceptWith({_ENUMERABLE})")
def _except(value: HashSet, other: Any) -> Any:
    for item in _others(value, other):
        value.entries.pop(value.key(item), None)
    return AUTOMATION_NULL


@method(_SET, f"void SymmetricExceptWith({_ENUMERABLE})")
def _symmetric(value: HashSet, other: Any) -> Any:
    for item in _others(value, other):
        if value.entries.pop(value.key(item), _MISSING) is _MISSING:
            value.add(item)
    return AUTOMATION_NULL


for _name, _test in {
    "IsSubsetOf": lambda mine, theirs: mine <= theirs,
    "IsSupersetOf": lambda mine, theirs: mine >= theirs,
    "IsProperSubsetOf": lambda mine, theirs: mine < theirs,
    "IsProperSupersetOf": lambda mine, theirs: mine > theirs,
    "Overlaps": lambda mine, theirs: bool(mine & theirs),
    "SetEquals": lambda mine, theirs: mine == theirs,
}.items():
    method(_SET, f"bool {_name}({_ENUMERABLE})")(
        lambda value, other, test=_test: test(set(value.entries), set(_others(value, other).entries))
    )


@constructor(_SET, "()")
def _new_set(type_name: str) -> HashSet:
    return HashSet([], split_generic(type_name)[1][0])


@constructor(_SET, "(System.StringComparer comparer)")
def _new_compared(type_name: str, comparer: Any) -> HashSet:
    return HashSet([], split_generic(type_name)[1][0], case_sensitive=not comparer.state["ignore_case"])


@constructor(_SET, "(System.Collections.IEnumerable collection)")
def _new_filled(type_name: str, source: Any) -> HashSet:
    kind = split_generic(type_name)[1][0]
    return HashSet([convert(item, kind) for item in unwrap(source)], kind)


@constructor(_SET, "(System.Collections.IEnumerable collection, System.StringComparer comparer)")
def _new_filled_compared(type_name: str, source: Any, comparer: Any) -> HashSet:
    kind = split_generic(type_name)[1][0]
    items = [convert(item, kind) for item in unwrap(source)]
    return HashSet(items, kind, case_sensitive=not comparer.state["ignore_case"])


# -- Stack and Queue ------------------------------------------------------------------------------------------------


def _sequences(owner: str, item: str, *, stack: bool) -> None:
    prop(owner, "int Count", len)
    what = "Stack" if stack else "Queue"

    @method(owner, f"void {'Push' if stack else 'Enqueue'}({item} obj)")
    def push(value: Sequence, new: Any) -> Any:
        value.items.insert(0, new) if stack else value.items.append(new)
        return AUTOMATION_NULL

    def first(value: Sequence) -> Any:
        if not value.items:
            raise thrown("InvalidOperationException", f"{what} empty.")
        return value.items[0]

    @method(owner, f"{item} {'Pop' if stack else 'Dequeue'}()")
    def pop(value: Sequence) -> Any:
        first(value)
        return value.items.pop(0)

    method(owner, f"{item} Peek()")(first)

    @method(owner, "void Clear()")
    def clear(value: Sequence) -> Any:
        value.items.clear()
        return AUTOMATION_NULL

    @method(owner, f"bool Contains({item} obj)")
    def contains(value: Sequence, wanted: Any) -> bool:
        return _find(value.items, wanted) >= 0

    @method(owner, f"{item}[] ToArray()")
    def to_array(value: Sequence) -> Array:
        return Array(list(value.items), value.element_type)


def _plain_sequence(owner: str, *, stack: bool) -> None:
    @constructor(owner, "()", "(int initialCapacity)", "(System.Collections.ICollection col)")
    def create(source: Any = None) -> Sequence:
        items = [] if source is None or isinstance(source, int) else list(source)
        return Sequence(items[::-1] if stack else items, owner)


def _generic_sequence(owner: str, *, stack: bool) -> None:
    @constructor(owner, "()", "(int capacity)", "(System.Collections.Generic.IEnumerable[T] collection)")
    def create(type_name: str, source: Any = None) -> Sequence:
        kind = split_generic(type_name)[1][0]
        items = [] if source is None or isinstance(source, int) else [convert(item, kind) for item in source]
        return Sequence(items[::-1] if stack else items, type_name, kind)


for _owner, _stack in (("System.Collections.Stack", True), ("System.Collections.Queue", False)):
    _sequences(_owner, "System.Object", stack=_stack)
    _plain_sequence(_owner, stack=_stack)
for _owner, _stack in (("System.Collections.Generic.Stack`1", True), ("System.Collections.Generic.Queue`1", False)):
    _sequences(_owner, "T", stack=_stack)
    _generic_sequence(_owner, stack=_stack)
