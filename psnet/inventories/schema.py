"""The JSON Schema of hosts.yaml, for editors."""

from __future__ import annotations

from typing import Any

from psnet.inventories.model import InventoryFile


def inventory_schema() -> dict[str, Any]:
    """Return the schema of an inventory of psnet's own."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | InventoryFile.model_json_schema()
