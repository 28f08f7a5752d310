"""Provisioning after a write is accepted: delays, injected failures, and the operation that a client polls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from psnet.lab.host.clock import Clock

#: Seconds for which a write is Updating (a deletion Deleting) when nothing else was asked for.
DEFAULT_SECONDS: Final = 0.05


class SdnFault(BaseModel):
    """What goes wrong with resources whose ResourceRef matches a pattern.

    ``fail``: provisioning ends in Failed. ``slow``: it takes ``seconds``. ``lost``: somebody else writes the resource
    right after it was read, so that its ETag is another one when the reader writes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    provisioning: Literal["fail", "slow", "lost"]
    resource: str = Field(min_length=1, description="a pattern of ResourceRefs, such as /networkInterfaces/web*")
    seconds: float = Field(default=1.0, ge=0)
    times: int | Literal["always"] = 1
    code: str = "PolicyConfigurationFailure"
    message: str = "The policy could not be configured on the host."


@dataclass(slots=True)
class Operation:
    """One asynchronous operation; ``status`` is InProgress, Succeeded or Failed."""

    id: str
    path: str
    deletes: bool
    due: datetime
    status: str = "InProgress"
    code: str = ""
    message: str = ""

    def failed(self) -> bool:
        """Say whether it ended in failure."""
        return self.status == "Failed"


class Faults:
    """The faults of a controller, and how often each has struck."""

    def __init__(self, faults: tuple[SdnFault, ...] = ()) -> None:
        self._left: list[tuple[SdnFault, float]] = [(each, _times(each)) for each in faults]

    def add(self, fault: SdnFault) -> None:
        """Add one."""
        self._left.append((fault, _times(fault)))

    def remaining(self) -> list[SdnFault]:
        """Return the faults that may still strike, each with what is left of its times."""
        return [
            fault if fault.times == "always" else fault.model_copy(update={"times": int(left)})
            for fault, left in self._left
            if left > 0
        ]

    def next_fault(self, what: str, ref: str) -> SdnFault | None:
        """Return the fault of a kind that strikes a resource now, None when none does."""
        for at, (fault, left) in enumerate(self._left):
            if fault.provisioning == what and left > 0 and fnmatchcase(ref.lower(), fault.resource.lower()):
                self._left[at] = (fault, left - 1)
                return fault
        return None


def _times(fault: SdnFault) -> float:
    return float("inf") if fault.times == "always" else fault.times


def begun(faults: Faults, clock: Clock, operation_id: str, ref: str, *, deletes: bool, seconds: float) -> Operation:
    """Return a new operation, with the failure that waits for it."""
    slow = faults.next_fault("slow", ref)
    made = Operation(
        operation_id, ref, deletes, clock.now() + timedelta(seconds=seconds if slow is None else slow.seconds)
    )
    failure = None if deletes else faults.next_fault("fail", ref)
    if failure is not None:
        made.code, made.message = failure.code, failure.message
    return made
