"""The types that CLIXML has an element for."""

from __future__ import annotations

import base64
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.clixml.escape import xml_text
from psnet.lab.dotnet.dateformat import format_datetime
from psnet.lab.dotnet.datetimes import DAY, SECOND
from psnet.lab.dotnet.numformat import decimal_text, round_trip
from psnet.lab.dotnet.objects import Guid, Uri, Version
from psnet.lab.dotnet.tostring import net_text, to_string
from psnet.lab.dotnet.xml.nodes import XmlNode
from psnet.lab.values import (
    Array,
    Byte,
    Char,
    DateTime,
    Int16,
    Int64,
    PSObject,
    SByte,
    Single,
    TimeSpan,
    UInt16,
    UInt32,
    UInt64,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SCRIPT_BLOCK: Final = "System.Management.Automation.ScriptBlock"


def duration(span: TimeSpan) -> str:
    """Return a TimeSpan as an XML duration."""
    ticks = abs(span.ticks)
    days, rest = divmod(ticks, DAY)
    seconds, fraction = divmod(rest, SECOND)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    clock = f"{hours}H" if hours else ""
    clock += f"{minutes}M" if minutes else ""
    if seconds or fraction:
        clock += f"{seconds}{f'.{fraction:07d}'.rstrip('0') if fraction else ''}S"
    text = f"{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}" or "T0S"
    return f"{'-' if span.ticks < 0 else ''}P{text}"


def moment(value: DateTime) -> str:
    """Return a DateTime as XML has it: fraction without trailing zeros, Z or an offset by its kind."""
    return format_datetime(value, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK")


def real(value: float) -> str:
    """Return a floating-point number as XML has it."""
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    return round_trip(value)


def _bytes(value: Array) -> str | None:
    return base64.b64encode(bytes(value.items)).decode() or None


_PLAIN: Final[dict[type, tuple[str, Callable[[Any], str | None]]]] = {
    bool: ("B", lambda value: "true" if value else "false"),
    int: ("I32", lambda value: str(int(value))),
    str: ("S", xml_text),
    Char: ("C", lambda value: str(ord(value))),
    Byte: ("By", lambda value: str(int(value))),
    SByte: ("SB", lambda value: str(int(value))),
    Int16: ("I16", lambda value: str(int(value))),
    UInt16: ("U16", lambda value: str(int(value))),
    UInt32: ("U32", lambda value: str(int(value))),
    Int64: ("I64", lambda value: str(int(value))),
    UInt64: ("U64", lambda value: str(int(value))),
    float: ("Db", real),
    Single: ("Sg", real),
    Decimal: ("D", decimal_text),
    DateTime: ("DT", moment),
    TimeSpan: ("TS", duration),
    Guid: ("G", net_text),
    Version: ("Version", net_text),
    Uri: ("URI", lambda value: xml_text(_uri(value))),
}


def _uri(value: Uri) -> str:
    from psnet.lab.dotnet.uris import uri_text  # noqa: PLC0415 - only URIs need it

    return uri_text(value)


def primitive(value: Any) -> tuple[str, str | None] | None:
    """Return the tag and the escaped text of a value that has an element of its own, else None."""
    found = _PLAIN.get(type(value))
    if found is not None:
        return found[0], found[1](value)
    if isinstance(value, Array) and value.element_type == "System.Byte":
        return "BA", _bytes(value)
    if isinstance(value, PSObject) and SCRIPT_BLOCK in value.type_names[:1]:
        return "SBK", xml_text(to_string(value))
    if isinstance(value, XmlNode) and value.kind == "Document":
        from psnet.lab.dotnet.members import get_member  # noqa: PLC0415 - only documents need it

        return "XD", xml_text(str(get_member(value, "OuterXml")))
    return None
