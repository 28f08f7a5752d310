"""psnet top."""

from __future__ import annotations

import queue
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from psnet._internal.terminal import console
from psnet.cli import fleet
from psnet.cli.common import InventoryOption, LimitOption, exit_code
from psnet.cli.fleet_options import ForksOption
from psnet.cli.top_page import Page
from psnet.cli.watch import seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.fleet import FleetRun, ProgressCallback
    from psnet.inventories import InventoryHost
    from psnet.report.overview import HostRow
    from psnet.site import Site
    from psnet.transport import Session

#: Seconds between looks at the terminal's size and at the hosts that have answered.
LOOK: Final = 0.2
#: Seconds that hosts are waited for after Ctrl-C.
LEAVING: Final = 3.0


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

    from psnet.inventories import load_inventory
    from psnet.inventories.secret import with_answers

    pause, screen = seconds_of(every), console(soft_wrap=False)
    hosts = with_answers(load_inventory(inventory).select(limit))  # a password is asked for once, before the page
    living = screen.is_terminal and count != 1
    ended, made, error = threading.Event(), 0, 0
    sites: dict[str, Site] | None = None
    with fleet.ending(ended), Live(console=screen, auto_refresh=False, screen=living) as live:
        page = Page(live if living else None, f"psnet top, every {every}")
        while made != count and not ended.is_set():
            began = time.monotonic()
            sites = _sites(site, hosts, page, sites)
            run = _round(hosts, sites, forks, page, ended)
            if run is None:
                break
            made, error = made + 1, exit_code(run.errors)
            if not living:
                screen.print(page.overview())
            while (left := began + pause - time.monotonic()) > 0 and made != count and not ended.wait(min(left, LOOK)):
                page.follow()
    raise typer.Exit(error)


def _sites(
    path: Path | None, hosts: list[InventoryHost], page: Page, before: dict[str, Site] | None
) -> dict[str, Site]:
    """Return the site of each host, read anew; one that is being written has mistakes, and the last one holds."""
    from psnet.errors import InputError
    from psnet.fleet.targets import sites_for
    from psnet.site import load_site

    try:
        made = sites_for(load_site(path), hosts) if path is not None else {}
    except InputError:
        if before is None or path is None:
            raise
        page.note = f"{path.name} has a mistake: drift from it as it was"
        return before
    page.note = ""
    return made


def _round(
    hosts: list[InventoryHost], sites: dict[str, Site], forks: int, page: Page, ended: threading.Event
) -> FleetRun[HostRow] | None:
    """Look at every host once, the page following; return None when it was ended meanwhile."""
    from psnet.fleet import Stop, run_fleet, run_options
    from psnet.fleet.stop import LEAVE

    found: queue.SimpleQueue[FleetRun[HostRow]] = queue.SimpleQueue()
    failed: queue.SimpleQueue[BaseException] = queue.SimpleQueue()
    stop = Stop()

    def work() -> None:
        try:
            found.put(run_fleet(hosts, _looking(sites, page.seen), run_options(forks=forks), stop=stop))
        except BaseException as error:  # noqa: BLE001 - raised again by the one who waits
            failed.put(error)

    page.begin([host.name for host in hosts])
    worker = threading.Thread(target=work, name="psnet-top", daemon=True)
    worker.start()
    while worker.is_alive():
        worker.join(LOOK)
        page.follow()
        if ended.is_set():
            while stop.request() < LEAVE:  # nothing is changed, so nothing has to be finished
                pass
            worker.join(LEAVING)
            return None
    if not failed.empty():
        raise failed.get()
    run = found.get()
    page.complete(_rows(run))
    return run


def _looking(sites: dict[str, Site], seen: Callable[[HostRow], None]) -> Any:
    from psnet.fleet.converge import observe_host
    from psnet.planning import plan
    from psnet.report.overview import host_row

    def look(session: Session, host: InventoryHost, _: ProgressCallback) -> HostRow:
        wanted = sites.get(host.name)
        state = observe_host(session, host.name, wanted)
        if wanted is None:
            row = host_row(host.name, state)
        else:
            made = plan(wanted, state)
            refused = "; ".join(item.reason for item in made.refusals)
            row = host_row(host.name, state, len(made.changes), refused)
        seen(row)
        return row

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
