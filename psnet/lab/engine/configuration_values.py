"""Values of a configuration as ``psnet.mof`` takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psnet.lab.dotnet.dateformat import format_datetime
from psnet.lab.dotnet.objects import PSCredential
from psnet.lab.values import Array, DateTime, Hashtable

from . import net
from .scriptblock import ScriptBlock

_NUMBERS = {"System.Int32", "System.Int64", "System.Byte", "System.UInt16", "System.UInt32", "System.UInt64"}
_NUMBERS |= {"System.SByte", "System.Int16"}


@dataclass(slots=True, eq=False)
class EmbeddedInstance:
    """An instance of a class within a resource's property."""

    keyword: str
    properties: dict[str, Any]
    type_name = "Microsoft.Management.Infrastructure.CimInstance"


def declared_value(value: Any) -> Any:
    """Return a property's value as a declaration writes it."""
    base = net.unwrap(value)
    if base is None or isinstance(base, bool):
        return base
    if isinstance(base, EmbeddedInstance):
        return {
            "$instance": base.keyword,
            "properties": {key: declared_value(held) for key, held in base.properties.items()},
        }
    if isinstance(base, PSCredential):
        return {"$credential": {"username": base.user_name, "password": base.password.secret}}
    if isinstance(base, Hashtable):
        return {"$hashtable": {net.to_string(key): declared_value(held) for key, held in base.items()}}
    if isinstance(base, ScriptBlock):
        return {"$powershell": "{" + base.text + "}"}
    if isinstance(base, DateTime):
        text = format_datetime(base, "yyyy-MM-ddTHH:mm:ss.ffffff", "")
        return {"$datetime": f"{text}{'Z' if base.kind == 1 else ''}"}
    several = net.enumerate_collection(base)
    if several is not None:
        return [declared_value(each) for each in several]
    return _scalar(base)


def _scalar(base: Any) -> Any:
    kind = net.type_name_of(base)
    if kind in _NUMBERS:
        return int(base)
    if kind in {"System.Double", "System.Single"}:
        return float(base)
    return net.to_string(base)


def plain(value: Any) -> Any:
    """Return configuration data as mappings, lists and scalars."""
    base = net.unwrap(value)
    if base is None or isinstance(base, bool):
        return base
    if isinstance(base, Hashtable):
        return {net.to_string(key): plain(held) for key, held in base.items()}
    several = net.enumerate_collection(base)
    return [plain(each) for each in several] if several is not None else _scalar(base)


def merged_nodes(data: Any) -> Array | None:
    """Return $AllNodes: the nodes of configuration data, the values of ``*`` filled in; None without data."""
    base = net.unwrap(data)
    if not isinstance(base, Hashtable):
        return None
    nodes = [net.unwrap(each) for each in net.enumerate_collection(base.get("AllNodes")) or []]
    tables = [each for each in nodes if isinstance(each, Hashtable)]
    common = next((each for each in tables if net.to_string(each.get("NodeName")) == "*"), None)
    found: list[Any] = []
    for table in tables:
        if table is common:
            continue
        whole = Hashtable(common.items() if common is not None else ())
        for key, held in table.items():
            whole[key] = held
        found.append(whole)
    return Array(found)
