"""psnet plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from psnet.cli.common import (
    ForksOption,
    InventoryOption,
    JsonOption,
    LimitOption,
    PruneOption,
    SiteArgument,
    error_json,
    error_lines,
    exit_code,
    show,
    show_json,
    sites_for,
)

if TYPE_CHECKING:
    from psnet.inventory import InventoryHost
    from psnet.plan import Plan
    from psnet.transport import Session


def plan(
    site: SiteArgument,
    inventory: InventoryOption,
    limit: LimitOption = None,
    json_: JsonOption = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Save the plan for psnet apply.")] = None,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 2 when there is something to do.")
    ] = False,
    forks: ForksOption = 10,
    prune: PruneOption = False,
) -> None:
    """Show what would change on each host, and change nothing."""
    from psnet.fleet import over_hosts, plan_host
    from psnet.inventory import load_inventory
    from psnet.plan.saved import save_plans
    from psnet.report import plan_lines, plan_summary
    from psnet.site import load_site

    source = load_site(site)
    hosts = load_inventory(inventory).select(limit)
    sites = sites_for(source, hosts, prune=prune)

    def work(session: Session, host: InventoryHost) -> Plan:
        return plan_host(session, host.name, sites[host.name])

    answers = {answer.host.name: answer for answer in over_hosts(hosts, work, forks=forks)}
    ordered = [answers[host.name] for host in hosts]
    plans = [answer.value for answer in ordered if answer.value is not None]
    errors = [answer.error for answer in ordered if answer.error is not None]
    if out is not None and not errors:
        save_plans(out, str(site), plans)
    if json_:
        show_json(
            [
                json.loads(answer.value.model_dump_json())
                if answer.value is not None
                else error_json(answer.error, answer.host.name)  # type: ignore[arg-type]
                for answer in ordered
            ]
        )
    else:
        for answer in ordered:
            if answer.value is not None:
                show([*plan_lines(answer.value), Text("")])
            elif answer.error is not None:
                show([*error_lines(answer.error, answer.host.name), Text("")])
        show(plan_summary(item) for item in plans)
        if out is not None and not errors:
            show([Text(f"saved to {out}; apply it with: psnet apply {out} -i {inventory}", style="dim")])
    code = exit_code(errors) or (3 if any(item.refusals for item in plans) else 0)
    if code == 0 and detailed_exitcode and any(not item.empty for item in plans):
        code = 2
    raise typer.Exit(code)
