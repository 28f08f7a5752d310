"""What members an object has, as Get-Member shows them."""

from __future__ import annotations

from typing import Any

from psnet.lab.dotnet.members import declaring_types, find_methods
from psnet.lab.dotnet.registry import REGISTRY, Overload
from psnet.lab.dotnet.tostring import member_value, net_text
from psnet.lab.dotnet.typenames import (
    type_name_of,
    unwrap,
)
from psnet.lab.values import Member, PSObject


def list_members(value: Any) -> list[tuple[str, str, str]]:
    """Return (name, member type, definition) of a value's members, in Get-Member's order."""
    out: dict[str, tuple[str, str, str]] = {}
    level = value
    while isinstance(level, PSObject):
        for key, member in level.members.items():
            out.setdefault(key, (member.name, member.kind, _definition(value, member)))
        level = level.base
    base = unwrap(value)
    kind = type_name_of(base)
    for link in reversed(declaring_types(kind)):
        table = REGISTRY.get(link)
        if table is None:
            continue
        for key, overloads in table.methods.items():
            shown = ", ".join(_method_text(overload) for overload in find_methods(kind, overloads[0].name))
            out.setdefault(key, (overloads[0].name, "Method", shown))
        for key, declared in table.properties.items():
            accessors = "{get;set;}" if declared.setter else "{get;}"
            kind_of = declared.extended or "Property"
            out.setdefault(key, (declared.name, kind_of, f"{declared.type_name} {declared.name} {accessors}"))
    ranks = [
        "AliasProperty",
        "CodeProperty",
        "Method",
        "NoteProperty",
        "ParameterizedProperty",
        "Property",
        "PropertySet",
        "ScriptMethod",
        "ScriptProperty",
    ]
    kinds = {name: place for place, name in enumerate(ranks)}
    return sorted(out.values(), key=lambda row: (kinds.get(row[1], 99), row[0].lower()))


def _method_text(overload: Overload) -> str:
    return overload.definition


def _definition(value: Any, member: Member) -> str:
    if member.kind == "ScriptMethod":
        return f"System.Object {member.name}();"
    if member.kind == "ScriptProperty":
        block = member.value[0] if isinstance(member.value, tuple) else member.value
        return f"System.Object {member.name} {{get={net_text(block)};}}"
    if member.kind == "AliasProperty":
        return f"{member.name} = {member.value}"
    if member.kind == "Method":
        return f"System.Object {member.name}()"
    held = member_value(value, member)
    if member.kind == "Property":
        return f"{_short(held)} {member.name} {{get;{'set;' if member.setter else ''}}}"
    return f"{_short(held)} {member.name}={net_text(held) if held is not None else 'null'}"


def _short(value: Any) -> str:
    from psnet.lab.dotnet.typenames import power_name  # noqa: PLC0415 - only listings need it

    return "object" if value is None else power_name(type_name_of(value))
