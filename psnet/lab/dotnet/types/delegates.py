"""Invoke of delegates, and the methods of [Linq.Enumerable] that scripts use over typed arrays and lists.

Their sequences are made at once and cannot be told from arrays by enumerating; what else the iterators have is refused.
Source: Microsoft Learn, System.Linq.Enumerable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.compare import order
from psnet.lab.dotnet.convert import convert, to_bool
from psnet.lab.dotnet.delegates import Delegate
from psnet.lab.dotnet.errors import UnsupportedError, argument_range, thrown
from psnet.lab.dotnet.numbers import fits, make
from psnet.lab.dotnet.objects import HashSet, Sequence
from psnet.lab.dotnet.registry import method, prop, static
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.dotnet.types.collections import exactly, sorted_values
from psnet.lab.values import Array, GenericList

if TYPE_CHECKING:
    from collections.abc import Callable

_LINQ: Final = "System.Linq.Enumerable"
_ITERATOR: Final = "System.Linq.Enumerable+Iterator`1"
_SUMMED: Final = frozenset({"System.Int32", "System.Int64", "System.Double", "System.Decimal"})
_EMPTY: Final = "Sequence contains no elements"
_NO_MATCH: Final = "Sequence contains no matching element"


@method("System.MulticastDelegate", "System.Object Invoke(Params System.Object[] arguments)")
def _invoke(value: Delegate, arguments: Array) -> Any:
    return value(*arguments.items)


def _refused(name: str) -> Callable[[Any], Any]:
    def refuse(value: Any) -> Any:
        raise UnsupportedError(f"the {name} of a {'delegate' if isinstance(value, Delegate) else 'sequence of Linq'}")

    return refuse


for _name in ("Method", "Target"):
    prop("System.MulticastDelegate", f"System.Object {_name}", _refused(_name))
for _name in ("Count", "Length"):
    prop(_ITERATOR, f"System.Object {_name}", _refused(_name))
method(_ITERATOR, "type GetType()")(_refused("type"))


def _kind(source: Any, name: str) -> tuple[list[Any], str]:
    """Return a source's elements and their type; one whose type argument is not plain to see is refused."""
    base = unwrap(source)
    if isinstance(base, Array | GenericList | HashSet | Sequence) and base.element_type != "System.Object":
        return list(base), base.element_type
    raise UnsupportedError(f"[{_LINQ}]::{name} of a {type_name_of(base) or 'null'}")


def _made(items: list[Any], kind: str) -> Sequence:
    return Sequence(items, f"{_ITERATOR}[{kind}]", kind)


def _function(test: Any, name: str) -> Callable[[Any], Any]:
    """Return a function argument; a bare script block says no types, so that the method's are not known."""
    base = unwrap(test)
    if isinstance(base, Delegate):
        return base
    raise UnsupportedError(f"[{_LINQ}]::{name} with a {type_name_of(base) or 'null'} for its function")


def _selecting(name: str, choose: Callable[[list[Any], Any], list[Any]]) -> None:
    """Declare a method that gives some of its elements, chosen by a number or another sequence."""

    @static(_LINQ, f"System.Object {name}(System.Object source, System.Object second)")
    def select(source: Any, second: Any) -> Sequence:
        items, kind = _kind(source, name)
        return _made(choose(items, second), kind)


def _distinct(items: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if not any(exactly(item, known) for known in found):
            found.append(item)
    return found


def _within(items: list[Any], item: Any) -> bool:
    return any(exactly(item, other) for other in items)


def _number(value: Any) -> int:
    return max(0, int(convert(value, "System.Int32")))


_selecting("Where", lambda items, test: [item for item in items if to_bool(_function(test, "Where")(item))])
_selecting("Skip", lambda items, count: items[_number(count) :])
_selecting("Take", lambda items, count: items[: _number(count)])
_selecting("Concat", lambda items, more: items + _kind(more, "Concat")[0])
_selecting("Union", lambda items, more: _distinct(items + _kind(more, "Union")[0]))
_selecting(
    "Except", lambda items, more: [item for item in _distinct(items) if not _within(_kind(more, "Except")[0], item)]
)
_selecting(
    "Intersect", lambda items, more: [item for item in _distinct(items) if _within(_kind(more, "Intersect")[0], item)]
)


@static(_LINQ, "System.Object Distinct(System.Object source)")
def _distinct_of(source: Any) -> Sequence:
    items, kind = _kind(source, "Distinct")
    return _made(_distinct(items), kind)


@static(_LINQ, "System.Object Reverse(System.Object source)")
def _reverse(source: Any) -> Sequence:
    items, kind = _kind(source, "Reverse")
    return _made(items[::-1], kind)


@static(_LINQ, "System.Object Select(System.Object source, System.Object selector)")
def _select(source: Any, selector: Any) -> Sequence:
    items, _ = _kind(source, "Select")
    function = _function(selector, "Select")
    return _made([function(item) for item in items], unwrap(selector).returns)


def _ordering(name: str, *, falling: bool) -> None:
    @static(_LINQ, f"System.Object {name}(System.Object source, System.Object keySelector)")
    def ordered(source: Any, selector: Any) -> Sequence:
        items, kind = _kind(source, name)
        function = _function(selector, name)
        places = {place: function(item) for place, item in enumerate(items)}
        keys = _distinct(sorted_values(list(places.values())))
        found = [
            place for key in (keys[::-1] if falling else keys) for place, own in places.items() if exactly(own, key)
        ]
        return _made([items[place] for place in found], kind)


_ordering("OrderBy", falling=False)
_ordering("OrderByDescending", falling=True)


@static(_LINQ, "System.Object ToArray(System.Object source)")
def _to_array(source: Any) -> Array:
    return Array(*_kind(source, "ToArray"))


@static(_LINQ, "System.Object ToList(System.Object source)")
def _to_list(source: Any) -> GenericList:
    return GenericList(*_kind(source, "ToList"))


@static(_LINQ, "System.Object Range(int start, int count)")
def _range(start: int, count: int) -> Sequence:
    if count < 0 or start + count - 1 > 2**31 - 1:
        raise argument_range("count", "Specified argument was out of the range of valid values.")
    return _made(list(range(start, start + count)), "System.Int32")


def _matching(source: Any, name: str, test: Any) -> list[Any]:
    items, _ = _kind(source, name)
    return items if test is None else [item for item in items if to_bool(_function(test, name)(item))]


def _testing(name: str, judge: Callable[[list[Any], int], Any], *, alone: bool = True) -> None:
    """Declare a method that says something of the elements that fit a test, or of all; ``judge`` takes how many there are."""
    signatures = [f"System.Object {name}(System.Object source, System.Object predicate)"]
    signatures += [f"System.Object {name}(System.Object source)"] if alone else []

    @static(_LINQ, *signatures)
    def tested(source: Any, test: Any = None) -> Any:
        return judge(_matching(source, name, test), len(_kind(source, name)[0]))


def _end(at: int) -> Callable[[list[Any], int], Any]:
    def judge(items: list[Any], count: int) -> Any:
        if not items:
            raise thrown("System.InvalidOperationException", _NO_MATCH if count else _EMPTY)
        return items[at]

    return judge


_testing("Any", lambda items, _: bool(items))
_testing("All", lambda items, count: len(items) == count, alone=False)
_testing("Count", lambda items, _: len(items))
_testing("First", _end(0))
_testing("Last", _end(-1))


@static(_LINQ, "bool Contains(System.Object source, System.Object value)")
def _contains(source: Any, value: Any) -> bool:
    items, kind = _kind(source, "Contains")
    return _within(items, convert(value, kind))


@static(_LINQ, "bool SequenceEqual(System.Object first, System.Object second)")
def _same(first: Any, second: Any) -> bool:
    one, other = _kind(first, "SequenceEqual")[0], _kind(second, "SequenceEqual")[0]
    return len(one) == len(other) and all(exactly(left, right) for left, right in zip(one, other, strict=True))


def _numbers(source: Any, name: str) -> tuple[list[Any], str]:
    items, kind = _kind(source, name)
    if kind not in _SUMMED:
        raise UnsupportedError(f"[{_LINQ}]::{name} of elements of {kind}")
    return items, kind


@static(_LINQ, "System.Object Sum(System.Object source)")
def _sum(source: Any) -> Any:
    items, kind = _numbers(source, "Sum")
    total = sum(items)
    if kind in {"System.Int32", "System.Int64"} and not fits(kind, int(total)):
        raise thrown("System.OverflowException", "Arithmetic operation resulted in an overflow.")
    return make(kind, total)


@static(_LINQ, "System.Object Average(System.Object source)")
def _average(source: Any) -> Any:
    items, kind = _numbers(source, "Average")
    if not items:
        raise thrown("System.InvalidOperationException", _EMPTY)
    return make("System.Decimal" if kind == "System.Decimal" else "System.Double", sum(items) / len(items))


def _extreme(name: str, sign: int) -> None:
    @static(_LINQ, f"System.Object {name}(System.Object source)")
    def extreme(source: Any) -> Any:
        items, _ = _numbers(source, name)
        if not items:
            raise thrown("System.InvalidOperationException", _EMPTY)
        best = items[0]
        for item in items[1:]:
            if (order(item, best) or 0) * sign > 0:
                best = item
        return best


_extreme("Max", 1)
_extreme("Min", -1)
