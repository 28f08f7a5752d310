"""A host's clock: runs with real time unless frozen, and moves when a test moves it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_TICKS_PER_SECOND = 10_000_000
_EPOCH = datetime(1, 1, 1, tzinfo=UTC)
_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


class Clock:
    """Wall clock of one host, in UTC; ``zone`` is its Windows time zone id (UTC here, so local = UTC)."""

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        self._start = start or datetime.now(UTC)
        self._mark = time.monotonic()
        self._offset = timedelta()
        self.frozen = frozen
        self.booted = self._start
        self._waiting: list[tuple[datetime, Callable[[], None]]] = []

    def now(self) -> datetime:
        """Return the host's time (UTC), after what was to happen until then."""
        running = timedelta() if self.frozen else timedelta(seconds=time.monotonic() - self._mark)
        moment = self._start + self._offset + running
        if self._waiting:
            due = [item for item in self._waiting if item[0] <= moment]
            self._waiting = [item for item in self._waiting if item[0] > moment]
            for _, act in due:
                act()
        return moment

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Call something once that many seconds have passed on this clock, when the clock is next read."""
        self._waiting.append((self.now() + timedelta(seconds=seconds), act))

    def advance(self, seconds: float) -> None:
        """Move the clock forward, as a sleep or a test does."""
        self._offset += timedelta(seconds=seconds)
        self.now()

    def freeze(self) -> None:
        """Stop the clock where it is; only ``advance`` moves it from now on."""
        self._start, self._offset, self.frozen = self.now(), timedelta(), True

    def ticks(self) -> int:
        """Return .NET ticks (100 ns since 0001-01-01, UTC)."""
        return _hundreds_of_ns(self.now() - _EPOCH)

    def filetime(self) -> int:
        """Return a FILETIME (100 ns since 1601-01-01), as HNS documents carry it."""
        return _hundreds_of_ns(self.now() - _FILETIME_EPOCH)

    def to_dict(self) -> dict[str, Any]:
        """Return what is needed to go on from here."""
        return {"now": self.now().isoformat(), "booted": self.booted.isoformat(), "frozen": self.frozen}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Clock:
        """Return a clock that shows the saved time and runs on, if it ran."""
        clock = cls(datetime.fromisoformat(data["now"]), frozen=data["frozen"])
        clock.booted = datetime.fromisoformat(data["booted"])
        return clock


def _hundreds_of_ns(span: timedelta) -> int:
    return (span.days * 86400 + span.seconds) * _TICKS_PER_SECOND + span.microseconds * 10
