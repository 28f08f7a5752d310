"""SortedList, and NameValueCollection (texts by name, several of which may have one name)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import argument_range
from psnet.lab.dotnet.objects import Sequence
from psnet.lab.dotnet.registry import constructor, method, prop
from psnet.lab.dotnet.types.dictionaries import _add, _contains_key, _contains_value, _remove
from psnet.lab.values import AUTOMATION_NULL, Array, Hashtable

if TYPE_CHECKING:
    from collections.abc import Iterator

_SORTED: Final = "System.Collections.SortedList"
_NAMED: Final = "System.Collections.Specialized.NameValueCollection"
_OUTSIDE: Final = "Index was out of range. Must be non-negative and less than the size of the collection."


class SortedTable(Hashtable):
    """System.Collections.SortedList: enumerates in the order of its keys."""

    type_name = _SORTED
    __slots__ = ()

    def items(self) -> list[tuple[Any, Any]]:
        """Return (key, value) pairs in the order of the keys."""
        from psnet.lab.dotnet.types.collections import sorted_values  # noqa: PLC0415 - shared order

        pairs = super().items()
        found = {id(key): value for key, value in pairs}
        return [(key, found[id(key)]) for key in sorted_values([key for key, _ in pairs])]

    def keys(self) -> list[Any]:
        """Return the keys in their order."""
        return [key for key, _ in self.items()]

    def values(self) -> list[Any]:
        """Return the values in the order of their keys."""
        return [value for _, value in self.items()]


@constructor(_SORTED, "()", "(int initialCapacity)", "(System.Collections.IDictionary d)")
def _new_sorted(source: Any = None) -> SortedTable:
    return SortedTable(source.items() if isinstance(source, Hashtable) else (), case_sensitive=True)


def _at(values: list[Any], index: int) -> Any:
    if not 0 <= index < len(values):
        raise argument_range("index", _OUTSIDE)
    return values[index]


method(_SORTED, "void Add(System.Object key, System.Object value)")(_add)
method(_SORTED, "bool ContainsKey(System.Object key)")(_contains_key)
method(_SORTED, "bool ContainsValue(System.Object value)")(_contains_value)
method(_SORTED, "void Remove(System.Object key)")(_remove)
method(_SORTED, "System.Object GetKey(int index)")(lambda table, index: _at(table.keys(), index))
method(_SORTED, "System.Object GetByIndex(int index)")(lambda table, index: _at(table.values(), index))
method(_SORTED, "int IndexOfKey(System.Object key)")(
    lambda table, key: table.keys().index(key) if key in table.keys() else -1
)
method(_SORTED, "System.Collections.IList GetKeyList()")(
    lambda table: Sequence(table.keys(), "System.Collections.IList")
)
method(_SORTED, "System.Collections.IList GetValueList()")(
    lambda table: Sequence(table.values(), "System.Collections.IList")
)


@method(_SORTED, "void RemoveAt(int index)")
def _remove_at(table: SortedTable, index: int) -> Any:
    del table[_at(table.keys(), index)]
    return AUTOMATION_NULL


class NamedValues:
    """System.Collections.Specialized.NameValueCollection: names without regard to case, in their order."""

    type_name = _NAMED
    enumerates = True
    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: dict[str, tuple[str, list[str]]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, _ in self.entries.values()])

    def __len__(self) -> int:
        return len(self.entries)

    def get(self, name: str) -> str | None:
        """Return the values of a name joined by commas, None for no such name."""
        found = self.entries.get(name.lower())
        return None if found is None else ",".join(found[1])


constructor(_NAMED, "()")(NamedValues)
prop(_NAMED, "int Count", len)
prop(_NAMED, "string[] AllKeys", lambda value: Array(list(value), "System.String"))
prop(
    _NAMED,
    "System.Object Keys",
    lambda value: Sequence(list(value), "System.Collections.Specialized.NameObjectCollectionBase+KeysCollection"),
)
method(_NAMED, "bool HasKeys()")(lambda value: bool(value.entries))
method(_NAMED, "string GetKey(int index)")(lambda value, index: _at(list(value), index))


@method(_NAMED, "string get_Item(string name)", "string Get(string name)")
def _get(value: NamedValues, name: str) -> str | None:
    return value.get(name)


@method(_NAMED, "string get_Item(int index)", "string Get(int index)")
def _get_at(value: NamedValues, index: int) -> str | None:
    return value.get(_at(list(value), index))


@method(_NAMED, "void Add(string name, string value)")
def _add_value(value: NamedValues, name: str, text: str) -> Any:
    value.entries.setdefault(name.lower(), (name, []))[1].append(text)
    return AUTOMATION_NULL


@method(_NAMED, "void Set(string name, string value)", "void set_Item(string name, string value)")
def _set_value(value: NamedValues, name: str, text: str) -> Any:
    old = value.entries.get(name.lower())
    value.entries[name.lower()] = (old[0] if old else name, [text])
    return AUTOMATION_NULL


@method(_NAMED, "string[] GetValues(string name)")
def _values(value: NamedValues, name: str) -> Array | None:
    found = value.entries.get(name.lower())
    return None if found is None else Array(list(found[1]), "System.String")


@method(_NAMED, "void Remove(string name)")
def _remove_name(value: NamedValues, name: str) -> Any:
    value.entries.pop(name.lower(), None)
    return AUTOMATION_NULL


@method(_NAMED, "void Clear()")
def _clear(value: NamedValues) -> Any:
    value.entries.clear()
    return AUTOMATION_NULL
