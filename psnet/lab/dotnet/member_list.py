"""What members an object has, as Get-Member shows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.bases import split_generic
from psnet.lab.dotnet.enums import is_enum
from psnet.lab.dotnet.enums import members as enum_members
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.members import declaring_types, find_methods
from psnet.lab.dotnet.registry import REGISTRY, Overload
from psnet.lab.dotnet.tostring import member_value, net_text
from psnet.lab.dotnet.typenames import (
    type_name_of,
    unwrap,
)
from psnet.lab.values import Member, PSObject
from psnet.powershell.facts import dotnet

if TYPE_CHECKING:
    from collections.abc import Callable


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


def list_static(kind: str, wanted: Callable[[str], bool]) -> list[tuple[str, str, str]]:
    """Return (name, member type, definition) of a type's static members; a wanted one that is not known here is refused."""
    out: dict[str, tuple[str, str, str]] = {}
    opened = split_generic(kind)[0]
    table = REGISTRY.get(opened)
    if is_enum(kind):
        for name in enum_members(kind):
            out[name.lower()] = (name, "Property", f"static {kind} {name} {{get;}}")
    if table is not None:
        for key, overloads in table.static_methods.items():
            shown = ", ".join(_static_text(overload) for overload in overloads)
            out[key] = (overloads[0].name, "Method", shown)
        for key, declared in table.static_properties.items():
            out[key] = (declared.name, "Property", f"static {declared.type_name} {declared.name} {{get;}}")
    known = dotnet.find(opened)
    if known is None and not out:
        raise UnsupportedError(f"the static members of [{kind}]")
    missing = sorted(name for name in (known.statics if known else ()) if name not in out and wanted(name))
    if missing:
        raise UnsupportedError(f"[{kind}]::{missing[0]} in a list of members")
    for name, shown in _OF_OBJECT.items():
        out.setdefault(name.lower(), (name, "Method", shown))
    return sorted(out.values(), key=lambda row: (row[1] != "Method", row[0].lower()))


#: What every type has from System.Object.
_OF_OBJECT = {
    "Equals": "static bool Equals(System.Object objA, System.Object objB)",
    "ReferenceEquals": "static bool ReferenceEquals(System.Object objA, System.Object objB)",
}


def _static_text(overload: Overload) -> str:
    return overload.definition if overload.definition.startswith("static ") else f"static {overload.definition}"


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
    return f"{_bare(held)} {member.name}={net_text(held) if held is not None else 'null'}"


def _bare(value: Any) -> str:
    """Return the type of a note property's value: a name without its namespace, or the name that an object carries."""
    if isinstance(value, PSObject) and value.type_names:
        return value.type_names[0]
    return re.sub(r"(?:\w+\.)+(?=\w)", "", _short(value))


def _short(value: Any) -> str:
    from psnet.lab.dotnet.typenames import power_name  # noqa: PLC0415 - only listings need it

    return "object" if value is None else power_name(type_name_of(value))
