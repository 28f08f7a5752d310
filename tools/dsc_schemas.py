"""Write what is generated in dsc/PSNetDsc from the models: ``python tools/dsc_schemas.py [--check]``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from psnet.dsc.generated import generated_files

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent


def write_files(files: Mapping[Path, str], arguments: list[str]) -> int:
    """Write files, or with --check name those that are not as they would be written; return the exit code."""
    stale = 0
    for path, text in files.items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        print(path.relative_to(ROOT))  # noqa: T201 - a script that names files
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(write_files(generated_files(ROOT / "dsc" / "PSNetDsc"), sys.argv[1:]))
