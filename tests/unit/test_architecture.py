"""The picture and the page of the architecture say what the import contract says."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "architecture.py"))


def test_the_picture_is_the_contracts() -> None:
    assert TOOL["PICTURE"].read_text(encoding="utf-8") == TOOL["picture"](), "run python tools/architecture.py"


def test_the_page_has_a_row_for_each_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([a-z_]+)", page, re.MULTILINE))
    rooms = {room for layer in TOOL["layers"]() for room in layer} - {"__main__"}
    assert rooms <= told
    tests = re.findall(r"`(tests/[a-z_/]+)`", page)
    assert [path for path in tests if not (ROOT / path).exists()] == []
