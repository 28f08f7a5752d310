"""Output queues for a client's Receive: of a WinRS command, a pipeline or a pool."""

from __future__ import annotations

import asyncio
import base64
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from psnet.lab.wire import wsman_faults

if TYPE_CHECKING:
    from psnet.lab.wire.wsman_faults import WSManFault

LINGER: Final = 0.1  # seconds that a Receive waits for the end once output is there: one answer instead of two
_ELEMENT: Final = 160  # what one rsp:Stream costs around its data


@dataclass(slots=True)
class Batch:
    """What one Receive takes: (stream, data) chunks, and the exit code once all has been taken."""

    chunks: list[tuple[str, bytes]] = field(default_factory=list)
    done: bool = False
    exit_code: int | None = None


class Outbox:
    """Chunks of output in order. Belongs to the event loop: nothing here is safe on another thread."""

    __slots__ = ("_chunks", "_linger", "_size", "_waiter", "closed", "delivered", "exit_code")

    def __init__(self, linger: float = LINGER) -> None:
        self._linger = linger
        self._chunks: deque[tuple[str, bytes] | None] = deque()
        self._size = 0
        self._waiter: asyncio.Future[None] | None = None
        self.closed = False
        self.delivered = False
        self.exit_code: int | None = None

    def put(self, stream: str, data: bytes) -> None:
        """Append a chunk."""
        self._chunks.append((stream, data))
        self._size += len(data)
        self._wake()

    def split(self) -> None:
        """Make what follows wait for the next Receive."""
        self._chunks.append(None)

    def close(self, exit_code: int | None = None) -> None:
        """Say that nothing follows."""
        self.closed = True
        self.exit_code = exit_code
        self._wake()

    def abort(self, fault: WSManFault) -> None:
        """End the Receive that waits, if one does, with a fault."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(fault)

    def requeue(self, batch: Batch) -> None:
        """Put back a batch that could not be delivered."""
        self._chunks.extendleft(reversed(batch.chunks))
        self._size += sum(len(data) for _, data in batch.chunks)
        self.delivered = False

    async def receive(self, seconds: float, limit: int) -> Batch:
        """Return what is there, at most ``limit`` bytes of XML; wait ``seconds`` for the first of it.

        Raises TimedOut. A second Receive ends the first.
        """
        self.abort(wsman_faults.operation_aborted())
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not self._chunks and not self.closed:
            if not await self._wait(deadline - loop.time()):
                raise wsman_faults.timed_out()
        linger = min(deadline, loop.time() + self._linger)
        while not self.closed and None not in self._chunks and self._size * 4 < limit * 3:
            if not await self._wait(linger - loop.time()):
                break
        return self._take(limit)

    async def _wait(self, seconds: float) -> bool:
        if seconds <= 0:
            return False
        waiter = self._waiter = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            return False
        finally:
            if self._waiter is waiter:
                self._waiter = None
        return True

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _take(self, limit: int) -> Batch:
        batch, room = Batch(), limit
        while self._chunks:
            chunk = self._chunks[0]
            if chunk is None:
                self._chunks.popleft()
                if batch.chunks:
                    break
                continue
            stream, data = chunk
            cost = (len(data) + 2) // 3 * 4 + _ELEMENT
            if cost > room and batch.chunks:
                break
            self._chunks.popleft()
            batch.chunks.append((stream, data))
            self._size -= len(data)
            room -= cost
        if self.closed and not self._chunks:
            batch.done, batch.exit_code = True, self.exit_code
            self.delivered = True
        return batch


def stream_elements(batch: Batch, command_id: str | None, *, final: tuple[str, ...] = ()) -> str:
    """Return the rsp:Stream elements of a batch; ``final`` names the streams to end when it is the last."""
    attribute = f' CommandId="{command_id}"' if command_id else ""
    parts = [
        f'<rsp:Stream Name="{stream}"{attribute}>{base64.b64encode(data).decode()}</rsp:Stream>'
        for stream, data in batch.chunks
    ]
    if batch.done:
        parts += [f'<rsp:Stream Name="{stream}"{attribute} End="true"></rsp:Stream>' for stream in final]
    return "".join(parts)
