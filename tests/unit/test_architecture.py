"""The picture and the page of the architecture say what the import contract says."""

from __future__ import annotations

import pkgutil
import re
import runpy
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "architecture.py"))


def test_the_picture_is_the_contracts() -> None:
    assert TOOL["PICTURE"].read_text(encoding="utf-8") == TOOL["picture"](), "run python tools/architecture.py"


def test_the_page_has_a_row_for_each_package() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z_]+)", page, re.MULTILINE))
    packages = {package for layer in TOOL["layers"]() for package in layer} - {"__main__"}
    assert packages <= named
    tests = re.findall(r"`(tests/[a-z_/]+)`", page)
    assert [path for path in tests if not (ROOT / path).exists()] == []


def test_the_page_of_the_lab_names_each_package_of_its_contract() -> None:
    page = (ROOT / "docs" / "lab-architecture.md").read_text(encoding="utf-8")
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    written = next(item["layers"] for item in contracts if item["id"] == "lab-layers")
    packages = {name.strip() for layer in written for name in layer.split("|")}
    assert {name for name in packages if not re.search(rf"`(psnet/lab/)?{name}(\.py|/)?`", page)} == set()


PAGES = sorted([*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "reference").glob("*.md"), ROOT / "CONTRIBUTING.md"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_of_the_code_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    paths = set(re.findall(r"`((?:psnet|tools|templates|bench|examples)/[a-z][\w./-]*\w)`", text))
    paths = {path for path in paths if not re.search(r"/[A-Z]+\b", path)}  # a word in capitals stands for a name
    assert {path for path in paths if not (ROOT / path).exists() and not (page.parent / path).exists()} == set()
    packages = "|".join(item.stem for item in (ROOT / "psnet").iterdir())
    named = re.findall(rf"(?<![\w./@-])(psnet\.(?:{packages})(?:\.[A-Za-z_]\w*)*)", text)
    assert {name for name in named if not resolves(name)} == set()


def resolves(name: str) -> bool:
    """Say whether a dotted name is a module, or leads to something in one."""
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True
