"""Adapted-resource manifests: how Microsoft DSC v3 finds a resource of PSNetDsc without asking Windows PowerShell.

The fields are those that DSC 3.2 reads; it refuses any other (source: PowerShell/DSC, AdaptedDscResourceManifest). The
file's name and its place beside the module's manifest are those that DscResource.Authoring of the DSC community writes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from psnet.dsc.resources import MODULE

if TYPE_CHECKING:
    from psnet.dsc.resources.model import DscClass, DscProperty

SCHEMA: Final = "https://aka.ms/dsc/schemas/v3/bundled/adaptedresource/manifest.json"
ADAPTER: Final = "Microsoft.Adapter/WindowsPowerShell"
_JSON_SCHEMA: Final = "https://json-schema.org/draft/2020-12/schema"
_TYPES: Final[dict[str, dict[str, Any]]] = {
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
    "uint32": {"type": "integer", "minimum": 0, "maximum": 2**32 - 1},
    "uint64": {"type": "integer", "minimum": 0, "maximum": 2**64 - 1},
}
_REASON: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"Code": {"type": "string"}, "Phrase": {"type": "string"}},
    "additionalProperties": False,
}


def adapted_file(cls: DscClass) -> str:
    """Return the name of a resource's manifest."""
    return f"{MODULE}.{cls.friendly}.dsc.adaptedResource.json"


def adapted_text(cls: DscClass, version: str) -> str:
    """Return a resource's manifest as JSON."""
    schema = {
        "$schema": _JSON_SCHEMA,
        "title": f"{MODULE}/{cls.friendly}",
        "description": cls.description,
        "type": "object",
        "required": [item.name for item in cls.properties if item.qualifier in ("Key", "Required")],
        "additionalProperties": False,
        "properties": {item.name: _property(item) for item in cls.properties},
    }
    manifest = {
        "$schema": SCHEMA,
        "type": f"{MODULE}/{cls.friendly}",
        "kind": "resource",
        "version": version,
        "capabilities": ["get", "set", "test"],
        "description": cls.description,
        "author": "The psnet developers",
        "requireAdapter": ADAPTER,
        "path": f"{MODULE}.psd1",
        "schema": {"embedded": schema},
    }
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def _property(item: DscProperty) -> dict[str, Any]:
    made = dict(_REASON) if item.embedded is not None else dict(_TYPES[item.type])
    if item.values:
        made["enum"] = list(item.values)
    if item.is_array:
        made = {"type": "array", "items": made}
    made |= {"title": item.name, "description": f"{item.description}."}
    if item.default is not None:
        made["default"] = item.default
    if item.qualifier == "Read":
        made["readOnly"] = True
    return made
