"""What a run says as it goes, as typed values; each is one line of ``--json`` (docs/events.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from psnet._internal.model import Model
from psnet.apply.outcome import Outcome
from psnet.apply.progress import Step

if TYPE_CHECKING:
    from psnet.errors import PsnetError

RunStatus = Literal["done", "failed", "interrupted"]


class ErrorData(Model):
    """An error as data: its class, what was being done, what to do next, PowerShell's FullyQualifiedErrorId."""

    kind: str
    message: str
    step: str | None = None
    remedy: str | None = None
    error_id: str | None = None
    problems: tuple[str, ...] = ()

    @staticmethod
    def of(error: PsnetError) -> ErrorData:
        """Return the data of an error."""
        return ErrorData(
            kind=type(error).__name__,
            message=error.message,
            step=error.step,
            remedy=error.remedy,
            error_id=getattr(error, "error_id", None),
            problems=tuple(str(problem) for problem in getattr(error, "problems", ())),
        )


class _Event(Model):
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    run: str = Field(description="the run's id, as in psnet runs")
    time: str = Field(description="when, as ISO 8601 in UTC")


class RunBegan(_Event):
    """The first event: what the run is about, and every host of it in order."""

    event: Literal["run_began"] = "run_began"
    command: str
    site: str | None = None
    inventory: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    hosts: tuple[str, ...]
    documents: dict[str, str] = Field(default_factory=dict, exclude=True, repr=False, description="plans given")


class BatchBegan(_Event):
    """A batch begins: the ``number``-th (from 1) of ``of``."""

    event: Literal["batch_began"] = "batch_began"
    number: int
    of: int
    hosts: tuple[str, ...]


class HostBegan(_Event):
    """A host is about to be looked at."""

    event: Literal["host_began"] = "host_began"
    host: str


class HostPlanned(_Event):
    """What is about to be done to a host (``sent``), or would have to be."""

    event: Literal["host_planned"] = "host_planned"
    host: str
    sent: bool
    changes: tuple[Step, ...]
    document: str | None = Field(default=None, exclude=True, repr=False, description="the plan, as JSON")


class ChangeDone(_Event):
    """What became of one change."""

    event: Literal["change_done"] = "change_done"
    host: str
    change: Outcome


class HostFinished(_Event):
    """A host's work has ended with a result; ``failed`` says that it is a bad one.

    ``status`` is unchanged, changed, failed (apply), planned, refused (plan, watch), healthy, sick (doctor) or ok.
    """

    event: Literal["host_finished"] = "host_finished"
    host: str
    status: str
    failed: bool
    seconds: float
    result: Any = Field(default=None, description="what the command has for the host; docs/events.md")
    value: Any = Field(default=None, exclude=True, repr=False)


class HostFailed(_Event):
    """A host's work has ended with an error."""

    event: Literal["host_failed"] = "host_failed"
    host: str
    seconds: float
    error: ErrorData
    exception: Any = Field(default=None, exclude=True, repr=False)


class HostNotBegun(_Event):
    """A host that the run did not come to, and why."""

    event: Literal["host_not_begun"] = "host_not_begun"
    host: str
    reason: str


class RunEnded(_Event):
    """The last event. ``counts`` says how many hosts there are of each status, error and "not begun" among them."""

    event: Literal["run_ended"] = "run_ended"
    status: RunStatus
    seconds: float
    counts: dict[str, int]


class DriftSeen(_Event):
    """After a round of ``psnet watch``: one thing about ``host`` that is not as in the round before.

    ``what`` is appeared or gone (a change that is needed now, or no more), lost (no plan could be made: ``reason``) or
    back (it can be planned for again).
    """

    event: Literal["drift_seen"] = "drift_seen"
    host: str
    what: Literal["appeared", "gone", "lost", "back"]
    kind: str | None = None
    name: str | None = None
    operation: str | None = None
    reason: str | None = None


Event = (
    RunBegan
    | BatchBegan
    | HostBegan
    | HostPlanned
    | ChangeDone
    | HostFinished
    | HostFailed
    | HostNotBegun
    | RunEnded
    | DriftSeen
)


def events_schema() -> dict[str, Any]:
    """Return the JSON Schema that each line of ``--json`` keeps."""
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[Event, Field(discriminator="event")])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | adapter.json_schema(mode="serialization")
