"""The examples of PSNetDsc: psnet's own compiler compiles each, a node's LCM applies it, and then it is so."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from dsc_node import Node, site
from sampling import every

from psnet.dsc.examples import EXAMPLES, example_texts
from psnet.dsc.resources import DscClass, module_folder, resources
from psnet.lab.configuration import compile_script
from psnet.mof import CompileOptions, SchemaSet, load_schemas

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = module_folder() / "Examples" / "Resources"
FILES = sorted(FOLDER.rglob("*.ps1"))


@cache
def schemas() -> SchemaSet:
    return load_schemas(module_folder())


def compiled(file: Path) -> bytes:
    """Return the document of an example, as psnet dsc mof writes it."""
    (document,) = compile_script(file, schemas(), CompileOptions()).documents
    assert document.file == "localhost.mof"
    return document.encode("utf-16")


def apply(node: Node, document: bytes) -> list[str]:
    """Let the node's LCM apply a document; return what it says was not in its desired state, and is now."""
    node.host.files.make_folders("C:\\mof")
    node.host.files.write("C:\\mof\\localhost.mof", document)
    done = node.run("Start-DscConfiguration -Path C:\\mof -Wait -Force -Verbose")
    assert not done.errors, [str(item) for item in done.errors]
    lines = [line for line in done.verbose_lines if "[ Start  Set      ]  [[" in line]
    (said,) = node.run("(Test-DscConfiguration -Detailed).InDesiredState").values
    assert said is True
    return lines


def example(cls: DscClass, number: int) -> Path:
    return FOLDER / cls.friendly / list(example_texts(cls))[number - 1]


def test_each_resource_has_its_examples_and_no_other_file_is_there() -> None:
    expected = {FOLDER / cls.friendly / name for cls in resources().values() for name in example_texts(cls)}
    assert set(FILES) == expected
    assert len(resources()) >= 13


@pytest.mark.parametrize("file", every(2, FILES), ids=lambda path: path.stem)
def test_an_example_compiles(file: Path) -> None:
    assert f"PSNet_{file.parent.name.removeprefix('PSNet')}".encode("utf-16-le") in compiled(file)


@pytest.mark.parametrize("kind", every(3, EXAMPLES))
def test_an_example_converges_and_is_taken_away(kind: str) -> None:
    cls = resources()[kind]
    node = Node("2025" if kind == "network_acl" else "2022")  # ACLs of networks come with HNS 15
    wanted = site(EXAMPLES[kind])
    present, absent = compiled(example(cls, 1)), compiled(example(cls, 2))
    assert apply(node, present)
    assert node.plan(wanted).empty, "psnet finds what it would have made"
    assert apply(node, present) == [], "the second run changes nothing"
    assert len(apply(node, absent)) == 1
    assert kind in {item.kind for item in node.plan(wanted).changes}
    assert apply(node, absent) == []
