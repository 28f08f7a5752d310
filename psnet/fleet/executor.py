"""Executors: they hand the hosts of a run to workers (threads, processes, a Dask cluster)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from psnet.fleet.options import executor_of
from psnet.fleet.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psnet.fleet.messages import Message
    from psnet.fleet.operation import Operation
    from psnet.fleet.options import RunOptions
    from psnet.inventories import InventoryHost


class Executor(Protocol):
    """Workers of a run. What they say goes to the ``send`` that they were made with."""

    def capacity(self) -> int:
        """Return how many hosts there can be at once; 0 when no worker is left."""

    def begin(self, host: InventoryHost, operation: Operation[Any]) -> None:
        """Start on a host; fewer than ``capacity`` are running."""

    def acknowledge(self, host: str, ticket: int, refusal: str | None) -> None:
        """Let a host go on that waits for its progress to be recorded."""

    def halt(self) -> None:
        """Stop the pipelines that run on the hosts."""

    def close(self) -> None:
        """Let the workers go; whoever still waits gets no answer."""


class ThreadExecutor:
    """Threads of this process."""

    def __init__(self, forks: int, send: Callable[[Message], None]) -> None:
        self._forks = forks
        self._worker = Worker(send)

    def capacity(self) -> int:
        """Return the number of forks."""
        return self._forks

    def begin(self, host: InventoryHost, operation: Operation[Any]) -> None:
        """Start the operation on a thread or on the event loop."""
        self._worker.begin(host, operation)

    def acknowledge(self, host: str, ticket: int, refusal: str | None) -> None:  # noqa: ARG002 - one worker for all
        """Resume the operation of a host."""
        self._worker.acknowledge(ticket, refusal)

    def halt(self) -> None:
        """Stop the pipelines of every host."""
        self._worker.halt()

    def close(self) -> None:
        """Wake every operation that waits, with a refusal."""
        self._worker.close("the run is over")


def open_executor(
    options: RunOptions, run: str, hosts: Sequence[InventoryHost], send: Callable[[Message], None]
) -> Executor:
    """Return the executor that the options name, for a run by its id. Raises InputError when it cannot be had."""
    kind, where = executor_of(options.executor)
    if kind == "processes":
        from psnet.fleet.process_executor import process_executor  # noqa: PLC0415 - only when it is wanted

        return process_executor(int(where), options.forks, len(hosts), send)
    if kind == "dask":
        from psnet.fleet.dask_executor import dask_executor  # noqa: PLC0415 - as above

        return dask_executor(str(where), run, options.forks, hosts, send)
    return ThreadExecutor(options.forks, send)
