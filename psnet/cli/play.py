"""psnet play: ansible-playbook, set up for psnet."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from psnet._internal.terminal import echo
from psnet.cli.failure import show_failure

if TYPE_CHECKING:
    from psnet.errors import InputError, Problem

#: Exit codes of ansible-playbook that may mean that nothing was run.
_REFUSED: Final = (1, 4, 5, 250)
_ERROR: Final = re.compile(r"^\[ERROR\]: (.+)$", re.MULTILINE)
_CHECKED: Final = re.compile(r"^error (.+?):(\d+):(\d+): (.+)$", re.MULTILINE)
_ORIGIN: Final = re.compile(r"^Origin: (.+):(\d+):(\d+)$", re.MULTILINE)


def play(
    context: typer.Context,
    inventory: Annotated[
        list[str] | None,
        typer.Option("--inventory", "-i", help="A hosts.yaml, or an inventory of Ansible's; again for more."),
    ] = None,
    journal: Annotated[
        str | None, typer.Option("--journal", help="Where runs are recorded: a path, or an SQLAlchemy URL.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one event a line as JSON.")] = False,
) -> None:
    """Run a playbook with ansible-core: the collection, the journal, the inventory and psnet's checks are set up.

    What is not an option here goes to ansible-playbook as it is. Exit codes are Ansible's: 0 done, 1 an error, 2 a host
    failed, 4 a host was unreachable or the playbook is wrong.
    """
    from psnet._internal.ansible_core import program
    from psnet._internal.run_id import new_run_id
    from psnet.errors import InputError
    from psnet.playbook.preparation.environment import environment

    try:
        found = program()
    except InputError as error:
        echo(f"error {error}", err=True)
        if json_:
            show_failure(error)
        raise typer.Exit(1) from None
    words = list(context.args)
    given = dict(os.environ) | {"PSNET_RUN": new_run_id()}
    if journal is not None:
        given["PSNET_JOURNAL"] = journal if "://" in journal else str(Path(journal).expanduser().resolve())
    chosen = inventory or ([given["PSNET_INVENTORY"]] if given.get("PSNET_INVENTORY") else [])
    problems = _problems(words, chosen)
    if problems:
        for problem in problems:
            echo(f"error {problem}", err=True)
        if json_:
            show_failure(InputError("the playbook is wrong", problems))
        raise typer.Exit(4)
    folder = Path(tempfile.mkdtemp(prefix="psnet-play-"))
    try:
        command = [*_started(found), *(part for item in chosen for part in ("-i", item)), *words]
        code = _run(command, environment(folder, given, json=json_), json=json_)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    raise typer.Exit(code)


def _problems(words: list[str], inventories: list[str]) -> list[Problem]:
    """Return what is wrong with the playbooks among some words, and with files of variables and hosts."""
    from psnet.playbook.preparation.referenced_files import variables_beside
    from psnet.playbook.preparation.validation import excess_below, problems_in

    files = [Path(word) for word in words if not word.startswith(("-", "@"))]  # one that is no playbook says nothing
    found = [problem for path in files if path.is_file() for problem in problems_in(path)]
    found += excess_below(variables_beside(words, inventories))
    return list({str(problem): problem for problem in found}.values())


def _started(program: Path) -> list[str]:
    """Return how ansible-playbook is started: by psnet's start where it is a Python program, its Python beside it."""
    from psnet.playbook import ansible_start

    python = program.parent / "python"
    with program.open("rb") as file:
        first = file.readline(200)
    if not (first.startswith(b"#!") and b"python" in first and python.is_file()):
        return [str(program)]
    return [str(python), ansible_start.__file__, str(program)]


def _run(command: list[str], environment: dict[str, str], *, json: bool) -> int:
    """Run ansible-playbook on this terminal; Ctrl-C is its own to answer, a TERM is handed on.

    With ``json`` what it said on standard error instead of running is printed as a document too.
    """
    sys.stdout.flush()
    said: list[str] = []
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE if json else None, text=True) as process:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        ended = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            for line in process.stderr or ():
                echo(line.rstrip("\n"), err=True)
                said.append(line)
            code = process.wait()
        finally:
            signal.signal(signal.SIGINT, before)
            signal.signal(signal.SIGTERM, ended)
    if said and code in _REFUSED and (error := _ansible_error("".join(said))) is not None:
        show_failure(error)
    return code if code >= 0 else 128 - code


def _ansible_error(said: str) -> InputError | None:
    """Return the error that ansible-core, or psnet's check in it, ended with; None when neither said one."""
    from psnet.errors import InputError, Problem

    checked = [Problem(each[4], each[1], int(each[2]), int(each[3])) for each in _CHECKED.finditer(said)]
    if checked:
        return InputError("the playbook is wrong", checked)
    found = _ERROR.search(said)
    if found is None:
        return None
    place = _ORIGIN.search(said, found.end())
    if place is None:
        return InputError(found[1])
    return InputError(found[1], [Problem(found[1], place[1], int(place[2]), int(place[3]))])
