"""Tasks of resources that follow each other, sent to a host together: one observe, one apply, one verify for all.

What Ansible promises stays true: results are told task by task, and a task after one that failed is not done. Every
change of a task therefore waits for the changes of the tasks before it, and a task that replaces, removes, cuts the
connection or is refused begins a pipeline of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psnet.errors import PsnetError
from psnet.fleet import Confirmation, apply_plan, observe_host
from psnet.plan import Change, Plan, plan
from psnet.playbook.modules.outcome import outcome_result, planned_result
from psnet.playbook.modules.resource import Wanted, site_of
from psnet.playbook.run.task import Prepared, joined, unexpected
from psnet.playbook.template import TemplateFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.playbook.model import Task
    from psnet.playbook.modules.base import Result
    from psnet.playbook.run.play import PlayRun
    from psnet.site import Site
    from psnet.state import HostState


@dataclass(slots=True)
class _Turn:
    """One task, or one turn of its loop, on one host."""

    task: Task
    ready: Prepared
    result: Result | None = None

    @property
    def wanted(self) -> Wanted:
        wanted: Wanted = self.ready.args
        return wanted


def run(play: PlayRun, tasks: Sequence[Task], hosts: list[str], *, rescuable: bool) -> set[str]:
    """Run tasks together; return the hosts that fail."""
    turns = play.over(hosts, lambda host: _on_host(play, tasks, host))
    failed: set[str] = set()
    for task in tasks:
        alive = [host for host in play.active(hosts) if host not in failed and id(task) in turns[host]]
        if not alive:
            break
        play.announce(task, alive)
        for host in alive:
            result = _told(play, task, host, turns[host][id(task)])
            failed |= play.ended(task, host, result, [host], rescuable=rescuable)
    return failed


def _told(play: PlayRun, task: Task, host: str, turns: list[_Turn]) -> Result:
    results = [play.tasks.judged(task, turn.ready, turn.result or {}) for turn in turns]
    if task.loop is None or (len(turns) == 1 and turns[0].ready.index is None):
        return results[0]
    told = [play.tasks.told_item(task, host, turn.ready, result) for turn, result in zip(turns, results, strict=True)]
    return joined(told)


def _on_host(play: PlayRun, tasks: Sequence[Task], host: str) -> dict[int, list[_Turn]]:
    """Return the turns of each task that was reached on a host, with their results."""
    turns: list[_Turn] = []
    reached: dict[int, list[_Turn]] = {}
    for task in tasks:
        reached[id(task)] = mine = _turns(play, task, host)
        turns += mine
        if any(turn.ready.result is not None and turn.ready.result.get("failed") for turn in mine):
            break  # nothing after this task is done, and what is before it is
    for turn in turns:
        turn.result = turn.ready.result
    waiting = [turn for turn in turns if turn.result is None]
    with play.tasks.sessions.held(host if waiting else None):
        while waiting:
            count = _together(play, host, waiting)
            done, waiting = waiting[:count], waiting[count:]
            bad = next((turn for turn in done if _bad(turn)), None)
            if bad is not None:  # a loop goes on after a bad item, a play does not go on after a bad task
                gone = bool((bad.result or {}).get("unreachable"))
                waiting = [] if gone else [turn for turn in waiting if turn.task is bad.task]
    return {key: mine for key, mine in reached.items() if _finished(mine)}


def _finished(turns: list[_Turn]) -> bool:
    return all(turn.result is not None for turn in turns) or any(_bad(turn) for turn in turns)


def _bad(turn: _Turn) -> bool:
    result = turn.result or {}
    return bool(result.get("failed") or result.get("unreachable"))


def _turns(play: PlayRun, task: Task, host: str) -> list[_Turn]:
    tasks = play.tasks
    module = tasks.registry.find(task.module)
    assert module is not None  # noqa: S101 - the loader has looked
    scope = tasks.store.scope(host, task)
    try:
        items = tasks.items(task, scope)
    except TemplateFault as fault:
        return [_Turn(task, Prepared(scope, result=tasks.fault(task, fault)))]
    if items is None:
        return [_Turn(task, tasks.prepared(task, module, scope))]
    found = [
        _Turn(task, tasks.prepared(task, module, inner, item, index))
        for index, item, inner in tasks.scopes(task, scope, items)
    ]
    return found or [_Turn(task, Prepared(scope, result=joined([])))]


def _together(play: PlayRun, host: str, turns: list[_Turn]) -> int:
    """Carry out the first of some turns together, as many as may be; return how many. Their results are set."""
    try:
        session = play.tasks.sessions.session(host)
        count = _compatible(turns)
        everything = site_of([turn.wanted for turn in turns[:count]], play.play.name)
        state = observe_host(session, host, everything)
        count = _before_trouble(turns[:count], state, host, play.play.name)
        mine = turns[:count]
        site, made = _planned(mine, state, host, play.play.name)
        if play.tasks.flag(mine[0].task, "check_mode", mine[0].ready.scope, default=play.options.check):
            for turn, changes in zip(mine, _shares(made, mine), strict=True):
                turn.result = planned_result(made.model_copy(update={"changes": changes}))
            return count
        options = mine[0].wanted.options
        done = apply_plan(
            session,
            host,
            site,
            made,
            confirmation=Confirmation(options.confirm_within, options.rollback),
            reopen=lambda: play.tasks.sessions.another(host),
            tell=play.tasks.record.teller(host),
        )
        if done.ending is not None:
            play.tasks.sessions.forget(host)  # the connection was cut: what follows begins a session of its own
        for turn, changes in zip(mine, _shares(done.plan, mine), strict=True):
            turn.result = outcome_result(done, changes, done.outcomes, whole=count == 1)
    except PsnetError as error:
        turns[0].result = play.tasks.failure(error)
        return 1
    except Exception as error:  # noqa: BLE001 - it is logged there
        turns[0].result = unexpected(turns[0].task, host, error)
        return 1
    return count


def _compatible(turns: list[_Turn]) -> int:
    """Return how many turns make one site: one backend, each thing once, nothing before what it needs."""
    seen: set[tuple[str, str]] = set()
    later = [_identity(turn.wanted) for turn in turns]
    backend = "auto"
    check = turns[0].task.value("check_mode")
    for index, turn in enumerate(turns):
        options = turn.wanted.options
        other = options.backend != "auto" and backend not in ("auto", options.backend)
        needs = {(item.kind, item.name) for item in turn.wanted.resource.requires()} if turn.wanted.resource else set()
        early = bool(needs & set(later[index + 1 :]))
        if later[index] in seen or other or turn.task.value("check_mode") != check:
            return max(1, index)
        if early:
            return index + 1
        backend = options.backend if options.backend != "auto" else backend
        seen.add(later[index])
    return len(turns)


def _identity(wanted: Wanted) -> tuple[str, str]:
    if wanted.resource is not None:
        return wanted.resource.identity.kind, wanted.resource.identity.name
    assert wanted.absent is not None  # noqa: S101 - a task wants one of the two
    return wanted.absent.kind, wanted.absent.name


def _before_trouble(turns: list[_Turn], state: HostState, host: str, name: str) -> int:
    """Return how many turns are harmless together; a first one that is not goes alone."""
    _, whole = _planned(turns, state, host, name)
    shares = _shares(whole, turns)
    refused = {finding.resource for finding in whole.refusals}
    for index, (turn, changes) in enumerate(zip(turns, shares, strict=True)):
        names = {f"{kind} {name}" for kind, name in _names(turn.wanted)}
        trouble = any(item.operation in ("replace", "remove") or item.cuts for item in changes) or bool(refused & names)
        if trouble:
            return max(1, index)
    return len(turns) if not (refused and len(turns) > 1 and None in refused) else 1


def _names(wanted: Wanted) -> set[tuple[str, str]]:
    """Return what changes belong to a task: its thing, and what is made or removed along with it."""
    names = {_identity(wanted)}
    if wanted.resource is not None:
        names |= {(item.identity.kind, item.identity.name) for item in wanted.resource.implied()}
    elif wanted.absent is not None and wanted.absent.kind == "nat_static_mapping":
        names.add(("firewall_rule", f"psnet-mapping-{wanted.absent.name}"))
    return names


def _planned(turns: list[_Turn], state: HostState, host: str, name: str) -> tuple[Site, Plan]:
    """Return a plan whose changes are in the order of the tasks, each waiting for the tasks before it."""
    site = site_of([turn.wanted for turn in turns], name)
    made = plan(site, state, host=host)
    ordered: list[Change] = []
    before: list[str] = []
    mine: list[str] = []
    task = turns[0].task
    for turn, share in zip(turns, _shares(made, turns), strict=True):
        if turn.task is not task:
            before, mine, task = mine or before, [], turn.task
        for change in share:
            needs = tuple(dict.fromkeys((*change.requires, *before)))
            ordered.append(change.model_copy(update={"requires": needs}))
            mine.append(change.id)
    return site, made.model_copy(update={"changes": tuple(ordered)})


def _shares(made: Plan, turns: list[_Turn]) -> list[tuple[Change, ...]]:
    """Return the changes of each turn, in the plan's order."""
    return [
        tuple(change for change in made.changes if (change.kind, change.name) in _names(turn.wanted)) for turn in turns
    ]
