"""docs/playbooks.md says what there is, and its plays run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from plays import ROOT

from psnet.playbook.modules import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = (ROOT / "docs" / "playbooks.md").read_text(encoding="utf-8")
PREFIX = "psnet.windows_containers."


def test_the_tables_name_what_there_is() -> None:
    said = set(re.findall(r"`([a-z_]+)`", TEXT.split("## Modules\n")[1].split("\n## ")[0]))
    files = {path.stem for path in (ROOT / "ansible" / "plugins" / "modules").glob("*.py")}
    assert files == {module.name for module in Registry()}
    assert files <= said


def test_the_plays_run(psnet_lab: Callable[..., Any], run_play: Callable[..., Any]) -> None:
    lab = psnet_lab("2022")
    plays = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)]
    ran = run_play(yaml.safe_dump([play for part in plays for play in part], sort_keys=False), lab)
    assert ran.code == 0, ran.text
    assert ran.statuses()["It is a number"] == {"ws2022": "ok"}
