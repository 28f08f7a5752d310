"""Arrays, ArrayList, List[T], HashSet[T], stacks and queues."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.compare import order
from psnet.lab.dotnet.convert import convert, to_bool
from psnet.lab.dotnet.errors import argument_error, argument_range, thrown
from psnet.lab.dotnet.objects import MultiArray, Sequence
from psnet.lab.dotnet.registry import constructor, method, prop, static
from psnet.lab.dotnet.strings import linguistic
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.values import AUTOMATION_NULL, Array, TypeValue

if TYPE_CHECKING:
    from collections.abc import Callable

_ARRAY, _LIST, _GENERIC = "System.Array", "System.Collections.ArrayList", "System.Collections.Generic.List`1"
_SET = "System.Collections.Generic.HashSet`1"
_RANGE = "Index was out of range. Must be non-negative and less than the size of the collection."


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
    items = getattr(value, "children", getattr(value, "spaces", value))  # of XML, which PowerShell does not enumerate
    return Sequence(list(items), "System.Collections.IEnumerator")


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
def _create(kind: TypeValue, count: int) -> Array:
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


def _place(value: MultiArray | Array, first: int, second: int) -> int:
    if not isinstance(value, MultiArray) or len(value.shape) != 2:
        raise argument_error("Array was not a two-dimensional array.")
    if not (0 <= first < value.shape[0] and 0 <= second < value.shape[1]):
        raise thrown("IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return first * value.shape[1] + second


@method(_ARRAY, "System.Object GetValue(int index1, int index2)")
def _get_multi(value: MultiArray, first: int, second: int) -> Any:
    return value.items[_place(value, first, second)]


@method(_ARRAY, "void SetValue(System.Object value, int index1, int index2)")
def _set_multi(value: MultiArray, item: Any, first: int, second: int) -> Any:
    value.items[_place(value, first, second)] = convert(item, value.element_type)
    return AUTOMATION_NULL


# -- ArrayList and List[T] ----------------------------------------------------------------------------------------


_READ_ONLY = "System.Collections.ObjectModel.ReadOnlyCollection`1"
prop(_READ_ONLY, "int Count", len)


@method(_READ_ONLY, "T get_Item(int index)")
def _read_only_item(value: Sequence, index: int) -> Any:
    _check(value.items, index)
    return value.items[index]


@method(_READ_ONLY, "bool Contains(T value)")
def _read_only_contains(value: Sequence, item: Any) -> bool:
    return _find(value.items, item) >= 0


@method(_READ_ONLY, "int IndexOf(T value)")
def _read_only_index(value: Sequence, item: Any) -> int:
    return _find(value.items, item)


# -- HashSet -----------------------------------------------------------------------------------------------------

prop(_SET, "int Count", len)
