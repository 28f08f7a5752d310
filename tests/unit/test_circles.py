"""No modules of psnet import each other in a circle, neither as they load nor inside functions.

Imports for annotations alone (``if TYPE_CHECKING``) do not count: they load nothing.
"""

from __future__ import annotations

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import psnet

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(psnet.__file__).parent


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield every node that runs, which those of ``if TYPE_CHECKING`` do not."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from statements(node)


def imported(path: Path, name: str, known: set[str]) -> set[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found: set[str] = set()
    for node in statements(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {f"{base}.{each.name}" if f"{base}.{each.name}" in known else base for each in node.names}
    return (found & known) - {name}


def circle(root: Path) -> list[str]:
    """Return the modules of one circle, the first one twice; nothing when there is none."""
    names = {module_name(path, root): path for path in root.rglob("*.py")}
    try:
        TopologicalSorter({name: imported(path, name, set(names)) for name, path in names.items()}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(FOLDER) == []


@pytest.mark.parametrize("late", [False, True])
def test_a_circle_is_found(tmp_path: Path, *, late: bool) -> None:
    room = tmp_path / "room"
    room.mkdir()
    (room / "__init__.py").write_text("")
    (room / "one.py").write_text("def use():\n    from .two import y\n" if late else "from .two import y\n")
    (room / "two.py").write_text("if TYPE_CHECKING:\n    from room import three\nfrom room.one import x\n")
    (room / "three.py").write_text("import room.two\n")
    assert set(circle(room)) == {"room.one", "room.two"}


@pytest.mark.parametrize("module", ["psnet.lab.dotnet.types.psobjects", "psnet.lab.dotnet.types.intrinsics"])
def test_types_load_first(module: str) -> None:
    """The families of types register on members, and may be the first of the lab to be imported."""
    import subprocess

    subprocess.run([sys.executable, "-c", f"import {module}"], check=True, capture_output=True)
