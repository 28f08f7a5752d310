"""Limits for what one host may send back: bytes, objects and seconds, so that no answer fills memory or holds up a run.

The defaults leave a fleet of hundreds of hosts room on a laptop: no host keeps more than some 50 MB, whatever it
sends. WinRM itself sends at most MaxEnvelopeSize in one answer, which the client asks for (512 KB to 4 MB here), and
PowerShell's own client takes objects of up to 200 MB (MaximumReceivedObjectSize).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from psnet._internal.model import Model
from psnet.transport.exceptions import TransportError

if TYPE_CHECKING:
    from psnet.transport.policy import Clock

#: Bytes of one HTTP answer.
MOST_ANSWER: Final = 4 * 1024 * 1024
#: Finished pipelines that a host still knows; those before them are released one by one.
KEPT: Final = 50
_LAST_WORDS: Final = 5.0  # seconds


class Budget(Model):
    """The most that one pipeline may send back before it is given up; 0 is without a limit.

    ``answer_bytes`` are those of all its answers as they come over the wire (compressed ones are refused),
    ``file_bytes`` the same where a file is fetched. ``text_bytes`` are those that all its texts take in memory,
    where one sign beyond Latin makes a text twice as large, one beyond the first 65,536 four times.
    ``object_bytes`` are those of objects that are not whole yet. ``objects`` are the values of all streams, with
    what their references stand for. ``seconds`` is the time that a pipeline may run, ``connect_seconds`` that of
    opening a session: connection, TLS, logon and runspace.
    """

    answer_bytes: Annotated[int, Field(ge=0)] = 48 * 1024**2
    text_bytes: Annotated[int, Field(ge=0)] = 24 * 1024**2
    file_bytes: Annotated[int, Field(ge=0)] = 2 * 1024**3
    object_bytes: Annotated[int, Field(ge=0)] = 8 * 1024**2
    objects: Annotated[int, Field(ge=0)] = 200_000
    seconds: Annotated[float, Field(ge=0)] = 14_400.0
    connect_seconds: Annotated[float, Field(ge=0)] = 120.0


class Meter:
    """Counts what came for one pipeline; raises TransportError with the cause ``budget`` when it is too much."""

    def __init__(self, budget: Budget, clock: Clock, *, files: bool = False, opening: bool = False) -> None:
        self._bytes, self._bytes_word = (
            (budget.file_bytes, "file_bytes") if files else (budget.answer_bytes, "answer_bytes")
        )
        self._objects = 0 if files else budget.objects
        self._texts = 0 if files else budget.text_bytes
        self._seconds, self._seconds_word = (
            (budget.connect_seconds, "connect_seconds") if opening else (budget.seconds, "seconds")
        )
        self._object_bytes = budget.object_bytes
        self._clock = clock
        self._began = clock.now()
        self.answer_bytes = 0
        self.objects = 0
        self.text_bytes = 0
        self.requests = 0

    def count_received(self, count: int) -> None:
        """Count received bytes; raises TransportError above the budget."""
        self.answer_bytes += count
        if self._bytes and self.answer_bytes > self._bytes:
            raise TransportError("budget", f"more than {self._bytes:,} bytes (budget: {self._bytes_word})")

    def check_pending(self, count: int) -> None:
        """Check the bytes of incomplete objects against the budget."""
        most = self._object_bytes
        if most and count > most:
            raise TransportError("budget", f"an object of more than {most:,} bytes (budget: object_bytes)")

    def count_values(self, values: int = 1, text_bytes: int = 0) -> None:
        """Count a record's values and the memory of its texts; raises TransportError above the budget."""
        self.objects += values
        self.text_bytes += text_bytes
        if self._texts and self.text_bytes > self._texts:
            raise TransportError("budget", f"texts of more than {self._texts:,} bytes (budget: text_bytes)")
        if self._objects and self.objects > self._objects:
            raise TransportError("budget", f"more than {self._objects:,} values (budget: objects)")

    def count_request(self) -> None:
        """Count a request; raises TransportError when the time is over."""
        self.requests += 1
        if self._seconds and self._clock.now() - self._began > self._seconds:
            raise self.timeout_error()

    @classmethod
    def for_closing(cls, clock: Clock) -> Meter:
        """Return a meter for closing requests, which have a few seconds."""
        return cls(Budget(seconds=_LAST_WORDS), clock)

    def left(self) -> float | None:
        """Return the remaining seconds, None without a limit."""
        if not self._seconds:
            return None
        return max(0.0, self._seconds - (self._clock.now() - self._began))

    def timeout_error(self) -> TransportError:
        """Return the error for an exceeded time limit."""
        cause = "budget-connect" if self._seconds_word == "connect_seconds" else "budget"
        return TransportError(cause, f"more than {self._seconds:g} s (budget: {self._seconds_word})")
