"""What a run came to: an answer for every host, whatever happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from psnet.errors import PsnetError
    from psnet.fleet.events import RunStatus
    from psnet.inventory import InventoryHost

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a result means: a word for it, and whether it counts as a failure."""

    status: str
    failed: bool = False


#: Says what a host's result means; it is asked where the run is, never on a worker.
Judge = Callable[[Any], Verdict]


def all_good(_: Any) -> Verdict:
    """Judge every result ok."""
    return Verdict("ok")


@dataclass(frozen=True, slots=True)
class HostAnswer(Generic[T]):
    """One host's result, or the error that it ended with, or why it was not begun."""

    host: InventoryHost
    value: T | None = None
    error: PsnetError | None = None
    not_begun: str | None = None
    verdict: Verdict | None = None

    @property
    def status(self) -> str:
        """The verdict's word, ``error``, or ``not begun``."""
        if self.verdict is not None:
            return self.verdict.status
        return "error" if self.error is not None else "not begun"

    @property
    def failed(self) -> bool:
        """Whether the host counts as a failure; one that was not begun does not."""
        return self.error is not None or (self.verdict is not None and self.verdict.failed)


@dataclass(frozen=True, slots=True)
class FleetRun(Generic[T]):
    """A finished run; ``answers`` holds every host that it was about, in their order.

    ``broken`` is the error of the run itself, such as a journal that could not be written any more.
    """

    id: str
    status: RunStatus
    seconds: float
    answers: tuple[HostAnswer[T], ...]
    broken: PsnetError | None = None

    @property
    def values(self) -> tuple[T, ...]:
        """The results that there are."""
        return tuple(answer.value for answer in self.answers if answer.value is not None)

    @property
    def errors(self) -> tuple[PsnetError, ...]:
        """The errors that hosts ended with."""
        return tuple(answer.error for answer in self.answers if answer.error is not None)

    @property
    def left(self) -> tuple[str, ...]:
        """The hosts that were not begun."""
        return tuple(answer.host.name for answer in self.answers if answer.status == "not begun")

    def counts(self) -> dict[str, int]:
        """Return how many hosts there are of each status."""
        found: dict[str, int] = {}
        for answer in self.answers:
            found[answer.status] = found.get(answer.status, 0) + 1
        return found
