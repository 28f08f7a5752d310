"""JSON Schemas as pydantic makes them, in the same words each time."""

from __future__ import annotations

from typing import Any


def stable(schema: Any) -> Any:
    """Return a schema whose defaults of sets stand in order: a set's own order is another in each process."""
    if isinstance(schema, list):
        return [stable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: stable(value) for key, value in schema.items()}
    default = made.get("default")
    if isinstance(default, dict) and list(default) == ["members"]:  # a set of words, as a file has it
        made["default"] = sorted(default["members"])
    return made
