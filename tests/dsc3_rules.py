"""The published schema's rules for DSC v3 documents, as far as reference/dsc.md has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYPE: Final = re.compile(r"\w+(\.\w+){0,2}/\w+", re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z0-9 ]+")
_RESOURCE_ID: Final = re.compile(r"\[resourceId\('(\w+(?:\.\w+){0,2}/\w+)','([A-Za-z0-9 ]+)'\)\]", re.ASCII)
_ROOT: Final = r"https://aka\.ms/dsc/schemas/(v3|v3\.\d+|v3\.\d+\.\d+)"
_RAW: Final = r"https://raw\.githubusercontent\.com/PowerShell/DSC/main/schemas/(v3|v3\.\d+|v3\.\d+\.\d+)"
_SCHEMA: Final = re.compile(
    rf"({_ROOT}|{_RAW})/(config/document\.json|bundled/config/document(\.vscode)?\.json)", re.ASCII
)
_DOCUMENT: Final = frozenset({"$schema", "resources", "metadata", "parameters", "variables"})
_INSTANCE: Final = frozenset({"type", "name", "properties", "dependsOn", "directives"})
_NESTING: Final = frozenset({"Microsoft.Windows/WindowsPowerShell", "Microsoft.DSC/PowerShell"})


def violations(document: Any) -> list[str]:
    """Return every rule that a document breaks, each with the place; [] when it is valid."""
    if not isinstance(document, dict):
        return ["a document is an object"]
    found = [f"{key}: no such member" for key in document.keys() - _DOCUMENT]
    if not _SCHEMA.fullmatch(str(document.get("$schema"))):
        found.append(f"$schema: {document.get('$schema')!r} is none of the published ones")
    return found + list(_instances(document.get("resources"), "resources"))


def _instances(items: Any, where: str) -> Iterator[str]:
    if not isinstance(items, list):
        yield f"{where}: a list of instances is required"
        return
    known: set[tuple[str, str]] = set()
    for index, item in enumerate(items):
        place = f"{where}[{index}]"
        if not isinstance(item, dict):
            yield f"{place}: an instance is an object"
            continue
        key = (str(item.get("type")).lower(), str(item.get("name")).lower())
        if key in known:
            yield f"{place}: {item.get('type')} {item.get('name')} stands there twice"
        known.add(key)
        yield from _instance(item, place)
    for index, item in enumerate(items):
        for need in item.get("dependsOn", ()) if isinstance(item, dict) else ():
            match = _RESOURCE_ID.fullmatch(str(need))
            if match is None:
                yield f"{where}[{index}].dependsOn: {need} is no resourceId"
            elif (match[1].lower(), match[2].lower()) not in known:
                yield f"{where}[{index}].dependsOn: there is no {match[1]} {match[2]}"


def _instance(item: dict[str, Any], place: str) -> Iterator[str]:
    yield from (f"{place}.{key}: no such member" for key in item.keys() - _INSTANCE)
    if not _TYPE.fullmatch(str(item.get("type"))):
        yield f"{place}.type: {item.get('type')!r} is no type"
    if not _NAME.fullmatch(str(item.get("name"))):
        yield f"{place}.name: {item.get('name')!r} has other characters than letters, digits and spaces"
    if not isinstance(item.get("properties", {}), dict):
        yield f"{place}.properties: an object is expected"
        return
    adapter = item.get("directives", {}).get("requireAdapter") if isinstance(item.get("directives", {}), dict) else ""
    if adapter is not None and not _TYPE.fullmatch(str(adapter)):
        yield f"{place}.directives.requireAdapter: {adapter!r} is no type"
    if item.get("type") in _NESTING:
        yield from _instances(item.get("properties", {}).get("resources"), f"{place}.properties.resources")
