"""A compact script means what the readable one means: their trees are the same."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psnet.observe.read import ObserveScope, observe_script
from psnet.powershell import literal
from psnet.powershell.compact import compacted
from psnet.powershell.syntax import parse
from psnet.powershell.template import template_folder

SCRIPTS = Path(__file__).resolve().parents[1] / "planning" / "scripts"


PLACES = frozenset({"start", "end", "op_start", "op_end", "name_start", "name_end"})


def shape(node: Any) -> Any:
    """Return a tree without places."""
    if dataclasses.is_dataclass(node):
        names = [field.name for field in dataclasses.fields(node) if field.name not in PLACES]
        return type(node).__name__, [(name, shape(getattr(node, name))) for name in names]
    if isinstance(node, list | tuple):
        return [shape(item) for item in node]
    return node if isinstance(node, str | int | float | bool | None) else repr(node)


def same(script: str) -> None:
    assert shape(parse(script)) == shape(parse(compacted(script)))


@pytest.mark.parametrize(
    "wide",
    [
        ObserveScope(),
        ObserveScope(ports=False),
        ObserveScope(rules=("a'b # c", "d"), networks=True, endpoints=True, forwarding=True, health=True),
    ],
)
def test_the_script_that_reads_a_host(wide: ObserveScope) -> None:
    same(observe_script(wide))
    assert observe_script(wide, compact=True) == compacted(observe_script(wide))
    assert len(observe_script(compact=True)) < 0.85 * len(observe_script())


@pytest.mark.parametrize("path", sorted((template_folder() / "lib").glob("*.j2")), ids=lambda path: path.name)
def test_every_function(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "{{" not in text and "{%" not in text:
        same(text)


@pytest.mark.parametrize("name", ["set-hns-2022", "policies-hns-2022", "replace-and-remove-2022"])
def test_scripts_of_plans(name: str) -> None:
    same((SCRIPTS / f"{name}.ps1").read_text(encoding="utf-8"))


@given(st.lists(st.text(), max_size=4))
def test_no_literal_is_ever_cut(texts: list[str]) -> None:
    lines = []
    for text in texts:
        try:
            lines.append(f"    $a = {literal(text)}  \n\n    # {len(text)}")
        except Exception:  # noqa: BLE001 - what has no literal is in no script
            continue
    same("\n".join(lines))


def test_what_spans_lines_is_left_as_it_is() -> None:
    for script in ("$a = @'\n  # b\n'@\n", "<#\n  a\n#>\n  1\n"):
        assert compacted(script) == script
    assert compacted("#Requires -Version 5.1\n  # c\n  1\n") == "#Requires -Version 5.1\n1\n"
