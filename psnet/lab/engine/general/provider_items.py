"""Items of the drives that a host offers beside its files: WSMan: and Cert:."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.dotnet.wildcard import has_wildcards
from psnet.lab.engine import net
from psnet.lab.engine.records import ErrorRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.contract.item_drives import ItemDrive
    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_PREFIXES: Final = {
    "wsman:": "wsman",
    "microsoft.wsman.management\\wsman::": "wsman",
    "wsman::": "wsman",
    "cert:": "cert",
    "microsoft.powershell.security\\certificate::": "cert",
    "certificate::": "cert",
}


def drive_place(ctx: CmdletContext, path: str) -> tuple[ItemDrive, list[str]] | None:
    """Return (drive, names) for a path on a drive that the host offers, None for others."""
    text = path.replace("/", "\\")
    lowered = text.lower()
    prefix = next((each for each in sorted(_PREFIXES, key=len, reverse=True) if lowered.startswith(each)), None)
    drives = getattr(ctx.host, "item_drives", None) or {}
    if prefix is None or _PREFIXES[prefix] not in drives:
        return None
    return drives[_PREFIXES[prefix]], [part for part in text[len(prefix) :].split("\\") if part]


def places(drive: ItemDrive, parts: list[str]) -> list[list[str]]:
    """Return the places that a path with wildcards means; one without is returned whether it exists or not."""
    if not any(has_wildcards(part) for part in parts):
        return [parts]
    found: list[list[str]] = [[]]
    for part in parts:
        if has_wildcards(part):
            found = [
                [*place, name] for place in found for name in drive.children(place) or [] if net.is_like(name, part)
            ]
        else:
            found = [[*place, part] for place in found if drive.item([*place, part]) is not None]
    return found


def read_items(ctx: CmdletContext, path: str, drive: ItemDrive, parts: list[str]) -> Iterable[Any]:
    """Return the items at a path, reporting one that is missing."""
    for place in places(drive, parts):
        found = drive.item(place)
        if found is None:
            _missing(ctx, path)
        else:
            yield found


def list_items(ctx: CmdletContext, p: Parameters, path: str, drive: ItemDrive, parts: list[str]) -> Iterable[Any]:
    """Return the items below a path; an item that can have none is returned itself."""
    wild = bool(parts) and has_wildcards(parts[-1])
    for place in places(drive, parts):
        found = drive.item(place)
        if found is None:
            _missing(ctx, path)
            continue
        names = drive.children(place)
        if names is None or (wild and not p.switch("Recurse")):
            yield found
        else:
            yield from _below(p, drive, place, names)


def _below(p: Parameters, drive: ItemDrive, place: list[str], names: list[str]) -> Iterable[Any]:
    for name in names:
        yield name if p.switch("Name") else drive.item([*place, name])
        deeper = drive.children([*place, name]) if p.switch("Recurse") else None
        if deeper:
            yield from _below(p, drive, [*place, name], deeper)


def exists(drive: ItemDrive, parts: list[str], kind: str) -> bool:
    """Say whether a path means anything of a kind: "container", "leaf", "" for either."""
    for place in places(drive, parts):
        if drive.item(place) is not None:
            return not kind or kind == "any" or (drive.children(place) is not None) == (kind == "container")
    return False


def path_not_found_at(path: str) -> ErrorRecord:
    """Return the error for a path of a drive where nothing is."""
    message = f"Cannot find path '{path}' because it does not exist."
    exception = make_exception("System.Management.Automation.ItemNotFoundException", message)
    return ErrorRecord(exception, "PathNotFound", "ObjectNotFound", path)


def _missing(ctx: CmdletContext, path: str) -> None:
    ctx.write_error(path_not_found_at(path))
