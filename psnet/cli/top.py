"""psnet top."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from psnet._internal.terminal import console
from psnet.cli import fleet
from psnet.cli.common import InventoryOption, LimitOption, exit_code
from psnet.cli.fleet_options import ForksOption
from psnet.cli.watch import seconds_of

if TYPE_CHECKING:
    from psnet.fleet import FleetRun, ProgressCallback
    from psnet.inventories import InventoryHost
    from psnet.report.overview import HostRow
    from psnet.site import Site
    from psnet.transport import Session


def top(
    inventory: InventoryOption,
    site: Annotated[
        Path | None, typer.Option("--site", help="Count what this site would change, too.", show_default=False)
    ] = None,
    every: Annotated[str, typer.Option("--every", metavar="TIME", help="How often: 10s, 1m.")] = "10s",
    count: Annotated[
        int | None, typer.Option("--count", min=1, help="So many rounds; 1 prints once.", show_default="no end")
    ] = None,
    limit: LimitOption = None,
    forks: ForksOption = 10,
) -> None:
    """Show a fleet's networks, endpoints and drift on one page, again and again; change nothing.

    On a terminal the page stays and follows; elsewhere each round is printed. Ctrl-C ends it.
    """
    from rich.live import Live

    from psnet.report.overview import overview

    pause, screen = seconds_of(every), console(soft_wrap=False)
    living = screen.is_terminal and count != 1
    ended, made = threading.Event(), 0
    with fleet.ending(ended), Live(console=screen, auto_refresh=False, screen=living) as live:
        while True:
            began = time.monotonic()
            run = _round(inventory, site, limit, forks)
            heading = f"{time.strftime('%H:%M:%S')}  psnet top, every {every}"
            page = overview(_rows(run), heading, screen.height if living else 0)
            made += 1
            if living:
                live.update(page, refresh=True)
            else:
                screen.print(page)
            if made == count or ended.wait(max(0.0, began + pause - time.monotonic())):
                break
    raise typer.Exit(exit_code(run.errors))


def _round(inventory: list[Path], site: Path | None, limit: str | None, forks: int) -> FleetRun[HostRow]:
    """Look at every host once."""
    from psnet.fleet import run_fleet, run_options
    from psnet.fleet.targets import sites_for
    from psnet.inventories import load_inventory
    from psnet.site import load_site

    hosts = load_inventory(inventory).select(limit)
    sites = sites_for(load_site(site), hosts) if site is not None else {}
    return run_fleet(hosts, _looking(sites), run_options(forks=forks))


def _looking(sites: dict[str, Site]) -> Any:
    from psnet.fleet.converge import observe_host
    from psnet.planning import plan
    from psnet.report.overview import host_row

    def look(session: Session, host: InventoryHost, _: ProgressCallback) -> HostRow:
        wanted = sites.get(host.name)
        state = observe_host(session, host.name, wanted)
        if wanted is None:
            return host_row(host.name, state)
        made = plan(wanted, state)
        refused = "; ".join(item.reason for item in made.refusals)
        return host_row(host.name, state, len(made.changes), refused)

    return look


def _rows(run: FleetRun[HostRow]) -> list[HostRow]:
    from psnet.report.overview import HostRow

    rows = []
    for answer in run.hosts:
        why = answer.not_begun or "not begun"
        if answer.error is not None:
            why = f"{answer.error.step or 'failed'}: {answer.error.message}"
        rows.append(answer.value or HostRow(answer.host.name, problem=why))
    return rows
