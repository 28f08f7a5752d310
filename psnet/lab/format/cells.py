"""Values as a cell or a line shows them, and the width of text on a screen."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from psnet.lab.dotnet.composite import format_value
from psnet.lab.dotnet.context import current, modern
from psnet.lab.dotnet.dateformat import format_datetime
from psnet.lab.dotnet.numformat import general
from psnet.lab.dotnet.objects import KeyValue
from psnet.lab.dotnet.tostring import is_enumerable, to_string
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.dotnet.types.dictionaries import entries
from psnet.lab.values import AUTOMATION_NULL, DateTime, DotNetError, Hashtable, Single

#: Types whose columns stand to the right; these and strings are shown as plain lines.
NUMERIC: Final = frozenset(
    {
        *("System.SByte", "System.Byte", "System.Int16", "System.UInt16", "System.Int32", "System.UInt32"),
        *("System.Int64", "System.UInt64", "System.Char", "System.Single", "System.Double", "System.Boolean"),
        *("System.Decimal", "System.IntPtr", "System.Security.SecureString", "System.Numerics.BigInteger"),
    }
)
ENUMERATION_LIMIT: Final = 4


def ellipsis() -> str:
    """Return what stands for text that is left out: one character in 7, three dots in 5.1."""
    return "\u2026" if modern() else "..."


def width_of(text: str) -> int:
    """Return how many cells a text takes: East Asian wide characters take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def head(text: str, width: int) -> str:
    """Return as much of a text's start as fits into so many cells."""
    if text.isascii():
        return text[:width]
    used = 0
    for place, char in enumerate(text):
        used += width_of(char)
        if used > width:
            return text[:place]
    return text


def tail(text: str, width: int) -> str:
    """Return as much of a text's end as fits."""
    return head(text[::-1], width)[::-1]


def line_text(value: Any) -> str:
    """Return a scalar as the console prints it: real numbers with 15 (Single: 7) digits."""
    base = unwrap(value)
    if isinstance(base, float):
        return general(base, 7 if isinstance(base, Single) else 15)
    return to_string(value)


def _limit() -> int:
    """Return how many elements of a collection are shown: $FormatEnumerationLimit, negative for all."""
    asked = current().enumeration_limit
    return ENUMERATION_LIMIT if asked is None else asked()


def cell_text(value: Any, template: str | None = None) -> str:
    """Return a property's value as a table or a list shows it; collections in braces, up to a limit."""
    if value is None or value is AUTOMATION_NULL:
        return ""
    base = unwrap(value)
    if template:
        return _formatted(value, template)
    if isinstance(base, Hashtable):
        return _braces([_element(entry) for entry in entries(base)], _limit())
    if is_enumerable(base):
        return _braces([_element(item) for item in base], _limit())
    if isinstance(base, DateTime):
        return format_datetime(base, None, current().culture)
    return line_text(value)


def _formatted(value: Any, template: str) -> str:
    from psnet.lab.dotnet.composite import format_composite  # noqa: PLC0415 - calculated columns only

    try:
        return format_composite(template, [value]) if "{" in template else format_value(value, template)
    except DotNetError:
        return to_string(value)


def _element(item: Any) -> str:
    base = unwrap(item)
    if isinstance(base, KeyValue):
        return f"[{line_text(base.key)}, {_inner(base.value)}]"
    return _inner(item)


def _inner(item: Any) -> str:
    base = unwrap(item)
    if base is None:
        return ""
    if is_enumerable(base) or isinstance(base, Hashtable):
        return type_name_of(base)
    return line_text(item)


def _braces(texts: list[str], limit: int) -> str:
    if 0 <= limit < len(texts):
        return f"{{{', '.join(texts[:limit])}{ellipsis()}}}"
    return f"{{{', '.join(texts)}}}"


def single_line(text: str) -> str:
    """Return a cell's text up to its first line end, with an ellipsis where more follows."""
    for place, char in enumerate(text):
        if char in "\r\n":
            return f"{text[:place]}{ellipsis()}"
    return text


def is_line(value: Any) -> bool:
    """Say whether a value is printed as a line of its own: strings, numbers, Booleans, enumerations."""
    from psnet.lab.values import EnumValue  # noqa: PLC0415 - one test

    base = unwrap(value)
    return isinstance(base, str | EnumValue) or type_name_of(base) in NUMERIC


def wrap(text: str, width: int) -> list[str]:
    """Return a text's lines, each broken at blanks (else anywhere) so that it fits."""
    out: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        rest = line
        while width_of(rest) > width > 0:
            piece = head(rest, width)
            blank = piece.rfind(" ")
            if blank > 0 and rest[len(piece) : len(piece) + 1] != " ":
                out.append(rest[:blank])
                rest = rest[blank + 1 :]
            else:
                out.append(piece)
                rest = rest[len(piece) :]
                rest = rest.removeprefix(" ")
        out.append(rest)
    return out
