"""What runs on a Dask worker."""

from __future__ import annotations

import asyncio
import pickle
import threading
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.version import VERSION
from psnet.fleet.channels import pack_message
from psnet.fleet.process_executor import execute
from psnet.fleet.worker import Worker

if TYPE_CHECKING:
    from psnet.fleet.messages import Message

#: Seconds that a fetch waits for a message, and after which a run that fetches nothing is taken for gone.
PATIENCE: Final = 20.0
ABANDONED: Final = 60.0


class DaskWorker:
    """One run's host operations on one Dask worker; all but ``_put`` is called on the worker's event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._out: list[bytes] = []
        self._there = asyncio.Event()
        self._watch: asyncio.TimerHandle | None = None
        self.worker = Worker(self._put)

    def _put(self, message: Message) -> None:
        with self._lock:
            self._out.append(pack_message(message))
        self._loop.call_soon_threadsafe(self._there.set)

    async def fetch(self) -> list[bytes]:
        """Wait for messages and return them; an empty list after a while without any."""
        if self._watch is not None:
            self._watch.cancel()
        try:
            await asyncio.wait_for(self._there.wait(), PATIENCE)
        except TimeoutError:
            return []
        finally:
            self._watch = self._loop.call_later(ABANDONED, self.worker.close, "the run is gone")
        self._there.clear()
        with self._lock:
            taken, self._out = self._out, []
        return taken

    def stop(self) -> None:
        """Close the worker: the run is over."""
        if self._watch is not None:
            self._watch.cancel()
        self.worker.close("the run is over")


def _workers(dask_worker: Any) -> dict[str, DaskWorker]:
    found: dict[str, DaskWorker] | None = getattr(dask_worker, "psnet_workers", None)
    if found is None:
        found = dask_worker.psnet_workers = {}
    return found


async def start(run: str, dask_worker: Any = None) -> str:
    """Open a run's worker on this worker; return the version of psnet that is there."""
    _workers(dask_worker)[run] = DaskWorker()
    return VERSION


async def fetch(run: str, dask_worker: Any = None) -> list[bytes]:
    """Return what the worker has said since the last time."""
    return await _workers(dask_worker)[run].fetch()


async def carry_out(run: str, orders: bytes, dask_worker: Any = None) -> str | None:
    """Carry out orders; return why they could not be read, if so."""
    try:
        given = pickle.loads(orders)  # noqa: S301 - from the run, over the cluster's own connections
    except Exception as error:  # noqa: BLE001 - whatever a work's own unpickling raises
        return f"{type(error).__name__}: {error}"
    for order in given:
        execute(_workers(dask_worker)[run].worker, order)
    return None


async def stop(run: str, dask_worker: Any = None) -> None:
    """Close a run's worker."""
    worker = _workers(dask_worker).pop(run, None)
    if worker is not None:
        worker.stop()
