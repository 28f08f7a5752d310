"""Plans before they are applied: made for every host of a run, shown folded, asked about."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from psnet.cli import fleet
from psnet.cli.common import as_data, exit_code, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from psnet.fleet import FleetRun
    from psnet.inventories import InventoryHost
    from psnet.planning import Plan
    from psnet.planning.saved import SavedPlans
    from psnet.site import Site, SiteSource


def planned(
    call: fleet.Call, sites: Mapping[str, Site], block: Callable[[Plan], Iterable[Text]] | None = None
) -> FleetRun[Plan]:
    """Plan for every host of a call; with ``block`` each plan is printed as it is made."""
    from psnet.fleet.operations import PlanOperation, plan_status

    operations = {name: PlanOperation(site) for name, site in sites.items()}
    return fleet.run_call(call, operations, plan_status, as_data, block)


def can_prompt() -> bool:
    """Say whether there is a terminal to show a plan on and to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def reviewed(call: fleet.Call, sites: Mapping[str, Site], question: str) -> dict[str, Plan]:
    """Make the plans of a run, show them folded, and ask; leave when nothing is to be done, or it is not wanted.

    What is returned is to be applied as it was shown.
    """
    from psnet.report import plan_lines

    run = planned(replace(call, command="plan", junit=None), sites)
    fleet.show_run(run, plan_lines, fold=len(run.hosts) > 1)
    code = exit_code(run.errors) or (3 if any(item.refusals for item in run.values) else 0) or int(bool(run.not_begun))
    if code:
        show([Text("nothing was changed", style="yellow")])
        raise typer.Exit(code)
    if not any(item.changes for item in run.values):
        raise typer.Exit(int(any(item.unmet for item in run.values)))
    show([_totals(run.values)])
    typer.confirm(question, abort=True)
    return {item.host: item for item in run.values}


def _totals(plans: Sequence[Plan]) -> Text:
    """Return one line: what all of the plans come to, and what is lost by them."""
    words = [
        f"{number} to {word}"
        for word in ("create", "update", "replace", "remove")
        if (number := sum(item.counts()[word] for item in plans))
    ]
    hosts = sum(bool(item.changes) for item in plans)
    line = Text(f"in all {', '.join(words)} on {hosts} host{'s' * (hosts != 1)}", style="bold")
    dear = sum(change.price is not None and bool(change.price.lost()) for item in plans for change in item.changes)
    if dear:
        line.append(f"; {dear} of them take something with them, as said above", style="red")
    cuts = sum(change.cuts for item in plans for change in item.changes)
    if cuts:
        line.append(f"; {cuts} cut the connection", style="yellow")
    return line


def save(path: Path, saved: SavedPlans, *, say: bool) -> None:
    """Write plans and say how they are applied: a line that works as it is printed, from any folder."""
    from psnet.planning.saved import save_plans

    save_plans(path, saved)
    if say:
        show([Text(f"saved to {path}; apply it with: psnet apply {shlex.quote(str(path.resolve()))}", style="dim")])


def scope_of(
    saved: SavedPlans, path: Path, inventory: Sequence[Path], limit: str | None
) -> tuple[SiteSource, list[Path], list[InventoryHost]]:
    """Return what a saved plan is about: its site, its inventory or the given one, and its hosts as planned for.

    Raises InputError for hosts that it has no plan for, and for those that are reached elsewhere now.
    """
    from psnet.errors import InputError
    from psnet.fleet.targets import with_section_targets
    from psnet.inventories import load_inventory

    source = saved.source()
    paths = list(inventory) or [Path(item) for item in saved.inventory]
    if not paths:
        raise InputError(f"{path} names no inventory", remedy="name the hosts: -i INVENTORY")
    gone = [item for item in paths if not inventory and "," not in item.name and not item.exists()]
    if gone:
        raise InputError(f"{gone[0]}, which {path} was planned with, is gone", remedy="name another: -i INVENTORY")
    listed = with_section_targets(source, load_inventory(paths))
    hosts = [listed[name] for name in saved.hosts] if limit is None else list(listed.select(limit))
    missing = [host.name for host in hosts if host.name not in saved.hosts]
    if missing:
        raise InputError(f"{path} has no plan for {', '.join(missing)}", remedy="use --limit, or plan again")
    return source, paths, [saved.with_variables(host) for host in hosts]


def data_of(saved: SavedPlans) -> dict[str, Any]:
    """Return what a journal keeps of a saved plan, so that its run can go on whatever became of the files."""
    return saved.model_dump(mode="json", exclude={"plans"})
