"""One play over some hosts: its steps in lockstep, blocks with their rescue, handlers, includes and meta tasks."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psnet.playbook.events import NoHosts, TaskBegan, TaskEnded
from psnet.playbook.model import Block, Play, Step, Task
from psnet.playbook.modules.resource import ResourceModule
from psnet.playbook.run import batch, handlers, include, meta
from psnet.playbook.run.state import RunOptions, Standing, runs
from psnet.playbook.run.task import censored, status_of
from psnet.playbook.template import Lazy, TemplateFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psnet.playbook.events import ProgressCallback
    from psnet.playbook.modules.base import Result
    from psnet.playbook.run.task import TaskRunner
    from psnet.playbook.tasks import TaskLoader

#: Keywords that need each task's result before the next task may begin.
_ALONE = ("any_errors_fatal", "ignore_errors", "ignore_unreachable", "run_once", "delegate_to")


class EndPlay(Exception):  # noqa: N818 - no error: a meta task that ends the play
    """``meta: end_play``; or a user who ends a run at a step."""


@dataclass(slots=True)
class PlayRun:
    """One batch of hosts of a play."""

    play: Play
    hosts: tuple[str, ...]
    tasks: TaskRunner
    loader: TaskLoader
    standing: Standing
    options: RunOptions
    tell: ProgressCallback
    notified: dict[str, set[str]] = field(default_factory=dict)
    known_handlers: list[Task] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    stopped: bool = False
    over_for_good: bool = False
    started: bool = True
    pool: ThreadPoolExecutor | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    # -- the whole play -------------------------------------------------------------------------

    def run(self) -> None:
        """Run every section, and its handlers after it, with the play's strategy."""
        self.known_handlers = list(self.play.handlers)
        with ThreadPoolExecutor(max(1, min(self.options.forks, len(self.hosts))), "psnet") as pool:
            if self.play.strategy == "free" and len(self.hosts) > 1:
                for future in [pool.submit(self._sections, [host]) for host in self.hosts]:
                    future.result()
                return
            self.pool = pool if len(self.hosts) > 1 else None
            self._sections(list(self.hosts))

    def _sections(self, hosts: list[str]) -> None:
        failed: set[str] = set()
        for section in self.play.sections:
            if not section:
                continue
            failed |= self.steps(section, [host for host in hosts if host not in failed], rescuable=False)
            forced = self.play.force_handlers or self.options.force_handlers
            handlers.flush(self, [host for host in hosts if forced or host not in failed])
            failed |= self.lost & set(hosts)

    def active(self, hosts: Sequence[str]) -> list[str]:
        """Return the hosts that can still be worked on."""
        out = self.standing.unreachable | self.standing.ended
        return [host for host in hosts if host not in out]

    # -- steps ----------------------------------------------------------------------------------

    def steps(self, steps: Sequence[Step], hosts: Sequence[str], *, rescuable: bool) -> set[str]:
        """Run steps in lockstep; return the hosts that failed in them. ``rescuable``: a block around will help."""
        failed: set[str] = set()
        for group in self._groups(steps):
            if self.standing.ended.issuperset(hosts):
                break
            alive = [host for host in self.active(hosts) if host not in failed and not self._given_up(host, rescuable)]
            if not alive:
                break
            failed |= self._group(group, alive, failed, rescuable=rescuable)
        return failed

    def _given_up(self, host: str, rescuable: bool) -> bool:  # noqa: FBT001 - one of two facts
        return self.stopped and not rescuable and host in self.lost

    def _groups(self, steps: Sequence[Step]) -> Iterator[list[Step]]:
        """Yield steps one by one, but tasks of resources that follow each other and need no answer together."""
        together: list[Step] = []
        answers: set[str] = set()
        for step in steps:
            if isinstance(step, Task) and not self._due(step):
                continue
            joins = isinstance(step, Task) and self._joins(step)
            if together and not (joins and isinstance(step, Task) and not self._needs(step, answers)):
                yield together
                together, answers = [], set()
            if joins and isinstance(step, Task):
                together.append(step)
                answers |= {step.register} if step.register else set()
            else:
                yield [step]
        if together:
            yield together

    def _needs(self, task: Task, answers: set[str]) -> bool:
        """Say whether a task may look at registered results: by name, in itself or in any variable that it may use."""
        if not answers:
            return False
        names = re.compile(rf"\b({'|'.join(map(re.escape, answers))})\b")
        own = (task.args, task.more, task.when, task.loop, task.changed_when, task.notify, task.delay)
        if names.search(repr((*own, task.inherited.vars, task.inherited.values))):
            return True
        scopes = (self.tasks.store.scope(host, task) for host in self.hosts)
        written = (value for scope in scopes for value in dict.values(scope) if isinstance(value, Lazy))
        return any(names.search(repr(value)) for value in written)

    def _due(self, task: Task) -> bool:
        if not runs(task, self.options):
            return False
        if not self.started and self.options.start_at is not None:
            self.started = self.options.start_at in (task.name, task.title)
        return self.started or self.options.start_at is None

    def _joins(self, task: Task) -> bool:
        if self.options.step is not None or self.play.max_fail_percentage is not None:
            return False
        plain = not task.until and task.failed_when is None and task.retries is None
        alone = any(task.value(keyword) not in (None, False) for keyword in _ALONE)
        if not self.tasks.store.hosts.keys() >= set(self.hosts):
            return False  # the controller has no session to share
        paused = task.loop is not None and bool(task.loop.control.pause)
        return isinstance(self.tasks.registry.find(task.module), ResourceModule) and plain and not alone and not paused

    def _group(self, group: list[Step], alive: list[str], failed: set[str], *, rescuable: bool) -> set[str]:
        first = group[0]
        if isinstance(first, Block):
            return self._block(first, alive, rescuable=rescuable)
        if len(group) > 1:
            tasks = [step for step in group if isinstance(step, Task)]
            return batch.run(self, tasks, alive, rescuable=rescuable)
        if first.module == "meta":
            return meta.run(self, first, alive, failed)
        if first.module in ("include_tasks", "include_role"):
            return include.run(self, first, alive, rescuable=rescuable)
        return self.task(first, alive, rescuable=rescuable)

    def _block(self, block: Block, hosts: list[str], *, rescuable: bool) -> set[str]:
        failed = self.steps(block.tasks, hosts, rescuable=rescuable or bool(block.rescue))
        if block.rescue and failed:
            with self.standing.lock:
                self.lost -= failed
            failed = self.steps(block.rescue, [host for host in hosts if host in failed], rescuable=rescuable)
        if block.always:
            kept = self.stopped
            self.stopped = False  # what is always done is done after a stop, too
            failed |= self.steps(block.always, hosts, rescuable=rescuable)
            self.stopped = kept or self.stopped
        return failed

    # -- one task -------------------------------------------------------------------------------

    def task(self, task: Task, hosts: list[str], *, rescuable: bool) -> set[str]:
        """Run one task on hosts; return those that failed."""
        if not self.announce(task, hosts):
            return set()
        once = self.once(task, hosts)
        chosen = hosts[:1] if once else hosts
        results = self.over(chosen, lambda host: self.tasks.run(task, host))
        failed: set[str] = set()
        for host in chosen:
            failed |= self.ended(task, host, results[host], hosts if once else [host], rescuable=rescuable)
        return self.spread(task, hosts, failed, once=once, rescuable=rescuable)

    def announce(self, task: Task, hosts: Sequence[str]) -> bool:
        """Tell that a task begins; False when the user steps over it."""
        if self.options.step is not None:
            answer = self.options.step(task.title)
            if answer == "stop":
                raise EndPlay
            if answer == "skip":
                return False
        scope = self.tasks.store.scope(hosts[0], task)
        title = task.title
        if "{{" in title:
            try:
                title = str(self.tasks.store.templar.fill(title, scope))
            except TemplateFault:
                title = task.title  # a name that cannot be filled is shown as written, as Ansible does
        check = bool(task.value("check_mode", self.options.check))
        self.tell(TaskBegan(title, str(task.where), task.handler, check))
        return True

    def once(self, task: Task, hosts: Sequence[str]) -> bool:
        """Say whether a task is done by one host for all."""
        try:
            return self.tasks.flag(task, "run_once", self.tasks.store.scope(hosts[0], task))
        except TemplateFault:
            return False

    def over(self, hosts: Sequence[str], work: Callable[[str], Any]) -> dict[str, Any]:
        """Return what the work gives for each host, many at once."""
        if self.pool is None or len(hosts) < 2:  # noqa: PLR2004 - one alone needs no other thread
            return {host: work(host) for host in hosts}
        futures = {host: self.pool.submit(work, host) for host in hosts}
        return {host: future.result() for host, future in futures.items()}

    def ended(self, task: Task, host: str, result: Result, for_hosts: Sequence[str], *, rescuable: bool) -> set[str]:
        """Count, remember and tell a result; return the hosts that it fails."""
        scope = self.tasks.store.scope(host, task)
        for each in for_hosts:
            self._remember(task, each, result)
        status = status_of(result)
        ignored = self._ignored(task, status, scope)
        shown = censored(result) if self.tasks.hidden(task, scope) else result
        event = TaskEnded(
            host,
            task.title,
            task.module,
            str(task.where),
            "ignored" if ignored else "rescued" if status == "failed" and rescuable else status,
            shown,
            ignored=ignored,
            loop=task.loop is not None and "results" in result,
            diff=self.tasks.flag_or(task, "diff", scope, default=self.options.diff),
            delegated=self._delegated(task, host, scope),
        )
        self._count(host, status, ignored=ignored, rescuable=rescuable, changed=bool(result.get("changed")))
        self.tell(event)
        if status == "changed" and task.notify:
            handlers.notify(self, task, for_hosts, scope)
        if status == "unreachable" and not ignored:
            with self.standing.lock:
                self.standing.unreachable.add(host)
            return {host}
        if status != "failed" or ignored:
            return set()
        if rescuable:
            self.tasks.store[host].set |= {"ansible_failed_task": described(task), "ansible_failed_result": result}
        else:
            with self.standing.lock:
                self.lost.add(host)
        return {host}

    def _delegated(self, task: Task, host: str, scope: Any) -> str | None:
        try:
            target = self.tasks.target(task, host, scope) or "localhost"
        except TemplateFault:
            return None
        return target if target != host and task.value("delegate_to") is not None else None

    def _ignored(self, task: Task, status: str, scope: Any) -> bool:
        keyword = {"failed": "ignore_errors", "unreachable": "ignore_unreachable"}.get(status)
        try:
            return keyword is not None and self.tasks.flag(task, keyword, scope)
        except TemplateFault:
            return False

    def _count(self, host: str, status: str, *, ignored: bool, rescuable: bool, changed: bool) -> None:
        column = {
            "ok": ("ok",),
            "changed": ("ok", "changed"),
            "skipped": ("skipped",),
            "unreachable": ("unreachable",),
            "failed": ("rescued",) if rescuable else ("failed",),
        }[status]
        if ignored:
            column = ("ok", "ignored", *(("changed",) if changed and status == "failed" else ()))
        self.standing.count(host, *column)

    def _remember(self, task: Task, host: str, result: Result) -> None:
        """Keep what a result says for later tasks of the host: facts, variables, the registered result."""
        known = self.tasks.store
        for part in result.get("results") or [result]:
            if not isinstance(part, dict):
                continue
            target = self._facts_of(task, host)
            known[target].facts |= part.get("_facts") or {}
            known[target].own = part.get("_own", known[target].own)
            known[target].set |= part.get("_set") or {}
            known[target].included |= part.get("_include") or {}
        if task.register:
            known[host].set[task.register] = public(result)

    def _facts_of(self, task: Task, host: str) -> str:
        if task.value("delegate_facts") is None:
            return host
        scope = self.tasks.store.scope(host, task)
        try:
            if self.tasks.flag(task, "delegate_facts", scope):
                return self.tasks.target(task, host, scope) or "localhost"
        except TemplateFault:
            pass
        return host

    def spread(self, task: Task, hosts: list[str], failed: set[str], *, once: bool, rescuable: bool) -> set[str]:
        """Return the hosts that fail with those that failed: any_errors_fatal, run_once, max_fail_percentage."""
        scope = self.tasks.store.scope(hosts[0], task)
        fatal = once or self.tasks.flag_or(task, "any_errors_fatal", scope, default=False)
        if failed and fatal:
            failed = set(hosts)
            if not rescuable:
                self._stop(hosts)
        limit = self.play.max_fail_percentage
        if limit is not None and len(self.lost | self._gone()) / len(self.hosts) * 100 > limit and not self.stopped:
            self._stop(hosts)
            self.tell(NoHosts(remaining=True))
            return set(hosts)
        return failed

    def _gone(self) -> set[str]:
        return self.standing.unreachable & set(self.hosts)

    def _stop(self, hosts: Sequence[str]) -> None:
        with self.standing.lock:
            self.lost |= set(hosts)
        self.stopped = True


def public(value: Any) -> Any:
    """Return a result without what modules tell psnet alone."""
    if isinstance(value, dict):
        return {key: public(item) for key, item in value.items() if not (isinstance(key, str) and key.startswith("_"))}
    return [public(item) for item in value] if isinstance(value, list) else value


def described(task: Task) -> dict[str, Any]:
    """Return a task as ``ansible_failed_task`` shows it."""
    return {"name": task.name or task.title, "action": task.module, "args": dict(task.args), "path": str(task.where)}
