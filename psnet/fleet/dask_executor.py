"""The hosts of a run as tasks of a Dask cluster: one task a host, on its scheduler, seen on its dashboard.

Dask runs a task of a lost worker again. A host is never changed twice by that: a task claims its host before its
first step, the run grants one claim a host, and a second one says that the first worker is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import threading
from concurrent.futures import wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qs, urlsplit

from psnet._internal.version import VERSION
from psnet.errors import HostError
from psnet.fleet.channel_executor import Acknowledge, Halt, cannot_travel, unpack_message
from psnet.fleet.dask_cluster import check_versions, connect, refuse_secrets, resources_of
from psnet.fleet.messages import Finished, WorkerLost

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from distributed import Client, Future, Queue
    from tornado.platform.asyncio import BaseAsyncIOLoop

    from psnet.fleet.channel_executor import Command
    from psnet.fleet.dask_task import Claim
    from psnet.fleet.messages import Message
    from psnet.fleet.operation import Operation
    from psnet.inventories import InventoryHost

#: Seconds that a cluster may be without any worker before the run gives it up; a nanny starts one again sooner.
NO_WORKERS: Final = 30.0
#: Seconds between two looks whether the client still has its scheduler.
_STATUS: Final = 1.0


def dask_executor(
    address: str, run: str, forks: int, hosts: Sequence[InventoryHost], send: Callable[[Message], None]
) -> DaskExecutor:
    """Return an executor of a cluster's scheduler. Raises InputError when the cluster cannot be used.

    ``?resources=NAME=N,…`` in the address are the abstract resources of Dask that a host's task needs.
    """
    parts = urlsplit(address)
    if parts.scheme == "dask":
        refuse_secrets(hosts)
    query = parse_qs(parts.query)
    resources = resources_of(query.get("resources", []))
    client = connect(parts.scheme, f"{parts.hostname}:{parts.port}", query)
    try:
        check_versions(client, address)
        return DaskExecutor(client, run, forks, resources, send)
    except BaseException:
        client.close()
        raise


@dataclass(slots=True)
class _Task:
    """A host's task; the claim that was granted to it, with the queue of commands of that attempt."""

    future: Future[str] | None = None
    claim: Claim | None = None
    commands: Queue | None = None


class DaskExecutor:
    """Tasks of a cluster, and the run's queue on its scheduler, which a thread takes messages from.

    What Dask itself says (a worker is removed, a task ended) goes into the same queue, behind what was said before.
    """

    def __init__(
        self, client: Client, run: str, forks: int, resources: dict[str, float], send: Callable[[Message], None]
    ) -> None:
        from distributed import Queue  # noqa: PLC0415 - an extra

        from psnet.fleet import dask_task  # noqa: PLC0415 - as above

        self._client, self._run, self._forks, self._resources, self._send = client, run, forks, resources, send
        self._loop = cast("BaseAsyncIOLoop", client.loop)
        self._lock = threading.Lock()
        self._tasks: dict[str, _Task] = {}
        self._over = self._halted = self._deserted = False
        self._timer: threading.Timer | None = None
        self._work = dask_task.work_on_host
        self._queue: Callable[[str], Queue] = lambda name: Queue(dask_task.commands_of(run, name), client=client)
        self._grant, self._refuse = (pickle.dumps(dask_task.Granted(granted)) for granted in (True, False))
        self._outbox: Queue = Queue(dask_task.outbox_of(run), client=client)
        self._lease = dask_task.lease_of(run, client)
        self._lease.acquire()
        client.subscribe_topic("all", self._cluster_event)
        self._workers: set[str] = set(client.nthreads())
        threading.Thread(target=self._receive, name=f"psnet-dask-{run}", daemon=True).start()

    def capacity(self) -> int:
        """Return the forks, while the cluster has workers."""
        return 0 if self._deserted else self._forks

    def begin(self, host: InventoryHost, operation: Operation[Any]) -> None:
        """Submit the task of a host."""
        try:
            payload = pickle.dumps((host, operation))
        except Exception as error:  # noqa: BLE001 - whatever the operation's own pickling raises
            self._send(Finished(host.name, 0.0, error=cannot_travel("the operation", host.name, error)))
            return
        with self._lock:
            task = self._tasks[host.name] = _Task()
        task.future = self._client.submit(
            self._work,
            self._run,
            payload,
            key=(f"psnet-{self._run}", host.name),
            retries=0,
            pure=False,
            resources=self._resources or None,
        )
        task.future.add_done_callback(lambda future: self._say("ended", host.name, _why(future)))

    def acknowledge(self, host: str, ticket: int, refusal: str | None) -> None:
        """Let a host go on that waits."""
        with self._lock:
            task = self._tasks.get(host)
        self._command(task, Acknowledge(ticket, refusal))

    def halt(self) -> None:
        """Stop the pipelines everywhere; a host that no worker has claimed is not begun."""
        with self._lock:
            self._halted = True
            tasks = dict(self._tasks)
        for name, task in tasks.items():
            self._command(task, Halt())
            if task.claim is None:
                self._say("ended", name, "the run was stopped")

    def close(self) -> None:
        """Let all tasks go, and the cluster."""
        with self._lock:
            self._over = True
            tasks, self._tasks = list(self._tasks.values()), {}
        if self._timer is not None:
            self._timer.cancel()
        if self._client.status == "running":
            self._let_go(tasks)
        self._client.close()

    def _let_go(self, tasks: Sequence[_Task]) -> None:
        with contextlib.suppress(Exception):  # the scheduler is gone, which is as good
            for task in tasks:
                if task.commands is not None:
                    task.commands.put(pickle.dumps(None))
            self._lease.release()
            self._lease.close()
            self._outbox.close()

    def _cluster_event(self, event: tuple[float, dict[str, Any]]) -> None:
        """Hear what the scheduler tells everybody."""
        said = event[1]
        if said.get("action") in ("add-worker", "remove-worker"):
            self._say(said["action"], said["worker"])

    def _say(self, *words: str) -> None:
        """Put something into the run's own queue, from any thread."""
        self._loop.add_callback(_put, self._outbox, list(words))

    def _command(self, task: _Task | None, command: Command | None) -> None:
        if task is not None and task.commands is not None:
            self._loop.add_callback(_put, task.commands, pickle.dumps(command))

    def _receive(self) -> None:
        try:
            while True:
                for item in self._next():
                    self._take(*item)
        except Exception as error:  # noqa: BLE001 - whatever Dask raises, the scheduler cannot be reached
            if not self._over:
                self._deserted = True
                self._end_all(f"the Dask scheduler is gone: {type(error).__name__}")

    def _next(self) -> list[tuple[Any, ...]]:
        """Wait for what the queue holds; raise OSError once the client has lost its scheduler."""
        coming = asyncio.run_coroutine_threadsafe(_get(self._outbox), self._loop.asyncio_loop)
        while not wait([coming], timeout=_STATUS).done:
            if self._client.status != "running":
                raise ConnectionError(self._client.status)
        return coming.result()

    def _take(self, kind: str, *said: Any) -> None:
        if kind == "message":
            self._message(said[0], unpack_message(said[1]))
        elif kind == "claim":
            self._claimed(pickle.loads(said[0]))  # noqa: S301 - from a task, over the cluster's own connections
        elif kind == "ended":
            self._end(*said)
        elif kind == "add-worker":
            self._workers.add(said[0])
        elif kind == "remove-worker":
            self._removed(said[0])
        elif not self._workers:
            self._deserted = True
            self._end_all("the Dask cluster has no workers any more")

    def _claimed(self, claim: Claim) -> None:
        """Grant a host's first claim. A second one is Dask's: it has given up the worker that had the first."""
        commands = self._queue(claim.attempt)
        with self._lock:
            task = self._tasks.get(claim.host)
            mine = task is not None and task.claim is None and claim.version == VERSION and not self._halted
        commands.put(self._grant if mine else self._refuse)
        if task is None or not mine:
            commands.close()
            other = f"the worker {claim.worker} has psnet {claim.version}, this is {VERSION}"
            self._end(claim.host, _gone(task.claim.worker) if task is not None and task.claim is not None else other)
            return
        with self._lock:
            task.claim, task.commands = claim, commands
            halted = self._halted
        if halted:
            self._command(task, Halt())

    def _message(self, attempt: str, message: Message) -> None:
        name = getattr(message, "host", "")
        with self._lock:
            task = self._tasks.get(name)
            if task is None or task.claim is None or task.claim.attempt != attempt:
                return
            if isinstance(message, Finished):
                del self._tasks[name]
        self._send(message)
        if isinstance(message, Finished) and task.commands is not None:
            task.commands.close()

    def _removed(self, worker: str) -> None:
        self._workers.discard(worker)
        with self._lock:
            names = [name for name, task in self._tasks.items() if task.claim and task.claim.worker == worker]
        for name in names:
            self._end(name, _gone(worker))
        if not self._workers and not self._over:
            self._timer = threading.Timer(NO_WORKERS, self._say, ["deserted"])
            self._timer.daemon = True
            self._timer.start()

    def _end_all(self, reason: str) -> None:
        with self._lock:
            names = sorted(self._tasks)
        for name in names:
            self._end(name, reason)

    def _end(self, name: str, reason: str) -> None:
        """Say that a host has no result, unless it has one; what was claimed is lost, what was not is untouched."""
        with self._lock:
            task = self._tasks.pop(name, None)
        if task is None:
            return
        if task.claim is not None:
            self._command(task, None)  # the worker may be there after all
            self._send(WorkerLost((name,), reason))
        else:
            error = HostError(f"the host was not begun: {reason}", host=name, step="working on the host")
            self._send(Finished(name, 0.0, error=error))
        if task.future is not None and not self._deserted:
            task.future.cancel()


def _why(future: Future[str]) -> str:
    """Return what a task that ended without an answer came to."""
    if future.status == "error":
        error = future.exception()
        return f"{type(error).__name__}: {error}"
    return f"Dask calls its task {future.status}"


def _gone(worker: str) -> str:
    return f"the Dask worker {worker} that worked on the host is gone"


async def _get(queue: Queue) -> list[tuple[Any, ...]]:
    return [await queue.get(), *await queue.get(batch=True)]


async def _put(queue: Queue, value: Any) -> None:
    with contextlib.suppress(Exception):  # the scheduler is gone, which the thread that receives sees itself
        await queue.put(value)
