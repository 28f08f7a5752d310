"""psnet render."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from psnet._internal.output import try_folder, write_whole
from psnet._internal.text import file_name
from psnet.cli.common import InventoryOption, LimitOption, SiteArgument, error_lines, exit_code, show
from psnet.cli.fleet_options import ForksOption


def render(
    site: SiteArgument,
    inventory: InventoryOption,
    out: Annotated[
        Path, typer.Option("--out", "-o", callback=try_folder, help="The folder to write to.", show_default=False)
    ],
    limit: LimitOption = None,
    forks: ForksOption = 10,
) -> None:
    """Write the exact PowerShell that apply would run, one readable file a host."""
    from psnet.fleet import run_fleet, run_options
    from psnet.fleet.converge import script_of
    from psnet.fleet.operations import PlanOperation
    from psnet.fleet.targets import sites_for, with_section_targets
    from psnet.inventories import load_inventory
    from psnet.report import plan_summary
    from psnet.site import load_site

    source = load_site(site)
    hosts = with_section_targets(source, load_inventory(inventory)).select(limit)
    sites = sites_for(source, hosts)
    operations = {name: PlanOperation(filled) for name, filled in sites.items()}
    run = run_fleet(hosts, operations, run_options(forks=forks))
    refused = False
    for answer in run.hosts:
        if answer.error is not None:
            show(error_lines(answer.error, answer.host.name))
        plan = answer.value
        if plan is None:
            continue
        if plan.refusals:
            refused = True
            show([plan_summary(plan), *(Text(f"  {item.reason}") for item in plan.refusals)])
            continue
        path = out / f"{file_name(answer.host.name)}.ps1"
        # Windows PowerShell 5.1 reads a script as UTF-8 only with a byte-order mark.
        script = script_of(plan, sites[answer.host.name]).replace("\n", "\r\n")
        write_whole(path, script, encoding="utf-8-sig")
        show([Text(f"{path}  {len(plan.changes)} change(s)")])
    raise typer.Exit(exit_code(run.errors) or (3 if refused else 0))
