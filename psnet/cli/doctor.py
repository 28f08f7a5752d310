"""psnet doctor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

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
    from collections.abc import Iterator

    from psnet.fleet.operations import ExaminedHost


def doctor(
    inventory: InventoryOption,
    limit: LimitOption = None,
    json_: JsonLinesOption = False,
    forks: ForksOption = 10,
    order: OrderOption = "inventory",
    executor: ExecutorOption = "threads",
    journal: JournalOption = None,
    junit: JunitOption = None,
) -> None:
    """Look for what is wrong with container networking on each host, and change nothing. Exits with 1 for errors."""
    from psnet.fleet import run_options
    from psnet.fleet.operations import examining, findings_status
    from psnet.inventory import load_inventory

    options = run_options(forks=forks, order=order, executor=executor)
    hosts = load_inventory(inventory).select(limit)
    call = fleet.Call("doctor", hosts, options, None, inventory, journal=journal, junit=junit, json=json_)
    run = fleet.run_call(call, examining, findings_status, _data)
    if not json_:
        fleet.show_run(run, _lines)
    sick = any(answer.failed for answer in run.hosts if answer.result_status is not None)
    raise typer.Exit(exit_code(run.errors) or int(sick or bool(run.left)))


def _lines(examined: ExaminedHost) -> Iterator[Text]:
    from psnet.report.plans import finding_lines

    yield Text(examined.host, style="bold")
    for finding in examined.findings:
        yield from finding_lines(finding)
    if not examined.findings:
        yield Text("  healthy", style="green")


def _data(examined: ExaminedHost) -> list[Any]:
    return [json.loads(item.model_dump_json()) for item in examined.findings]
