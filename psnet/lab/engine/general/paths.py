"""Join-Path, Split-Path, Resolve-Path, Convert-Path, locations; Copy-, Move- and Rename-Item."""

from __future__ import annotations

import ntpath
from typing import TYPE_CHECKING, Any

from psnet.lab.contract.files import Entry
from psnet.lab.engine import net, pathname
from psnet.lab.engine.automatic import path_info
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.engine.general.filesystem import expand, item_object, path_not_found, virtual, virtual_items
from psnet.lab.engine.general.items import existing, given_paths, set_virtual
from psnet.lab.engine.properties import property_of
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext


@cmdlet("Join-Path")
def join_path(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Join parts of paths."""
    for base in p.list("Path") or []:
        text = net.to_string(base)
        drive = pathname.drive_of(text)
        if drive is not None and len(drive) == 1 and f"{drive.upper()}:" not in ctx.host.files.drives:
            ctx.write_error(path_not_found(ctx, text, text))
            continue
        made = pathname.join(text, net.to_string(p.get("ChildPath")))
        for extra in p.list("AdditionalChildPath") or []:
            made = pathname.join(made, net.to_string(extra))
        if p.switch("Resolve"):
            yield from (full for full in expand(ctx, made) if ctx.host.files.find(full) is not None)
        else:
            yield made


@cmdlet("Split-Path")
def split_path(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return a part of paths."""
    for path, literal in given_paths(p):
        texts = list(expand(ctx, path, literal=literal)) if p.switch("Resolve") else [path]
        for text in texts:
            head, colon, rest = text.partition(":")
            if p.switch("Leaf"):
                yield pathname.leaf(text) if text.strip("\\/") else text
            elif p.switch("LeafBase"):
                leaf = pathname.leaf(text)
                yield leaf.rpartition(".")[0] or leaf
            elif p.switch("Extension"):
                leaf = pathname.leaf(text)
                yield f".{leaf.rpartition('.')[2]}" if "." in leaf else ""
            elif p.switch("Qualifier"):
                if not colon:
                    message = f"Cannot parse path because path '{text}' does not have a qualifier specified."
                    ctx.write_error(
                        message, "ParsePathFormatError", "InvalidArgument", text, exception="System.FormatException"
                    )
                    continue
                yield head + colon
            elif p.switch("NoQualifier"):
                yield rest if colon else text
            elif p.switch("IsAbsolute"):
                yield bool(colon)
            else:
                yield pathname.parent(text)


@cmdlet("Resolve-Path")
def resolve_path(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Resolve wildcards and relative paths."""
    for full, _ in existing(ctx, p):
        real = ctx.host.files.real_path(full)
        if p.switch("Relative"):
            yield _relative(ctx.runspace.folder, real)
            continue
        shown = {"Drive": None, "Provider": None, "ProviderPath": real, "Path": real}
        made = PSObject.of(shown, "System.Management.Automation.PathInfo", "System.Object", kind="Property")
        made.to_string = real
        yield made


def _relative(folder: str, path: str) -> str:
    r"""Return a path as it is seen from a folder: ``.\`` before what is in it; another drive's path stays whole."""
    if folder[:2].lower() != path[:2].lower():
        return path
    relative = ntpath.relpath(path, folder)
    return relative if relative.startswith("..") else f".\\{relative}"


@cmdlet("Convert-Path")
def convert_path(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return file system paths."""
    for full, _ in existing(ctx, p):
        yield ctx.host.files.real_path(full)


@cmdlet("Get-Location")
def get_location(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the current folder."""
    if len(p):
        raise net.unsupported("parameters of Get-Location", ctx.processor.line)
    yield path_info(ctx.runspace)


def _go(ctx: CmdletContext, path: str) -> bool:
    full = ctx.runspace.full_path(path)
    entry = ctx.host.files.find(full)
    if entry is None or not entry.is_folder:
        ctx.write_error(path_not_found(ctx, path, full))
        return False
    ctx.runspace.folder = ctx.host.files.real_path(full)
    return True


@cmdlet("Set-Location")
def set_location(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Change the current folder."""
    path = net.to_string(p.get("Path") or p.get("LiteralPath") or "~")
    if _go(ctx, path) and p.switch("PassThru"):
        yield path_info(ctx.runspace)


@cmdlet("Push-Location")
def push_location(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Change the current folder and remember the old one."""
    before = ctx.runspace.folder
    path = p.get("Path") or p.get("LiteralPath")
    if path is None or _go(ctx, net.to_string(path)):
        ctx.runspace.folders.append(before)
        if p.switch("PassThru"):
            yield path_info(ctx.runspace)


@cmdlet("Pop-Location")
def pop_location(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Go back."""
    if ctx.runspace.folders:
        ctx.runspace.folder = ctx.runspace.folders.pop()
    if p.switch("PassThru"):
        yield path_info(ctx.runspace)


# -- copies -----------------------------------------------------------------------------------------


def _copied(ctx: CmdletContext, entry: Entry, name: str, *, deep: bool) -> Entry:
    now = ctx.host.files.now()
    made = Entry(name, None if entry.children is None else {}, entry.data, now, now, set(entry.attributes))
    if deep and entry.children is not None and made.children is not None:
        for key, child in entry.children.items():
            made.children[key] = _copied(ctx, child, child.name, deep=True)
    return made


def _place(ctx: CmdletContext, p: Parameters, entry: Entry) -> tuple[Entry, str, str] | None:
    """Return (folder, name, full path) of where an item goes; reports a folder that is missing."""
    files = ctx.host.files
    target = ctx.runspace.full_path(net.to_string(p.get("Destination") or "."))
    there = files.find(target)
    if there is not None and there.is_folder:
        return there, entry.name, pathname.join(target, entry.name)
    parent = files.find(pathname.parent(target))
    if parent is None or parent.children is None:
        from psnet.lab.dotnet.errors import make_exception  # noqa: PLC0415 - errors only
        from psnet.lab.engine.records import ErrorRecord  # noqa: PLC0415 - errors only

        message = f"Could not find a part of the path '{target}'."
        exception = make_exception("System.IO.DirectoryNotFoundException", message)
        name = ctx.processor.command_name.split("-")[0]
        error_id = "System.IO.DirectoryNotFoundException" if name == "Copy" else "MoveFileInfoItemIOError"
        ctx.write_error(ErrorRecord(exception, error_id, "NotSpecified" if name == "Copy" else "WriteError", target))
        return None
    return parent, pathname.leaf(target), target


@cmdlet("Copy-Item")
def copy_item(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Copy files and folders; of variables, functions and environment variables those of one name."""
    if "Path" in p and any(virtual(path) is not None for path, _ in given_paths(p)):
        _copy_virtual(ctx, p)
        return
    for full, entry in list(existing(ctx, p)):
        place = _place(ctx, p, entry)
        if place is None:
            continue
        folder, name, target = place
        kind = "Copy Directory" if entry.is_folder else "Copy File"
        if not ctx.should_process(f"Item: {full} Destination: {target}", kind):
            continue
        assert folder.children is not None  # noqa: S101 - _place returns folders
        old = folder.children.get(name.lower())
        if entry.is_folder and old is not None and old.children is not None:
            if p.switch("Recurse"):
                for key, child in _copied(ctx, entry, name, deep=True).children.items():  # type: ignore[union-attr]
                    old.children[key] = child
        else:
            folder.children[name.lower()] = _copied(ctx, entry, name, deep=p.switch("Recurse"))
        if p.switch("PassThru"):
            yield item_object(ctx, target, folder.children[name.lower()])


def _copy_virtual(ctx: CmdletContext, p: Parameters) -> None:
    target = virtual(net.to_string(p.get("Destination")))
    for path, _ in given_paths(p):
        place = virtual(path)
        if place is None or target is None or place[0] != target[0] or place[0] == "alias":
            raise net.unsupported(f"Copy-Item from {path}", ctx.processor.line)
        found = virtual_items(ctx, *place)
        if not found:
            ctx.write_error(path_not_found(ctx, path, path))
        for item in found:
            value = item.block if place[0] == "function" else property_of(item, "Value")
            set_virtual(ctx, target[0], target[1], value)


@cmdlet("Move-Item")
def move_item(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Move files and folders."""
    for full, entry in list(existing(ctx, p)):
        place = _place(ctx, p, entry)
        if place is None:
            continue
        folder, name, target = place
        kind = "Move Directory" if entry.is_folder else "Move File"
        if not ctx.should_process(f"Item: {full} Destination: {target}", kind):
            continue
        assert folder.children is not None  # noqa: S101 - _place returns folders
        if name.lower() in folder.children and not p.switch("Force"):
            ctx.write_error(
                "Cannot create a file when that file already exists.",
                "MoveFileInfoItemIOError",
                "WriteError",
                full,
                exception="System.IO.IOException",
            )
            continue
        ctx.host.files.remove(full)
        entry.name = name
        folder.children[name.lower()] = entry
        if p.switch("PassThru"):
            yield item_object(ctx, target, entry)


@cmdlet("Rename-Item")
def rename_item(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Rename a file or folder."""
    given = net.to_string(p.get("Path") or p.get("LiteralPath"))
    full = ctx.runspace.full_path(given)
    entry = ctx.host.files.find(full)
    if entry is None:
        ctx.write_error(path_not_found(ctx, given, full))
        return
    name = net.to_string(p["NewName"])
    target = pathname.join(pathname.parent(full), pathname.leaf(name))
    kind = "Rename Directory" if entry.is_folder else "Rename File"
    if not ctx.should_process(f"Item: {full} Destination: {target}", kind):
        return
    if ctx.host.files.find(target) is not None:
        ctx.write_error(
            "Cannot create a file when that file already exists.",
            "RenameItemIOError",
            "WriteError",
            full,
            exception="System.IO.IOException",
        )
        return
    folder = ctx.host.files.folder_of(full)
    ctx.host.files.remove(full)
    entry.name = pathname.leaf(name)
    folder.children[entry.name.lower()] = entry
    if p.switch("PassThru"):
        yield item_object(ctx, target, entry)
