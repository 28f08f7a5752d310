"""One operation over many hosts: one loop that begins hosts, takes their messages, records them, and acknowledges."""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from psnet._internal.run_id import new_run_id
from psnet.apply.progress import Planned
from psnet.errors import JournalError, WorkerLostError
from psnet.fleet import events
from psnet.fleet.batches import batches, exceeds_failure_limit, in_order
from psnet.fleet.executor import open_executor
from psnet.fleet.messages import Finished, Message, ProgressMessage, StopRequested, WorkerLost
from psnet.fleet.operation import RunAware
from psnet.fleet.options import RunOptions
from psnet.fleet.results import FleetRun, HostRun, always_ok
from psnet.fleet.stop import LEAVE, NO_NEW_HOSTS, STOP_PIPELINES, Stop
from psnet.inventories import with_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psnet.fleet.events import Event
    from psnet.fleet.executor import Executor
    from psnet.fleet.operation import Operation
    from psnet.fleet.results import StatusFunction
    from psnet.inventories import InventoryHost

T = TypeVar("T")
log = logging.getLogger("psnet.fleet")
#: Seconds that hosts have to answer once their pipelines are stopped.
GRACE = 10.0
#: Seconds that what hosts say is gathered before it is recorded, while more than a few hosts are under way.
TOGETHER = 0.02
FEW = 4


class Listener(Protocol):
    """Receives a run's events, several at a time and in order, on the thread of the run.

    What the journal raises as JournalError ends the run: nothing is sent to a host that is not recorded. Another
    listener that raises OSError (a closed pipe) is told nothing more; the run goes on.
    """

    def handle(self, events: Sequence[Event], /) -> None:
        """Take events in; return when they are safe."""


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What a run is about, for its journal and its first event; ``documents`` are plans that it was given, by host."""

    command: str = "run"
    site: str | None = None
    inventory: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)


def run_fleet(
    hosts: Sequence[InventoryHost],
    operation: Operation[T] | Mapping[str, Operation[T]],
    options: RunOptions | None = None,
    *,
    info: RunInfo | None = None,
    status_of: StatusFunction = always_ok,
    journal: Listener | None = None,
    listeners: Sequence[Listener] = (),
    stop: Stop | None = None,
) -> FleetRun[T]:
    """Run an operation on every host and return a HostRun for each, in the order of ``hosts``.

    ``operation`` is one for all, or one a host by name. ``status_of`` says which results are failures (for limits and
    counts). ``journal`` and ``listeners`` are given the events; a host that reported its plan goes on only when the
    journal has it. A host's error is its result and leaves the others alone; nothing about a host is raised.
    """
    hosts = with_answers(hosts)  # before the first is begun, once for all of them
    given = options or RunOptions()
    inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
    stopping = stop or Stop()
    with stopping.waking(lambda: inbox.put(StopRequested())):
        name = new_run_id()
        executor = open_executor(given, name, hosts, inbox.put)
        try:
            told = list(listeners)
            return _Run(
                name,
                tuple(hosts),
                operation,
                given,
                info or RunInfo(),
                status_of,
                journal,
                told,
                stopping,
                inbox,
                executor,
            ).execute()
        finally:
            executor.close()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(slots=True)
class _Run(Generic[T]):
    id: str
    hosts: tuple[InventoryHost, ...]
    operation: Operation[T] | Mapping[str, Operation[T]]
    options: RunOptions
    info: RunInfo
    status_of: StatusFunction
    journal: Listener | None
    listeners: list[Listener]
    stop: Stop
    inbox: queue.SimpleQueue[Message]
    executor: Executor
    results: dict[str, HostRun[T]] = field(default_factory=dict)
    under_way: dict[str, InventoryHost] = field(default_factory=dict)
    pending: list[Event] = field(default_factory=list)
    tickets: list[tuple[str, int]] = field(default_factory=list)
    failed: int = 0
    failed_in_batch: int = 0
    why_not: str | None = None
    broken: JournalError | None = None
    obeyed: int = 0
    deadline: float | None = None

    def execute(self) -> FleetRun[T]:
        started = time.monotonic()
        names = tuple(host.name for host in self.hosts)
        self._event(
            events.RunBegan,
            command=self.info.command,
            site=self.info.site,
            inventory=self.info.inventory,
            options=dict(self.info.options),
            documents=dict(self.info.documents),
            hosts=names,
        )
        self._flush()
        groups = self._groups()
        for number, (group, gate) in enumerate(groups, 1):
            before = self.failed
            self._batch(number, group, len(groups))
            if gate and self.failed > before and len(groups) > number:
                self.why_not = gate
        for host in self.hosts:
            if host.name not in self.results:
                reason = self.why_not or "no worker is left"
                self.results[host.name] = HostRun(host, not_begun=reason)
                self._event(events.HostNotBegun, host=host.name, reason=reason)
        seconds = round(time.monotonic() - started, 3)
        ordered = tuple(self.results[host.name] for host in self.hosts)
        run = FleetRun(self.id, self._status(ordered), seconds, ordered, self.broken)
        self._event(events.RunEnded, status=run.status, seconds=seconds, counts=run.counts())
        self._flush()
        return run if run.broken is self.broken else FleetRun(run.id, "failed", seconds, ordered, self.broken)

    def _groups(self) -> list[tuple[list[InventoryHost], str | None]]:
        """Return the batches in their order, each with why no other is begun when it fails."""
        options = self.options
        apart = {*options.first, *options.last}
        rest = in_order([host for host in self.hosts if host.name not in apart], options.order)
        found: list[tuple[list[InventoryHost], str | None]] = []
        if first := [host for host in self.hosts if host.name in options.first]:
            found.append((first, f"{', '.join(host.name for host in first)} goes first and failed"))
        for number, group in enumerate(batches(rest, options.serial, canary=options.canary)):
            found.append((group, "the canary failed" if options.canary and number == 0 else None))
        if last := [host for host in self.hosts if host.name in options.last]:
            found.append((last, None))
        return found

    def _status(self, results: Sequence[HostRun[T]]) -> events.RunStatus:
        if self.stop.level:
            return "interrupted"
        bad = self.broken is not None or any(item.failed or item.status == "not begun" for item in results)
        return "failed" if bad else "done"

    def _batch(self, number: int, group: list[InventoryHost], of: int) -> None:
        self._obey()
        if self.why_not is not None:
            return
        self.failed_in_batch = 0
        if of > 1:
            self._event(events.BatchBegan, number=number, of=of, hosts=tuple(host.name for host in group))
        waiting = list(reversed(group))
        while True:
            begun = self._begin(waiting)
            self._flush()
            if self.broken is None:
                for host in begun:
                    each = self.operation[host.name] if isinstance(self.operation, Mapping) else self.operation
                    each = each.for_run(self.id) if isinstance(each, RunAware) else each
                    self.executor.begin(host, each)
            else:
                self._withdraw(begun)
            if not self.under_way:
                break
            self._listen()
            self._check(len(group))
        if of > 1 and self.options.max_fail is None and self.failed_in_batch == len(group):
            self.why_not = self.why_not or "every host of a batch failed"

    def _begin(self, waiting: list[InventoryHost]) -> list[InventoryHost]:
        """Take hosts that are begun now; their beginning is recorded before they are looked at."""
        begun: list[InventoryHost] = []
        self._obey()
        room = min(self.options.forks, self.executor.capacity())
        while waiting and self.why_not is None and len(self.under_way) < room:
            host = waiting.pop()
            self.under_way[host.name] = host
            begun.append(host)
            self._event(events.HostBegan, host=host.name)
        return begun

    def _withdraw(self, begun: list[InventoryHost]) -> None:
        for host in begun:
            del self.under_way[host.name]

    def _listen(self) -> None:
        """Wait for the next message; take in all that are there, so that they are recorded together."""
        try:
            message = self.inbox.get(
                timeout=None if self.deadline is None else max(0.0, self.deadline - time.monotonic())
            )
        except queue.Empty:
            self._give_up()
            return
        self._take(message)
        if self.deadline is None and len(self.under_way) > FEW:
            time.sleep(TOGETHER)  # what hosts say in it is one transaction of the journal
        while True:
            try:
                self._take(self.inbox.get_nowait())
            except queue.Empty:
                return

    def _take(self, message: Message) -> None:
        if isinstance(message, StopRequested):
            self._obey()
        elif isinstance(message, ProgressMessage):
            self._progress(message)
        elif isinstance(message, WorkerLost):
            for name in message.hosts:
                self._lost(name, message.reason)
        else:
            self._finished(message)

    def _progress(self, note: ProgressMessage) -> None:
        if note.host not in self.under_way:
            return
        if note.ticket is not None:
            self.tickets.append((note.host, note.ticket))
        progress = note.progress
        if isinstance(progress, Planned):
            self._event(
                events.HostPlanned,
                host=note.host,
                sent=progress.sent,
                changes=progress.steps,
                document=progress.document,
            )
        else:
            for outcome in progress.outcomes:
                self._event(events.ChangeDone, host=note.host, change=outcome)

    def _lost(self, name: str, reason: str) -> None:
        error = WorkerLostError(
            reason,
            host=name,
            step="working on the host",
            remedy="what it did is not known until the host is read again: psnet plan, or psnet runs resume",
        )
        self._finished(Finished(name, 0.0, error=error))

    def _finished(self, message: Finished) -> None:
        host = self.under_way.pop(message.host, None)
        if host is None:
            return
        if message.error is not None:
            self.results[host.name] = HostRun(host, error=message.error)
            self._event(
                events.HostFailed,
                host=host.name,
                seconds=message.seconds,
                error=events.ErrorData.of(message.error),
                exception=message.error,
            )
            failed = True
        else:
            result_status = self.status_of(message.value)
            self.results[host.name] = HostRun(host, value=message.value, result_status=result_status)
            self._event(
                events.HostFinished,
                host=host.name,
                status=result_status.status,
                failed=result_status.failed,
                seconds=message.seconds,
                value=message.value,
            )
            failed = result_status.failed
        self.failed += failed
        self.failed_in_batch += failed

    def _check(self, size: int) -> None:
        limit = self.options.max_fail
        if exceeds_failure_limit(limit, failed=self.failed, in_batch=self.failed_in_batch, size=size):
            self.why_not = self.why_not or f"more failures than --max-fail {limit}"

    def _obey(self) -> None:
        """Do what the user asked for since the last time."""
        level = self.stop.level
        if level >= NO_NEW_HOSTS:
            self.why_not = self.why_not or "the run was stopped"
        if level >= STOP_PIPELINES and self.obeyed < STOP_PIPELINES:
            self.executor.halt()
            self.deadline = time.monotonic() + GRACE
        if level >= LEAVE:
            self.deadline = time.monotonic()
        self.obeyed = level

    def _give_up(self) -> None:
        for name in tuple(self.under_way):
            self._lost(name, "the run was stopped before the host answered")

    def _event(self, kind: Callable[..., Event], **values: Any) -> None:
        self.pending.append(kind(run=self.id, time=_now(), **values))

    def _flush(self) -> None:
        """Have events recorded; let the hosts go on whose progress they were; then show them."""
        recorded, self.pending = self.pending, []
        tickets, self.tickets = self.tickets, []
        if recorded and self.journal is not None and self.broken is None:
            try:
                self.journal.handle(recorded)
            except JournalError as error:
                self.broken = error
                self.why_not = self.why_not or "the run could not be recorded"
        for host, ticket in tickets:
            self.executor.acknowledge(host, ticket, self.broken.message if self.broken is not None else None)
        for listener in tuple(self.listeners) if recorded else ():
            try:
                listener.handle(recorded)
            except OSError as error:
                log.warning("a listener is told nothing more: %s", error)
                self.listeners.remove(listener)
