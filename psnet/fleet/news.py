"""What work on a host is, and what it tells while it is under way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from psnet.apply.outcome import Outcome  # noqa: TC001 - pickled by name
from psnet.fleet.events import Step

if TYPE_CHECKING:
    from psnet.inventory import InventoryHost
    from psnet.plan import Plan
    from psnet.transport import Session

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Planned:
    """What is about to be done to a host. Telling it returns when the journal has it; only then may it be sent.

    ``document`` is the whole plan as JSON. ``sent`` is False for a plan that is only shown.
    """

    steps: tuple[Step, ...]
    document: str | None = None
    sent: bool = True

    @staticmethod
    def of(plan: Plan, *, sent: bool = True) -> Planned:
        """Return the news of a plan for one host."""
        steps = tuple(
            Step(id=item.id, operation=item.operation, kind=item.kind, name=item.name) for item in plan.changes
        )
        return Planned(steps, plan.model_dump_json(), sent)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of changes. With ``wait``, telling it returns when the journal has these and all before them."""

    outcomes: tuple[Outcome, ...]
    wait: bool = True


News = Planned | Done
#: Tells the run what happens on a host. Raises JournalError when it could not be recorded: send nothing then.
Tell = Callable[[News], None]


def quiet(_: News) -> None:
    """Tell nobody."""


class Work(Protocol[T_co]):
    """What is done on each host: a function of a module, a ``functools.partial``, a frozen dataclass that is called.

    It travels to other processes and machines, so it and its result are pickled.
    """

    def __call__(self, session: Session, host: InventoryHost, tell: Tell, /) -> T_co:
        """Work on one host; PsnetError says what went wrong."""
