"""What a run is told, and how its hosts stand."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from psnet.playbook.clock import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psnet.playbook.model import Task

#: The columns of the recap, as Ansible has them.
COUNTS: Final = ("ok", "changed", "unreachable", "failed", "skipped", "rescued", "ignored")
EXIT_OK, EXIT_ERROR, EXIT_FAILED, EXIT_UNREACHABLE = 0, 1, 2, 4


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of ``psnet play``."""

    check: bool = False
    diff: bool = False
    forks: int = 10
    limit: str | None = None
    tags: tuple[str, ...] = ()
    skip_tags: tuple[str, ...] = ()
    start_at: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    force_handlers: bool = False
    clock: Clock = field(default_factory=SystemClock)
    ask: Callable[[str, bool], str] | None = None
    step: Callable[[str], str] | None = None


def runs(task: Task, options: RunOptions, tags: tuple[str, ...] | None = None) -> bool:
    """Say whether a task's tags let it run (ansible.builtin: always, never, tagged, untagged, all)."""
    own = set(task.inherited.tags if tags is None else tags) or {"untagged"}
    only, skip = set(options.tags), set(options.skip_tags)
    if only and not _wanted(own, only):
        return False
    if not only and "never" in own:
        return False
    if "all" in skip:
        return "always" in own and "always" not in skip
    return not (own & skip) and not ("tagged" in skip and own != {"untagged"})


def _wanted(own: set[str], only: set[str]) -> bool:
    if "always" in own or own & only:
        return True
    never = "never" in own
    return not never and ("all" in only or ("tagged" in only and own != {"untagged"}))


@dataclass(slots=True)
class Standing:
    """How the hosts of a run stand; safe to change from any thread."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    unreachable: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def count(self, host: str, *columns: str) -> None:
        """Add one to some columns of a host."""
        with self.lock:
            row = self.counts.setdefault(host, dict.fromkeys(COUNTS, 0))
            for column in columns:
                row[column] += 1

    def exit_code(self) -> int:
        """Return Ansible's exit code: 4 when a host was unreachable, 2 when one failed, else 0."""
        if any(row["unreachable"] for row in self.counts.values()):
            return EXIT_UNREACHABLE
        return EXIT_FAILED if any(row["failed"] for row in self.counts.values()) or self.failed else EXIT_OK
