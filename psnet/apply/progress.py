"""The progress reports of an operation on a target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psnet._internal.model import Model
from psnet.apply.outcome import Outcome, latest_outcome, read_outcomes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.planning import Plan
    from psnet.transport.records import Record


class Step(Model):
    """One planned change: ``operation`` is create, update, replace, remove, or a word of other work."""

    id: str
    operation: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What is about to be done. Reporting it returns when the journal has it; only then may it be sent.

    ``document`` is the whole plan as JSON. ``sent`` is False for a plan that is only shown.
    """

    steps: tuple[Step, ...]
    document: str | None = None
    sent: bool = True

    @staticmethod
    def of(plan: Plan, *, sent: bool = True) -> Planned:
        """Return the progress report of a plan for one target."""
        steps = tuple(
            Step(id=item.id, operation=item.operation, kind=item.kind, name=item.name) for item in plan.changes
        )
        return Planned(steps, plan.model_dump_json(), sent)


@dataclass(frozen=True, slots=True)
class Done:
    """Outcomes of changes. With ``wait``, reporting it returns when the journal has these and all before them."""

    outcomes: tuple[Outcome, ...]
    wait: bool = True


Progress = Planned | Done
#: Reports progress to the run. Raises JournalError when it could not be recorded: send nothing then.
ProgressCallback = Callable[[Progress], None]


def ignore_progress(_: Progress) -> None:
    """Discard a progress report."""


class OutcomeReader:
    """Reads the records of a running apply script and reports each change's outcome as soon as it is known."""

    def __init__(self, plan: Plan, report: ProgressCallback) -> None:
        self.lines: list[str] = []
        self._plan, self._report = plan, report
        self._reported: dict[str, Outcome] = {}

    def read(self, record: Record) -> None:
        """Take a record in as it comes."""
        if record.stream != "output" or record.value is None:
            return
        for line in str(record.value).split("\n"):
            self.lines.append(line)
            outcome = latest_outcome(self._plan, self.lines)
            if outcome is not None and self._reported.get(outcome.id) != outcome:
                self._reported[outcome.id] = outcome
                self._report(Done((outcome,), wait=False))

    def finish(self, lines: Sequence[str]) -> tuple[Outcome, ...]:
        """Report what is not reported yet, wait until all of it is recorded, and return every outcome."""
        outcomes = read_outcomes(self._plan, lines)
        self._report(Done(tuple(item for item in outcomes if self._reported.get(item.id) != item)))
        return outcomes


def begin_plan(plan: Plan, report: ProgressCallback) -> OutcomeReader:
    """Report a plan before any of it is sent; return what reads and reports the outcomes of its changes."""
    report(Planned.of(plan))
    return OutcomeReader(plan, report)
