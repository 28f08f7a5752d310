"""psnet run."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet.cli import fleet
from psnet.cli.common import exit_code
from psnet.cli.fleet_flags import FleetFlags, over_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.fleet.operations import ScriptResult


@over_fleet()
def run(
    flags: FleetFlags,
    script: Annotated[
        list[str] | None, typer.Argument(metavar="-- SCRIPT", help="PowerShell to run.", show_default=False)
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Run this file instead; - is standard input.", show_default=False)
    ] = None,
) -> None:
    """Run PowerShell on each host and show the objects that it gives, as tables or as data (--json).

    A host fails when the script reports an error there. The journal has that it ran and how it ended, never its text.
    """
    from psnet.fleet.operations import ScriptOperation, script_status

    text, name = _script(script, file)
    call = flags.call("run", flags.hosts(), more={"script": name})
    done = fleet.run_call(call, ScriptOperation(text, name), script_status, _data, _lines)
    if not flags.json:
        fleet.show_run(done, _lines, streamed=True)
    failed = any(answer.failed for answer in done.hosts if answer.result_status is not None)
    raise typer.Exit(exit_code(done.errors) or int(failed or bool(done.not_begun)))


def _script(words: list[str] | None, file: Path | None) -> tuple[str, str]:
    """Return the script and the name that it has in the journal."""
    from psnet._internal.text_files import decode_text, read_data
    from psnet.errors import InputError

    if bool(words) == (file is not None):
        raise InputError(
            "nothing to run" if file is None else "both a script and --file", remedy="-- SCRIPT, or --file"
        )
    if file is None:
        return " ".join(words or ()), "script"
    if str(file) == "-":
        return decode_text(sys.stdin.buffer.read(), "standard input"), "standard input"
    return decode_text(read_data(file), str(file)), file.name


def _lines(ran: ScriptResult) -> Iterator[Text]:
    from psnet.report.objects import object_text

    output = ran.output
    yield Text(ran.host, style="bold")
    for line in object_text(output.objects, shutil.get_terminal_size().columns - 2).splitlines():
        yield Text(f"  {line}")
    for record in output.information:
        yield Text(f"  {record.text}", style="dim")
    for text in output.warnings:
        yield Text(f"  warning: {text}", style="yellow")
    for error in output.errors:
        yield Text(f"  error: {error}", style="red")
        if error.position:
            yield Text("\n".join(f"    {line}" for line in error.position.splitlines()), style="dim")
    if output.stopped:
        yield Text("  stopped before its end", style="magenta")


def _data(ran: ScriptResult) -> dict[str, Any]:
    from psnet.transport.values import plain

    output = ran.output
    return {
        "objects": [_json(plain(item)) for item in output.objects],
        "errors": [
            {"message": item.message, "error_id": item.error_id, "category": item.category, "line": item.line}
            for item in output.errors
        ],
        "warnings": list(output.warnings),
        "verbose": list(output.verbose),
        "information": [item.text for item in output.information],
        "stopped": output.stopped,
    }


def _json(value: Any) -> Any:
    """Return a value that JSON has: bytes as a list of numbers, what else is unknown as its text."""
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, bytes | bytearray):
        return list(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if type(value) in (list, tuple, set, frozenset):
        return [_json(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
