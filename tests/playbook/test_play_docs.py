"""docs/playbooks.md says what there is, and its plays run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from psnet.playbook import keywords
from psnet.playbook.filters import FILTERS, TESTS
from psnet.playbook.modules import Registry
from psnet.playbook.template.lookups import NAMES, NAMES_MORE

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "playbooks.md").read_text(encoding="utf-8")
ALIASES = {"d", "failure", "success", "successful", "change", "skip", "version_compare", "issubset", "issuperset"}


def section(title: str) -> str:
    return TEXT.split(f"## {title}\n")[1].split("\n## ")[0]


def row(title: str, first: str) -> set[str]:
    line = next(line for line in section(title).splitlines() if line.startswith(f"| {first} |"))
    return set(re.findall(r"`([a-z0-9_.]+)`", line.split("|", 2)[2]))


def test_the_tables_name_what_there_is() -> None:
    modules = set(re.findall(r"`(psnet\.[a-z_]+)`", section("Modules")))
    assert {module.name for module in Registry(plugins=False)} <= modules
    filters = set().union(
        *(row("Filters, tests and lookups", kind) for kind in ("data", "text", "encoding", "addresses"))
    )
    assert filters == {name for name in FILTERS if "." not in name} - ALIASES
    assert row("Filters, tests and lookups", "tests") == set(TESTS) - ALIASES
    assert row("Filters, tests and lookups", "lookups") == {*NAMES, *NAMES_MORE}
    assert row("Keywords", "a play") == keywords.PLAY
    assert row("Keywords", "a block") == keywords.BLOCK
    assert row("Keywords", "a task") >= (keywords.TASK - keywords.HANDED_DOWN) | keywords.LOOP_CONTROL
    refused = set(re.findall(r"`([a-z_]+)`", section("Keywords").split("Not there")[1]))
    assert refused <= keywords.REFUSED.keys()


def test_the_plays_run(psnet_lab: Callable[..., Any], run_play: Callable[..., Any]) -> None:
    lab = psnet_lab("2022")
    plays = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)]
    ran = run_play(yaml.safe_dump([play for part in plays for play in part], sort_keys=False), lab)
    assert ran.code == 0
    assert ran.ended("It is a number")["ws2022"].status == "ok"


def test_the_example_playbooks_are_ten() -> None:
    assert len(list((ROOT / "examples" / "playbooks").glob("[01]*.yml"))) == 10
