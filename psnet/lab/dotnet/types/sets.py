"""Members of sets, queues and stacks."""

from __future__ import annotations

from typing import Any

from psnet.lab.dotnet.bases import split_generic
from psnet.lab.dotnet.convert import convert
from psnet.lab.dotnet.errors import thrown
from psnet.lab.dotnet.objects import HashSet, Sequence, is_exact
from psnet.lab.dotnet.registry import constructor, method, prop
from psnet.lab.dotnet.typenames import unwrap
from psnet.lab.dotnet.types.collections import _SET, _find
from psnet.lab.values import AUTOMATION_NULL, Array

_MISSING = object()


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
    return HashSet([], split_generic(type_name)[1][0], case_sensitive=is_exact(comparer))


@constructor(_SET, "(System.Collections.IEnumerable collection)")
def _new_filled(type_name: str, source: Any) -> HashSet:
    kind = split_generic(type_name)[1][0]
    return HashSet([convert(item, kind) for item in unwrap(source)], kind)


@constructor(_SET, "(System.Collections.IEnumerable collection, System.StringComparer comparer)")
def _new_filled_compared(type_name: str, source: Any, comparer: Any) -> HashSet:
    kind = split_generic(type_name)[1][0]
    items = [convert(item, kind) for item in unwrap(source)]
    return HashSet(items, kind, case_sensitive=is_exact(comparer))


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
