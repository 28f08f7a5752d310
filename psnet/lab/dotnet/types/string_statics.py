"""Static members and constructors of System.String."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.composite import format_composite
from psnet.lab.dotnet.errors import argument_range
from psnet.lab.dotnet.registry import constructor, static
from psnet.lab.dotnet.strings import (
    compare_by,
    joined,
    linguistic,
    ordinal,
    units,
)
from psnet.lab.dotnet.tostring import net_text
from psnet.lab.dotnet.types.strings import _STRING

if TYPE_CHECKING:
    from psnet.lab.values import Array, EnumValue


@static(_STRING, "bool IsNullOrEmpty(string value)")
def _null_or_empty(text: str | None) -> bool:
    return not text


@static(_STRING, "bool IsNullOrWhiteSpace(string value)")
def _null_or_blank(text: str | None) -> bool:
    return not (text or "").strip()


@static(
    _STRING,
    "string Join(string separator, Params string[] value)",
    "string Join(string separator, Params System.Object[] values)",
)
def _join(mark: str | None, items: Array) -> str:
    return (mark or "").join("" if item is None else net_text(item) for item in items)


@static(_STRING, "string Join(string separator, string[] value, int startIndex, int count)")
def _join_some(mark: str | None, items: Array, start: int, count: int) -> str:
    if start < 0 or count < 0 or start + count > len(items.items):
        wrong = "startIndex" if start < 0 or count >= 0 else "count"
        raise argument_range(wrong, "Index was out of range.")
    return (mark or "").join(item or "" for item in items.items[start : start + count])


@static(_STRING, "string Concat(Params System.Object[] args)")
def _concat(items: Array) -> str:
    return "".join("" if item is None else net_text(item) for item in items)


@static(_STRING, "string Format(string format, Params System.Object[] args)")
def _format(template: str, items: Array) -> str:
    return format_composite(template, list(items))


@static(_STRING, "string Format(System.Object provider, string format, Params System.Object[] args)")
def _format_in(provider: Any, template: str, items: Array) -> str:
    from psnet.lab.dotnet.typenames import type_name_of  # noqa: PLC0415 - decides between overloads

    if isinstance(provider, str):
        return format_composite(provider, [template, *items])
    del type_name_of
    return format_composite(template, list(items))


@static(_STRING, "int Compare(string strA, string strB)")
def _compare(one: str | None, other: str | None) -> int:
    return linguistic(one or "", other or "", ignore_case=False)


@static(_STRING, "int Compare(string strA, string strB, bool ignoreCase)")
def _compare_case(one: str, other: str, ignore_case: bool) -> int:
    return linguistic(one or "", other or "", ignore_case=ignore_case)


@static(_STRING, "int Compare(string strA, string strB, System.StringComparison comparisonType)")
def _compare_as(one: str, other: str, comparison: EnumValue) -> int:
    return compare_by(one or "", other or "", comparison.value)


@static(_STRING, "int CompareOrdinal(string strA, string strB)")
def _compare_ordinal(one: str, other: str) -> int:
    left, right = units(one), units(other)
    for mine, theirs in zip(left, right, strict=False):
        if mine != theirs:
            return ord(mine) - ord(theirs)
    return len(left) - len(right) or ordinal(one, other)


@static(_STRING, "bool Equals(string a, string b)")
def _both_equal(one: str | None, other: str | None) -> bool:
    return one == other


@static(_STRING, "bool Equals(string a, string b, System.StringComparison comparisonType)")
def _both_equal_by(one: str, other: str, comparison: EnumValue) -> bool:
    return compare_by(one or "", other or "", comparison.value) == 0


@static(_STRING, "string Copy(string str)")
def _copy(text: str) -> str:
    return text


@constructor(_STRING, "(char c, int count)")
def _repeat(char: str, count: int) -> str:
    if count < 0:
        raise argument_range("count", "'count' must be non-negative.")
    return str(char) * count


@constructor(_STRING, "(char[] value)")
def _from_chars(chars: Array) -> str:
    return joined("".join(chars))


@constructor(_STRING, "(char[] value, int startIndex, int length)")
def _from_some(chars: Array, start: int, count: int) -> str:
    return joined("".join(chars.items[start : start + count]))
