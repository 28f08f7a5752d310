"""Whether a value that stands in the text can become a parameter's type: no says only what is certain."""

from __future__ import annotations

import re
from decimal import Decimal
from ipaddress import AddressValueError, IPv6Address
from typing import TYPE_CHECKING, Any, Final

from psnet.powershell.facts.accelerators import ACCELERATORS
from psnet.powershell.facts.enums import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable

_INTEGERS: Final = {
    "System.SByte": (-(1 << 7), (1 << 7) - 1),
    "System.Byte": (0, (1 << 8) - 1),
    "System.Int16": (-(1 << 15), (1 << 15) - 1),
    "System.Int32": (-(1 << 31), (1 << 31) - 1),
    "System.Int64": (-(1 << 63), (1 << 63) - 1),
    "System.UInt16": (0, (1 << 16) - 1),
    "System.UInt32": (0, (1 << 32) - 1),
    "System.UInt64": (0, (1 << 64) - 1),
}
#: Names that Windows PowerShell 5.1 has and PowerShell 7 no longer.
_GONE: Final = {"System.Management.Automation.CommandTypes": ("Workflow",)}
_REALS: Final = frozenset({"System.Single", "System.Double", "System.Decimal"})
_NUMBER: Final = re.compile(
    r"([+-]?)(?:(0x[0-9a-f]+)|((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))[ldy]?([kmgtp]b)?", re.IGNORECASE
)
_MULTIPLIERS: Final = {"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40, "pb": 1 << 50}
_HEX_GUID: Final = re.compile(r"\{?\(?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\)?\}?|\{0x.*\}", re.IGNORECASE)
_TIME: Final = re.compile(r"-?(?:\d+|(?:\d+[.:])?\d+:\d+(?::\d+(?:\.\d+)?)?)")
_VERSION: Final = re.compile(r"\d+(?:\.\d+){1,3}")
_V4: Final = re.compile(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}", re.IGNORECASE)


def full_name(written: str) -> str:
    """Return the full name of a type as facts and scripts write it: accelerators and ``System.`` resolved."""
    name, brackets = (written[:-2], "[]") if written.endswith("[]") else (written, "")
    found = ACCELERATORS.get(name.lower())
    if found is None and name not in TABLE and not name.startswith(("System.", "Microsoft.")):
        found = f"System.{name}"
    return (found or name) + brackets


def enum_names(type_name: str) -> list[str] | None:
    """Return the names of an enumeration in the order of their values, None for any other type."""
    table = TABLE.get(type_name)
    if table is None:
        return None
    return [*sorted(table, key=lambda name: table[name] & 0xFFFFFFFFFFFFFFFF), *_GONE.get(type_name, ())]


def convertible(value: Any, type_name: str) -> bool:
    """Say whether a value can be converted; true for a type that is not known here."""
    limits = _INTEGERS.get(type_name)
    if limits is not None:
        number = _number(value)
        return number is not None and limits[0] <= round(number) <= limits[1]
    if type_name in _REALS:
        return _number(value) is not None
    text = _TEXTS.get(type_name)
    return text is None or not isinstance(value, str) or text(value.strip())


def _number(value: Any) -> Decimal | None:
    if isinstance(value, (int, float, Decimal)):
        return Decimal(value)
    text = str(value).strip()
    if not text:
        return Decimal(0)
    match = _NUMBER.fullmatch(text.replace(",", ""))
    if match is None:
        return None
    number = Decimal(int(match[2], 16)) if match[2] else Decimal(match[3])
    return (-number if match[1] == "-" else number) * _MULTIPLIERS.get((match[4] or "").lower(), 1)


def _address(text: str) -> bool:
    if ":" not in text:
        return _V4.fullmatch(text) is not None
    try:
        IPv6Address(text.strip("[]"))
    except AddressValueError:
        return False
    return True


_TEXTS: Final[dict[str, Callable[[str], bool]]] = {
    "System.Guid": lambda text: _HEX_GUID.fullmatch(text) is not None,
    "System.TimeSpan": lambda text: _TIME.fullmatch(text) is not None,
    "System.Version": lambda text: _VERSION.fullmatch(text) is not None,
    "System.Net.IPAddress": _address,
}
