"""Properties without a frame: what cmdlets and the binder need."""

from __future__ import annotations

from typing import Any

from psnet.lab.dotnet import members


def property_or(value: Any, name: str, missing: Any) -> Any:
    """Return a value's own property, or ``missing``."""
    if value is None:
        return missing
    found, got = members.find_own(value, name)
    return got if found and not _is_method(got) else missing


def _is_method(value: Any) -> bool:
    return type(value).__name__ == "Member"


def property_of(value: Any, name: str) -> Any:
    """Return a value's own property, null when it is missing."""
    return property_or(value, name, None)
