"""A host's clock: runs with real time unless frozen, and moves when a test moves it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

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

    def now(self) -> datetime:
        """Return the host's time (UTC)."""
        running = timedelta() if self.frozen else timedelta(seconds=time.monotonic() - self._mark)
        return self._start + self._offset + running

    def advance(self, seconds: float) -> None:
        """Move the clock forward, as a sleep or a test does."""
        self._offset += timedelta(seconds=seconds)

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
