"""Get-, Set- and New-ItemProperty and their kin: of the registry's known keys (reading) and of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.engine.general.filesystem import item_object, virtual
from psnet.lab.engine.general.items import existing, given_paths
from psnet.lab.engine.general.provider_items import path_not_found_at
from psnet.lab.engine.general.registry_keys import Key, full_name, key_at, keys_at, tree_exists, tree_place, vendor_key
from psnet.lab.values import Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext

_CUSTOM = "System.Management.Automation.PSCustomObject"
_PATHS = """
    Path string[] 0 @Path:0:mandatory:value:byname
    LiteralPath string[] @LiteralPath:mandatory:byname alias=PSPath
"""


def _key_object(key: Key) -> PSObject:
    place = "Microsoft.PowerShell.Core\\Registry::"
    parent, _, leaf = key.path.rpartition("\\")
    shown = {
        **key.values,
        "PSPath": f"{place}{key.path}",
        "PSParentPath": f"{place}{parent}",
        "PSChildName": leaf,
        "PSDrive": "HKCU" if key.path.upper().startswith("HKEY_CURRENT_USER") else "HKLM",
        "PSProvider": "Microsoft.PowerShell.Core\\Registry",
    }
    return PSObject.of(shown, _CUSTOM, "System.Object")


def _missing(ctx: CmdletContext, name: str, path: str) -> None:
    ctx.write_error(
        f"Property {name} does not exist at path {path}.",
        "System.Management.Automation.PSArgumentException",
        "InvalidArgument",
        name,
        exception="System.Management.Automation.PSArgumentException",
    )


def _found(ctx: CmdletContext, p: Parameters) -> Iterable[tuple[str, PSObject]]:
    for path, literal in given_paths(p):
        several = None if literal else keys_at(ctx.host, path)
        if several is not None:
            yield from ((key.path, _key_object(key)) for key in several)
            continue
        key = key_at(ctx.host, path)
        if key is not None:
            yield key.path, _key_object(key)
            continue
        below = tree_place(ctx.host, path)
        if below is not None:
            if not tree_exists(ctx.host, below):
                ctx.write_error(path_not_found_at(path))
                continue
            yield full_name(below), _key_object(Key(full_name(below), {}))
            continue
        if virtual(path) is not None:
            raise net.unsupported(f"properties of {path}", ctx.processor.line)
        one = Parameters({"LiteralPath" if literal else "Path": path})
        for full, entry in existing(ctx, one):
            yield full, item_object(ctx, full, entry)


@cmdlet("Get-ItemProperty", _PATHS + "Name string[] 1 alias=PSProperty", default_set="Path")
def get_item_property(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return an item with its properties, or with those that are named."""
    for path, item in _found(ctx, p):
        names = [net.to_string(each) for each in p.list("Name") or []]
        if not names:
            yield item
            continue
        kept = [m for m in item.members.values() if any(net.is_like(m.name, name) for name in names)]
        for name in names:
            if not any(net.is_like(m.name, name) for m in kept) and not any(mark in name for mark in "*?["):
                _missing(ctx, name, path)
        if kept:
            places = [m for m in item.members.values() if m.name.startswith("PS") and m not in kept]
            made = [Member(m.name, "NoteProperty", m.getter(item) if m.getter else m.value) for m in [*kept, *places]]
            yield PSObject(made, (_CUSTOM, "System.Object"))


@cmdlet("Get-ItemPropertyValue", _PATHS + "Name string[] 1 mandatory alias=PSProperty", default_set="Path")
def get_item_property_value(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the values of an item's properties."""
    for path, item in _found(ctx, p):
        for name in (net.to_string(each) for each in p.list("Name") or []):
            member = item.members.get(name.lower())
            if member is None:
                _missing(ctx, name, path)
            else:
                yield member.getter(item) if member.getter else member.value


@cmdlet(
    "Set-ItemProperty",
    _PATHS + "Name string 1 @Path:1:mandatory:byname @LiteralPath:1:mandatory:byname alias=PSProperty\n"
    "Value object 2 @Path:2:mandatory:byname @LiteralPath:2:mandatory:byname null emptystring emptycollection\n"
    "PassThru switch\nForce switch\nType string",
    default_set="Path",
    should_process=True,
)
def set_item_property(ctx: CmdletContext, p: Parameters) -> None:
    """Set a property of a file or folder."""
    name = net.to_string(p["Name"])
    places = [(path, tree_place(ctx.host, path)) for path, _ in given_paths(p)]
    if places and all(below is not None and tree_exists(ctx.host, below) for _, below in places):
        for path, below in places:
            if ctx.should_process(f"Item: {path} Property: {name}", "Set Property"):
                ctx.host.change_key(below, name, _typed(p.get("Value"), p.get("Type")))
        return
    for path, item in _found(ctx, p):
        member = item.members.get(name.lower())
        if path.startswith("HKEY") or member is None or member.setter is None:
            raise net.unsupported(f"Set-ItemProperty {name} of {path}", ctx.processor.line)
        if ctx.should_process(f"Item: {path} Property: {name}", "Set Property"):
            member.setter(item, p.get("Value"))


_KINDS = {
    "dword": "System.Int32",
    "qword": "System.Int64",
    "string": "System.String",
    "expandstring": "System.String",
    "multistring": "System.String[]",
    "binary": "System.Byte[]",
}


def _typed(value: Any, kind: Any) -> Any:
    """Return a value as the registry keeps one of a kind; without a kind as it is."""
    if kind is None:
        return value
    name = net.to_string(kind).lower()
    if name not in _KINDS:
        raise net.unsupported(f"a registry value of type {name}")
    return net.convert(value, _KINDS[name])


@cmdlet(
    "New-ItemProperty",
    _PATHS + "Name string 1 mandatory alias=PSProperty\nPropertyType string alias=Type\n"
    "Value object null emptystring emptycollection\nForce switch",
    default_set="Path",
    should_process=True,
)
def new_item_property(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Set a new value of a registry key."""
    name = net.to_string(p["Name"])
    for path, _ in given_paths(p):
        below = tree_place(ctx.host, path)
        if below is None:
            raise net.unsupported(f"New-ItemProperty of {path}", ctx.processor.line)
        if not tree_exists(ctx.host, below):
            ctx.write_error(path_not_found_at(path))
            continue
        key = key_at(ctx.host, path)
        if key is not None and any(known.lower() == name.lower() for known in key.values) and not p.switch("Force"):
            kind = "System.IO.IOException"
            ctx.write_error("The property already exists.", kind, "ResourceExists", path, exception=kind)
            continue
        if ctx.should_process(f"Item: {path} Property: {name}", "New Property"):
            ctx.host.change_key(below, name, _typed(p.get("Value"), p.get("PropertyType") or "string"))
            made = key_at(ctx.host, path)
            assert made is not None  # noqa: S101 - it was changed just now
            yield _key_object(Key(made.path, {name: made.values[name]}))


@cmdlet(
    "Remove-ItemProperty",
    _PATHS + "Name string[] 1 mandatory alias=PSProperty\nForce switch",
    default_set="Path",
    should_process=True,
)
def remove_item_property(ctx: CmdletContext, p: Parameters) -> None:
    """Remove values of a registry key that a script made."""
    for path, item in list(_found(ctx, p)):
        below = tree_place(ctx.host, path)
        if below is None or not vendor_key(below):
            raise net.unsupported(f"Remove-ItemProperty of {path}", ctx.processor.line)
        for name in (net.to_string(each) for each in p.list("Name") or []):
            if name.lower() not in item.members:
                _missing(ctx, name, path)
            elif ctx.should_process(f"Item: {path} Property: {name}", "Remove Property"):
                kept = ctx.host.keys[below.lower()]
                for known in [known for known in kept if known.lower() == name.lower()]:
                    del kept[known]
