"""The CNI configuration of a host, from the texts of its files."""

from __future__ import annotations

import json
from typing import Any


def read_cni(data: dict[str, Any]) -> None:
    """Turn the texts of configuration files into documents; a text that is no JSON object becomes none."""
    found = data.get("cni")
    if not found:
        data["cni"] = None
        return
    found["programs"] = sorted(str(name).lower() for name in found["programs"])
    for file in found["files"]:
        try:
            document = json.loads(file.pop("text").removeprefix("\ufeff"))
        except (ValueError, RecursionError):
            document = None
        file["document"] = document if isinstance(document, dict) else None
