"""Running playbooks against the lab, and what a run left behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.playbook.events import Event, TaskEnded
    from psnet.testing import Lab


@dataclass
class Clock:
    """A clock that moves only when somebody waits."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def monotonic(self) -> float:
        return self.now


@dataclass
class ScriptResult:
    """One run: its exit code, its events, and its clock."""

    code: int
    events: list[Event]
    clock: Clock

    def ended(self, title: str) -> dict[str, TaskEnded]:
        """Return how the task of a name ended on each host."""
        from psnet.playbook.events import TaskEnded

        return {item.host: item for item in self.events if isinstance(item, TaskEnded) and item.title == title}

    def statuses(self) -> dict[str, dict[str, str]]:
        """Return (task -> host -> status), in the order in which tasks ended."""
        from psnet.playbook.events import TaskEnded

        found: dict[str, dict[str, str]] = {}
        for item in self.events:
            if isinstance(item, TaskEnded):
                found.setdefault(item.title, {})[item.host] = item.status
        return found


@pytest.fixture
def run_play(tmp_path: Path) -> Callable[..., ScriptResult]:
    """Run a playbook (a path, or YAML text) over an inventory."""

    def run(playbook: Path | str, inventory: Path | Lab, **options: Any) -> ScriptResult:
        from psnet.inventory import load_inventory
        from psnet.playbook.load import load_playbook
        from psnet.playbook.modules import Registry
        from psnet.playbook.run import PlaybookRun, RunOptions
        from psnet.playbook.template import Secrets, Templar

        path = playbook if isinstance(playbook, Path) else tmp_path / "play.yml"
        if isinstance(playbook, str):
            path.write_text(playbook, encoding="utf-8")
        events: list[Event] = []
        templar, registry, clock = Templar(Secrets(), [path.parent]), Registry(), Clock()
        book = load_playbook(path, registry, templar, options.get("extra"))
        hosts = load_inventory(inventory if isinstance(inventory, Path) else inventory.inventory)
        told = RunOptions(clock=options.pop("clock", clock), **options)
        code = PlaybookRun(book, hosts, registry, templar, told, events.append).run()
        return ScriptResult(code, events, clock)

    return run
