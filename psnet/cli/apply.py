"""psnet apply."""

from __future__ import annotations

import json
import sys
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
    error_json,
    error_lines,
    exit_code,
    show,
    show_json,
    sites_for,
)

if TYPE_CHECKING:
    from psnet.fleet import HostResult
    from psnet.inventory import InventoryHost
    from psnet.transport import Session


def apply(
    site: Annotated[
        Path,
        typer.Argument(metavar="SITE_OR_PLAN", help="A site file, or a plan saved with --out.", show_default=False),
    ],
    inventory: InventoryOption,
    limit: LimitOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before changing anything.")] = False,
    json_: JsonOption = False,
    forks: ForksOption = 10,
    prune: PruneOption = False,
    confirm_within: Annotated[
        int,
        typer.Option(
            "--confirm-within",
            metavar="SECONDS",
            min=5,
            help="A change that cuts the connection is taken back by the host unless psnet confirms it in time.",
        ),
    ] = 120,
    no_rollback: Annotated[bool, typer.Option("--no-rollback", help="Make such changes without a way back.")] = False,
) -> None:
    """Bring each host to what is declared, then prove that nothing is left.

    A saved plan is applied without a question, and only to hosts that are still as they were observed.
    """
    from psnet.errors import InputError
    from psnet.fleet import Confirmation, apply_host, over_hosts
    from psnet.inventory import load_inventory
    from psnet.plan.saved import is_saved, load_plans
    from psnet.report import result_lines, result_summary
    from psnet.site import load_site
    from psnet.transport import open_session

    saved = load_plans(site) if is_saved(site) else None
    source = load_site(saved[0] if saved else site)
    hosts = load_inventory(inventory).select(limit)
    if saved is not None:
        missing = [host.name for host in hosts if host.name not in saved[1]]
        if missing:
            raise InputError(f"{site} has no plan for {', '.join(missing)}", remedy="use --limit, or plan again")
    sites = sites_for(source, hosts, prune=prune)
    if saved is None and not yes:
        if json_ or not sys.stdin.isatty():
            raise InputError("apply changes hosts", remedy="add --yes, or apply a plan saved with psnet plan --out")
        typer.confirm(f"Apply {site} to {len(hosts)} host(s)?", abort=True)

    def work(session: Session, host: InventoryHost) -> HostResult:
        return apply_host(
            session,
            host.name,
            sites[host.name],
            saved[1][host.name] if saved else None,
            confirmation=Confirmation(confirm_within, not no_rollback),
            reopen=lambda: open_session(host.settings(), host.name),
        )

    answers = {answer.host.name: answer for answer in over_hosts(hosts, work, forks=forks)}
    ordered = [answers[host.name] for host in hosts]
    results = [answer.value for answer in ordered if answer.value is not None]
    errors = [answer.error for answer in ordered if answer.error is not None]
    if json_:
        show_json(
            [
                json.loads(answer.value.model_dump_json()) | {"failed": answer.value.failed}
                if answer.value is not None
                else error_json(answer.error, answer.host.name)  # type: ignore[arg-type]
                for answer in ordered
            ]
        )
    else:
        for answer in ordered:
            if answer.value is not None:
                show([*result_lines(answer.value), Text("")])
            elif answer.error is not None:
                show([*error_lines(answer.error, answer.host.name), Text("")])
        show(result_summary(item) for item in results)
    raise typer.Exit(1 if any(item.failed for item in results) else exit_code(errors))
