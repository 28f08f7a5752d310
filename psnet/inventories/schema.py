"""The JSON Schema of hosts.yaml, for editors."""

from __future__ import annotations

from typing import Any

from psnet._internal.json_schema import stable
from psnet.inventories.model import InventoryFile
from psnet.site.schema_rules import ruled
from psnet.site.schema_words import described


def inventory_schema() -> dict[str, Any]:
    """Return the schema of an inventory of psnet's own."""
    made = described(stable(InventoryFile.model_json_schema()))
    made["$defs"] = {name: ruled(name, item) for name, item in made["$defs"].items()}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | made
