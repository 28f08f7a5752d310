"""psnet doctor."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.output import try_output
from psnet.cli import fleet
from psnet.cli.apply import DowntimeOption, Request, run_request
from psnet.cli.collect import collect_archive
from psnet.cli.common import exit_code, show
from psnet.cli.fleet_flags import CHANGING, FleetFlags, over_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from psnet.fleet import FleetRun
    from psnet.fleet.operations import ExaminedHost
    from psnet.inventories import InventoryHost
    from psnet.planning import Plan


@over_fleet(without=CHANGING)
def doctor(
    flags: FleetFlags,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 for warnings, too.")] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Remove what findings say that psnet can remove: shown, asked, verified.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", callback=try_output, help="With --fix: save the plan for psnet apply instead."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --fix: do not ask.")] = False,
    allow_downtime: Annotated[
        DowntimeOption, typer.Option("--allow-downtime", help="With --fix: what may go with a removal, as of apply.")
    ] = "endpoints",
    collect: Annotated[
        Path | None,
        typer.Option(
            "--collect",
            metavar="FILE.zip",
            callback=try_output,
            help="Fetch what a support case needs, redacted, into one archive, and look for nothing.",
        ),
    ] = None,
    trace: Annotated[
        int | None,
        typer.Option(
            "--trace",
            metavar="SECONDS",
            min=1,
            max=120,
            help="With --collect: record the first bytes of packets for so long.",
        ),
    ] = None,
) -> None:
    """Look for what is wrong with container networking on each host, and change nothing unless --fix says so.

    Exits with 1 for errors, with --strict for warnings too. --fix mends by an ordinary plan: exactly what the findings
    name, within --allow-downtime. --collect writes one archive for a support case instead, without secrets, product
    keys and people.
    """
    from psnet.errors import InputError

    if (out is not None or yes) and not fix:
        raise InputError("--out and --yes belong to --fix", remedy="say psnet doctor --fix")
    if trace is not None and collect is None:
        raise InputError("--trace belongs to --collect", remedy="say psnet doctor --collect FILE.zip --trace SECONDS")
    if collect is not None and fix:
        raise InputError("--collect changes nothing, --fix does", remedy="collect first, then mend")
    hosts = flags.hosts()
    call = flags.call("doctor", hosts, more={"strict": strict})
    if collect is not None:
        raise typer.Exit(collect_archive(call, collect, trace))
    run = _examine(call, strict=strict)
    plans = {item.host: item.plan for item in run.values if item.plan is not None} if fix else {}
    if fix and not flags.json:
        _show_plans(plans)
    if plans and out is not None:
        from psnet.cli import review
        from psnet.planning.saved import DOCTOR_SITE, saved_plans
        from psnet.site import load_site

        mended = [host for host in hosts if host.name in plans]
        saved = saved_plans(
            load_site(DOCTOR_SITE), mended, list(plans.values()), inventory=flags.inventory, limit=flags.limit
        )
        review.save(out, saved, say=not flags.json)
    elif plans:
        mended = [host for host in hosts if host.name in plans]
        _ask(mended, asked=yes, json=flags.json)
        _apply(call, mended, plans, allow_downtime)
        again = replace(call, hosts=mended, junit=None)
        raise typer.Exit(_code(run, frozenset(plans)) or _code(_examine(again, strict=strict)))
    raise typer.Exit(_code(run))


def _examine(call: fleet.Call, *, strict: bool) -> FleetRun[ExaminedHost]:
    """Examine hosts and show what is found; with ``strict`` a warning makes a host sick."""
    from psnet.fleet.operations import examine_operation, findings_status, findings_status_strict

    run = fleet.run_call(call, examine_operation, findings_status_strict if strict else findings_status, _data, _lines)
    if not call.json:
        fleet.show_run(run, _lines, streamed=True)
    return run


def _code(run: FleetRun[ExaminedHost], but: frozenset[str] = frozenset()) -> int:
    """Return the exit code of an examination, without the hosts that are looked at again."""
    sick = any(
        answer.failed for answer in run.hosts if answer.result_status is not None and answer.host.name not in but
    )
    return exit_code(run.errors) or int(sick or bool(run.not_begun))


def _show_plans(plans: Mapping[str, Plan]) -> None:
    from psnet.report import plan_lines

    if not plans:
        show([Text("nothing of it can be mended by psnet: the remedies say what to do", style="dim")])
    for item in plans.values():
        show([*plan_lines(item), Text("")])


def _ask(hosts: Sequence[InventoryHost], *, asked: bool, json: bool) -> None:
    """Ask before anything is changed, unless that was done."""
    from psnet.errors import InputError

    if asked:
        return
    if json or not sys.stdin.isatty():
        raise InputError(
            "doctor --fix changes hosts", remedy="add --yes; or save the plan with --out, review it and psnet apply it"
        )
    typer.confirm(f"Mend {len(hosts)} host(s)?", abort=True)


def _apply(
    call: fleet.Call, hosts: Sequence[InventoryHost], plans: Mapping[str, Plan], downtime: DowntimeOption
) -> None:
    """Apply the plans as psnet apply does; leave with its exit code unless all went well."""
    from psnet.planning.saved import DOCTOR_SITE

    request = Request(
        site=DOCTOR_SITE,
        inventory=call.inventory or (),
        hosts=hosts,
        options=call.options,
        saved=plans,
        downtime=downtime,
        journal=call.journal if isinstance(call.journal, str) else None,
        json=call.json,
        more={"doctor": True},
    )
    try:
        run_request(request, asked=True)
    except typer.Exit as ending:
        if ending.exit_code:
            raise


def _lines(examined: ExaminedHost) -> Iterator[Text]:
    from psnet.report.plans import finding_lines

    yield Text(examined.host, style="bold")
    for finding in examined.findings:
        yield from finding_lines(finding)
    if not examined.findings:
        yield Text("  healthy", style="green")


def _data(examined: ExaminedHost) -> list[Any]:
    return [json.loads(item.model_dump_json()) for item in examined.findings]
