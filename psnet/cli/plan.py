"""psnet plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from psnet._internal.output import try_output
from psnet.cli import fleet
from psnet.cli.common import PruneOption, SiteArgument, exit_code, show
from psnet.cli.fleet_flags import CHANGING, FleetFlags, over_fleet
from psnet.cli.fleet_options import FullOption

if TYPE_CHECKING:
    pass


@over_fleet(without=CHANGING)
def plan(
    flags: FleetFlags,
    site: SiteArgument,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", callback=try_output, help="Save the plan; psnet apply takes it.")
    ] = None,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 2 when there is something to do.")
    ] = False,
    prune: PruneOption = False,
    full: FullOption = False,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Say how long a run would take each host, by a table of costs.")
    ] = False,
) -> None:
    """Show what would change on each host, and change nothing."""
    from psnet.cli import review
    from psnet.fleet.targets import sites_for, with_section_targets
    from psnet.inventories import load_inventory
    from psnet.planning.saved import saved_plans
    from psnet.report import estimate_line, plan_lines, plan_summary
    from psnet.site import load_site

    source = load_site(site)
    hosts = with_section_targets(source, load_inventory(flags.inventory)).select(flags.limit)
    sites = sites_for(source, hosts, prune=prune)
    run = review.planned(flags.call("plan", hosts, site, {"prune": prune}, full=full), sites, plan_lines)
    if not flags.json:
        fleet.show_run(run, plan_lines, streamed=True)
        if len(run.hosts) <= fleet.MANY:
            show(plan_summary(item) for item in run.values)
        if estimate and len(run.hosts) <= fleet.MANY:
            show(estimate_line(item) for item in run.values)
    if out is not None and not run.errors and not run.not_begun:
        saved = saved_plans(source, hosts, run.values, inventory=flags.inventory, limit=flags.limit, prune=prune)
        review.save(out, saved, say=not flags.json)
    code = exit_code(run.errors) or (3 if any(item.refusals for item in run.values) else 0) or int(bool(run.not_begun))
    if code == 0 and detailed_exitcode and any(not item.empty for item in run.values):
        code = 2
    raise typer.Exit(code)
