"""psnet adopt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.output import try_folder, write_whole
from psnet.cli import fleet
from psnet.cli.common import InventoryOption, JsonOption, LimitOption, exit_code, show, show_json
from psnet.cli.fleet_options import ExecutorOption, ForksOption, JournalOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.adoption import Declaration, Fold
    from psnet.inventories import InventoryHost
    from psnet.planning import Plan


def adopt(
    inventory: InventoryOption,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FOLDER", callback=try_folder, help="Where the site and inventory go."),
    ],
    limit: LimitOption = None,
    json_: JsonOption = False,
    force: Annotated[bool, typer.Option("--force", help="Write over files of those names that are there.")] = False,
    forks: ForksOption = 10,
    executor: ExecutorOption = "threads",
    journal: JournalOption = None,
) -> None:
    """Write a site and an inventory that say what hosts have, and prove them: their plan is empty. Changes nothing.

    Hosts that have the same things share a site file, with variables where their values differ; what cannot be
    declared is listed with the reason.
    """
    from psnet._internal.version import VERSION
    from psnet.adoption import declare, fold, inventory_text, site_text
    from psnet.fleet import run_options
    from psnet.fleet.operations import observe_everything_operation
    from psnet.fleet.results import always_ok
    from psnet.inventories import load_inventory

    loaded = load_inventory(inventory)
    hosts = loaded.select(limit)
    call = fleet.Call(
        "adopt", hosts, run_options(forks=forks, executor=executor), None, inventory, journal=journal, quiet=json_
    )
    run = fleet.run_call(call, observe_everything_operation, always_ok, lambda seen: seen.host)
    if run.errors or run.not_begun:
        fleet.show_failures(run, json=json_)
        show([Text("nothing was written: every host has to be read; leave one out with --limit", style="yellow")])
        raise typer.Exit(exit_code(run.errors) or 1)
    declarations = [declare(seen.state, seen.host) for seen in run.values]
    folds = fold(declarations, {group for host in hosts for group in host.groups})
    texts = {out / each.file: site_text(each, _of(each, declarations), version=VERSION) for each in folds}
    texts[out / "hosts.yaml"] = inventory_text(folds, hosts, out, version=VERSION, source=loaded.path)
    _refuse_there(texts, force=force)
    for path, text in texts.items():
        write_whole(path, text)
    plans = _proven(folds, hosts, out, call)
    if json_:
        show_json(_data(folds, declarations, plans, out))
    else:
        show(_lines(folds, declarations, plans, out))
    raise typer.Exit(int(len(plans) != len(hosts) or not all(item.empty for item in plans.values())))


def _of(each: Fold, declarations: Sequence[Declaration]) -> list[Declaration]:
    return [item for item in declarations if item.host in each.variables]


def _refuse_there(texts: dict[Path, str], *, force: bool) -> None:
    from psnet.errors import InputError

    there = next((path for path in texts if path.exists()), None)
    if there is not None and not force:
        raise InputError(f"{there} is there already", remedy="name another folder, or say --force")


def _proven(folds: Sequence[Fold], hosts: Sequence[InventoryHost], out: Path, call: fleet.Call) -> dict[str, Plan]:
    """Plan what was written, read again, for every host over its own connection."""
    from psnet.fleet.operations import PlanOperation, plan_status
    from psnet.inventories import load_inventory
    from psnet.site import load_site

    written = load_inventory(out / "hosts.yaml")
    plans: dict[str, Plan] = {}
    for each in folds:
        source = load_site(out / each.file)
        mine = [host for host in hosts if host.name in each.variables]
        operations = {
            host.name: PlanOperation(source.for_host(host.name, written[host.name].variables)) for host in mine
        }
        proof = replace(call, command="plan", hosts=mine, site=out / each.file, quiet=True, full=True)
        run = fleet.run_call(proof, operations, plan_status, lambda value: value.host)
        plans |= {item.host: item for item in run.values}
    return plans


def _lines(folds: Sequence[Fold], declarations: Sequence[Declaration], plans: dict[str, Plan], out: Path) -> list[Text]:
    from psnet.report import plan_lines
    from psnet.report.grouping import name_ranges

    lines: list[Text] = []
    inventory = out / "hosts.yaml"
    for each in folds:
        counted: dict[str, int] = {}
        for entry in each.declaration.entries:
            counted[entry.section] = counted.get(entry.section, 0) + 1
        site = out / each.file
        lines.append(Text.assemble((name_ranges(each.hosts), "bold"), f"  {site}"))
        words = ", ".join(f"{number} {section}" for section, number in counted.items()) or "nothing to declare"
        lines.append(Text(f"  {words}"))
        names = sorted({name for given in each.variables.values() for name in given})
        if names:
            lines.append(Text(f"  variables in {inventory}: {', '.join(names)}"))
        lefts = {(left.what, left.reason): None for item in _of(each, declarations) for left in item.undeclared}
        lines += [Text(f"  not declared: {what}: {reason}", style="yellow") for what, reason in lefts]
        mine = [plans[name] for name in each.hosts if name in plans]
        if len(mine) == len(each.hosts) and all(item.empty for item in mine):
            lines.append(Text("  proven: the plan of it is empty", style="green"))
        for item in mine:
            lines += [] if item.empty else plan_lines(item)
        group = "" if len(folds) == 1 else f" --limit {each.name}"
        lines += [Text(f"  go on with: psnet plan {site} -i {inventory}{group}", style="dim"), Text("")]
    return lines


def _data(
    folds: Sequence[Fold], declarations: Sequence[Declaration], plans: dict[str, Plan], out: Path
) -> dict[str, Any]:
    return {
        "inventory": str(out / "hosts.yaml"),
        "groups": [
            {
                "name": each.name,
                "site": str(out / each.file),
                "hosts": list(each.hosts),
                "declared": [entry.identity for entry in each.declaration.entries],
                "variables": each.variables,
            }
            for each in folds
        ],
        "undeclared": {
            item.host: [{"what": left.what, "reason": left.reason} for left in item.undeclared] for item in declarations
        },
        "empty": {item.host: item.host in plans and plans[item.host].empty for item in declarations},
    }
