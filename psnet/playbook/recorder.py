"""A run of a playbook in the journal: each change before it is sent, each task that touched a host, how hosts ended."""

from __future__ import annotations

import itertools
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from psnet.apply import Outcome
from psnet.apply.progress import Planned, Step
from psnet.errors import UnreachableError
from psnet.fleet import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psnet.apply.progress import ProgressCallback
    from psnet.fleet import Listener, Progress
    from psnet.playbook.daemon.task_items import TaskItem
    from psnet.playbook.secrets import Secrets

#: What stands for the words of a task with no_log.
HIDDEN: Final = "hidden by no_log"


class PlayRecorder:
    """Records a play as the run engine's events, for the journal and the recap. Safe from any thread."""

    def __init__(self, identifier: str, journals: Sequence[Listener], secrets: Secrets) -> None:
        self.id = identifier
        self._journals, self._secrets = tuple(journals), secrets
        self._lock = threading.Lock()
        self._number = itertools.count(1)
        self._begun: dict[str, float] = {}
        self._hosts: list[str] = []
        self._started = time.monotonic()

    def begin(self, playbook: str, inventory: str, options: Mapping[str, Any], hosts: Sequence[str]) -> None:
        """Record that a run begins, and the hosts that it may come to."""
        self._hosts = list(dict.fromkeys(hosts))
        self._emit(
            events.RunBegan,
            command="play",
            site=playbook,
            inventory=inventory,
            options=dict(options),
            hosts=tuple(hosts),
        )

    def begin_host(self, name: str) -> None:
        """Record that a host is worked on."""
        with self._lock:
            known = name in self._begun
            self._begun.setdefault(name, time.monotonic())
            if name not in self._hosts:
                self._hosts.append(name)
        if not known:
            self._emit(events.HostBegan, host=name)

    def progress_callback(self, host: str, *, quiet: bool) -> ProgressCallback:
        """Return the callback for a task's plan and its outcomes; the plan is durable when it returns.

        Of a ``quiet`` task neither names nor messages are recorded.
        """
        prefix = f"{next(self._number)}."

        def record(progress: Progress) -> None:
            if isinstance(progress, Planned):
                steps = tuple(
                    step.model_copy(update={"id": prefix + step.id, "name": self._masked(step.name, quiet=quiet)})
                    for step in progress.steps
                )
                self._emit(events.HostPlanned, host=host, sent=progress.sent, changes=steps)
                return
            for outcome in progress.outcomes:
                shown = {
                    key: self._masked(getattr(outcome, key), quiet=quiet) for key in ("name", "message", "error_id")
                }
                change = outcome.model_copy(update={"id": prefix + outcome.id, **shown})
                self._emit(events.ChangeDone, host=host, change=change)

        return record

    def begin_task(self, host: str, module: str, title: str) -> str:
        """Record that a task is about to touch a host; return the id for how it ends."""
        name = self._masked(title, quiet=False)
        step = Step(id=str(next(self._number)), operation="run", kind=module, name=name)
        self._emit(events.HostPlanned, host=host, sent=True, changes=(step,))
        return step.id

    def end_task(self, host: str, identifier: str, item: TaskItem, result: Mapping[str, Any]) -> None:
        """Record the result of a task; ``identifier`` is what ``begin_task`` returned."""
        bad = result.get("failed") or result.get("unreachable")
        status = (
            "failed" if bad else "skipped" if result.get("skipped") else "changed" if result.get("changed") else "ok"
        )
        message = self._masked(str(result["msg"]), quiet=item.quiet) if bad and result.get("msg") else None
        error_id = self._masked(result.get("error_id"), quiet=item.quiet) if bad else None  # of a throw it is its text
        change = Outcome(
            id=identifier,
            kind=item.module.name,
            name=self._masked(item.title, quiet=False),
            operation="run",
            status=status,
            message=message,
            error_id=error_id,
        )
        self._emit(events.ChangeDone, host=host, change=change)

    def end(self, counts: Mapping[str, Mapping[str, int]], *, interrupted: bool) -> None:
        """Record how each host and the run ended."""
        statuses: dict[str, int] = {}
        for name in self._hosts:
            row = counts.get(name)
            if row is None or name not in self._begun:
                self._emit(events.HostNotBegun, host=name, reason="no task of the playbook came to it")
                status = "not begun"
            elif row["unreachable"]:
                error = UnreachableError("the host was unreachable", host=name)
                data = events.ErrorData.of(error)
                self._emit(events.HostFailed, host=name, seconds=self._seconds(name), error=data, exception=error)
                status = "error"
            else:
                status = "failed" if row["failed"] else "changed" if row["changed"] else "unchanged"
                failed = status == "failed"
                seconds = self._seconds(name)
                result = dict(row)
                self._emit(events.HostFinished, host=name, status=status, failed=failed, seconds=seconds, result=result)
            statuses[status] = statuses.get(status, 0) + 1
        bad = bool(statuses.keys() & {"failed", "error"})
        ending = "interrupted" if interrupted else "failed" if bad else "done"
        seconds = round(time.monotonic() - self._started, 3)
        self._emit(events.RunEnded, status=ending, seconds=seconds, counts=statuses)

    def _masked(self, text: Any, *, quiet: bool) -> Any:
        return HIDDEN if quiet and text else self._secrets.masked(text)

    def _seconds(self, host: str) -> float:
        return round(time.monotonic() - self._begun[host], 3)

    def _emit(self, kind: type[Any], **values: Any) -> None:
        event = kind(run=self.id, time=datetime.now(UTC).isoformat(timespec="milliseconds"), **values)
        with self._lock:
            for journal in self._journals:
                journal.handle([event])
