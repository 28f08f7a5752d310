"""Items on drives: the file system, variable:, function:, alias: and env:."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.dotnet.wildcard import has_wildcards
from psnet.lab.engine import net, pathname
from psnet.lab.engine.commands import CommandInfo
from psnet.lab.engine.records import ErrorRecord
from psnet.lab.values import DateTime, EnumValue, Int64, Member, PSObject

if TYPE_CHECKING:
    from psnet.lab.contract.files import Entry
    from psnet.lab.engine.cmdlet_context import CmdletContext

_SMA = "System.Management.Automation"
DRIVES = ("variable", "function", "alias", "env")


def virtual(path: str) -> tuple[str, str] | None:
    """Return (drive, name) for a path on a drive that is no file system, None for others."""
    text = path
    lowered = text.lower()
    refuse_drive(path)
    for drive in DRIVES:
        for prefix in (f"{drive}:", f"microsoft.powershell.core\\{drive}::", f"{drive}::"):
            if lowered.startswith(prefix):
                return drive, text[len(prefix) :].lstrip("\\/")
    return None


#: Drives and providers that every Windows has and that are not simulated, in lower case.
KNOWN_DRIVES = (
    *("hklm", "hkcu", "hkcr", "hku", "hkcc", "registry", "microsoft.powershell.core\\registry", "cert", "certificate"),
    *("microsoft.powershell.security\\certificate", "wsman", "microsoft.wsman.management\\wsman"),
)


def refuse_drive(path: str) -> None:
    """Refuse a path on a drive that every Windows has and that is not simulated; reads of known keys come before."""
    head, colon, _ = path.partition(":")
    if colon and head.strip().lower() in KNOWN_DRIVES:
        raise net.unsupported(f"the path {path}")


def path_not_found(ctx: CmdletContext, given: str, full: str) -> ErrorRecord:
    """Return the error for a path that does not exist."""
    head = pathname.drive_of(given)
    if head is not None and len(head) > 1 and head not in {*DRIVES, "filesystem"}:
        message = f"Cannot find drive. A drive with the name '{given.partition(':')[0]}' does not exist."
        exception = make_exception(f"{_SMA}.DriveNotFoundException", message)
        return ErrorRecord(exception, "DriveNotFound", "ObjectNotFound", given.partition(":")[0])
    shown = full if virtual(given) is None else virtual(given)[1]  # type: ignore[index]
    if len(pathname.drive_of(full) or "") == 1 and f"{full[0].upper()}:" not in ctx.host.files.drives:
        message = f"Cannot find drive. A drive with the name '{full[0]}' does not exist."
        exception = make_exception(f"{_SMA}.DriveNotFoundException", message)
        return ErrorRecord(exception, "DriveNotFound", "ObjectNotFound", full[0])
    message = f"Cannot find path '{shown}' because it does not exist."
    exception = make_exception(f"{_SMA}.ItemNotFoundException", message)
    return ErrorRecord(exception, "PathNotFound", "ObjectNotFound", full if virtual(given) is None else given)


def expand(ctx: CmdletContext, path: str, *, literal: bool = False) -> list[str]:
    """Return the full paths that a path with wildcards means; one without is returned whether it exists or not."""
    full = ctx.runspace.full_path(path)
    if literal or not has_wildcards(path):
        return [full]
    files = ctx.host.files
    parts = [part for part in full.split("\\") if part]
    found = [parts[0] + "\\"]
    for part in parts[1:]:
        below: list[str] = []
        for folder in found:
            entry = files.find(folder)
            if entry is None or entry.children is None:
                continue
            if has_wildcards(part):
                names = sorted((child.name for child in entry.children.values()), key=str.lower)
                below.extend(pathname.join(folder, name) for name in names if net.is_like(name, part))
            else:
                child = entry.children.get(part.lower())
                if child is not None:
                    below.append(pathname.join(folder, child.name))
        found = below
    return found


def file_entry(ctx: CmdletContext, path: str) -> Entry | None:
    """Return a file, reporting one that is missing."""
    full = ctx.runspace.full_path(path)
    entry: Entry | None = ctx.host.files.find(full)
    if entry is None:
        ctx.write_error(path_not_found(ctx, path, full))
    return entry


def _moment(moment: Any) -> DateTime:
    span = moment.replace(tzinfo=None) - type(moment)(1, 1, 1)
    return DateTime((span.days * 86400 + span.seconds) * 10_000_000 + span.microseconds * 10, 2)


_ATTRIBUTES = {"ReadOnly": 1, "Hidden": 2, "System": 4, "Directory": 16, "Archive": 32}


def item_object(ctx: CmdletContext, path: str, entry: Entry) -> PSObject:
    """Return a FileInfo or DirectoryInfo."""
    files = ctx.host.files
    full = files.real_path(path)
    name = entry.name
    flags = {"Directory"} if entry.is_folder else {"Archive"}
    flags |= entry.attributes
    number = sum(_ATTRIBUTES.get(flag, 0) for flag in flags)
    shown_flags = ", ".join(flag for flag in _ATTRIBUTES if flag in flags)
    stem, dot, extension = name.rpartition(".")
    parent = pathname.parent(full)
    shown: dict[str, Any] = {
        "Name": name,
        "FullName": full,
        "Exists": True,
        "Extension": f".{extension}" if dot else "",
        "CreationTime": _moment(entry.created),
        "LastAccessTime": _moment(entry.changed),
        "LastWriteTime": _moment(entry.changed),
        "Attributes": EnumValue("System.IO.FileAttributes", shown_flags, number),
        "PSPath": f"Microsoft.PowerShell.Core\\FileSystem::{full}",
        "PSParentPath": f"Microsoft.PowerShell.Core\\FileSystem::{parent}",
        "PSChildName": name,
        "PSIsContainer": entry.is_folder,
        "Mode": _mode(entry),
        "BaseName": name if entry.is_folder else (stem if dot else name),
    }
    if entry.is_folder:
        kind = "System.IO.DirectoryInfo"
        shown["Parent"] = None
        shown["Root"] = full[:3]
    else:
        kind = "System.IO.FileInfo"
        shown["Length"] = Int64(len(entry.data))
        shown["DirectoryName"] = parent
        shown["IsReadOnly"] = "ReadOnly" in entry.attributes
    made = PSObject.of(
        shown, kind, "System.IO.FileSystemInfo", "System.MarshalByRefObject", "System.Object", kind="Property"
    )
    made.to_string = full
    for hidden in ("PSPath", "PSParentPath", "PSChildName", "PSIsContainer"):
        made.members[hidden.lower()].kind = "NoteProperty"
    _settable(made, entry)
    if entry.is_folder:
        members = made.members
        members["parent"] = Member("Parent", "Property", getter=lambda _: _parent_object(ctx, parent))
    else:
        made.members["directory"] = Member("Directory", "Property", getter=lambda _: _parent_object(ctx, parent))
        made.members["delete"] = Member("Delete", "Method", lambda _, __: files.remove(full))
    return made


def _settable(made: PSObject, entry: Entry) -> None:
    """Let the properties be assigned that FileInfo and DirectoryInfo have setters for."""

    def read_only(_: Any, value: Any) -> None:
        on = net.to_bool(value)
        entry.attributes = (entry.attributes - {"ReadOnly"}) | ({"ReadOnly"} if on else set())
        made.members["isreadonly"].value = on

    def attributes(_: Any, value: Any) -> None:
        wanted = net.convert(value, "System.IO.FileAttributes")
        flags = {word.strip() for word in wanted.name.split(",")}
        kept = {flag for flag in entry.attributes if flag not in _ATTRIBUTES}
        entry.attributes = kept | (flags & {"ReadOnly", "Hidden", "System"})
        made.members["attributes"].value = wanted

    def moment(field: str, name: str) -> Any:
        def put(_: Any, value: Any) -> None:
            given = net.convert(value, "System.DateTime")
            setattr(entry, field, datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=given.ticks // 10))
            made.members[name].value = given

        return put

    if "isreadonly" in made.members:
        made.members["isreadonly"].setter = read_only
    made.members["attributes"].setter = attributes
    made.members["creationtime"].setter = moment("created", "creationtime")
    made.members["lastwritetime"].setter = moment("changed", "lastwritetime")


def _parent_object(ctx: CmdletContext, path: str) -> PSObject | None:
    entry = ctx.host.files.find(path) if path else None
    return None if entry is None else item_object(ctx, path, entry)


def _mode(entry: Entry) -> str:
    flags = entry.attributes
    return (
        ("d" if entry.is_folder else "-")
        + ("-" if entry.is_folder else "a")
        + ("r" if "ReadOnly" in flags else "-")
        + ("h" if "Hidden" in flags else "-")
        + ("s" if "System" in flags else "-")
        + "-"
    )


def virtual_items(ctx: CmdletContext, drive: str, pattern: str) -> list[Any]:
    """Return the items of variable:, function:, alias: or env: whose names match."""
    table: dict[str, Any] = {}
    if drive == "env":
        for name, value in sorted(ctx.host.environment.items(), key=lambda pair: pair[0].lower()):
            table[name.lower()] = (name, value)
    else:
        attribute = {"variable": "variables", "function": "functions", "alias": "aliases"}[drive]
        for scope in ctx.scope.chain():
            for key, item in getattr(scope, attribute).items():
                table.setdefault(key, (item.name, item))
        if drive == "function" and ctx.runspace.language == "5.1":
            for name in SESSION_FUNCTIONS:
                table.setdefault(name.lower(), (name, _session_function(ctx, name)))
            table = dict(sorted(table.items()))
    hits = [
        pair
        for key, pair in table.items()
        if key == pattern.lower() or (has_wildcards(pattern) and net.is_like(pair[0], pattern))
    ]
    return [_virtual_object(drive, name, item) for name, item in hits]


#: The functions of a new session. Source: Microsoft Learn, about_Functions and about_Function_Provider; server-5.1.txt.
SESSION_FUNCTIONS: Final = (
    *(f"{letter}:" for letter in string.ascii_uppercase),
    *("cd..", "cd\\", "Clear-Host", "Get-Verb", "help", "ImportSystemModules", "mkdir", "more", "oss", "Pause"),
    *("prompt", "TabExpansion2"),
)


def _session_function(ctx: CmdletContext, name: str) -> CommandInfo:
    spec = ctx.runspace.registry.find(name)
    if spec is None:
        return CommandInfo("Function", name, definition="Set-Location $MyInvocation.MyCommand.Name")
    return CommandInfo("Function", name, spec=spec)


def _virtual_object(drive: str, name: str, item: Any) -> Any:
    if drive == "env":
        made = PSObject.of(
            {"Name": name, "Key": name, "Value": item}, "System.Collections.DictionaryEntry", "System.Object"
        )
        made.to_string = "System.Collections.DictionaryEntry"
        return made
    if drive == "variable":
        from psnet.lab.engine.general.variables import variable_object  # noqa: PLC0415 - one use

        return variable_object(item)
    return item
