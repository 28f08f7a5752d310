"""psnet render."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from psnet.cli.common import (
    ForksOption,
    InventoryOption,
    LimitOption,
    SiteArgument,
    error_lines,
    exit_code,
    show,
)

if TYPE_CHECKING:
    from psnet.inventory import InventoryHost
    from psnet.plan import Plan
    from psnet.transport import Session


def render(
    site: SiteArgument,
    inventory: InventoryOption,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write to.", show_default=False)],
    limit: LimitOption = None,
    forks: ForksOption = 10,
) -> None:
    """Write the exact PowerShell that apply would run, one readable file a host."""
    from psnet.apply import apply_script
    from psnet.fleet import over_hosts, plan_host
    from psnet.inventory import load_inventory
    from psnet.report import plan_summary
    from psnet.site import load_site

    source = load_site(site)
    hosts = load_inventory(inventory).select(limit)
    sites = {host.name: source.for_host(host.name, host.variables) for host in hosts}

    def work(session: Session, host: InventoryHost) -> Plan:
        return plan_host(session, host.name, sites[host.name])

    answers = {answer.host.name: answer for answer in over_hosts(hosts, work, forks=forks)}
    out.mkdir(parents=True, exist_ok=True)
    errors = []
    refused = False
    for host in hosts:
        answer = answers[host.name]
        if answer.error is not None or answer.value is None:
            errors += [answer.error] if answer.error else []
            show(error_lines(answer.error, host.name) if answer.error else [])
            continue
        plan = answer.value
        if plan.refusals:
            refused = True
            show([plan_summary(plan), *(Text(f"  {item.reason}") for item in plan.refusals)])
            continue
        path = out / f"{host.name}.ps1"
        # Windows PowerShell 5.1 reads a script as UTF-8 only with a byte-order mark.
        path.write_text(apply_script(plan), encoding="utf-8-sig", newline="\r\n")
        show([Text(f"{path}  {len(plan.changes)} change(s)")])
    raise typer.Exit(exit_code(errors) or (3 if refused else 0))
