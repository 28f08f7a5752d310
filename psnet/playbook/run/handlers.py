"""Notifying handlers, and running those that were notified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet._yaml import nearest
from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.playbook.model import Task
    from psnet.playbook.run.play import PlayRun
    from psnet.playbook.template import Scope


def named(handler: Task, topic: str) -> bool:
    """Say whether a topic calls a handler: its name, its role's and its own, or what it listens to."""
    return topic in (handler.name, handler.title, *handler.listen)


def notify(run: PlayRun, task: Task, hosts: Sequence[str], scope: Scope) -> None:
    """Remember which handlers a task notifies; of two with one name the later one counts."""
    given: Any = run.tasks.store.templar.fill(task.notify, scope)
    for topic in given if isinstance(given, list | tuple) else [given]:
        called = [index for index, item in enumerate(run.known_handlers) if named(item, str(topic))]
        if not called:
            near = nearest(str(topic), [item.name for item in run.known_handlers])
            raise InputError(
                f"{task.where}: task {task.title!r} notifies {topic!r}, and there is no such handler",
                remedy=f"did you mean {near}?" if near else "add it under handlers:",
            )
        by_name = [index for index in called if topic not in run.known_handlers[index].listen]
        chosen = {*(index for index in called if topic in run.known_handlers[index].listen), *by_name[-1:]}
        with run.lock:
            for host in hosts:
                run.notified.setdefault(host, set()).update(chosen)


def flush(run: PlayRun, hosts: Sequence[str]) -> set[str]:
    """Run the notified handlers of hosts in the order of their definition; return the hosts that fail."""
    failed: set[str] = set()
    done: dict[int, set[str]] = {}
    for _ in range(len(run.known_handlers) + 1):  # a handler may notify another one
        waiting = {index for host in hosts for index in run.notified.get(host, ())}
        if not waiting:
            break
        for index in range(len(run.known_handlers)):
            mine = [host for host in hosts if index in run.notified.get(host, ()) and host not in failed]
            fresh = [host for host in run.active(mine) if host not in done.get(index, set())]
            for host in mine:
                run.notified[host].discard(index)
            if fresh:
                done.setdefault(index, set()).update(fresh)
                failed |= run.steps([run.known_handlers[index]], fresh, rescuable=False)
    return failed
