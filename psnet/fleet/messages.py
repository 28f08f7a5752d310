"""Messages between a run and its workers; each is pickled between processes and machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psnet.apply.progress import Progress  # noqa: TC001 - as above
from psnet.errors import PsnetError  # noqa: TC001 - pickled by name


@dataclass(frozen=True, slots=True)
class ProgressMessage:
    """Progress of a host; with a ticket the worker waits until it is acknowledged."""

    host: str
    progress: Progress
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a host's operation: its value, or the error that it raised."""

    host: str
    seconds: float
    value: Any = None
    error: PsnetError | None = None


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """A worker is gone; what became of these hosts is not known."""

    hosts: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class StopRequested:
    """The user asked for the end of the run."""


Message = ProgressMessage | Finished | WorkerLost | StopRequested
