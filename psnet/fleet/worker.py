"""A worker: runs an operation on its hosts, on one event loop or on threads, with one session a host."""

from __future__ import annotations

import asyncio
import itertools
import logging
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from psnet.apply.progress import Done, Planned
from psnet.errors import HostError, JournalError, PsnetError
from psnet.fleet.messages import Finished, Message, ProgressMessage
from psnet.transport import open_session
from psnet.transport.async_bridge import Latch, run_in_greenlet, shared_loop

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.apply.progress import Progress
    from psnet.fleet.operation import Operation
    from psnet.inventories import InventoryHost
    from psnet.transport import Session

log = logging.getLogger("psnet.fleet")


class _Wait:
    """An operation that waits for an acknowledgement."""

    def __init__(self) -> None:
        self.done = Latch()
        self.refusal: str | None = None


class Worker:
    """Hosts under way in this process; ``send`` takes what they say, from any thread."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._tickets = itertools.count(1)
        self._waits: dict[int, _Wait] = {}
        self._sessions: dict[str, Session] = {}
        self._closed: str | None = None
        self._halted = False

    def begin(self, host: InventoryHost, operation: Operation[Any]) -> None:
        """Start on a host; its answer is sent when it is there.

        An operation that only waits for its session and for the progress callback shares one event loop with all
        others; what else may block has a thread.
        """
        if getattr(operation, "on_loop", False) and host.connection.get("transport", "psrp") == "psrp":
            whole = run_in_greenlet(partial(self._run, host, operation))
            asyncio.run_coroutine_threadsafe(whole, shared_loop())
            return
        threading.Thread(target=self._run, args=(host, operation), name=f"psnet-{host.name}", daemon=True).start()

    def acknowledge(self, ticket: int, refusal: str | None = None) -> None:
        """Let a thread go on that waits: what it told is durable, or could not be recorded for a reason."""
        with self._lock:
            wait = self._waits.pop(ticket, None)
        if wait is not None:
            wait.refusal = refusal
            wait.done.set()

    def halt(self) -> None:
        """Stop the pipelines that run on the hosts; nobody may send a plan any more."""
        with self._lock:
            self._halted = True
            sessions = dict(self._sessions)
        for name, session in sessions.items():
            threading.Thread(target=_stop, args=(session, name), name=f"psnet-stop-{name}", daemon=True).start()

    def close(self, reason: str) -> None:
        """Let nobody wait any longer: the run is not there to listen."""
        with self._lock:
            self._closed = reason
            waits, self._waits = self._waits, {}
        for wait in waits.values():
            wait.refusal = reason
            wait.done.set()

    def _report(self, host: str, progress: Progress) -> None:
        if isinstance(progress, Done) and not progress.wait:
            self._send(ProgressMessage(host, progress))
            return
        wait = _Wait()
        with self._lock:
            if self._halted and isinstance(progress, Planned):
                raise HostError("the run was stopped before the plan was sent", host=host, step="stopping")
            if self._closed is not None:
                raise JournalError(self._closed, host=host, step="recording")
            ticket = next(self._tickets)
            self._waits[ticket] = wait
        self._send(ProgressMessage(host, progress, ticket))
        wait.done.wait()
        if wait.refusal is not None:
            raise JournalError(wait.refusal, host=host, step="recording", remedy="nothing more was sent to the host")

    def _run(self, host: InventoryHost, operation: Operation[Any]) -> None:
        started = time.monotonic()
        value, error = None, None
        try:
            value = self._operate(host, operation)
        except PsnetError as failure:
            failure.host = failure.host or host.name
            error = failure
        except Exception as failure:
            log.exception("%s: unexpected", host.name)
            error = HostError(
                f"psnet itself failed: {failure}", host=host.name, remedy="report it with what -v logs, please"
            )
        self._send(Finished(host.name, round(time.monotonic() - started, 3), value, error))

    def _operate(self, host: InventoryHost, operation: Operation[Any]) -> Any:
        session = open_session(host.settings(), host.name)
        with self._lock:
            self._sessions[host.name] = session
        try:
            return operation(session, host, lambda progress: self._report(host.name, progress))
        finally:
            with self._lock:
                self._sessions.pop(host.name, None)
            session.close()


def _stop(session: Session, name: str) -> None:
    try:
        session.stop()
    except PsnetError as error:
        log.warning("%s: its pipeline could not be stopped: %s", name, error.message)
