"""Edits carried out on REST data, as the generated PowerShell carries them out on the cmdlets' objects."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import HostError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_READ_ONLY: Final = frozenset({"provisioningState", "configurationState"})


def apply_edits(properties: Mapping[str, Any], edits: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return properties after edits; the given ones stay as they are."""
    made: dict[str, Any] = copy.deepcopy(dict(properties))
    for edit in edits:
        *way, name = edit["path"]
        place = _at(made, way)
        if edit["op"] == "set":
            place[name] = copy.deepcopy(edit["value"])
        elif edit["op"] == "add":
            place[name] = [*(place.get(name) or []), copy.deepcopy(edit["value"])]
        else:
            wanted = str(edit["value"]).lower()
            place[name] = [item for item in place.get(name) or [] if str(item["resourceId"]).lower() != wanted]
    return made


def _at(value: dict[str, Any], way: Iterable[str]) -> dict[str, Any]:
    current: Any = value
    for part in way:
        if not part.startswith("="):
            current = current.setdefault(part, {})
            continue
        found = next((item for item in current if str(item["resourceId"]).lower() == part[1:].lower()), None)
        if found is None:
            raise HostError(f"there is no {part[1:]} there any more", step="changing the Network Controller")
        current = found["properties"]
    return dict(current) if not isinstance(current, dict) else current


def without_state(value: Any) -> Any:
    """Return data without what only the controller writes about how it stands."""
    if isinstance(value, dict):
        return {key: without_state(item) for key, item in value.items() if key not in _READ_ONLY}
    return [without_state(item) for item in value] if isinstance(value, list) else value
