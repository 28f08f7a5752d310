"""The results of a run: one HostRun for every host, whatever happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from psnet.errors import PsnetError
    from psnet.fleet.events import RunStatus
    from psnet.inventories import InventoryHost

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ResultStatus:
    """The status of a host's result, as events and reports name it, and whether it counts as a failure."""

    status: str
    failed: bool = False


#: Returns the status of a host's result; it is called in the process of the run, never on a worker.
StatusFunction = Callable[[Any], ResultStatus]


def always_ok(_: Any) -> ResultStatus:
    """Return the status ``ok``, whatever the value is."""
    return ResultStatus("ok")


@dataclass(frozen=True, slots=True)
class HostRun(Generic[T]):
    """One host's result, or the error that it ended with, or why it was not begun."""

    host: InventoryHost
    value: T | None = None
    error: PsnetError | None = None
    not_begun: str | None = None
    result_status: ResultStatus | None = None

    @property
    def status(self) -> str:
        """The status of the result, ``error``, or ``not begun``."""
        if self.result_status is not None:
            return self.result_status.status
        return "error" if self.error is not None else "not begun"

    @property
    def failed(self) -> bool:
        """Whether the host counts as a failure; one that was not begun does not."""
        return self.error is not None or (self.result_status is not None and self.result_status.failed)


@dataclass(frozen=True, slots=True)
class FleetRun(Generic[T]):
    """A finished run; ``hosts`` holds every host that it was about, in their order.

    ``broken`` is the error of the run itself, such as a journal that could not be written any more.
    """

    id: str
    status: RunStatus
    seconds: float
    hosts: tuple[HostRun[T], ...]
    broken: PsnetError | None = None

    @property
    def values(self) -> tuple[T, ...]:
        """The results that there are."""
        return tuple(host.value for host in self.hosts if host.value is not None)

    @property
    def errors(self) -> tuple[PsnetError, ...]:
        """The errors that hosts ended with."""
        return tuple(host.error for host in self.hosts if host.error is not None)

    @property
    def not_begun(self) -> tuple[str, ...]:
        """The hosts that were not begun."""
        return tuple(host.host.name for host in self.hosts if host.status == "not begun")

    def counts(self) -> dict[str, int]:
        """Return how many hosts there are of each status."""
        found: dict[str, int] = {}
        for host in self.hosts:
            found[host.status] = found.get(host.status, 0) + 1
        return found
