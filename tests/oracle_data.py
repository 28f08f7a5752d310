"""Load recorded cases: from shared/ beside the project when it is there, else from the copy in tests/oracle."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def oracle_path(name: str) -> Path:
    """Return the path of an oracle file such as ``syntax.yaml`` or ``mof/cases.yaml``."""
    shared = ROOT.parent / "shared" / "oracle" / name
    return shared if shared.exists() else ROOT / "tests" / "oracle" / name


@cache
def cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of an oracle file."""
    loaded: list[dict[str, Any]] = yaml.load(oracle_path(name).read_text(encoding="utf-8"), Loader=Loader)
    return loaded
