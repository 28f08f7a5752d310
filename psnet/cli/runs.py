"""psnet runs: what was done, when, to which host; and going on with what was not finished."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.output import try_output, write_whole
from psnet._internal.terminal import echo_document
from psnet.cli import completion
from psnet.cli.common import JsonOption, show, show_json
from psnet.cli.fleet_options import JournalOption, JsonLinesOption, JunitOption
from psnet.cli.journals import journal_to_read

if TYPE_CHECKING:
    from psnet.journal import RunRecord, RunSummary

app = typer.Typer(help="The journal: every run, host by host and change by change.", no_args_is_help=True)

RunArgument = Annotated[
    str,
    typer.Argument(
        help="A run's id, the beginning of it, or last.", show_default=False, autocompletion=completion.runs
    ),
]
_STYLES = {
    "done": "green",
    "changed": "green",
    "unchanged": "green",
    "failed": "bold red",
    "error": "bold red",
    "running": "yellow",
    "applying": "magenta",
    "waiting": "dim",
    "interrupted": "yellow",
    "sent": "magenta",
    "planned": "yellow",
    "not begun": "yellow",
    "ok": "green",
    "healthy": "green",
    "sick": "bold red",
    "refused": "bold red",
}


def _options(record: RunRecord | RunSummary) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(str(record.run["options"]))
    return found


def _data(record: RunRecord) -> dict[str, Any]:
    run = dict(record.run) | {"options": _options(record)}
    hosts = [
        {
            **{key: value for key, value in row.items() if key not in ("run_id", "position", "plan", "findings")},
            "plan": json.loads(row["plan"]) if row["plan"] else None,
            "findings": [item.model_dump(mode="json") for item in record.findings(str(row["host"]))],
            "changes": [
                {key: value for key, value in item.items() if key not in ("number", "run_id", "host")}
                for item in record.changes.get(str(row["host"]), ())
            ],
        }
        for row in record.hosts
    ]
    return {**run, "hosts": hosts}


def _line(record: RunRecord | RunSummary) -> Text:
    from psnet.planning.saved import site_title

    run = record.run
    line = Text(f"{record.id}  ", style="bold")
    line.append(f"{run['started'][:19].replace('T', ' ')}  ", style="dim")
    line.append(f"{run['status']:<12}", style=_STYLES.get(str(run["status"]), ""))
    line.append(f"{run['command']} {site_title(str(run['site']))}  ")
    line.append(", ".join(f"{number} {word}" for word, number in record.counts().items()), style="dim")
    return line


@app.command("list")
def list_(
    journal: JournalOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 20,
    json_: JsonOption = False,
) -> None:
    """List the latest runs, the newest first."""
    records = journal_to_read(journal).list(limit)
    if json_:
        show_json([{**dict(item.run), "options": _options(item), "hosts": item.counts()} for item in records])
    else:
        show(_line(item) for item in records) if records else show([Text("no run yet")])


@app.command("show")
def show_run(
    run: RunArgument,
    journal: JournalOption = None,
    json_: JsonOption = False,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            callback=try_output,
            help="Write a report to this file: one page, searchable, works offline.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show a run: each host, each change, each error."""
    from psnet.report.plans import finding_lines

    record = journal_to_read(journal).read(run)
    if html is not None:
        from psnet.report.run_html import run_html

        write_whole(html, run_html(record))
    if json_:
        show_json(_data(record))
        return
    if html is not None:
        show([Text(f"{html}: run {record.id}, {len(record.hosts)} host{'s' * (len(record.hosts) != 1)}")])
        return
    show([_line(record)])
    for row in record.hosts:
        line = Text(f"  {row['host']}  ", style="bold")
        line.append(str(row["status"]), style=_STYLES.get(str(row["status"]), ""))
        show([line])
        for item in record.changes.get(str(row["host"]), ()):
            detail = Text(f"    {item['status']:>8} ", style=_STYLES.get(str(item["status"]), ""))
            detail.append(f"{item['operation']} {item['kind']} {item['name']}")
            show([detail])
            if item["message"]:
                show([Text(f"             {item['message']} ({item['error_id']})", style="red")])
        for finding in record.findings(str(row["host"])):
            show(finding_lines(finding))
        if row["error"]:
            show([Text(f"    {line_}", style="red") for line_ in str(row["error"]).splitlines()])


@app.command("diff")
def diff(first: RunArgument, second: RunArgument, journal: JournalOption = None, json_: JsonOption = False) -> None:
    """Show which hosts and which changes two runs left in another state."""
    from psnet.journal.compare import compare_runs

    opened = journal_to_read(journal)
    found = compare_runs(opened.read(first), opened.read(second))
    if json_:
        show_json([item.model_dump() for item in found])
        return
    lines = []
    for item in found:
        line = Text(f"{item.host}  ", style="bold")
        lines.append(line.append_text(_step(item.old, item.new)))
        lines += [
            Text(f"    {change.kind} {change.name}  ").append_text(_step(change.old, change.new))
            for change in item.changes
        ]
    show(lines or [Text("every host and every change ended alike in both", style="green")])


def _step(old: str | None, new: str | None) -> Text:
    line = Text(old or "not in it", style=_STYLES.get(old or "", "dim"))
    if old == new:
        return line
    line.append(" -> ", style="dim")
    return line.append(new or "not in it", style=_STYLES.get(new or "", "dim"))


@app.command("export")
def export(
    run: RunArgument,
    journal: JournalOption = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", callback=try_output, help="Write to this file.")] = None,
    junit: Annotated[bool, typer.Option("--junit", help="JUnit XML instead of JSON.")] = False,
) -> None:
    """Write a run as JSON, or as JUnit XML for CI."""
    from psnet.report.junit import junit_xml

    record = journal_to_read(journal).read(run)
    text = junit_xml(record) if junit else json.dumps(_data(record), indent=2, ensure_ascii=False)
    if out is None:
        echo_document(text, end="\n")
    else:
        write_whole(out, text + "\n")


@app.command("resume")
def resume(
    run: RunArgument,
    journal: JournalOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before changing anything.")] = False,
    forks: Annotated[
        int | None, typer.Option("--forks", "-f", min=1, max=500, help="How many hosts at once; else as in the run.")
    ] = None,
    executor: Annotated[
        str | None,
        typer.Option(
            "--executor",
            help="As for apply; else as in the run.",
            autocompletion=completion.words("threads", "processes", "dask://", "dask+tls://"),
        ),
    ] = None,
    json_: JsonLinesOption = False,
    junit: JunitOption = None,
) -> None:
    """Go on with the hosts of a run that are not known to be done, after looking at them anew.

    Batches, limits, order and executor are those of the run. Of a saved plan only what is left of it is done.
    """
    from psnet.cli import apply
    from psnet.cli.resume import request_of

    record = journal_to_read(journal).read(run, command="apply" if run == "last" else None)
    changed = {key: value for key, value in (("forks", forks), ("executor", executor)) if value is not None}
    request, notes = request_of(record, changed, journal=journal, junit=junit, json=json_)
    if not json_:
        show(notes)
    if request is None:
        raise typer.Exit
    apply.run_request(request, asked=yes or request.saved is not None)
