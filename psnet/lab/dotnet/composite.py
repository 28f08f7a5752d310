"""Composite formatting: ``String.Format`` and the -f operator."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from psnet.lab.dotnet import addresses
from psnet.lab.dotnet.context import current, modern
from psnet.lab.dotnet.dateformat import format_datetime, format_offset, format_timespan
from psnet.lab.dotnet.errors import make_exception, runtime_error, thrown
from psnet.lab.dotnet.numformat import format_number
from psnet.lab.dotnet.objects import DateTimeOffset, Guid, Version
from psnet.lab.dotnet.strings import length
from psnet.lab.dotnet.tostring import is_enumerable, net_text, to_string
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.values import DateTime, DotNetError, EnumValue, PSObject, TimeSpan

_ITEM = re.compile(r"\{(?P<index>\d+) *(?:, *(?P<align>-?\d+) *)?(?::(?P<format>(?:[^{}]|\{\{|\}\})*))?\}")


def format_value(value: Any, template: str | None, culture: str | None = None) -> str:
    """Return ``IFormattable.ToString(format)`` of a value in a culture (None: the current one); others their text."""
    spoken = current().culture if culture is None else culture
    if value is None:
        return ""
    base = unwrap(value)
    if isinstance(base, (bool, str)):
        return net_text(base)
    if isinstance(base, int | float | Decimal):
        return format_number(base, template or "", type_name_of(base), spoken)
    if isinstance(base, DateTime):
        return format_datetime(base, template, spoken)
    if isinstance(base, TimeSpan):
        return format_timespan(base, template)
    if isinstance(base, DateTimeOffset):
        return format_offset(base, template, spoken)
    if isinstance(base, Guid):
        return addresses.guid_text(base, template or "D")
    if isinstance(base, EnumValue):
        return _enum(base, template)
    if isinstance(base, Version) and template and template.isdigit():
        return ".".join(net_text(base).split(".")[: int(template)])
    if isinstance(value, PSObject):
        return to_string(value)
    return net_text(base)


def _enum(value: EnumValue, template: str | None) -> str:
    kind = (template or "G").upper()
    if kind in {"G", "F"}:
        return value.name
    if kind == "D":
        return str(value.value)
    if kind == "X":
        return f"{value.value & 0xFFFFFFFF:08X}"
    raise thrown(
        "FormatException",
        "Format string can be only 'G', 'g', 'X', 'x', 'F', 'f', 'D' or 'd'."
        if modern()
        else 'Format String can be only "G", "g", "X", "x", "F", "f", "D" or "d".',
    )


def _wrong() -> DotNetError:
    return thrown("FormatException", "Input string was not in a correct format.")


def format_composite(template: str, arguments: list[Any]) -> str:
    """Return ``String.Format(template, arguments)``; raises FormatException."""
    out: list[str] = []
    place = 0
    while place < len(template):
        char = template[place]
        if template.startswith(("{{", "}}"), place):
            out.append(char)
            place += 2
            continue
        if char == "}":
            raise _wrong()
        if char != "{":
            out.append(char)
            place += 1
            continue
        found = _ITEM.match(template, place)
        if not found:
            raise _wrong()
        out.append(_item(found, arguments))
        place = found.end()
    return "".join(out)


def _item(found: re.Match[str], arguments: list[Any]) -> str:
    index = int(found["index"])
    if index >= len(arguments):
        raise thrown(
            "FormatException",
            "Index (zero based) must be greater than or equal to zero and less than the size of the argument list.",
        )
    kind = found["format"]
    text = format_value(arguments[index], kind.replace("{{", "{").replace("}}", "}") if kind else None)
    width = int(found["align"] or 0)
    missing = max(abs(width) - length(text), 0)
    return text + " " * missing if width < 0 else " " * missing + text


def format_operator(left: Any, right: Any) -> str:
    """Return ``left -f right``; raises PowerShell's FormatError."""
    arguments = list(unwrap(right)) if is_enumerable(right) else [right]
    try:
        return format_composite(to_string(left), arguments)
    except DotNetError as error:
        inner = make_exception("FormatException", error.exception.message)
        message = f"Error formatting a string: {inner.message}."
        raise runtime_error("FormatError", message, inner=inner) from None
