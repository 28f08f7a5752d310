"""One canonical form of HNS policies, so that they can be compared."""

from __future__ import annotations

from typing import Any


def plain_policy(policy: dict[str, Any]) -> dict[str, Any]:
    """Return a policy without empty fields, lists of texts in one spelling."""
    plain: dict[str, Any] = {}
    for key, value in policy.items():
        if value in (None, "", [], False):
            continue
        listed = isinstance(value, str) and "," in value
        plain[key] = ",".join(sorted(part.strip() for part in value.split(","))) if listed else value
    return plain
