"""One host of a run: its session, kept over all tasks, and the results of task items that were carried out ahead."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psnet.errors import PsnetError, UnreachableError
from psnet.fleet import apply_plan, observe_host
from psnet.fleet.targets import HostOpener
from psnet.planning import plan
from psnet.playbook.clock import Clock, SystemClock
from psnet.playbook.daemon.check_mode import CheckMode
from psnet.playbook.daemon.task_items import changes_by_task, count_compatible, in_order, leading_harmless
from psnet.playbook.modules import Call
from psnet.playbook.modules.outcome import outcome_result, refused_result
from psnet.playbook.modules.resource import DesiredResource, site_of
from psnet.playbook.modules.site import SiteModule, desired_site
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from psnet.inventories import InventoryHost
    from psnet.playbook.daemon.task_items import TaskItem
    from psnet.playbook.modules import Result
    from psnet.playbook.recorder import PlayRecorder
    from psnet.playbook.secrets import Secrets
    from psnet.site import Site
    from psnet.transport import Session


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """What a task asks of a host: its item, those that may go with it, and how."""

    item: TaskItem
    ahead: tuple[TaskItem, ...]
    check: bool
    diff: bool
    variables: Mapping[str, Any] = field(repr=False)
    reached: Mapping[str, InventoryHost] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class HostWorker:
    """One host; one request at a time."""

    name: str
    record: PlayRecorder
    secrets: Secrets
    clock: Clock = field(default_factory=SystemClock)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _target: InventoryHost | None = None
    _session: Session | None = None
    _done: dict[str, tuple[TaskItem, bool, Result]] = field(default_factory=dict)
    _dry: CheckMode = field(default_factory=CheckMode)

    def run_task(self, target: InventoryHost, request: TaskRequest) -> Result:
        """Return the result of an item: the one that it had ahead when it still wants the same, else a new one."""
        with self.lock:
            if self._target != target:
                self.close()
                self._target = target
            item = request.item
            kept = self._done.pop(item.key, None)
            if kept is not None and kept[0].is_equal(item) and kept[1] == request.check:
                return kept[2]
            self.record.begin_host(self.name)
            try:
                return self._run_task(request)
            except UnreachableError:
                self.close()
                raise
            except PsnetError as error:
                return failed_result(error)

    def keys(self) -> list[str]:
        """Return the keys of task items that were carried out ahead."""
        return list(self._done)

    def unclaimed(self) -> list[str]:
        """Return the titles of task items that were carried out and that no task has asked for."""
        return [item.title for item, check, result in self._done.values() if not check and result.get("changed")]

    @property
    def busy(self) -> bool:
        """Whether something is under way on the host."""
        return self.lock.locked()

    def stop(self) -> None:
        """Stop what runs on the host, from any thread."""
        session = self._session
        if session is not None and self.busy:
            session.stop()

    def wait(self) -> None:
        """Wait until nothing runs on the host."""
        with self.lock:
            pass

    def close(self) -> None:
        """Close the session; a host that is gone already is no error."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _open(self) -> Session:
        if self._session is None:
            self._session = self._another()
        return self._session

    def _another(self) -> Session:
        assert self._target is not None  # noqa: S101 - run_task has set it
        return open_session(self._target.settings(), self.name)

    def _run_task(self, request: TaskRequest) -> Result:
        item = request.item
        if item.wanted is not None:
            task_items = [item, *request.ahead]
            task_items = task_items[: count_compatible(task_items)]
            results = self._dry_items(task_items) if request.check else self._task_items(task_items)
            for later, result in zip(task_items[1:], results[1:], strict=False):
                self._done[later.key] = (later, request.check, result)
            return results[0]
        call = self._call(request)
        if request.check and isinstance(item.module, SiteModule):
            return self._dry.plan_site(self._open(), self.name, desired_site(call))
        if not item.module.touches or request.check:
            return item.module.run(call)
        step = self.record.begin_task(self.name, item.module.name, item.title)
        try:
            result = item.module.run(call)
        except PsnetError as error:
            self.record.end_task(self.name, step, item, failed_result(error))
            raise
        self.record.end_task(self.name, step, item, result)
        return result

    def _call(self, request: TaskRequest) -> Call:
        assert self._target is not None  # noqa: S101 - run_task has set it
        item = request.item
        return Call(
            name=self.name,
            address=str(self._target.connection.get("address") or self.name),
            args=item.args,
            title=item.title,
            where=item.where,
            check=request.check,
            diff=request.diff,
            secrets=self.secrets,
            content=item.content,
            variables=request.variables,
            clock=self.clock,
            session=self._open,
            reopen=self._another,
            forget=self.close,
            tell=self.record.progress_callback(self.name, quiet=item.quiet),
            reached={name: HostOpener(host) for name, host in request.reached.items()},
        )

    def _dry_items(self, task_items: Sequence[TaskItem]) -> list[Result]:
        wanted = [item.wanted for item in task_items if item.wanted is not None]
        return self._dry.plan_items(self._open(), self.name, wanted, task_items[0].title)

    def _task_items(self, task_items: Sequence[TaskItem]) -> list[Result]:
        """Carry out the first of some task items together, as many as may be; return their results."""
        session = self._open()
        wanted = [item.wanted for item in task_items if item.wanted is not None]
        title = task_items[0].title
        everything = site_of(wanted, title)
        state = observe_host(session, self.name, everything)
        made = plan(everything, state, host=self.name)
        count = leading_harmless(wanted, made)
        if count < len(wanted):
            wanted, everything = wanted[:count], site_of(wanted[:count], title)
            made = plan(everything, state, host=self.name)
        refused = refused_result(made)
        if refused is not None:
            return [refused]
        if count > 1:
            made = in_order(made, task_items[:count], wanted)
        return self._apply(session, everything, made, wanted, quiet=any(item.quiet for item in task_items))

    def _apply(
        self, session: Session, site: Site, made: Any, wanted: Sequence[DesiredResource], *, quiet: bool
    ) -> list[Result]:
        options = wanted[0].options
        done = apply_plan(
            session,
            self.name,
            site,
            made,
            confirmation=options.confirmation(),
            reopen=self._another,
            report=self.record.progress_callback(self.name, quiet=quiet),
        )
        if done.ending is not None:
            self.close()  # the connection was cut: what follows begins a session of its own
        if len(wanted) == 1:
            return [outcome_result(done, done.plan.changes, done.outcomes, whole=True)]
        return [outcome_result(done, changes, done.outcomes) for changes in changes_by_task(done.plan, wanted)]


def failed_result(error: PsnetError) -> Result:
    """Return an error as the result of a task."""
    said: Result = {"changed": False, "failed": True, "msg": error.message}
    said |= {"step": error.step, "remedy": error.remedy, "error_id": getattr(error, "error_id", None)}
    return {name: value for name, value in said.items() if value is not None}
