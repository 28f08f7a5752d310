"""psnet destroy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from psnet._internal.output import try_output
from psnet.cli import apply as applying
from psnet.cli.fleet_flags import FleetFlags, over_fleet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.inventories import InventoryHost


@over_fleet()
def destroy(
    flags: FleetFlags,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before removing anything.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", callback=try_output, help="Save a plan instead, which psnet apply takes."),
    ] = None,
    allow_downtime: Annotated[
        applying.DowntimeOption, typer.Option("--allow-downtime", help="What may go with a removal, as of apply.")
    ] = "endpoints",
) -> None:
    """Remove what psnet made on hosts, and nothing else: planned, shown, asked, verified, as apply does.

    psnet knows its own by the ledger on the host and the group of its firewall rules.
    """
    from psnet.cli import review

    hosts = flags.hosts()
    if out is not None:
        _save(flags, hosts, out)
    request = applying.Request(
        site=_site(),
        inventory=flags.inventory,
        hosts=hosts,
        options=flags.options,
        prune=True,
        downtime=allow_downtime,
        journal=flags.journal,
        junit=flags.junit,
        json=flags.json,
    )
    if not yes and not flags.json and review.can_prompt():
        request = applying.ask(request, flags.limit, f"Remove this from {len(hosts)} host{'s' * (len(hosts) != 1)}?")
        yes = True
    applying.run_request(request, asked=yes, verb="destroy")


def _site() -> Path:
    from psnet.planning.saved import DESTROY_SITE

    return DESTROY_SITE


def _save(flags: FleetFlags, hosts: Sequence[InventoryHost], out: Path) -> NoReturn:
    from psnet.cli import fleet, review
    from psnet.cli.common import exit_code
    from psnet.fleet.targets import sites_for
    from psnet.planning.saved import saved_plans
    from psnet.report import plan_lines
    from psnet.site import load_site

    source = load_site(_site())
    run = review.planned(flags.call("plan", hosts, _site()), sites_for(source, hosts, prune=True))
    if not flags.json:
        fleet.show_run(run, plan_lines, fold=len(hosts) > 1)
    if not run.errors and not run.not_begun:
        saved = saved_plans(source, hosts, run.values, inventory=flags.inventory, limit=flags.limit, prune=True)
        review.save(out, saved, say=not flags.json)
    raise typer.Exit(exit_code(run.errors) or int(bool(run.not_begun)))
