"""What one pipeline may send back, counted in one place, so that no host fills this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from psnet._internal.model import Model
from psnet.transport.exceptions import TransportError

if TYPE_CHECKING:
    from psnet.transport.policy import Clock

#: Bytes of one HTTP answer; WinRM's MaxEnvelopeSizekb is 500 and its greatest 1,039,440 (wsman.xsd).
MOST_ANSWER = 64 * 1024 * 1024


class Budget(Model):
    """The most that one pipeline may send back before it is given up.

    ``answer_bytes`` are those of all answers as they come over the wire, ``objects`` the records of all streams,
    ``seconds`` the time from its start; 0 is without a limit.
    """

    answer_bytes: Annotated[int, Field(ge=0)] = 2 * 1024**3
    objects: Annotated[int, Field(ge=0)] = 5_000_000
    seconds: Annotated[float, Field(ge=0)] = 0.0


class Meter:
    """Counts what came for one pipeline; raises TransportError with the cause ``budget`` when it is too much."""

    def __init__(self, budget: Budget, clock: Clock) -> None:
        self._budget = budget
        self._clock = clock
        self._began = clock.now()
        self.answer_bytes = 0
        self.objects = 0
        self.requests = 0

    def took(self, count: int) -> None:
        """Count bytes of an answer."""
        self.answer_bytes += count
        if self._budget.answer_bytes and self.answer_bytes > self._budget.answer_bytes:
            raise TransportError("budget", f"more than {self._budget.answer_bytes:,} bytes (budget: answer_bytes)")

    def told(self) -> None:
        """Count a record."""
        self.objects += 1
        if self._budget.objects and self.objects > self._budget.objects:
            raise TransportError("budget", f"more than {self._budget.objects:,} records (budget: objects)")

    def asked(self) -> None:
        """Count a request; look at the time."""
        self.requests += 1
        if self._budget.seconds and self._clock.now() - self._began > self._budget.seconds:
            raise TransportError("budget", f"more than {self._budget.seconds:g} s (budget: seconds)")
