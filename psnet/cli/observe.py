"""psnet observe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from psnet.cli.common import (
    ForksOption,
    InventoryOption,
    JsonOption,
    LimitOption,
    error_json,
    error_lines,
    exit_code,
    show,
    show_json,
)

if TYPE_CHECKING:
    from psnet.inventory import InventoryHost
    from psnet.observe.state import HostState
    from psnet.transport import Session


def observe(
    inventory: InventoryOption,
    limit: LimitOption = None,
    json_: JsonOption = False,
    script: Annotated[bool, typer.Option("--script", help="Print the PowerShell that reads a host, and exit.")] = False,
    forks: ForksOption = 10,
) -> None:
    """Show what each host has: adapters, switches, networks, NATs, mappings, psnet's firewall rules."""
    from psnet.fleet import observe_host, over_hosts
    from psnet.inventory import load_inventory
    from psnet.observe.read import observe_script
    from psnet.report import state_lines

    if script:
        typer.echo(observe_script())
        return
    hosts = load_inventory(inventory).select(limit)

    def work(session: Session, host: InventoryHost) -> HostState:
        return observe_host(session, host.name)

    answers = {answer.host.name: answer for answer in over_hosts(hosts, work, forks=forks)}
    ordered = [answers[host.name] for host in hosts]
    if json_:
        show_json(
            [
                {"host": answer.host.name, "state": json.loads(answer.value.model_dump_json())}
                if answer.value is not None
                else error_json(answer.error, answer.host.name)  # type: ignore[arg-type]
                for answer in ordered
            ]
        )
    else:
        for answer in ordered:
            if answer.value is not None:
                show([*state_lines(answer.host.name, answer.value), Text("")])
            elif answer.error is not None:
                show([*error_lines(answer.error, answer.host.name), Text("")])
    raise typer.Exit(exit_code(answer.error for answer in ordered if answer.error is not None))
