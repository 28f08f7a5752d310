"""A script file run as ``powershell.exe -NonInteractive -File`` runs it, with what it writes to the console."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.values import DotNetError

from .arguments import Argument
from .deep import run_deep
from .extent import Source
from .flow import BreakJump, ContinueJump, ExitJump, ReturnJump, ScriptError
from .output import Console
from .report import error_text
from .runspace import Runspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.lab.contract.hosts import HostApi

    from .cmdlet import Registry
    from .records import ErrorRecord


@dataclass
class ExecResult:
    """What a script did: lines of standard output, ids of unhandled errors, and the rest."""

    stdout: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    records: list[ErrorRecord] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    verbose: list[str] = field(default_factory=list)
    exit_code: int = 0
    stderr_text: str = ""


def run_file(
    host: HostApi | Any,
    text: str,
    args: Sequence[Any] = (),
    language: str = "5.1",
    *,
    path: str = "C:\\Users\\Administrator\\script.ps1",
    registry: Registry | None = None,
    width: int = 80,
) -> ExecResult:
    """Run a script's text as the file ``path`` in a new session and return what came of it."""
    runspace = Runspace(host, language, registry=registry)
    result = ExecResult()
    console = Console(runspace, width)
    runspace.sink = console

    def work() -> None:
        with runspace.context():
            _run(runspace, console, text, list(args), path, result)

    try:
        run_deep(work)
    except UnsupportedError as refused:
        refused.printed = console.finished()
        raise
    result.stdout = console.finished()
    result.records = console.errors
    result.errors = [record.full_id for record in console.errors]
    result.warnings = console.warnings
    result.verbose = console.verboses
    result.stderr_text = "".join(error_text(record) for record in console.errors)
    return result


def _run(runspace: Runspace, console: Console, text: str, args: list[Any], path: str, result: ExecResult) -> None:
    frame = runspace.top_frame(console.output, Source("", None))
    try:
        command = runspace.script_command(path, text)
        assert command.block is not None  # noqa: S101 - a script has its block
        processor = runspace.processor_for(frame, command, None, path, dotted=True)
        processor.prepare(file_arguments(args))
        from .pipeline import link, run  # noqa: PLC0415 - small and local

        link([processor], console.output)
        run([processor], None)
        console.flush()
    except (ScriptError, DotNetError) as thrown:
        console.error(runspace.failed_record(thrown, frame))
        result.exit_code = 1
    except RecursionError:
        console.error(runspace.failed_record(runspace.overflow(), frame))
        result.exit_code = 1
    except ExitJump as jump:
        result.exit_code = int(jump.code)
    except (BreakJump, ContinueJump, ReturnJump):
        pass


def file_arguments(args: list[Any]) -> list[Argument]:
    """Return command-line words as arguments: ``-Name``, ``-Name:value`` or a value."""
    found: list[Argument] = []
    for word in args:
        if isinstance(word, str) and len(word) > 1 and word[0] == "-" and word[1].isalpha():
            name, colon, value = word[1:].partition(":")
            if colon:
                switch = {"$true": True, "$false": False}.get(value.lower())
                found.append(Argument(name, value if switch is None else switch, colon=True))
            else:
                found.append(Argument(name))
        else:
            found.append(Argument(value=word))
    return found
