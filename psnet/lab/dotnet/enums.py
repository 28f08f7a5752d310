"""Enumerations: their names and numbers, and values made from either."""

from __future__ import annotations

from typing import Final

from psnet.lab.dotnet.errors import UnsupportedError, argument_error
from psnet.lab.dotnet.scripttypes import ScriptType, script_type
from psnet.lab.values import EnumValue
from psnet.powershell.facts.enums import FLAGS, TABLE, UNDERLYING

ENUMS: Final = TABLE


def is_enum(type_name: str) -> bool:
    """Say whether a type is an enumeration that is known here."""
    return type_name in TABLE or _own(type_name) is not None


def _own(type_name: str) -> ScriptType | None:
    found = script_type(type_name)
    return found if found is not None and found.values is not None else None


def is_flags(type_name: str) -> bool:
    """Say whether an enumeration's values combine."""
    own = _own(type_name)
    return type_name in FLAGS if own is None else own.flags


def underlying_type(type_name: str) -> str:
    """Return the number type below an enumeration; Int32 unless the table says otherwise."""
    own = _own(type_name)
    return UNDERLYING.get(type_name, "System.Int32") if own is None else own.underlying


def names(type_name: str) -> list[str]:
    """Return an enumeration's names in the order of their (unsigned) values, as Enum.GetNames does."""
    table = members(type_name)
    return sorted(table, key=lambda name: table[name] & 0xFFFFFFFFFFFFFFFF)


def members(type_name: str) -> dict[str, int]:
    """Return an enumeration's names and values."""
    own = _own(type_name)
    if own is not None:
        return dict(own.values or {})
    if type_name not in TABLE:
        raise UnsupportedError(f"enumeration {type_name}")
    return TABLE[type_name]


def enum_name(type_name: str, value: int) -> str:
    """Return what ``ToString()`` gives for a value."""
    table = members(type_name)
    for name in names(type_name):
        if table[name] == value:
            return name
    if is_flags(type_name):
        left, found = value, []
        for name in reversed(names(type_name)):
            bits = table[name]
            if bits and left & bits == bits:
                found.append(name)
                left &= ~bits
        if found and not left:
            return ", ".join(reversed(found))
    return str(value)


def make_enum(type_name: str, value: int) -> EnumValue:
    """Return the enumeration's value for a number."""
    return EnumValue(type_name, enum_name(type_name, value), value)


def parse_enum(type_name: str, text: str, *, ignore_case: bool = False) -> EnumValue:
    """Return what ``Enum.Parse`` gives: names exactly, separated with commas, or a number."""
    table = members(type_name)
    if not text.strip():
        raise argument_error("Must specify valid information for parsing in the string.", "value")
    found = {(name.lower() if ignore_case else name): bits for name, bits in table.items()}
    value = 0
    for part in text.split(","):
        word = part.strip()
        number = word.lstrip("+-")
        if number.isdigit():
            value |= int(word)
            continue
        bits = found.get(word.lower() if ignore_case else word)
        if bits is None:
            raise argument_error(f"Requested value '{text}' was not found.", None)
        value |= bits
    return make_enum(type_name, value)
