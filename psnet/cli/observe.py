"""psnet observe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from psnet._internal.terminal import echo_document
from psnet.cli import fleet
from psnet.cli.common import InventoryOption, LimitOption, exit_code
from psnet.cli.fleet_options import (
    ExecutorOption,
    ForksOption,
    JournalOption,
    JsonLinesOption,
    JunitOption,
    OrderOption,
)

if TYPE_CHECKING:
    from psnet.fleet.operations import ObservedHost


def observe(
    inventory: InventoryOption,
    limit: LimitOption = None,
    json_: JsonLinesOption = False,
    script: Annotated[bool, typer.Option("--script", help="Print the PowerShell that reads a host, and exit.")] = False,
    forks: ForksOption = 10,
    order: OrderOption = "inventory",
    executor: ExecutorOption = "threads",
    journal: JournalOption = None,
    junit: JunitOption = None,
) -> None:
    """Show what each host has: adapters, switches, networks, NATs, mappings, psnet's firewall rules."""
    from psnet.fleet import run_options
    from psnet.fleet.operations import observing
    from psnet.fleet.results import always_ok
    from psnet.inventory import load_inventory
    from psnet.observe.read import observe_script
    from psnet.report import state_lines

    if script:
        echo_document(observe_script(), end="\n")
        return
    options = run_options(forks=forks, order=order, executor=executor)
    hosts = load_inventory(inventory).select(limit)
    call = fleet.Call("observe", hosts, options, None, inventory, journal=journal, junit=junit, json=json_)
    run = fleet.run_call(call, observing, always_ok, _data)
    if not json_:
        fleet.show_run(run, lambda seen: state_lines(seen.host, seen.state))
    raise typer.Exit(exit_code(run.errors) or int(bool(run.left)))


def _data(seen: ObservedHost) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(seen.state.model_dump_json())
    return data
