"""Get-/New-/Remove-/Copy-/Move-/Rename-/Test-/Set-Item and paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.contract.files import Entry, FileError
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.dotnet.wildcard import has_wildcards
from psnet.lab.engine import net, pathname
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.engine.general.filesystem import (
    expand,
    item_object,
    path_not_found,
    virtual,
    virtual_items,
)
from psnet.lab.engine.general.provider_items import drive_place, exists, list_items, path_not_found_at, read_items
from psnet.lab.engine.general.registry_keys import (
    always_there,
    full_name,
    key_at,
    remove_tree,
    tree_exists,
    tree_place,
    vendor_key,
)
from psnet.lab.engine.records import ErrorRecord
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext


def given_paths(p: Parameters) -> list[tuple[str, bool]]:
    """Return (path, literal) of the arguments."""
    if "LiteralPath" in p:
        return [(net.to_string(path), True) for path in p.list("LiteralPath") or []]
    return [(net.to_string(path), False) for path in p.list("Path") or []]


def existing(ctx: CmdletContext, p: Parameters, *, report: bool = True) -> Iterable[tuple[str, Entry]]:
    """Return the files and folders that the arguments mean, reporting those that are missing."""
    for path, literal in given_paths(p):
        found = False
        for full in expand(ctx, path, literal=literal):
            entry = ctx.host.files.find(full)
            if entry is not None and _passes(p, entry.name):
                found = True
                yield full, entry
            elif entry is not None:
                found = True
        if not found and report and (literal or not has_wildcards(path)):
            ctx.write_error(path_not_found(ctx, path, ctx.runspace.full_path(path)))


def _passes(p: Parameters, name: str) -> bool:
    include, exclude, one = p.list("Include"), p.list("Exclude"), p.get("Filter")
    if one is not None and not net.is_like(name, net.to_string(one)):
        return False
    if include and not any(net.is_like(name, net.to_string(each)) for each in include):
        return False
    return not any(net.is_like(name, net.to_string(each)) for each in exclude or [])


@cmdlet("Get-Item")
def get_item(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return items."""
    for path, _ in given_paths(p):
        offered = drive_place(ctx, path)
        if offered is not None:
            yield from read_items(ctx, path, *offered)
            continue
        place = virtual(path)
        if place is None:
            one = Parameters(dict(p.items()))
            if "LiteralPath" in one:
                one["LiteralPath"] = path
            else:
                one["Path"] = path
            for full, entry in existing(ctx, one):
                yield item_object(ctx, full, entry)
            continue
        found = virtual_items(ctx, *place)
        if not found and not has_wildcards(place[1]):
            ctx.write_error(path_not_found(ctx, path, path))
        yield from found


@cmdlet("Get-ChildItem")
def get_child_item(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """List folders."""
    if "Attributes" in p:
        raise net.unsupported("Get-ChildItem -Attributes", ctx.processor.line)
    paths = given_paths(p) or [(ctx.runspace.folder, True)]
    for path, literal in paths:
        offered = drive_place(ctx, path)
        if offered is not None:
            yield from list_items(ctx, p, path, *offered)
            continue
        place = virtual(path)
        if place is not None:
            yield from virtual_items(ctx, place[0], place[1] or "*")
            continue
        hits = [(full, ctx.host.files.find(full)) for full in expand(ctx, path, literal=literal)]
        if not has_wildcards(path) and hits[0][1] is None:
            ctx.write_error(path_not_found(ctx, path, hits[0][0]))
            continue
        for full, entry in hits:
            if entry is None:
                continue
            if entry.is_folder and not (has_wildcards(path) and not p.switch("Recurse")):
                yield from _children(ctx, p, full, full, entry, int(p["Depth"]) if "Depth" in p else None)
            elif _listed(p, entry):
                yield entry.name if p.switch("Name") else item_object(ctx, full, entry)


def _listed(p: Parameters, entry: Entry) -> bool:
    if "Hidden" in entry.attributes and not (p.switch("Force") or p.switch("Hidden")):
        return False
    if p.switch("Hidden") and "Hidden" not in entry.attributes:
        return False
    if p.switch("Directory") and not entry.is_folder:
        return False
    if p.switch("File") and entry.is_folder:
        return False
    if p.switch("ReadOnly") and "ReadOnly" not in entry.attributes:
        return False
    return _passes(p, entry.name)


def _children(
    ctx: CmdletContext, p: Parameters, root: str, folder: str, entry: Entry, depth: int | None
) -> Iterable[Any]:
    children = sorted((entry.children or {}).values(), key=lambda c: (not c.is_folder, c.name.lower()))
    for child in children:
        if _listed(p, child):
            full = pathname.join(folder, child.name)
            yield full[len(root) :].lstrip("\\") if p.switch("Name") else item_object(ctx, full, child)
    if p.switch("Recurse") or depth:
        for child in children:
            if child.is_folder and depth != 0:
                below = None if depth is None else depth - 1
                yield from _children(ctx, p, root, pathname.join(folder, child.name), child, below)


@cmdlet("Test-Path")
def test_path(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Say whether paths exist."""
    if p.list("Path") is None and p.list("LiteralPath") is None:
        name = "LiteralPath" if "LiteralPath" in p else "Path"
        message = f"Cannot bind argument to parameter '{name}' because it is null."
        raise ctx.fail(
            message,
            "NullPathNotPermitted"
            if ctx.runspace.language != "5.1"
            else "ParameterArgumentValidationErrorNullNotAllowed",
            "InvalidArgument",
            exception="System.ArgumentNullException",
        )
    kind = net.to_string(p.get("PathType")).lower()
    for path, literal in given_paths(p):
        if not path.strip():
            yield False
            continue
        if key_at(ctx.host, path) is not None or always_there(ctx.host, path):
            yield kind != "leaf"
            continue
        below = tree_place(ctx.host, path)
        if below is not None:
            yield tree_exists(ctx.host, below) and kind != "leaf"
            continue
        offered = drive_place(ctx, path)
        if offered is not None:
            yield exists(*offered, kind)
            continue
        place = virtual(path)
        if place is not None:
            drive, name = place
            yield (
                not name
                or bool(virtual_items(ctx, drive, name))
                or (drive == "variable" and name.lower() in {"true", "false", "null", "?"})
            )
            continue
        if p.switch("IsValid"):
            yield not any(mark in path for mark in '<>"|')
            continue
        drive_name = pathname.drive_of(path)
        if drive_name is not None and len(drive_name) > 1 and drive_name != "filesystem":
            yield False
            continue
        entries = [ctx.host.files.find(full) for full in expand(ctx, path, literal=literal)]
        yield any(
            entry is not None
            and _passes(p, entry.name)
            and not (kind == "leaf" and entry.is_folder)
            and not (kind == "container" and not entry.is_folder)
            for entry in entries
        )


def _io_error(error: FileError) -> ErrorRecord:
    texts = {
        "exists": (
            "System.IO.IOException",
            f"An item with the specified name {error.path} already exists.",
            "ResourceExists",
        ),
        "missing": (
            "System.IO.DirectoryNotFoundException",
            f"Could not find a part of the path '{error.path}'.",
            "WriteError",
        ),
    }
    kind, message, category = texts.get(
        error.kind,
        ("System.UnauthorizedAccessException", f"Access to the path '{error.path}' is denied.", "PermissionDenied"),
    )
    return ErrorRecord(make_exception(kind, message), "NewItemIOError", category, error.path)


@cmdlet(
    "mkdir",
    "Path string[] 0 value byname\nName string byname emptystring\nForce switch",
    should_process=True,
    class_name="NewItemCommand",
    function=True,
    module="",
)
def make_folder(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Make folders, as the session's own function does."""
    p["ItemType"] = "Directory"
    yield from new_item(ctx, p)


@cmdlet("New-Item")
def new_item(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Make files, folders, variables, functions, environment variables."""
    for base in p.list("Path") or [ctx.runspace.folder]:
        path = net.to_string(base)
        named = f"{path}\\{net.to_string(p['Name'])}" if p.get("Name") else path
        below = tree_place(ctx.host, named)
        if below is not None:
            yield from _new_key(ctx, p, named, below)
            continue
        if p.get("Name"):
            path = (
                pathname.join(path, net.to_string(p["Name"]))
                if virtual(path) is None
                else path + net.to_string(p["Name"])
            )
        place = virtual(path)
        if place is not None:
            yield from _new_virtual(ctx, p, *place)
            continue
        full = ctx.runspace.full_path(path)
        kind = net.to_string(p.get("ItemType")).lower()
        if kind in {"container", "d"}:
            kind = "directory"
        if kind not in {"", "file", "leaf", "directory", "f"}:
            raise net.unsupported(f"New-Item -ItemType {kind}", ctx.processor.line)
        folder = kind == "directory"
        verb = "Create Directory" if folder else "Create File"
        if not ctx.should_process(f"Destination: {full}", verb):
            continue
        made = _make(ctx, p, full, folder=folder)
        if made is not None:
            yield item_object(ctx, full, made)


def _new_key(ctx: CmdletContext, p: Parameters, path: str, below: str) -> Iterable[Any]:
    """Make a key of the registry; what -Force replaces is empty again, where it is a script's own."""
    parent = below.rpartition("\\")[0]
    if not p.switch("Force") and (
        tree_exists(ctx.host, below) or (vendor_key(parent) and not tree_exists(ctx.host, parent))
    ):
        raise net.unsupported(f"New-Item {path} without -Force here", ctx.processor.line)
    if not ctx.should_process(f"Key: {path}", "Create Key"):
        return
    if vendor_key(below):
        remove_tree(ctx.host, below)
    ctx.host.change_key(below)
    if vendor_key(below):
        full = full_name(below)
        shown = {
            "Name": full,
            "PSPath": f"Microsoft.PowerShell.Core\\Registry::{full}",
            "PSChildName": below.rpartition("\\")[2],
        }
        made = PSObject.of(shown, "Microsoft.Win32.RegistryKey", "System.Object", kind="Property")
        made.to_string = full
        yield made


def _make(ctx: CmdletContext, p: Parameters, full: str, *, folder: bool) -> Entry | None:
    files = ctx.host.files
    old = files.find(full)
    try:
        if folder:
            if old is not None and not (old.is_folder and p.switch("Force")):
                record = _io_error(FileError("exists", full))
                record.error_id = "DirectoryExist"
                ctx.write_error(record)
                return None
            return files.make_folders(full)  # type: ignore[no-any-return]
        if old is not None and not p.switch("Force"):
            message = f"The file '{full}' already exists."
            ctx.write_error(
                ErrorRecord(make_exception("System.IO.IOException", message), "NewItemIOError", "WriteError", full)
            )
            return None
        if p.switch("Force"):
            files.make_folders(pathname.parent(full))
        value = p.get("Value")
        return files.write(full, net.to_string(value).encode() if value is not None else b"")  # type: ignore[no-any-return]
    except FileError as refused:
        record = _io_error(refused)
        if refused.kind == "missing":
            record.exception.message = f"Could not find a part of the path '{full}'."
            record = ErrorRecord(
                make_exception("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{full}'."),
                "NewItemIOError",
                "WriteError",
                full,
            )
        ctx.write_error(record)
        return None


def _new_virtual(ctx: CmdletContext, p: Parameters, drive: str, name: str) -> Iterable[Any]:
    value = p.get("Value")
    if not ctx.should_process(name, "New Item"):
        return
    if virtual_items(ctx, drive, name) and not p.switch("Force"):
        message = f"The item at path '{name}' already exists."
        ctx.write_error(
            message, "Argument", "InvalidArgument", name, exception="System.Management.Automation.PSArgumentException"
        )
        return
    set_virtual(ctx, drive, name, value)
    yield from virtual_items(ctx, drive, name)


def set_virtual(ctx: CmdletContext, drive: str, name: str, value: Any) -> None:
    """Set an item of variable:, function:, alias: or env:."""
    if drive == "env":
        ctx.runspace.environment_set(name, net.to_string(value))
    elif drive == "variable":
        ctx.scope.set_local(name, value)
    elif drive == "function":
        ctx.runspace.define_from_value(ctx.processor.caller, name, value)
    else:
        ctx.scope.aliases[name.lower()] = ctx.runspace.alias(name, net.to_string(value))


@cmdlet("Remove-Item")
def remove_item(ctx: CmdletContext, p: Parameters) -> None:
    """Remove items."""
    files = ctx.host.files
    for path, literal in given_paths(p):
        below = tree_place(ctx.host, path)
        if below is not None and vendor_key(below):
            if not tree_exists(ctx.host, below):
                ctx.write_error(path_not_found_at(path))
            elif not p.switch("Recurse") and any(key.startswith(f"{below.lower()}\\") for key in ctx.host.keys):
                raise net.unsupported(f"Remove-Item {path} without -Recurse", ctx.processor.line)
            elif ctx.should_process(f"Item: {path}", "Remove Key"):
                remove_tree(ctx.host, below)
            continue
        place = virtual(path)
        if place is not None:
            _remove_virtual(ctx, p, path, *place)
            continue
        one = Parameters(dict(p.items()))
        one["LiteralPath" if literal else "Path"] = path
        for full, entry in list(existing(ctx, one)):
            kind = "Remove Directory" if entry.is_folder else "Remove File"
            if entry.is_folder and entry.children and not p.switch("Recurse"):
                message = (
                    f"The item at {full} has children and the Recurse parameter was not specified. A confirmation cannot "
                    "be asked for without a user."
                )
                exception = make_exception("System.Management.Automation.PSInvalidOperationException", message)
                raise ctx.fail(exception, "InvalidOperation", "InvalidOperation", full)
            if not ctx.should_process(full, kind):
                continue
            if "ReadOnly" in entry.attributes and not p.switch("Force"):
                message = (
                    f"Cannot remove item {full}: You do not have sufficient access rights to perform this operation."
                )
                ctx.write_error(
                    ErrorRecord(
                        make_exception("System.IO.IOException", message),
                        "RemoveFileSystemItemUnAuthorizedAccess",
                        "PermissionDenied",
                        full,
                    )
                )
                continue
            files.remove(full)


def _remove_virtual(ctx: CmdletContext, p: Parameters, path: str, drive: str, name: str) -> None:
    found = virtual_items(ctx, drive, name)
    if not found and not has_wildcards(name):
        ctx.write_error(path_not_found(ctx, path, path))
    for item in found:
        item_name = item.name if hasattr(item, "name") else str(item.members["name"].value)
        if not ctx.should_process(f"Item: {item_name}", "Remove Item"):
            continue
        if drive == "env":
            ctx.runspace.environment_set(item_name, None)
            continue
        table = {"variable": "variables", "function": "functions", "alias": "aliases"}[drive]
        for scope in ctx.scope.chain():
            if getattr(scope, table).pop(item_name.lower(), None) is not None:
                break
    _ = p


@cmdlet("Set-Item")
def set_item(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Set variables, functions, aliases and environment variables."""
    for path, _ in given_paths(p):
        offered = drive_place(ctx, path)
        if offered is not None:
            if ctx.should_process(path, "Set Item"):
                offered[0].change(offered[1], p.get("Value"), force=p.switch("Force"))
            continue
        place = virtual(path)
        if place is None:
            raise net.unsupported("Set-Item on the file system", ctx.processor.line)
        if ctx.should_process(f"Item: {place[1]} Value: {net.to_string(p.get('Value'))}", "Set Item"):
            set_virtual(ctx, place[0], place[1], p.get("Value"))
            if p.switch("PassThru"):
                yield from virtual_items(ctx, *place)
