"""psnet observe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from psnet._internal.terminal import echo_document
from psnet.cli import fleet
from psnet.cli.common import exit_code, refuse_json
from psnet.cli.fleet_flags import CHANGING, FleetFlags, over_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from psnet.fleet.operations import ObservedHost


@over_fleet(without=CHANGING)
def observe(
    flags: FleetFlags,
    script: Annotated[bool, typer.Option("--script", help="Print the PowerShell that reads a host, and exit.")] = False,
) -> None:
    """Show what each host has: adapters, switches, networks, NATs, mappings, psnet's firewall rules."""
    from psnet.fleet.operations import observe_operation
    from psnet.fleet.results import always_ok
    from psnet.observe.read import observe_script
    from psnet.report import state_lines

    if script:
        refuse_json("--script", json=flags.json)
        echo_document(observe_script(), end="\n")
        return

    def lines(seen: ObservedHost) -> Iterator[Text]:
        return state_lines(seen.host, seen.state)

    run = fleet.run_call(flags.call("observe", flags.hosts()), observe_operation, always_ok, _data, lines)
    if not flags.json:
        fleet.show_run(run, lines, streamed=True)
    raise typer.Exit(exit_code(run.errors) or int(bool(run.not_begun)))


def _data(seen: ObservedHost) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(seen.state.model_dump_json())
    return data
