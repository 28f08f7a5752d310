"""What a backend says about a plan while it carries it out, and when it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.apply import Outcome
    from psnet.transport.records import Record


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a plan; ``conflicts`` are the paths that somebody changed, and then nothing was done.

    ``lost`` says that the session ended first: what is not known is not known until the controller is read again.
    """

    outcomes: tuple[Outcome, ...] = ()
    conflicts: tuple[str, ...] = ()
    lost: bool = False


class Follower(Protocol):
    """Hears what a backend reports as it happens, so that each change is recorded when its outcome is known."""

    lines: list[str]

    def hear(self, record: Record, /) -> None:
        """Take a record in as it comes."""

    def end(self, lines: Sequence[str], /) -> tuple[Outcome, ...]:
        """Return every outcome when they are recorded."""
