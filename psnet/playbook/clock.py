"""A clock that tests can replace."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What waits and what measures."""

    def sleep(self, seconds: float) -> None:
        """Block until ``set`` is called."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""


class SystemClock:
    """The computer's own."""

    def sleep(self, seconds: float) -> None:
        """Block until ``set`` is called."""
        time.sleep(seconds)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()
