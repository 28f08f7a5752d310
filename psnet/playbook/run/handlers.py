"""Notifying handlers, and running those that were notified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet._internal.yaml import nearest
from psnet.errors import InputError
from psnet.playbook.template import TemplateFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.playbook.model import Task
    from psnet.playbook.run.play import PlayRun
    from psnet.playbook.template import Scope


def named(handler: Task, topic: str) -> bool:
    """Say whether a topic calls a handler: its name, its role's and its own, or what it listens to."""
    return topic in (handler.name, handler.title, *handler.listen)


def notify(run: PlayRun, task: Task, hosts: Sequence[str], scope: Scope) -> None:
    """Remember which topics a task notifies; which handlers those are is decided when they run."""
    try:
        given: Any = run.tasks.store.templar.fill(task.notify, scope)
    except TemplateFault as fault:
        raise InputError(f"{task.where}: task {task.title!r}: notify: {fault.message}") from None
    for topic in given if isinstance(given, list | tuple) else [given]:
        if not any(named(item, str(topic)) for item in run.known_handlers):
            near = nearest(str(topic), [item.name for item in run.known_handlers])
            raise InputError(
                f"{task.where}: task {task.title!r} notifies {topic!r}, and there is no such handler",
                remedy=f"did you mean {near}?" if near else "add it under handlers:",
            )
        with run.lock:
            for host in hosts:
                run.notified.setdefault(host, set()).add(str(topic))


def _called(run: PlayRun, topics: set[str]) -> set[int]:
    """Return the handlers that topics call: of those with one name the last, and all that listen."""
    found: set[int] = set()
    for topic in topics:
        mine = [index for index, item in enumerate(run.known_handlers) if named(item, topic)]
        listening = {index for index in mine if topic in run.known_handlers[index].listen}
        found |= listening | set([index for index in mine if index not in listening][-1:])
    return found


def flush(run: PlayRun, hosts: Sequence[str]) -> set[str]:
    """Run the notified handlers of hosts in the order of their definition; return the hosts that fail."""
    failed: set[str] = set()
    done: dict[int, set[str]] = {}
    for _ in range(len(run.known_handlers) + 1):  # a handler may notify another one
        with run.lock:
            if not any(run.notified.get(host) for host in hosts):
                break
        for index in range(len(run.known_handlers)):
            mine = [host for host in hosts if index in _called(run, run.notified.get(host, set()))]
            fresh = [host for host in run.active(mine) if host not in done.get(index, set()) and host not in failed]
            if fresh:
                done.setdefault(index, set()).update(fresh)
                failed |= run.steps([run.known_handlers[index]], fresh, rescuable=False)
        for host in hosts:
            waiting = {topic for topic in run.notified.get(host, set()) if _waits(run, topic, host, done)}
            run.notified[host] = waiting if host not in failed else set()
    for host in hosts:
        run.notified.pop(host, None)
    return failed


def _waits(run: PlayRun, topic: str, host: str, done: dict[int, set[str]]) -> bool:
    return any(host not in done.get(index, set()) for index in _called(run, {topic}))
