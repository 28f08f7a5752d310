"""Time, as something that a test can take into its hands."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What waits and what measures."""

    def sleep(self, seconds: float) -> None:
        """Wait."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""


class SystemClock:
    """The computer's own."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()
