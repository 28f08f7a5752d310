"""psnet plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.output import try_output
from psnet.cli import fleet
from psnet.cli.common import PruneOption, SiteArgument, exit_code, show
from psnet.cli.fleet_flags import CHANGING, FleetFlags, over_fleet
from psnet.cli.fleet_options import FullOption

if TYPE_CHECKING:
    from psnet.plan import Plan


@over_fleet(without=CHANGING)
def plan(
    flags: FleetFlags,
    site: SiteArgument,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", callback=try_output, help="Save the plan for psnet apply.")
    ] = None,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 2 when there is something to do.")
    ] = False,
    prune: PruneOption = False,
    full: FullOption = False,
) -> None:
    """Show what would change on each host, and change nothing."""
    from psnet.fleet.operations import PlanOperation, plan_status
    from psnet.fleet.targets import in_run, sites_for
    from psnet.inventory import load_inventory
    from psnet.plan.saved import save_plans
    from psnet.report import plan_lines, plan_summary
    from psnet.site import load_site

    source = load_site(site)
    hosts = in_run(source, load_inventory(flags.inventory)).select(flags.limit)
    sites = sites_for(source, hosts, prune=prune)
    call = flags.call("plan", hosts, site, {"prune": prune}, full=full)
    operations = {name: PlanOperation(filled) for name, filled in sites.items()}
    run = fleet.run_call(call, operations, plan_status, as_data)
    whole = not run.errors and not run.left
    if out is not None and whole:
        save_plans(out, str(site), run.values)
    if not flags.json:
        fleet.show_run(run, plan_lines)
        if len(run.hosts) <= fleet.MANY:
            show(plan_summary(item) for item in run.values)
        if out is not None and whole:
            named = " ".join(f"-i {item}" for item in flags.inventory)
            show([Text(f"saved to {out}; apply it with: psnet apply {out} {named}", style="dim")])
    code = exit_code(run.errors) or (3 if any(item.refusals for item in run.values) else 0) or int(bool(run.left))
    if code == 0 and detailed_exitcode and any(not item.empty for item in run.values):
        code = 2
    raise typer.Exit(code)


def as_data(value: Plan) -> dict[str, Any]:
    """Return a plan as data."""
    data: dict[str, Any] = json.loads(value.model_dump_json())
    return data
