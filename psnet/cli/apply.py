"""psnet apply."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.text import Text

from psnet.cli import fleet
from psnet.cli.common import PruneOption, exit_code, show
from psnet.cli.fleet_flags import FleetFlags, over_fleet
from psnet.cli.fleet_options import FullOption

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psnet.fleet import FleetRun, HostResult, RunOptions
    from psnet.inventories import InventoryHost
    from psnet.planning import Downtime, Plan
    from psnet.planning.saved import SavedPlans
    from psnet.site import SiteSource

#: As ``psnet.planning.Downtime``: said again so that the command starts without the planner.
DowntimeOption = Literal["none", "endpoints", "all"]


@dataclass(frozen=True, slots=True)
class Request:
    """What to apply, to whom, and how; a resumed run makes it from the journal.

    ``saved`` are the plans to carry out, and ``scope`` what they were made for and from: its site counts, and not what
    a file of that name says by now. ``left`` says, for hosts whose saved plan was begun, which of its changes (kind,
    name) are not known to be done.
    """

    site: Path
    inventory: Sequence[Path]
    hosts: Sequence[InventoryHost]
    options: RunOptions
    saved: Mapping[str, Plan] | None = None
    scope: SavedPlans | None = None
    left: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    prune: bool = False
    full: bool = False
    confirm_within: int = 120
    no_rollback: bool = False
    downtime: Downtime = "endpoints"
    journal: str | None = None
    junit: Path | None = None
    json: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


@over_fleet(saved=True)
def apply(
    flags: FleetFlags,
    site: Annotated[
        Path,
        typer.Argument(metavar="SITE_OR_PLAN", help="A site file, or a plan saved with --out.", show_default=False),
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before changing anything.")] = False,
    prune: PruneOption = False,
    full: FullOption = False,
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
    allow_downtime: Annotated[
        DowntimeOption,
        typer.Option(
            "--allow-downtime",
            help="What may go with a change, whatever --yes says: nothing that has an endpoint (none), nothing that "
            "carries a running container (endpoints), or anything (all).",
        ),
    ] = "endpoints",
) -> None:
    """Bring each host to what is declared, then prove that nothing is left.

    On a terminal the plan is shown with its price, asked about, and carried out as it was shown. A saved plan is
    applied without a question, from any folder, whatever became of its files, and only to hosts that are still as they
    were observed. Every run is recorded (psnet runs). Ctrl-C once: no new hosts, running ones finish; twice: their
    pipelines are stopped.
    """
    from psnet.cli import review
    from psnet.errors import InputError
    from psnet.fleet.targets import with_section_targets
    from psnet.inventories import load_inventory
    from psnet.planning.saved import is_saved, load_plans
    from psnet.site import load_site

    request = Request(
        site=site,
        inventory=flags.inventory,
        hosts=[],
        options=flags.options,
        prune=prune,
        full=full,
        confirm_within=confirm_within,
        no_rollback=no_rollback,
        downtime=allow_downtime,
        journal=flags.journal,
        junit=flags.junit,
        json=flags.json,
    )
    if is_saved(site):
        scope = load_plans(site)
        if prune and not scope.prune:
            raise InputError(f"{site} was planned without --prune", remedy="plan again with --prune")
        _, paths, chosen = review.scope_of(scope, site, flags.inventory, flags.limit)
        run_request(saved_request(request, scope, paths, chosen), asked=True)
        return
    source = load_site(site)
    if not flags.inventory:
        raise InputError("no inventory is named", remedy="name the hosts: -i INVENTORY")
    hosts = with_section_targets(source, load_inventory(flags.inventory)).select(flags.limit)
    request = replace(request, hosts=hosts)
    if not yes and not flags.json and review.can_prompt():
        request = ask(request, flags.limit, f"Apply this to {len(hosts)} host{'s' * (len(hosts) != 1)}?")
        yes = True
    run_request(request, asked=yes)


def saved_request(
    request: Request, scope: SavedPlans, paths: Sequence[Path], hosts: Sequence[InventoryHost]
) -> Request:
    """Return a request for exactly what was planned."""
    return replace(
        request,
        site=Path(scope.site.path),
        inventory=paths,
        hosts=hosts,
        saved=scope.by_host(),
        scope=scope,
        prune=scope.prune,
    )


def ask(request: Request, limit: str | None, question: str, source: SiteSource | None = None) -> Request:
    """Show the plan of a request and ask; return the request for exactly that plan, or leave."""
    from psnet.cli import review
    from psnet.fleet.targets import sites_for
    from psnet.planning.saved import saved_plans
    from psnet.site import load_site

    source = source or load_site(request.site)
    sites = sites_for(source, request.hosts, prune=request.prune)
    call = fleet.Call(
        "plan",
        request.hosts,
        request.options,
        request.site,
        request.inventory,
        {"prune": request.prune},
        journal=request.journal,
        full=request.full,
    )
    plans = review.reviewed(call, sites, question)
    scope = saved_plans(
        source,
        request.hosts,
        list(plans.values()),
        inventory=request.inventory,
        limit=limit,
        prune=request.prune,
    )
    return saved_request(request, scope, request.inventory, request.hosts)


def run_request(request: Request, *, asked: bool, verb: str = "apply") -> None:
    """Carry out a request, report it, and leave with its exit code; InputError unless it was ``asked`` for."""
    from psnet.cli import review
    from psnet.errors import InputError
    from psnet.fleet import Confirmation
    from psnet.fleet.operations import ApplyOperation, result_status
    from psnet.fleet.targets import sites_for, with_target_order
    from psnet.report import result_lines
    from psnet.site import load_site

    source = load_site(request.site) if request.scope is None else request.scope.source()
    sites = sites_for(source, request.hosts, prune=request.prune)
    if not asked:
        saving = "psnet plan --out" if verb == "apply" else f"psnet {verb} --out"
        raise InputError(f"{verb} changes hosts", remedy=f"add --yes, or apply a plan saved with {saving}")
    more = {
        "prune": request.prune,
        "confirm_within": request.confirm_within,
        "no_rollback": request.no_rollback,
        "allow_downtime": request.downtime,
        "site_sha256": sha256(source.document.text.encode()).hexdigest(),
        "saved": request.saved is not None,
        **({"scope": review.data_of(request.scope)} if request.scope is not None else {}),
        "left": {name: sorted(items) for name, items in request.left.items()},
        **request.more,
    }
    saved = request.saved or {}
    call = fleet.Call(
        "apply",
        request.hosts,
        with_target_order(request.options, source, sites),
        request.site,
        request.inventory,
        more,
        {host.name: saved[host.name].model_dump_json() for host in request.hosts if host.name in saved},
        journal=request.journal,
        junit=request.junit,
        json=request.json,
        full=request.full,
    )
    confirmation = Confirmation(request.confirm_within, not request.no_rollback, request.downtime)
    operations = {
        name: ApplyOperation(site, saved.get(name), request.left.get(name), confirmation)
        for name, site in sites.items()
    }
    run = fleet.run_call(call, operations, result_status, _data, result_lines)
    if not request.json:
        _report(run)
    failed = any(result.failed for result in run.values) or (run.not_begun and not run.errors)
    raise typer.Exit(1 if failed else exit_code(run.errors))


def _report(run: FleetRun[HostResult]) -> None:
    from psnet.report import result_lines, result_summary

    fleet.show_run(run, result_lines, streamed=True)
    if len(run.hosts) <= fleet.MANY:
        show(result_summary(item) for item in run.values)
    if run.status != "done":
        show([Text(f"go on with: psnet runs resume {run.id}", style="dim")])


def _data(result: HostResult) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(result.model_dump_json())
    return data
