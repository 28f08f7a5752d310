"""psnet watch."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.output import try_output
from psnet._internal.terminal import echo_json
from psnet.cli import fleet
from psnet.cli.common import (
    InventoryOption,
    LimitOption,
    PruneOption,
    SiteArgument,
    as_data,
    exit_code,
    show,
)
from psnet.cli.fleet_options import ExecutorOption, ForksOption, FullOption, JournalOption, JsonLinesOption
from psnet.cli.journals import journal_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.fleet import FleetRun, RunOptions
    from psnet.fleet.events import DriftSeen
    from psnet.journal import Journal, RunRecord
    from psnet.journal.metrics import Metrics
    from psnet.planning import Plan

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SIGNS = {"appeared": ("+", "yellow"), "gone": ("-", "green"), "lost": ("!", "bold red"), "back": ("=", "green")}


def seconds_of(text: str) -> float:
    """Return the seconds of ``90s``, ``15m``, ``1h30m`` or ``0``; InputError for what is no time."""
    from psnet.errors import InputError

    parts = re.findall(r"(\d+)([smhd]?)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise InputError(f"--every {text} is no time", remedy="write 90s, 15m, 1h or 1h30m")
    return float(sum(int(number) * _UNITS[unit or "s"] for number, unit in parts))


def watch(
    site: SiteArgument,
    inventory: InventoryOption,
    every: Annotated[str, typer.Option("--every", metavar="TIME", help="How often: 90s, 15m, 1h.")] = "15m",
    count: Annotated[
        int | None,
        typer.Option("--count", min=1, help="So many rounds; 1 suits cron.", show_default="no end"),
    ] = None,
    metrics: Annotated[
        str | None, typer.Option("--metrics", metavar="HOST:PORT", help="Serve Prometheus metrics.", show_default=False)
    ] = None,
    metrics_file: Annotated[
        Path | None,
        typer.Option(
            "--metrics-file",
            metavar="FILE.prom",
            callback=try_output,
            help="Write the metrics here after each round, for node_exporter's textfile collector.",
            show_default=False,
        ),
    ] = None,
    limit: LimitOption = None,
    json_: JsonLinesOption = False,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 2 when the last round found something to do.")
    ] = False,
    prune: PruneOption = False,
    full: FullOption = False,
    forks: ForksOption = 10,
    executor: ExecutorOption = "threads",
    journal: JournalOption = None,
) -> None:
    """Plan again and again, and say what drifted since the last time; change nothing.

    The last time is in the journal, so it outlives psnet. Site and inventory are read anew each round. Ctrl-C ends it.
    """
    from psnet.fleet import run_options

    pause = seconds_of(every)
    options = run_options(forks=forks, executor=executor)
    shown, serving = _metrics(metrics, metrics_file)
    watcher = _Watcher(
        site, inventory, limit, options, prune=prune, full=full, journal=journal, json=json_, metrics=shown
    )
    ended = threading.Event()
    with serving, fleet.ending(ended):
        made = 0
        while True:
            began = time.monotonic()
            run = watcher.round()
            made += 1
            if shown is not None and metrics_file is not None:
                shown.write(metrics_file)
            if made == count or run.status == "interrupted":
                break
            if ended.wait(max(0.0, began + pause - time.monotonic())):
                break
    code = exit_code(run.errors) or (3 if any(plan.refusals for plan in run.values) else 0)
    if code == 0 and detailed_exitcode and any(not plan.empty for plan in run.values):
        code = 2
    raise typer.Exit(code)


def _metrics(place: str | None, file: Path | None) -> tuple[Metrics | None, contextlib.AbstractContextManager[Any]]:
    """Return what is measured and who serves it; nothing when nobody asks for it (the extra psnet[metrics])."""
    if place is None and file is None:
        return None, contextlib.nullcontext()
    from psnet.journal.metrics import Metrics, MetricsServer

    measured = Metrics()
    return measured, MetricsServer(measured, place) if place is not None else contextlib.nullcontext()


class _Watcher:
    """The rounds of one watch."""

    def __init__(
        self,
        site: Path,
        inventory: Sequence[Path],
        limit: str | None,
        options: RunOptions,
        *,
        prune: bool,
        full: bool,
        journal: str | None,
        json: bool,
        metrics: Metrics | None,
    ) -> None:
        self._site, self._limit, self._prune, self._metrics = site, limit, prune, metrics
        self._store: Journal = journal_at(journal)
        self._call = fleet.Call(
            "watch",
            (),
            options,
            site,
            inventory,
            {"prune": prune},
            journal=self._store,
            json=json,
            quiet=True,
            full=full,
        )
        self._before = self._last()

    def _last(self) -> RunRecord | None:
        runs = self._store.list(1, command="watch", site=str(self._site.resolve()))
        return self._store.read(runs[0].id) if runs else None

    def round(self) -> FleetRun[Plan]:
        """Plan once, and say what is new."""
        from psnet.fleet.operations import PlanOperation, plan_status
        from psnet.fleet.targets import sites_for, with_section_targets
        from psnet.inventories import load_inventory
        from psnet.journal.drift import drift_since
        from psnet.site import load_site

        source = load_site(self._site)
        hosts = with_section_targets(source, load_inventory(self._call.inventory or [])).select(self._limit)
        sites = sites_for(source, hosts, prune=self._prune)
        operations = {name: PlanOperation(filled) for name, filled in sites.items()}
        run = fleet.run_call(replace(self._call, hosts=hosts), operations, plan_status, as_data)
        record = self._store.read(run.id)
        seen = drift_since(self._before, record)
        self._before = record
        if self._metrics is not None:
            self._metrics.update(record, run.seconds)
        if self._call.json:
            for item in seen:
                echo_json(item.model_dump_json())
        else:
            show([_summary(run), *(_line(item) for item in seen)])
        return run


def _summary(run: FleetRun[Plan]) -> Text:
    counts = run.counts()
    words = ", ".join(f"{number} {'drifted' if word == 'planned' else word}" for word, number in counts.items())
    line = Text(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  ", style="dim")
    return line.append(
        f"{len(run.hosts)} host{'s' * (len(run.hosts) != 1)} in {run.seconds:.1f} s: {words}", style="bold"
    )


def _line(item: DriftSeen) -> Text:
    sign, style = _SIGNS[item.what]
    line = Text(f"  {sign} ", style=style)
    line.append(f"{item.host}  ", style="bold")
    if item.what == "lost":
        return line.append((item.reason or "").splitlines()[0].removeprefix(f"{item.host}: "), style=style)
    if item.what == "back":
        return line.append("can be planned for again", style=style)
    line.append(f"{item.operation} {item.kind} {item.name}", style=style)
    return line.append(" is needed" if item.what == "appeared" else " is no more needed", style="dim")
