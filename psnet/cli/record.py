"""psnet record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.output import try_folder, write_whole
from psnet._internal.terminal import echo_document
from psnet._internal.text import file_name
from psnet.cli import fleet
from psnet.cli.common import LimitOption, exit_code, show
from psnet.cli.fleet_options import ForksOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.fleet.operations import RecordedHost
    from psnet.recording import Difference, Record, Redaction

_HEADING = """\
Recorded by psnet record: what one host answered about container networking.
Invented, and the same everywhere in this file: {}.
Kept as they are: names of networks, adapters, switches and rules, private addresses, ports, versions, times."""
_SHOWN = 20


def record(
    inventory: Annotated[
        Path | None,
        typer.Option("--inventory", "-i", envvar="PSNET_INVENTORY", help="The hosts to record.", show_default=False),
    ] = None,
    limit: LimitOption = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", callback=try_folder, help="Where the recordings go.")
    ] = Path("recordings"),
    script: Annotated[
        bool, typer.Option("--script", help="Print the PowerShell that records a host, to run by hand, and exit.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help="Redact what that script printed, saved by hand.", show_default=False
        ),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(
            "--compare", metavar="FILE", help="Say where the lab differs from a recording.", show_default=False
        ),
    ] = None,
    forks: ForksOption = 10,
) -> None:
    """Record what hosts answer about container networking, redacted, and change nothing."""
    if script:
        from psnet.observe.record import record_script

        echo_document(record_script(), end="\n")
    elif compare is not None:
        raise typer.Exit(_compare(compare))
    elif output is not None:
        _redact(output, out)
    else:
        _hosts(inventory, limit, out, forks)


def _redact(output: Path, out: Path) -> None:
    from psnet._internal.text_files import read_text
    from psnet.observe.record import read_recording
    from psnet.recording import redacted

    text = read_text(output).lstrip("\ufeff")
    made, told = redacted(read_recording([text], output.name))
    show(_write(out, output.stem, made, told))


def _hosts(inventory: Path | None, limit: str | None, out: Path, forks: int) -> None:
    from psnet.errors import InputError
    from psnet.fleet import run_options
    from psnet.fleet.operations import record_operation
    from psnet.fleet.results import always_ok
    from psnet.inventories import load_inventory

    if inventory is None:
        raise InputError("no inventory is named", remedy="give --inventory, or --script, --from or --compare")
    hosts = load_inventory(inventory).select(limit)
    call = fleet.Call("record", hosts, run_options(forks=forks), None, [inventory])
    run = fleet.run_call(call, record_operation, always_ok, _data)
    fleet.show_run(run, lambda made: _write(out, made.host, made.records, made.redaction))
    raise typer.Exit(exit_code(run.errors) or int(bool(run.not_begun)))


def _data(made: RecordedHost) -> dict[str, Any]:
    return {"host": made.host, "records": len(made.records)}


def _write(out: Path, name: str, records: Sequence[Record], told: Redaction) -> list[Text]:
    """Write a recording, and beside it for its owner alone what was replaced; return what to show."""
    import yaml

    from psnet.recording import dump_recording

    stem = file_name(name)
    path, private = out / f"{stem}.yaml", out / f"{stem}.replaced.yaml"
    write_whole(path, dump_recording(records, _HEADING.format(told.counts())))
    head = "# What was replaced in the recording beside this file: keep it, do not send it.\n"
    replaced = {kind: dict(known) for kind, known in told.replaced.items()}
    write_whole(private, head + yaml.safe_dump(replaced, allow_unicode=True))
    failed = [item.command for item in records if item.error]
    lines = [Text(name, style="bold"), Text(f"  {len(records)} answers in {path}")]
    lines += [Text(f"  failed: {command}", style="yellow") for command in failed]
    lines.append(Text(f"  replaced: {told.counts()} (which, is in {private}: keep that file, do not send it)"))
    return lines


def _compare(path: Path) -> int:
    from psnet.lab.cmdlets import lab_registry
    from psnet.lab.engine.execute import run_file
    from psnet.lab.recording import reconstruct_host
    from psnet.observe.record import read_recording, record_script
    from psnet.recording import compare_recordings, load_recording

    recorded = load_recording(path)
    host, left = reconstruct_host(recorded)
    result = run_file(host, record_script(), registry=lab_registry(host), width=10_000_000)
    answered = read_recording(result.stdout, host.name)
    compared = compare_recordings(recorded, answered)
    show(_report(path, host.os.product, compared, left))
    return int(any(found for _, found in compared))


def _report(
    path: Path, product: str, compared: Sequence[tuple[Record, list[Difference] | None]], left: Sequence[str]
) -> list[Text]:
    agree = sum(found == [] for _, found in compared)
    asked = sum(found is not None for _, found in compared)
    lines = [Text(f"{path} against the lab's {product}: {agree} of {asked} answers agree", style="bold")]
    for record_, found in compared:
        if found:
            lines.append(Text(f"  {record_.id}  {record_.command}"))
            lines += [Text(f"      {item}") for item in found[:_SHOWN]]
            if len(found) > _SHOWN:
                lines.append(Text(f"      and {len(found) - _SHOWN} more"))
    lines += [Text(f"  not made in the lab: {reason}", style="yellow") for reason in left]
    lines += [
        Text(f"  not asked: {record_.id}  {record_.command}", style="dim")
        for record_, found in compared
        if found is None
    ]
    return lines
