"""Counts of hosts by status, kept up to date from a run's events."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from psnet.fleet import events as ev

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.fleet.events import Event

_LAST: Final = 200


@dataclass(slots=True)
class RunCounts:
    """Numbers of hosts, who is running since when, and the last failures; times are of ``time.monotonic``."""

    command: str = ""
    run: str = ""
    total: int = 0
    done: int = 0
    failed: int = 0
    changes: int = 0
    batch: str = ""
    statuses: dict[str, int] = field(default_factory=dict)
    running: dict[str, float] = field(default_factory=dict)
    doing: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    failures: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=6))
    started: float = field(default_factory=time.monotonic)
    _ends: deque[float] = field(default_factory=lambda: deque(maxlen=_LAST))

    def handle(self, received: Sequence[Event]) -> None:
        """Count events."""
        for event in received:
            if isinstance(event, ev.RunBegan):
                self.command, self.run, self.total = event.command, event.run, len(event.hosts)
            elif isinstance(event, ev.BatchBegan):
                self.batch = f"batch {event.number} of {event.of}"
            elif isinstance(event, ev.HostBegan):
                self.running[event.host] = time.monotonic()
            elif isinstance(event, ev.HostPlanned):
                number = len(event.changes)
                self.doing[event.host] = f"{number} change{'s' if number != 1 else ''}" if event.sent else "planned"
            elif isinstance(event, ev.ChangeDone):
                self._change(event)
            elif isinstance(event, ev.HostFinished):
                self._end(event.host, event.status, failed=event.failed, why=self.reasons.get(event.host, event.status))
            elif isinstance(event, ev.HostFailed):
                self._end(event.host, "error", failed=True, why=event.error.message)
            elif isinstance(event, ev.HostNotBegun):
                self.running.pop(event.host, None)

    def _change(self, event: ev.ChangeDone) -> None:
        change = event.change
        self.changes += change.status == "changed"
        if change.status == "failed":
            self.reasons.setdefault(event.host, f"{change.kind} {change.name}: {change.message}")

    def _end(self, host: str, status: str, *, failed: bool, why: str) -> None:
        self.running.pop(host, None)
        self.doing.pop(host, None)
        self.reasons.pop(host, None)
        self.done += 1
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self._ends.append(time.monotonic())
        if failed:
            self.failed += 1
            self.failures.append((host, why))

    def rate(self) -> float:
        """Return hosts a second over the last hosts, 0 before the first."""
        if not self._ends:
            return 0.0
        begin = self.started if len(self._ends) < _LAST else self._ends[0]
        return len(self._ends) / max(time.monotonic() - begin, 1e-3)

    def left(self) -> float | None:
        """Return the seconds that the rest will take at this rate; None when nothing is known."""
        rate = self.rate()
        return (self.total - self.done) / rate if rate else None
