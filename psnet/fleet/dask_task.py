"""A host as a task of a Dask cluster: what runs on the worker, and its two queues to the run.

Dask runs a task again when its worker is lost. So a task first claims its host: it does nothing before the run, which
is asked through a ``distributed.Queue``, has granted the claim, and the run grants one a host. What must be durable
goes the same way: the message is put into the run's queue, and the operation waits until the acknowledgement is in
the queue of its attempt.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from distributed import Client, Queue, Semaphore, get_client, get_worker, secede

from psnet._internal.version import VERSION
from psnet.fleet.channel_executor import pack_message
from psnet.fleet.messages import Finished
from psnet.fleet.process_executor import execute
from psnet.fleet.worker import Worker

if TYPE_CHECKING:
    from tornado.platform.asyncio import BaseAsyncIOLoop

    from psnet.fleet.messages import Message
    from psnet.fleet.operation import Operation
    from psnet.inventories import InventoryHost

#: Seconds after which a task that hears nothing asks whether the run still holds its lease.
PATIENCE: Final = 20.0


@dataclass(frozen=True, slots=True)
class Claim:
    """A task asks for its host; nothing is done before it is granted."""

    host: str
    attempt: str
    worker: str
    version: str


@dataclass(frozen=True, slots=True)
class Granted:
    """The answer to a claim: one that is not granted ends the task."""

    granted: bool


def outbox_of(run: str) -> str:
    """Return the name of the queue that a run's tasks put their claims and messages into."""
    return f"psnet-{run}"


def commands_of(run: str, attempt: str) -> str:
    """Return the name of the queue that the run puts the commands for one attempt into, each pickled."""
    return f"psnet-{run}-{attempt}"


def lease_of(run: str, client: Client) -> Semaphore:
    """Return the semaphore whose one lease a run holds and refreshes while it is there."""
    return Semaphore(max_leases=1, name=f"psnet-{run}", scheduler_rpc=client.scheduler, loop=client.loop)


def work_on_host(run: str, payload: bytes) -> str:
    """Run the pickled (host, operation) of ``payload``; return what became of the task.

    ``finished``, ``refused`` (the host was claimed before) or ``abandoned`` (the run is gone). The result of the
    operation, also an error, is a message to the run: Dask would log a task that raises with its arguments. The task
    leaves the worker's thread pool, for it does little but wait; the forks of the run are the limit.
    """
    host, operation = pickle.loads(payload)  # noqa: S301 - from the run, over the cluster's own connections
    client, address = get_client(), str(get_worker().address)
    secede()
    loop = cast("BaseAsyncIOLoop", client.loop).asyncio_loop
    attempt = _Attempt(client, run, host, address)
    return asyncio.run_coroutine_threadsafe(attempt.work(operation), loop).result()


class _Attempt:
    """One attempt at a host; all of it but the operation runs on the event loop of the worker."""

    def __init__(self, client: Client, run: str, host: InventoryHost, address: str) -> None:
        self._client, self._run, self._host, self._address = client, run, host, address
        self._name = uuid.uuid4().hex

    async def work(self, operation: Operation[Any]) -> str:
        outbox = await Queue(outbox_of(self._run), client=self._client)
        commands = await Queue(commands_of(self._run, self._name), client=self._client)
        try:
            claim = Claim(self._host.name, self._name, self._address, VERSION)
            await outbox.put(["claim", pickle.dumps(claim)])
            answer = await self._next(commands)
            if not (isinstance(answer, Granted) and answer.granted):
                return "abandoned" if answer is None else "refused"
            await self._operate(operation, outbox, commands)
        finally:
            commands.close()
            outbox.close()
        return "finished"

    async def _operate(self, operation: Operation[Any], outbox: Queue, commands: Queue) -> None:
        loop = asyncio.get_running_loop()
        messages: asyncio.Queue[Message] = asyncio.Queue()
        worker = Worker(lambda message: _put_soon(loop, messages, message))
        obeying = asyncio.create_task(self._obey(commands, worker))
        worker.begin(self._host, operation)
        try:
            while True:
                message = await messages.get()
                await outbox.put(["message", self._name, pack_message(message)])
                if isinstance(message, Finished):
                    return
        finally:
            worker.close("the run cannot be reached through the Dask cluster")
            obeying.cancel()

    async def _obey(self, commands: Queue, worker: Worker) -> None:
        """Execute commands until the run is gone, or one says so."""
        try:
            while (command := await self._next(commands)) is not None:
                execute(worker, command)
        finally:
            worker.close("the run is gone")

    async def _next(self, commands: Queue) -> Any:
        """Return the next command; None when the run is gone."""
        coming = asyncio.ensure_future(commands.get())
        try:
            while not (await asyncio.wait({coming}, timeout=PATIENCE))[0]:
                if not await lease_of(self._run, self._client).get_value():
                    return None
            return pickle.loads(await coming)  # noqa: S301 - from the run, as above
        finally:
            coming.cancel()


def _put_soon(loop: asyncio.AbstractEventLoop, messages: asyncio.Queue[Message], message: Message) -> None:
    with contextlib.suppress(RuntimeError):  # the worker ends: its loop is closed, and nobody is there to hear it
        loop.call_soon_threadsafe(messages.put_nowait, message)
