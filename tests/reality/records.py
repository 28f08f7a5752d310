"""The recordings as data."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).parent / "recordings"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BUILD: Final = re.compile(r"(?<![\d.])\d{5}(?![\d.]*\d)")


@cache
def records() -> dict[str, dict[str, Any]]:
    """Return every record by its id; ``file`` is the name of its file."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for item in yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER):
            found[item["id"]] = {**item, "file": path.stem}
    return found


def builds(record: dict[str, Any]) -> list[str]:
    """Return the builds that a record says, none where they are unknown."""
    return _BUILD.findall(str(record["build"]))
