"""The cmdlet facts that ship: what the modules of a build accept (see tools/convert_cmdlets.py)."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent / "data"
_DOCSETS = ("2016", "2019", "2022", "2025")
_PLAIN = re.compile(r"(String|Int32|UInt16|UInt32|UInt64|Byte|Boolean|SwitchParameter|Object|Guid)(\[\])?")

#: PowerShell's short names, where a page has them in place of .NET's.
_SPELLED = {"string": "String", "switch": "SwitchParameter"}


@cache
def _module(name: str) -> tuple[dict[str, Any], ...]:
    return tuple(json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def entries(module: str, docset: str) -> list[dict[str, Any]]:
    """Return the cmdlets of a module that a documentation set has, without parameters of later ones.

    An enumeration becomes text that must be one of its names (Windows converts it: what is refused is the
    same, the id of the refusal is the validation's); a CIM type becomes an object.
    """
    return [_entry(item, docset) for item in _module(module) if not _later(item.get("first_docset"), docset)]


def _later(first: Any, docset: str) -> bool:
    return str(first) in _DOCSETS and _DOCSETS.index(str(first)) > _DOCSETS.index(docset)


def _entry(item: dict[str, Any], docset: str) -> dict[str, Any]:
    parameters = {
        name: {**fact, "type": _type(fact)}
        for name, fact in item["parameters"].items()
        if not _later(fact.get("since_docset"), docset)
    }
    sets = {
        name: [member for member in members if member["name"] in parameters]
        for name, members in item["parameter_sets"].items()
    }
    return {**item, "parameters": parameters, "parameter_sets": sets}


def _type(fact: dict[str, Any]) -> str:
    written = str(fact.get("type") or "Object").removeprefix("System.")
    if written == "Collections.Hashtable":
        return "Hashtable"
    written = _SPELLED.get(written, written)
    if _PLAIN.fullmatch(written):
        return written
    listed = written.endswith("[]")
    if fact.get("accepted_values") or written.startswith("WildcardPattern"):
        return "String[]" if listed else "String"
    return "Object[]" if listed else "Object"
