"""Running playbooks against the lab through ``psnet play``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from plays import Ran, command

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab


@pytest.fixture
def run_play(tmp_path: Path) -> Callable[..., Ran]:
    """Run playbooks (paths, or one as YAML text) over an inventory."""

    def run(playbooks: Path | str | list[Path], inventory: Path | Lab, *words: str, **more: str) -> Ran:
        if isinstance(playbooks, str):
            text, playbooks = playbooks, tmp_path / "play.yml"
            playbooks.write_text(text, encoding="utf-8")
        paths = playbooks if isinstance(playbooks, list) else [playbooks]
        hosts = inventory if isinstance(inventory, Path) else inventory.inventory
        done = command(tmp_path, "play", *map(str, paths), "-i", str(hosts), "--json", *words, **more)
        lines = [line for line in done.stdout.splitlines() if line.startswith('{"event"')]
        return Ran(done.returncode, [json.loads(line) for line in lines], done.stdout + done.stderr)

    return run
