"""What psnet is on a Dask worker: a desk whose messages are fetched, and which closes when nobody fetches any more."""

from __future__ import annotations

import asyncio
import pickle
import threading
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.version import VERSION
from psnet.fleet.desk import Desk
from psnet.fleet.lanes import packed
from psnet.fleet.process import obey

if TYPE_CHECKING:
    from psnet.fleet.messages import Message

#: Seconds that a fetch waits for a message, and after which a run that fetches nothing is taken for gone.
PATIENCE: Final = 20.0
ABANDONED: Final = 60.0


class Seat:
    """One run's desk on one worker; all but ``_put`` is called on the worker's event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._out: list[bytes] = []
        self._there = asyncio.Event()
        self._watch: asyncio.TimerHandle | None = None
        self.desk = Desk(self._put)

    def _put(self, message: Message) -> None:
        with self._lock:
            self._out.append(packed(message))
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
            self._watch = self._loop.call_later(ABANDONED, self.desk.close, "the run is gone")
        self._there.clear()
        with self._lock:
            taken, self._out = self._out, []
        return taken

    def leave(self) -> None:
        """Close the desk: the run is over."""
        if self._watch is not None:
            self._watch.cancel()
        self.desk.close("the run is over")


def _seats(dask_worker: Any) -> dict[str, Seat]:
    found: dict[str, Seat] | None = getattr(dask_worker, "psnet_seats", None)
    if found is None:
        found = dask_worker.psnet_seats = {}
    return found


async def sit(run: str, dask_worker: Any = None) -> str:
    """Open a run's desk on this worker; return the version of psnet that is there."""
    _seats(dask_worker)[run] = Seat()
    return VERSION


async def fetch(run: str, dask_worker: Any = None) -> list[bytes]:
    """Return what the desk has said since the last time."""
    return await _seats(dask_worker)[run].fetch()


async def carry_out(run: str, orders: bytes, dask_worker: Any = None) -> str | None:
    """Carry out orders; return why they could not be read, if so."""
    try:
        given = pickle.loads(orders)  # noqa: S301 - from the run, over the cluster's own connections
    except Exception as error:  # noqa: BLE001 - whatever a work's own unpickling raises
        return f"{type(error).__name__}: {error}"
    for order in given:
        obey(_seats(dask_worker)[run].desk, order)
    return None


async def leave(run: str, dask_worker: Any = None) -> None:
    """Close a run's desk."""
    seat = _seats(dask_worker).pop(run, None)
    if seat is not None:
        seat.leave()
