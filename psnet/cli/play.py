"""psnet play."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet.cli.common import InventoryOption, LimitOption, journal_at, out
from psnet.cli.fleet_options import ForksOption, JournalOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.playbook.events import Event
    from psnet.playbook.model import Playbook
    from psnet.playbook.run.book import PlaybookRun
    from psnet.playbook.template import Secrets


def play(
    playbook: Annotated[Path, typer.Argument(help="The playbook.", show_default=False)],
    inventory: InventoryOption,
    limit: LimitOption = None,
    check: Annotated[bool, typer.Option("--check", "-C", help="Say what would change; change nothing.")] = False,
    diff: Annotated[bool, typer.Option("--diff", "-D", help="Show the differences.")] = False,
    extra_vars: Annotated[
        list[str] | None,
        typer.Option("--extra-vars", "-e", help="name=value, JSON, or @FILE; they win over all others."),
    ] = None,
    tags: Annotated[list[str] | None, typer.Option("--tags", "-t", help="Only tasks with one of these tags.")] = None,
    skip_tags: Annotated[list[str] | None, typer.Option("--skip-tags", help="No task with one of these tags.")] = None,
    start_at_task: Annotated[
        str | None, typer.Option("--start-at-task", help="Begin at the task of this name.")
    ] = None,
    step: Annotated[bool, typer.Option("--step", help="Ask before each task: (N)o/(y)es/(c)ontinue.")] = False,
    forks: ForksOption = 10,
    force_handlers: Annotated[bool, typer.Option("--force-handlers", help="Run handlers of failed hosts too.")] = False,
    list_tasks: Annotated[bool, typer.Option("--list-tasks", help="Name the tasks; run nothing.")] = False,
    list_hosts: Annotated[bool, typer.Option("--list-hosts", help="Name the hosts; run nothing.")] = False,
    list_tags: Annotated[bool, typer.Option("--list-tags", help="Name the tags; run nothing.")] = False,
    syntax_check: Annotated[bool, typer.Option("--syntax-check", help="Check the playbook; run nothing.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print one event a line as JSON.")] = False,
    journal: JournalOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the result of every task.")] = False,
) -> None:
    """Run a playbook: plays in Ansible's shape over psnet's modules (docs/playbooks.md).

    Exit codes are Ansible's: 0 done, 1 the playbook or an option is wrong, 2 a host failed, 4 a host was unreachable.
    """
    from psnet.errors import InputError
    from psnet.fleet.run import new_run_id
    from psnet.inventory import load_inventory
    from psnet.journal.record import Recorder
    from psnet.playbook.load import load_playbook
    from psnet.playbook.modules import Registry
    from psnet.playbook.run import PlaybookRun, RunOptions
    from psnet.playbook.template import Secrets, Templar
    from psnet.playbook.variables import read_extra

    secrets = Secrets()
    templar = Templar(secrets, [playbook.resolve().parent])
    registry = Registry()
    try:
        extra = read_extra(extra_vars or [], templar)
        read = load_playbook(playbook, registry, templar, extra)
        hosts = load_inventory(inventory)
        if limit is not None:
            hosts.select(limit)
        options = RunOptions(
            check=check,
            diff=diff,
            forks=forks,
            limit=limit,
            tags=_words(tags),
            skip_tags=_words(skip_tags),
            start_at=start_at_task,
            extra=extra,
            force_handlers=force_handlers,
            ask=_ask if sys.stdin.isatty() else None,
            step=_Stepper() if step else None,
        )
        identifier = new_run_id()
        tell = _teller(secrets, identifier, json_=json_, verbose=verbose)
        run = PlaybookRun(read, hosts, registry, templar, options, tell, identifier=identifier)
        if syntax_check or list_tasks or list_hosts or list_tags:
            _list(read, run, tasks=list_tasks, hosts=list_hosts, tags=list_tags)
            return
        if start_at_task is not None:
            _start(read, start_at_task)
        run.journal = Recorder(journal_at(journal))
        code = run.run()
    except InputError as error:
        typer.secho(f"error {secrets.masked(str(error))}", err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(code)


def _words(given: list[str] | None) -> tuple[str, ...]:
    return tuple(word.strip() for text in given or () for word in text.split(",") if word.strip())


def _ask(text: str, private: bool) -> str:
    return str(typer.prompt(text, hide_input=private, default="", show_default=False))


class _Stepper:
    """Asks before each task, until the answer is to go on without asking."""

    def __init__(self) -> None:
        self._asks = True

    def __call__(self, title: str) -> str:
        if not self._asks:
            return "run"
        answer = str(typer.prompt(f"Perform task: TASK: {title} (N)o/(y)es/(c)ontinue", default="n")).lower()
        self._asks = not answer.startswith("c")
        return "run" if answer[:1] in ("y", "c") else "skip"


def _teller(secrets: Secrets, run: str, *, json_: bool, verbose: bool) -> Callable[[Event], None]:
    from psnet.playbook.show import TextView, as_json

    lock = threading.Lock()
    console = out()
    view: Callable[[Any], None] = TextView(console.print, secrets, verbose=verbose)

    def tell(event: Event) -> None:
        with lock:
            if json_:
                typer.echo(as_json(event, secrets, run))
            else:
                view(event)

    return tell


def _start(playbook: Playbook, name: str) -> None:
    from psnet._internal.yaml import nearest
    from psnet.errors import InputError

    names = [each for item in playbook.plays for task in item.tasks() for each in (task.name, task.title) if each]
    if name not in names:
        near = nearest(name, names)
        raise InputError(f"no task is named {name}", remedy=f"did you mean {near}?" if near else None)


def _list(playbook: Playbook, run: PlaybookRun, *, tasks: bool, hosts: bool, tags: bool) -> None:
    """Print what a playbook holds, as ansible-playbook does."""
    from psnet.playbook.run.state import runs

    out().print(Text(f"\nplaybook: {playbook.path}"))
    for number, item in enumerate(playbook.plays, 1):
        shown = ", ".join(sorted(item.inherited.tags))
        if tasks or hosts or tags:
            out().print(Text(f"\n  play #{number} ({item.hosts}): {item.name}\tTAGS: [{shown}]"))
        if hosts:
            names = run.hosts_of(item)
            out().print(Text(f"    pattern: {item.hosts}\n    hosts ({len(names)}):"))
            for name in names:
                out().print(Text(f"      {name}"))
        if tasks:
            out().print(Text("    tasks:"))
            for task in item.tasks():
                if not task.handler and runs(task, run.options):
                    out().print(Text(f"      {task.title}\tTAGS: [{', '.join(sorted(task.inherited.tags))}]"))
        if tags:
            found = sorted({tag for task in item.tasks() for tag in task.inherited.tags})
            out().print(Text(f"      TASK TAGS: [{', '.join(found)}]"))
