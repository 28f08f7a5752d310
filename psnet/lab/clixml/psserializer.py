"""[System.Management.Automation.PSSerializer]: CLIXML from a script."""

from __future__ import annotations

from typing import Any

from psnet.lab.dotnet.registry import static
from psnet.lab.values import AUTOMATION_NULL, Array

from .reader import deserialize
from .serializer import serialize

_OWNER = "System.Management.Automation.PSSerializer"


@static(_OWNER, "string Serialize(System.Object source)", "string Serialize(System.Object source, int depth)")
def _serialize(source: Any, depth: int = 1) -> str:
    return serialize(source, depth)


@static(_OWNER, "System.Object Deserialize(string source)")
def _deserialize(source: str) -> Any:
    found = deserialize(source)
    if not found:
        return AUTOMATION_NULL
    return found[0] if len(found) == 1 else Array(found)


@static(_OWNER, "System.Object[] DeserializeAsList(string source)")
def _deserialize_as_list(source: str) -> Any:
    return Array(deserialize(source))
