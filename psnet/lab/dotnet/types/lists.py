"""Members of lists: ArrayList, List`1, Collection`1 and ReadOnlyCollection`1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import object_model
from psnet.lab.dotnet.bases import is_value_type, split_generic
from psnet.lab.dotnet.compare import order
from psnet.lab.dotnet.convert import convert, to_bool
from psnet.lab.dotnet.errors import argument_error, argument_range
from psnet.lab.dotnet.objects import Sequence
from psnet.lab.dotnet.registry import constructor, method, prop
from psnet.lab.dotnet.tostring import is_enumerable
from psnet.lab.dotnet.typenames import unwrap
from psnet.lab.dotnet.types.collections import _GENERIC, _LIST, _check, _find, exactly, sorted_values
from psnet.lab.values import AUTOMATION_NULL, Array, ArrayList, GenericList, TypeValue

if TYPE_CHECKING:
    from collections.abc import Callable

_COLLECTION = "System.Collections.ObjectModel.Collection`1"


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
def _list_typed(value: ArrayList, kind: TypeValue) -> Array:
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
    found = next((item for item in value.items if to_bool(test(item))), value)
    if found is not value:
        return found
    kind = value.element_type
    return object_model.new_object(kind, []) if is_value_type(kind) else None


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
