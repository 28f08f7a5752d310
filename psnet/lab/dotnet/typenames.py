"""Names of .NET types: what a script writes, what a value has, what derives from what."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

from psnet.lab.dotnet.bases import base_chain, derives, split_generic
from psnet.lab.dotnet.context import current, modern
from psnet.lab.dotnet.errors import TypeNotFound, UnsupportedError
from psnet.lab.dotnet.scripttypes import script_type
from psnet.lab.values import (
    Array,
    ArrayList,
    BigInteger,
    Byte,
    Char,
    DateTime,
    GenericList,
    Int16,
    Int64,
    PSObject,
    Reference,
    SByte,
    Single,
    SwitchParameter,
    TimeSpan,
    TypeValue,
    UInt16,
    UInt32,
    UInt64,
)
from psnet.powershell.facts import dotnet
from psnet.powershell.facts.accelerators import ACCELERATORS, MODERN_ACCELERATORS
from psnet.powershell.facts.enums import TABLE as ENUM_TABLE
from psnet.powershell.facts.types import TYPES

PS_OBJECT = "System.Management.Automation.PSObject"
PS_CUSTOM = "System.Management.Automation.PSCustomObject"

_PYTHON_TYPES: dict[type, str] = {
    bool: "System.Boolean",
    int: "System.Int32",
    float: "System.Double",
    str: "System.String",
    Char: "System.Char",
    Decimal: "System.Decimal",
    SByte: "System.SByte",
    Byte: "System.Byte",
    Int16: "System.Int16",
    UInt16: "System.UInt16",
    UInt32: "System.UInt32",
    Int64: "System.Int64",
    UInt64: "System.UInt64",
    BigInteger: "System.Numerics.BigInteger",
    Single: "System.Single",
    DateTime: "System.DateTime",
    TimeSpan: "System.TimeSpan",
    ArrayList: "System.Collections.ArrayList",
    TypeValue: "System.RuntimeType",
    SwitchParameter: "System.Management.Automation.SwitchParameter",
    Reference: "System.Management.Automation.PSReference",
}
_KNOWN = {name.lower(): name for name in (*TYPES, *ENUM_TABLE)}


def unwrap(value: Any) -> Any:
    """Return the value inside a PSObject that only adds members to it."""
    while isinstance(value, PSObject) and value.base is not None:
        value = value.base
    return value


def type_name_of(value: Any) -> str:
    """Return the full name of a value's .NET type, as ``Type.ToString()`` gives it; "" for null."""
    value = unwrap(value)
    if value is None:
        return ""
    found = _PYTHON_TYPES.get(type(value))
    if found is not None:
        return found
    if isinstance(value, Array):
        return f"{value.element_type}[]"
    if isinstance(value, GenericList):
        return f"System.Collections.Generic.List`1[{value.element_type}]"
    if isinstance(value, PSObject):
        return _object_type(value)
    name: str = value.type_name
    return name


def _object_type(value: PSObject) -> str:
    """Return the type of an object: the first of its names that is .NET's own, not one it was given."""
    names = value.type_names
    if names and "." not in names[0] and script_type(names[0]) is not None:
        return names[0]
    if PS_CUSTOM in names:
        return PS_CUSTOM
    if any(name.startswith("Deserialized.") for name in names):
        return PS_OBJECT
    for name in names:
        if name != "System.Object" and name.split("#")[0] in TYPES:
            return name.split("#")[0]
    return names[0].split("#")[0] if names else PS_CUSTOM


def element_type(name: str) -> str | None:
    """Return the element type of an array type of one dimension, None for others."""
    return name[:-2] if name.endswith("[]") else None


def is_instance(value: Any, target: str) -> bool:
    """Return what ``-is`` gives."""
    if value is None:
        return False
    if target in {PS_OBJECT, PS_CUSTOM}:
        return isinstance(value, PSObject)
    if isinstance(value, PSObject) and value.base is None and target in value.type_names:
        return True
    return derives(type_name_of(value), target)


def type_names_of(value: Any) -> list[str]:
    """Return PSTypeNames of a value."""
    if isinstance(value, PSObject):
        return list(value.type_names) if value.base is None or value.type_names else []
    name = type_name_of(value)
    return [full_name(link) for link in base_chain(name)] if name else []


_CORE = "System.Private.CoreLib, Version=8.0.0.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e"
_MSCORLIB = "mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089"
_SMA_TOKEN = "Culture=neutral, PublicKeyToken=31bf3856ad364e35"


def assembly_of(name: str) -> str:
    """Return the assembly's display name of a type."""
    new = modern()
    if name.startswith(("System.Management.Automation.", "Microsoft.PowerShell.")):
        return f"System.Management.Automation, Version={'7.4.5.500' if new else '3.0.0.0'}, {_SMA_TOKEN}"
    if new:
        return _CORE
    if name.startswith(("System.Collections.Generic.HashSet`", "System.Collections.Generic.SortedSet`")):
        return _MSCORLIB.replace("mscorlib", "System.Core")
    if name in {"System.Uri", "System.Text.RegularExpressions.Regex", "System.Net.IPAddress"}:
        return _MSCORLIB.replace("mscorlib", "System")
    return _MSCORLIB


def full_name(name: str) -> str:
    """Return ``Type.FullName``: generic arguments carry their assemblies."""
    if name.endswith("[]") and "`" in name:
        return f"{full_name(name[:-2])}[]"
    opened, arguments = split_generic(name)
    if not arguments:
        return name
    shown = ",".join(f"[{full_name(argument)}, {assembly_of(argument)}]" for argument in arguments)
    return f"{opened}[{shown}]"


def short_name(name: str) -> str:
    """Return ``Type.Name``: without namespace and generic arguments."""
    if name.endswith("]") and not split_generic(name)[1]:
        base, _, rank = name.rpartition("[")
        return f"{short_name(base)}[{rank}"
    opened = split_generic(name)[0]
    return opened.rpartition(".")[2].rpartition("+")[2]


def power_name(name: str) -> str:
    """Return a type as PowerShell writes it: ``int``, ``string[]``, ``System.Collections.Generic.List[string]``."""
    if name.endswith("]") and not split_generic(name)[1]:
        base, _, rank = name.rpartition("[")
        return f"{power_name(base)}[{rank}"
    opened, arguments = split_generic(name)
    if arguments:
        return f"{opened.partition('`')[0]}[{','.join(power_name(each) for each in arguments)}]"
    return (_MODERN_SHORT if modern() else _SHORT).get(name, name)


_PREFERRED = {"System.Int32": "int", "System.Int64": "long", "System.Single": "float", PS_OBJECT: "psobject"}
_SHORT = {full: short for short, full in ACCELERATORS.items()}
_SHORT.update(_PREFERRED)
_MODERN_SHORT = {**_SHORT, **{full: short for short, full in MODERN_ACCELERATORS.items()}}


def resolve_type(name: str, namespaces: tuple[str, ...] = ()) -> str:
    """Return the full name of the type that a script names, which uses namespaces; raises TypeNotFound."""
    text = name.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1].strip()
    if text.endswith("]"):
        opened = _matching(text)
        inner = text[opened + 1 : -1]
        if not inner.strip(", "):
            return f"{resolve_type(text[:opened], namespaces)}[{inner.replace(' ', '')}]"
        arguments = [resolve_type(part, namespaces) for part in _arguments(inner)]
        base = text[:opened].partition("`")[0].strip()
        found = _used(f"{base}`{len(arguments)}", namespaces)
        if found is None:
            raise TypeNotFound(name)
        return f"{found}[{','.join(arguments)}]"
    found = _used(text.partition(",")[0].strip(), namespaces)
    if found is None:
        raise TypeNotFound(name)
    return found


def _used(text: str, namespaces: tuple[str, ...]) -> str | None:
    """Look a name up as it stands, then in each namespace."""
    found = _lookup(text)
    for namespace in namespaces if found is None else ():
        with suppress(UnsupportedError):
            found = found or _lookup(f"{namespace}.{text}")
    return found


def _matching(text: str) -> int:
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += {"]": 1, "[": -1}.get(text[place], 0)
        if not depth:
            return place
    raise TypeNotFound(text)


def _arguments(inner: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, mark in enumerate(inner):
        depth += {"[": 1, "]": -1}.get(mark, 0)
        if mark == "," and not depth:
            parts.append(inner[start:place])
            start = place + 1
    return [*parts, inner[start:]]


def _lookup(text: str) -> str | None:
    key = text.lower()
    own = script_type(key)
    if own is not None:
        return own.name
    found = ACCELERATORS.get(key) or (MODERN_ACCELERATORS.get(key) if modern() else None)
    if found:
        return found
    if key == "system.management.automation.semanticversion" and not modern():
        return None
    known = _KNOWN.get(key) or _KNOWN.get(f"system.{key}")
    if (
        known is not None
        and known.startswith("System.Web.")
        and not modern()
        and "system.web" not in current().assemblies
    ):
        return None  # Windows PowerShell has not loaded System.Web
    if known is not None:
        return known
    listed = dotnet.find(key) or dotnet.find(f"system.{key}")
    if listed is not None:
        return listed.name
    if key.startswith(_LIBRARIES) and not key.startswith(_WHOLE):
        raise UnsupportedError(f"the type [{text}]")
    return None


#: Namespaces whose types exist in some assembly or other: what is not listed is refused, not missing.
_LIBRARIES = ("system.", "microsoft.")
#: Of this one the lab has every type.
_WHOLE = "microsoft.windows.networkcontroller."
