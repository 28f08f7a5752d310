"""include_tasks and include_role: what is included may differ from host to host, and from item to item."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psnet.errors import InputError
from psnet.playbook.events import Included, ItemEnded
from psnet.playbook.model import Block, Inherited, Step, Task
from psnet.playbook.roles import RoleLoader
from psnet.playbook.source import found
from psnet.playbook.tasks import TaskLoader, words
from psnet.playbook.template import TemplateFault

if TYPE_CHECKING:
    from psnet.playbook.modules.base import Result
    from psnet.playbook.run.play import PlayRun
    from psnet.playbook.template import Scope


@dataclass(slots=True)
class _Wanted:
    """One thing to include, and for which hosts."""

    name: str
    variables: dict[str, Any]
    hosts: list[str]
    label: str = ""
    args: dict[str, Any] | None = None


def run(play: PlayRun, task: Task, hosts: list[str], *, rescuable: bool) -> set[str]:
    """Include for each host what it wants; the same thing together. Return the hosts that fail."""
    play.announce(task, hosts)
    failed: set[str] = set()
    wanted: list[_Wanted] = []
    once = play.once(task, hosts)
    for host in hosts[:1] if once else hosts:
        said = _wants(play, task, host, wanted)
        if said is not None:
            failed |= play.ended(task, host, said, [host], rescuable=rescuable)
    if once and wanted:
        wanted = [replace_hosts(item, hosts) for item in wanted]
    ready: list[tuple[_Wanted, list[Step]]] = []
    for item in wanted:
        alive = [host for host in item.hosts if host not in failed]
        try:
            path, steps = _steps(play, task, item)
        except InputError as error:
            reason = "; ".join(map(str, error.problems)) or error.message
            for host in alive:
                result = {"changed": False, "failed": True, "msg": reason}
                failed |= play.ended(task, host, result, [host], rescuable=rescuable)
            continue
        for host in alive:
            play.standing.count(host, "ok")
        play.tell(Included(path, tuple(alive), item.label))
        ready.append((item, steps))
    for item, steps in ready:
        alive = [host for host in play.active(item.hosts) if host not in failed]
        failed |= play.steps(steps, alive, rescuable=rescuable) if alive else set()
    return failed


def replace_hosts(item: _Wanted, hosts: list[str]) -> _Wanted:
    """Return the same for other hosts."""
    return _Wanted(item.name, item.variables, list(hosts), item.label, item.args)


def _wants(play: PlayRun, task: Task, host: str, wanted: list[_Wanted]) -> Result | None:
    """Add what a host wants included; return its result when it wants nothing, or cannot say."""
    tasks = play.tasks
    scope = tasks.store.scope(host, task)
    try:
        items = tasks.items(task, scope)
        if items is None:
            said = tasks.skipped(task, scope)
            if said is None:
                _add(play, task, host, scope, wanted, {}, "")
            return said
        skipped: Result | None = {"changed": False, "skipped": True, "skipped_reason": "No items in the list"}
        for _, item, inner in tasks.scopes(task, scope, items):
            said = tasks.skipped(task, inner)
            if said is not None:
                skipped = said
                tasks.tell(ItemEnded(host, task.title, str(item), "skipped", said))
            else:
                assert task.loop is not None  # noqa: S101 - there are items
                own = {task.loop.control.loop_var: item}
                if task.loop.control.index_var:
                    own[task.loop.control.index_var] = inner[task.loop.control.index_var]
                _add(play, task, host, inner, wanted, own, str(item))
        return skipped if not any(host in each.hosts for each in wanted) else None
    except TemplateFault as fault:
        return tasks.fault(task, fault)


def _add(
    play: PlayRun, task: Task, host: str, scope: Scope, wanted: list[_Wanted], own: dict[str, Any], label: str
) -> None:
    fill = play.tasks.store.templar.fill
    args = {key: fill(value, scope) for key, value in task.args.items() if key != "apply"}
    name = args.get("file" if task.module == "include_tasks" else "name")
    if not name:
        raise TemplateFault(f"{task.module} names nothing to include")
    for item in wanted:
        if item.name == name and item.variables == own and item.args == args and host not in item.hosts:
            item.hosts.append(host)
            return
    wanted.append(_Wanted(str(name), own, [host], label, args))


def _steps(play: PlayRun, task: Task, item: _Wanted) -> tuple[str, list[Step]]:
    """Return what is included: its path, and its steps. Raises InputError."""
    below = _handed(task)
    loader = TaskLoader(play.loader.registry, play.loader.templar, [], play.loader.folder, play.loader.static)
    if task.module == "include_role":
        called = replace(task, args=item.args or {}, inherited=replace(below, role=None))
        steps = RoleLoader(loader, loader.problems).imported(item.name, called)
        path = item.name
    else:
        place = found([item.name], loader.search(Path(task.where.path).parent, task.inherited.role, "tasks"))
        if place is None:
            raise InputError(f"{task.where}: there is no file {item.name}")
        path = str(place)
        steps = loader.file(place, below, handlers=task.handler)
    if loader.problems:
        raise InputError(f"{path} has errors", loader.problems)
    play.known_handlers += [each for each in loader.handlers if each not in play.known_handlers]
    return path, [_with_params(step, {**task.vars, **item.variables}) for step in steps]


def _handed(task: Task) -> Inherited:
    """Return what an included file inherits: the include's surroundings and variables, and what ``apply`` says."""
    given = task.args.get("apply") or {}
    handed = Inherited(vars=task.inherited.vars, values=dict(task.outside.values), role=task.inherited.role)
    if not isinstance(given, dict):
        return handed
    when = given.get("when")
    return replace(
        handed,
        tags=words(given.get("tags")),
        when=tuple(when if isinstance(when, list) else [] if when is None else [when]),
        values={**handed.values, **{key: value for key, value in given.items() if key not in ("when", "tags", "vars")}},
    )


def _with_params(step: Step, params: dict[str, Any]) -> Step:
    """Return a step whose tasks know the variables of the include's loop."""
    if not params:
        return step
    if isinstance(step, Block):
        parts = ([_with_params(each, params) for each in part] for part in (step.tasks, step.rescue, step.always))
        tasks, rescue, always = (tuple(part) for part in parts)
        return Block(tasks, step.where, rescue, always)
    return replace(step, params={**params, **step.params})
