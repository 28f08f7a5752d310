"""Comparison: -eq and -lt with their kin, filtering of collections, -contains, -in, -is, -as."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.arithmetic import to_decimal
from psnet.lab.dotnet.convert import convert, to_bool, to_string
from psnet.lab.dotnet.errors import CastError, make_exception, runtime_error
from psnet.lab.dotnet.numbers import is_number, scan_number
from psnet.lab.dotnet.objects import DateTimeOffset, Guid, SemanticVersion, Version
from psnet.lab.dotnet.operator_names import split_case
from psnet.lab.dotnet.strings import equal, linguistic
from psnet.lab.dotnet.textops import like, match
from psnet.lab.dotnet.tostring import is_enumerable
from psnet.lab.dotnet.typenames import is_instance, resolve_type, type_name_of, unwrap
from psnet.lab.values import (
    AUTOMATION_NULL,
    Array,
    Char,
    DateTime,
    DotNetError,
    EnumValue,
    PSObject,
    SwitchParameter,
    TimeSpan,
    TypeValue,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_ORDERED = DateTime | TimeSpan | Version | Guid | DateTimeOffset | SemanticVersion


def _plain(value: Any) -> Any:
    value = unwrap(value)
    return None if value is AUTOMATION_NULL else value


def _number_order(left: Any, right: Any) -> int | None:
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        try:
            one, other = to_decimal(left), to_decimal(right)
        except DotNetError:
            one, other = Decimal(float(left)), Decimal(float(right))
        return (one > other) - (one < other)
    if isinstance(left, float) or isinstance(right, float):
        first, second = float(left), float(right)
        return None if first != first or second != second else (first > second) - (first < second)  # noqa: PLR0124
    return (int(left) > int(right)) - (int(left) < int(right))


def equals(left: Any, right: Any, *, ignore_case: bool = True) -> bool:
    """Return ``left -eq right`` of two scalars."""
    first, second = _plain(left), _plain(right)
    if first is None or second is None:
        return first is None and second is None
    if first is second and not isinstance(first, float):
        return True
    if isinstance(first, PSObject) and (own := first.members.get("equals")) is not None and own.kind == "Method":
        return bool(own.value(first, [right]))
    if isinstance(first, str):
        if isinstance(first, Char) and (is_number(second) or isinstance(second, bool)):
            return not isinstance(second, bool) and ord(first) == second
        return equal(first, to_string(second), ignore_case=ignore_case)
    if is_number(first) and is_number(second):
        return _number_order(first, second) == 0
    if isinstance(first, bool):
        return first == to_bool(second)
    if is_number(first):
        return _number_equals(first, second)
    if isinstance(first, SwitchParameter):
        return first.is_present == to_bool(second)
    if type(first) is type(second) and isinstance(first, _ORDERED):
        return _same(first, second)
    try:
        other = _plain(convert(second, type_name_of(first)))
    except DotNetError:
        return False
    if is_enumerable(first) or isinstance(first, PSObject):
        return first is other
    return _same(first, other)


def _same(first: Any, second: Any) -> bool:
    if isinstance(first, DateTime) and isinstance(second, DateTime):
        return first.ticks == second.ticks
    if isinstance(first, DateTimeOffset) and isinstance(second, DateTimeOffset):
        return first.ticks - first.offset == second.ticks - second.offset
    if isinstance(first, EnumValue) and isinstance(second, EnumValue):
        return first.type_name == second.type_name and first.value == second.value
    return bool(type(first) is type(second) and first == second)


def _number_equals(number: Any, other: Any) -> bool:
    if isinstance(other, bool):
        return _number_order(number, int(other)) == 0
    if isinstance(other, Char):
        return _number_order(number, ord(other)) == 0
    if isinstance(other, EnumValue):
        return _number_order(number, other.value) == 0
    if isinstance(other, str):
        found = 0 if not other.strip() else scan_number(other)
        if found is None:
            try:
                found = convert(other, type_name_of(number))
            except DotNetError:
                return False
        return _number_order(number, found) == 0
    try:
        return _number_order(number, convert(other, type_name_of(number))) == 0
    except DotNetError:
        return False


def order(left: Any, right: Any, *, ignore_case: bool = True) -> int | None:
    """Return -1, 0 or 1 for two scalars as -lt and -gt see them (None with NaN); raises when they cannot."""
    first, second = _plain(left), _plain(right)
    if first is None or second is None:
        return _null_order(first, second)
    if isinstance(first, str) and not (isinstance(first, Char) and is_number(second)):
        return linguistic(first, to_string(second), ignore_case=ignore_case)
    if isinstance(first, Char | bool | EnumValue) and is_number(second):
        first = ord(first) if isinstance(first, Char) else first.value if isinstance(first, EnumValue) else int(first)
    if is_number(first):
        return _number_order(first, _number_operand(first, second))
    if isinstance(first, bool):
        return int(first) - int(to_bool(second))
    if not isinstance(first, _ORDERED | EnumValue):
        if first is second:
            return 0
        if isinstance(first, PSObject) and (own := first.members.get("compareto")) is not None:
            return int(own.value(first, [right]))
        raise _not_comparable(first)
    try:
        other = _plain(convert(second, type_name_of(first)))
    except CastError as error:
        raise _failed(first, second, error) from None
    return _ordered(first, other)


def _ordered(first: Any, other: Any) -> int:
    if isinstance(first, DateTime):
        return _sign(first.ticks, other.ticks)
    if isinstance(first, DateTimeOffset):
        one, two = first.ticks - first.offset, other.ticks - other.offset
        return _sign(one, two)
    if isinstance(first, EnumValue):
        return _sign(first.value, other.value)
    if isinstance(first, SemanticVersion):
        return _semver_order(first, other)
    return _sign(first, other)


def _sign(one: Any, two: Any) -> int:
    return int(one > two) - int(one < two)


def _semver_order(first: SemanticVersion, other: SemanticVersion) -> int:
    one, two = ((each.major, each.minor, each.patch) for each in (first, other))
    if one != two:
        return 1 if one > two else -1
    if first.pre_release == other.pre_release:
        return 0
    if first.pre_release is None or other.pre_release is None:
        return 1 if first.pre_release is None else -1
    for mine, theirs in zip(first.pre_release.split("."), other.pre_release.split("."), strict=False):
        if mine == theirs:
            continue
        if mine.isdigit() and theirs.isdigit():
            return 1 if int(mine) > int(theirs) else -1
        if mine.isdigit() != theirs.isdigit():
            return -1 if mine.isdigit() else 1
        return 1 if mine > theirs else -1
    return 1 if first.pre_release.count(".") > other.pre_release.count(".") else -1


def _null_order(first: Any, second: Any) -> int:
    if first is None and second is None:
        return 0
    if first is None:
        return 1 if is_number(second) and second < 0 else -1
    return -1 if is_number(first) and first < 0 else 1


def _number_operand(number: Any, other: Any) -> Any:
    if is_number(other):
        return other
    if isinstance(other, str) and not isinstance(other, Char):
        found = 0 if not other.strip() else scan_number(other)
        return convert(other, type_name_of(number)) if found is None else found
    if isinstance(other, EnumValue):
        return other.value
    try:
        return convert(other, type_name_of(number))
    except CastError as error:
        raise _failed(number, other, error) from None


def _not_comparable(value: Any) -> DotNetError:
    message = f'Cannot compare "{to_string(value)}" because it is not IComparable.'
    inner = make_exception("System.Management.Automation.PSArgumentException", message)
    return runtime_error("NotIcomparable", message, inner=inner)


def _failed(first: Any, second: Any, error: CastError) -> DotNetError:
    message = f'Could not compare "{to_string(first)}" to "{to_string(second)}". Error: "{error.exception.message}"'
    inner = make_exception("System.Management.Automation.PSArgumentException", message)
    return runtime_error("ComparisonFailure", message, inner=inner)


_TESTS: dict[str, Callable[[int], bool]] = {
    "lt": lambda sign: sign < 0,
    "le": lambda sign: sign <= 0,
    "gt": lambda sign: sign > 0,
    "ge": lambda sign: sign >= 0,
}


def _scalar(op: str, left: Any, right: Any, *, ignore_case: bool) -> bool:
    if op == "eq":
        return equals(left, right, ignore_case=ignore_case)
    if op == "ne":
        return not equals(left, right, ignore_case=ignore_case)
    sign = order(left, right, ignore_case=ignore_case)
    return sign is not None and _TESTS[op](sign)


def compare(op: str, left: Any, right: Any) -> Any:
    """Return a comparison: a Boolean, or for a collection on the left an Array of the elements that pass."""
    name, ignore_case = split_case(op)
    if name in {"contains", "notcontains"}:
        return contains(left, right, ignore_case=ignore_case) == (name == "contains")
    if name in {"in", "notin"}:
        return contains(right, left, ignore_case=ignore_case) == (name == "in")
    if name in {"like", "notlike", "match", "notmatch"}:
        return like(op, left, right) if "like" in name else match(op, left, right)[0]
    if name in {"is", "isnot"}:
        return is_type(left, right) == (name == "is")
    if name == "as":
        return as_type(left, right)
    if is_enumerable(left):
        return Array([item for item in _items(left) if _scalar(name, item, right, ignore_case=ignore_case)])
    return _scalar(name, left, right, ignore_case=ignore_case)


def _items(value: Any) -> list[Any]:
    return list(unwrap(value))


def contains(collection: Any, value: Any, *, ignore_case: bool = True) -> bool:
    """Return ``collection -contains value``: element by element with -eq, a scalar as its only element."""
    items = _items(collection) if is_enumerable(collection) else [collection]
    return any(equals(item, value, ignore_case=ignore_case) for item in items)


def type_operand(right: Any, op: str) -> str:
    """Return the type name on the right of -is and -as; raises the error of what is neither type nor name."""
    base = unwrap(right)
    if isinstance(base, TypeValue):
        return base.name
    if isinstance(base, str):
        return resolve_type(base)
    error_id = "IsOperatorRequiresType" if op == "is" else "AsOperatorRequiresType"
    raise runtime_error(
        error_id,
        f"'-{op}' operator requires a type as the right operand."
        if op == "as"
        else "The right operand of '-is' must be a type.",
    )


def is_type(left: Any, right: Any) -> bool:
    """Return ``left -is right``."""
    return is_instance(left if left is not AUTOMATION_NULL else None, type_operand(right, "is"))


def as_type(left: Any, right: Any) -> Any:
    """Return ``left -as right``: the conversion, or null when there is none."""
    name = type_operand(right, "as")
    try:
        return convert(left, name)
    except DotNetError:
        return None
