"""The Pester tests of PSNetDsc, run by the lab's engine with the words of Pester that they use (PesterWords.ps1)."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from dsc_node import Node
from sampling import every

from psnet.dsc.resources import resources

ROOT = Path(__file__).resolve().parents[3]
TESTS = ROOT / "dsc" / "tests"
WORDS = Path(__file__).parent / "PesterWords.ps1"
FILES = sorted(TESTS.rglob("*.Tests.ps1"))


def generator() -> Any:
    spec = importlib.util.spec_from_file_location("dsc_pester", ROOT / "tools" / "dsc_pester.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_files_are_as_their_table_says_and_each_resource_has_one() -> None:
    made: dict[Path, str] = generator().generated()
    assert [path.name for path, text in made.items() if path.read_text(encoding="utf-8") != text] == [], (
        "run python tools/dsc_pester.py"
    )
    assert {path.stem.removesuffix(".Tests") for path in made} == {cls.name for cls in resources().values()}


def run(file: Path, language: str) -> dict[str, str]:
    """Return what came of each test of a file: "" or what it says."""
    node = Node("2022", language=language)
    files = node.host.files
    for path in sorted((ROOT / "dsc" / "PSNetDsc").rglob("*")):  # beside the tests, as in the repository
        if path.is_file():
            put(files, f"C:\\dsc\\PSNetDsc\\{path.relative_to(ROOT / 'dsc' / 'PSNetDsc')}", path)
    for path in TESTS.rglob("*.ps1"):
        put(files, f"C:\\dsc\\tests\\{path.relative_to(TESTS)}", path)
    where = f"C:\\dsc\\tests\\{file.relative_to(TESTS)}".replace("/", "\\")
    words = f"{where.rsplit(chr(92), 1)[0]}\\PesterWords.ps1"  # a block that is called there has its $PSScriptRoot
    put(files, words, WORDS)
    report = "Invoke-PesterTests | ForEach-Object -Process { $_.Name + [char] 9 + $_.Message }"
    done = node.run(f". '{words}'; . '{where}'; {report}")
    assert not done.errors, [item.full_id for item in done.errors]
    lines = [str(line).split("\t", 1) for line in done.values]
    assert len({name for name, _ in lines}) == len(lines)
    return dict(lines)


def put(files: Any, name: str, path: Path) -> None:
    name = name.replace("/", "\\")
    files.make_folders(name.rsplit("\\", 1)[0])
    files.write(name, path.read_bytes())


@pytest.mark.parametrize(
    ("file", "language"), every(3, [(file, language) for file in FILES for language in ("5.1", "7")])
)
def test_the_tests_of_a_file_pass(file: Path, language: str) -> None:
    results = run(file, language)
    assert {name: said for name, said in results.items() if said} == {}
    assert len(results) >= 12
