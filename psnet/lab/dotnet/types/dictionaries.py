"""Hashtable, OrderedDictionary, Dictionary[,] and their entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.bases import split_generic
from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.convert import convert, to_string
from psnet.lab.dotnet.errors import argument_error, argument_null, argument_range, thrown
from psnet.lab.dotnet.objects import Dictionary, KeyValue, Sequence, is_exact
from psnet.lab.dotnet.registry import constructor, method, prop
from psnet.lab.dotnet.tostring import net_text
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.values import AUTOMATION_NULL, Array, DotNetError, Hashtable, OrderedDictionary, Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HASH, _ORDERED = "System.Collections.Hashtable", "System.Collections.Specialized.OrderedDictionary"
_DICTIONARY = "System.Collections.Generic.Dictionary`2"
_SORTED = "System.Collections.Generic.SortedDictionary`2"
_BASE = "System.Collections.IDictionary"


def entries(table: Hashtable) -> list[KeyValue]:
    """Return what a dictionary enumerates to."""
    if isinstance(table, Dictionary):
        kind = f"System.Collections.Generic.KeyValuePair`2[{table.key_type},{table.value_type}]"
        pairs = table.items()
        if "Sorted" in table.generic:
            pairs = _in_order(pairs)
        return [KeyValue(key, value, kind) for key, value in pairs]
    return [KeyValue(key, value) for key, value in table.items()]


def _in_order(pairs: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    from psnet.lab.dotnet.types.collections import sorted_values  # noqa: PLC0415 - shared order

    keys = sorted_values([key for key, _ in pairs])
    found = {id(key): value for key, value in pairs}
    return [(key, found[id(key)]) for key in keys]


class TableView(Sequence):
    """Keys, values or entries of a dictionary as they are when looked at; a change meanwhile ends a loop."""

    def __init__(self, table: Hashtable, part: Callable[[KeyValue], Any], type_name: str) -> None:
        super().__init__([], type_name)
        self._table, self._part = table, part

    def _now(self) -> list[Any]:
        return [self._part(entry) for entry in entries(self._table)]

    def __iter__(self) -> Iterator[Any]:
        version = self._table.version
        for item in self._now():
            if self._table.version != version:
                raise thrown(
                    "InvalidOperationException",
                    "Collection was modified; enumeration operation may not execute.",
                )
            yield item
        if self._table.version != version:
            raise thrown("InvalidOperationException", "Collection was modified; enumeration operation may not execute.")

    def __len__(self) -> int:
        return len(self._table)


def _view_type(table: Hashtable, part: str) -> str:
    if isinstance(table, OrderedDictionary):
        return f"{_ORDERED}+OrderedDictionaryKeyValueCollection"
    name, bracket, arguments = type_name_of(table).partition("[")
    if isinstance(table, Dictionary) and not bracket:
        name = _DICTIONARY
    return f"{name}+{part}Collection{bracket}{arguments}"


def _keys(table: Hashtable) -> TableView:
    return TableView(table, lambda entry: entry.key, _view_type(table, "Key"))


def _values(table: Hashtable) -> TableView:
    return TableView(table, lambda entry: entry.value, _view_type(table, "Value"))


prop(_BASE, "int Count", len)
prop(_BASE, "System.Collections.ICollection Keys", _keys)
prop(_BASE, "System.Collections.ICollection Values", _values)
for _view in (f"{_HASH}+KeyCollection", f"{_HASH}+ValueCollection", f"{_ORDERED}+OrderedDictionaryKeyValueCollection"):
    prop(_view, "int Count", len)
    prop(_view, "bool IsSynchronized", lambda _: False)
    prop(_view, "System.Object SyncRoot", lambda value: value)
for _view in (f"{_DICTIONARY}+KeyCollection", f"{_DICTIONARY}+ValueCollection"):
    prop(_view, "int Count", len)
prop(_BASE, "bool IsReadOnly", lambda _: False)
prop(_BASE, "bool IsFixedSize", lambda _: False)
prop(_HASH, "bool IsSynchronized", lambda _: False)
prop(_HASH, "System.Object SyncRoot", lambda value: value)


@method(_BASE, "System.Collections.IEnumerator GetEnumerator()")
def _enumerator(table: Hashtable) -> Sequence:
    return TableView(table, lambda entry: entry, "System.Collections.IEnumerator")


def _key(table: Hashtable, key: Any) -> Any:
    if key is None:
        raise argument_null("key")
    kind = getattr(table, "key_type", "System.Object")
    key = unwrap(key)
    return key if kind == "System.Object" else convert(key, kind)


def _value(table: Hashtable, value: Any) -> Any:
    kind = getattr(table, "value_type", "System.Object")
    return value if kind == "System.Object" else convert(value, kind)


def _duplicate(table: Hashtable, key: Any) -> DotNetError:
    if isinstance(table, Dictionary):
        if not modern():
            return argument_error("An item with the same key has already been added.")
        return argument_error(f"An item with the same key has already been added. Key: {to_string(key)}")
    if isinstance(table, OrderedDictionary):
        if not modern():
            return argument_error("An entry with the same key already exists.")
        return argument_error(f"An item with the same key has already been added. Key: {to_string(key)}", "key")
    old = next((known for known in table.keys() if known in _Only(table, key)), key)
    return argument_error(
        f"Item has already been added. Key in dictionary: '{net_text(old)}'  Key being added: '{net_text(key)}'"
    )


class _Only:
    """The one key under which a table finds a value."""

    def __init__(self, table: Hashtable, key: Any) -> None:
        self.table, self.key = table, key

    def __contains__(self, other: Any) -> bool:
        probe = type(self.table)() if not isinstance(self.table, Dictionary) else Hashtable()
        probe.case_sensitive = self.table.case_sensitive
        probe[self.key] = True
        return other in probe


@method(_BASE, "void Add(System.Object key, System.Object value)")
def _add(table: Hashtable, key: Any, value: Any) -> Any:
    key = _key(table, key)
    if key in table:
        raise _duplicate(table, key)
    table[key] = _value(table, value)
    return AUTOMATION_NULL


@method(_BASE, "bool Contains(System.Object key)")
def _contains(table: Hashtable, key: Any) -> bool:
    return _key(table, key) in table


@method(_HASH, "bool ContainsKey(System.Object key)")
def _contains_key(table: Hashtable, key: Any) -> bool:
    return _key(table, key) in table


@method(_HASH, "bool ContainsValue(System.Object value)")
def _contains_value(table: Hashtable, value: Any) -> bool:
    from psnet.lab.dotnet.types.collections import exactly  # noqa: PLC0415 - shared comparison

    return any(exactly(held, value) for held in table.values())


method(_DICTIONARY, "bool ContainsKey(TKey key)")(_contains_key)
method(_DICTIONARY, "bool ContainsValue(TValue value)")(_contains_value)
_BOUND = "System.Management.Automation.PSBoundParametersDictionary"
method(_BOUND, "bool ContainsKey(string key)")(_contains_key)
method(_BOUND, "bool ContainsValue(System.Object value)")(_contains_value)
method(_SORTED, "bool ContainsKey(TKey key)")(_contains_key)


@method(_HASH, "void Remove(System.Object key)")
def _remove(table: Hashtable, key: Any) -> Any:
    key = _key(table, key)
    if key in table:
        del table[key]
    return AUTOMATION_NULL


method(_ORDERED, "void Remove(System.Object key)")(_remove)


def _remove_told(table: Hashtable, key: Any) -> bool:
    found = _key(table, key) in table
    _remove(table, key)
    return found


method(_DICTIONARY, "bool Remove(TKey key)")(_remove_told)
method(_SORTED, "bool Remove(TKey key)")(_remove_told)


@method(_BASE, "void Clear()")
def _clear(table: Hashtable) -> Any:
    table.clear()
    return AUTOMATION_NULL


@method(_BASE, "System.Object get_Item(System.Object key)", "System.Object Item(System.Object key)")
def get_item(table: Hashtable, key: Any) -> Any:
    """Return the value of a key; a Dictionary refuses one that is missing."""
    if isinstance(table, OrderedDictionary) and isinstance(key, int) and not isinstance(key, bool):
        values = table.values()
        if not 0 <= key < len(values):
            raise argument_range(
                "index", "Index was out of range. Must be non-negative and less than the size of the collection."
            )
        return values[key]
    key = _key(table, key)
    if isinstance(table, Dictionary) and key not in table:
        message = f"The given key '{to_string(key)}' was not present in the dictionary."
        raise thrown(
            "System.Collections.Generic.KeyNotFoundException",
            message if modern() else "The given key was not present in the dictionary.",
        )
    return table.get(key)


@method(_BASE, "void set_Item(System.Object key, System.Object value)")
def set_item(table: Hashtable, key: Any, value: Any) -> Any:
    """Set the value of a key, or of a position in an OrderedDictionary."""
    if isinstance(table, OrderedDictionary) and isinstance(key, int) and not isinstance(key, bool):
        keys = table.keys()
        if not 0 <= key < len(keys):
            raise argument_range(
                "index", "Index was out of range. Must be non-negative and less than the size of the collection."
            )
        table[keys[key]] = value
        return AUTOMATION_NULL
    table[_key(table, key)] = _value(table, value)
    return AUTOMATION_NULL


@method(_HASH, "System.Object Clone()")
def _clone(table: Hashtable) -> Hashtable:
    return table.copy()


@method(_BASE, "void CopyTo(array array, int index)")
def _copy_to(table: Hashtable, target: Array, index: int) -> Any:
    target.items[index : index + len(table)] = entries(table)
    return AUTOMATION_NULL


@method(_ORDERED, "void Insert(int index, System.Object key, System.Object value)")
def _insert(table: OrderedDictionary, index: int, key: Any, value: Any) -> Any:
    if key in table:
        raise _duplicate(table, key)
    pairs = table.items()
    if not 0 <= index <= len(pairs):
        raise argument_range(
            "index",
            "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
        )
    pairs.insert(index, (key, value))
    _refill(table, pairs)
    return AUTOMATION_NULL


@method(_ORDERED, "void RemoveAt(int index)")
def _remove_at(table: OrderedDictionary, index: int) -> Any:
    pairs = table.items()
    if not 0 <= index < len(pairs):
        raise argument_range(
            "index", "Index was out of range. Must be non-negative and less than the size of the collection."
        )
    del pairs[index]
    _refill(table, pairs)
    return AUTOMATION_NULL


def _refill(table: Hashtable, pairs: list[tuple[Any, Any]]) -> None:
    table.clear()
    for key, value in pairs:
        table[key] = value


@method(_DICTIONARY, "bool TryGetValue(TKey key, [ref] TValue value)")
def _try_get(table: Dictionary, key: Any, result: Reference) -> bool:
    found = key in table
    if found:
        result.value = table[key]
    else:
        from psnet.lab.dotnet.types.statics import default_value  # noqa: PLC0415 - only for a miss

        result.value = default_value(table.value_type)
    return found


method(_SORTED, "bool TryGetValue(TKey key, [ref] TValue value)")(_try_get)


@method(_DICTIONARY, "bool TryAdd(TKey key, TValue value)")
def _try_add(table: Dictionary, key: Any, value: Any) -> bool:
    if key in table:
        return False
    table[key] = value
    return True


prop(_DICTIONARY, "System.Object Comparer", lambda table: comparer_of(table))


def comparer_of(table: Dictionary) -> Any:
    """Return a dictionary's comparer."""
    from psnet.lab.dotnet.objects import Native  # noqa: PLC0415 - one property

    if not table.case_sensitive:
        return Native("System.OrdinalIgnoreCaseComparer")
    return Native(f"System.Collections.Generic.GenericEqualityComparer`1[{table.key_type}]")


@constructor(_HASH, "()", "(int capacity)", "(System.Collections.IDictionary d)")
def _new_hash(source: Any = None) -> Hashtable:
    pairs = source.items() if isinstance(source, Hashtable) else []
    return Hashtable(pairs, case_sensitive=True)


@constructor(_HASH, "(System.StringComparer equalityComparer)")
def _new_compared(comparer: Any) -> Hashtable:
    return Hashtable(case_sensitive=is_exact(comparer))


@constructor(_HASH, "(System.Collections.IDictionary d, System.StringComparer equalityComparer)")
def _new_both(source: Hashtable, comparer: Any) -> Hashtable:
    return Hashtable(source.items(), case_sensitive=is_exact(comparer))


@constructor(_ORDERED, "()", "(int capacity)")
def _new_ordered(capacity: int = 0) -> OrderedDictionary:
    del capacity
    return OrderedDictionary(case_sensitive=True)


@constructor(_ORDERED, "(System.StringComparer comparer)")
def _new_ordered_compared(comparer: Any) -> OrderedDictionary:
    return OrderedDictionary(case_sensitive=is_exact(comparer))


def _new_dictionary(type_name: str, *given: Any) -> Dictionary:
    opened, (key_type, value_type) = split_generic(type_name)
    comparer = next((each for each in given if type_name_of(each) == "System.StringComparer"), None)
    source = next((each for each in given if isinstance(each, Hashtable)), None)
    made = Dictionary(
        case_sensitive=is_exact(comparer),
        key_type=key_type,
        value_type=value_type,
        generic=opened,
    )
    for key, value in source.items() if source is not None else []:
        made[convert(key, key_type)] = convert(value, value_type)
    return made


for _owner in (_DICTIONARY, _SORTED):
    constructor(
        _owner,
        "()",
        "(int capacity)",
        "(System.StringComparer comparer)",
        "(System.Collections.IDictionary dictionary)",
        "(System.Collections.IDictionary dictionary, System.StringComparer comparer)",
    )(_new_dictionary)
    method(_owner, "void Add(TKey key, TValue value)")(_add)

_ENTRY, _PAIR = "System.Collections.DictionaryEntry", "System.Collections.Generic.KeyValuePair`2"
prop(_ENTRY, "System.Object Key", lambda value: value.key)
prop(_ENTRY, "System.Object Value", lambda value: value.value, lambda value, new: setattr(value, "value", new))
prop(_ENTRY, "System.Object Name", lambda value: value.key, extended="AliasProperty")
prop(_PAIR, "TKey Key", lambda value: value.key)
prop(_PAIR, "TValue Value", lambda value: value.value)


@constructor(_PAIR, "(TKey key, TValue value)")
def _new_pair(type_name: str, key: Any, value: Any) -> KeyValue:
    return KeyValue(key, value, type_name)


@constructor(_ENTRY, "(System.Object key, System.Object value)")
def _new_entry(key: Any, value: Any) -> KeyValue:
    return KeyValue(key, value)
