"""``meta`` tasks: what they do to the play itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.playbook.run import handlers
from psnet.playbook.template import TemplateFault

if TYPE_CHECKING:
    from psnet.playbook.model import Task
    from psnet.playbook.run.play import PlayRun


def run(play: PlayRun, task: Task, hosts: list[str], failed: set[str]) -> set[str]:
    """Do it for the hosts whose conditions hold; return the hosts that fail by it."""
    chosen = []
    for host in hosts:
        scope = play.tasks.store.scope(host, task)
        try:
            if play.tasks.skipped(task, scope) is None:
                chosen.append(host)
        except TemplateFault as fault:
            return play.ended(task, host, play.tasks.fault(task, fault), [host], rescuable=False)
    if not chosen:
        return set()
    return _ACTIONS[str(task.args["action"])](play, task, chosen, failed)


def _nothing(play: PlayRun, task: Task, hosts: list[str], failed: set[str]) -> set[str]:
    _ = play, task, hosts, failed
    return set()


def _flush(play: PlayRun, task: Task, hosts: list[str], failed: set[str]) -> set[str]:
    _ = task, failed
    return handlers.flush(play, hosts)


def _end_play(play: PlayRun, task: Task, hosts: list[str], failed: set[str]) -> set[str]:
    _ = task, hosts, failed
    play.standing.ended |= set(play.hosts)
    play.over_for_good = True
    return set()


def _end_batch(play: PlayRun, task: Task, hosts: list[str], failed: set[str]) -> set[str]:
    _ = task, hosts, failed
    play.standing.ended |= set(play.hosts)
    return set()


def _end_host(play: PlayRun, task: Task, hosts: list[str], failed: set[str]) -> set[str]:
    _ = task, failed
    play.standing.ended |= set(hosts)
    return set()


def _clear_errors(play: PlayRun, task: Task, hosts: list[str], failed: set[str]) -> set[str]:
    """Let failed and unreachable hosts of the play go on from here."""
    _ = task, hosts
    failed.clear()
    play.lost -= set(play.hosts)
    play.standing.failed -= set(play.hosts)
    play.standing.unreachable -= set(play.hosts)
    return set()


def _clear_facts(play: PlayRun, task: Task, hosts: list[str], failed: set[str]) -> set[str]:
    _ = task, failed
    for host in hosts:
        known = play.tasks.store[host]
        known.facts.clear()
        known.own = None
    return set()


def _reset(play: PlayRun, task: Task, hosts: list[str], failed: set[str]) -> set[str]:
    _ = task, failed
    for host in hosts:
        if host in play.tasks.store.hosts:
            play.tasks.sessions.forget(host)
    return set()


_ACTIONS = {
    "noop": _nothing,
    "flush_handlers": _flush,
    "end_play": _end_play,
    "end_batch": _end_batch,
    "end_host": _end_host,
    "clear_host_errors": _clear_errors,
    "clear_facts": _clear_facts,
    "reset_connection": _reset,
}
