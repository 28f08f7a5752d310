"""psnet dsc publish, start, test, status, get, remove: configurations on hosts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.output import try_folder
from psnet._internal.terminal import echo
from psnet.cli import completion, fleet
from psnet.cli.common import SiteArgument, refuse_json, show
from psnet.cli.dsc_options import (
    CertificatesOption,
    DowntimeOption,
    ForceOption,
    RunAsOption,
    TimeoutOption,
    documents,
    leave,
    run_dsc_call,
    warn,
)
from psnet.cli.fleet_flags import CHANGING, FleetFlags, over_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.dsc.deliver.operations import ResourceStates
    from psnet.dsc.status import DscResult
    from psnet.fleet import FleetRun


@over_fleet()
def publish(
    flags: FleetFlags,
    site: SiteArgument,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", callback=try_folder, help="Publish to the folder of a pull server instead, for hosts that pull."
        ),
    ] = None,
    force: ForceOption = False,
    certificates: CertificatesOption = None,
    run_as: RunAsOption = None,
    allow_downtime: DowntimeOption = "endpoints",
) -> None:
    """Bring the module and each host's configuration there, to be applied by the host's next run."""
    from psnet.dsc.compile import SiteOptions
    from psnet.dsc.deliver import PublishOperation, module_package

    if folder is not None:
        refuse_json("--folder", json=flags.json)
    hosts = flags.hosts()
    made, warnings = documents(
        site, hosts, SiteOptions(certificates=certificates, run_as=run_as, allow_downtime=allow_downtime)
    )
    warn(warnings)
    package = module_package()
    if folder is not None:
        from psnet.dsc.deliver.folder import publish_to

        for path in publish_to(folder, made, package):
            echo(str(path))
        return
    call = flags.call("publish", hosts, site, {"force": force, "allow_downtime": allow_downtime})
    operations = {name: PublishOperation(item.data, package, force) for name, item in made.items()}
    run = run_dsc_call(call, operations, _data)
    _report(run, json=flags.json)
    leave(run)


@over_fleet()
def start(
    flags: FleetFlags,
    site: SiteArgument,
    force: ForceOption = False,
    timeout: TimeoutOption = 1800,
    certificates: CertificatesOption = None,
    run_as: RunAsOption = None,
    allow_downtime: DowntimeOption = "endpoints",
) -> None:
    """Compile SITE, bring module and configurations to the hosts, apply them, and wait for what comes of it.

    A host works on by itself when the connection is lost; it is opened again until --timeout is over.
    """
    from psnet.dsc.compile import SiteOptions
    from psnet.dsc.deliver import StartOperation, module_package

    hosts = flags.hosts()
    made, warnings = documents(
        site, hosts, SiteOptions(certificates=certificates, run_as=run_as, allow_downtime=allow_downtime)
    )
    warn(warnings)
    package = module_package()
    more = {"force": force, "timeout": timeout, "allow_downtime": allow_downtime}
    call = flags.call("start", hosts, site, more)
    operations = {name: StartOperation(item.data, package, force, timeout) for name, item in made.items()}
    run = run_dsc_call(call, operations, _data)
    _report(run, json=flags.json, changes=True)
    leave(run)


@over_fleet()
def update(
    flags: FleetFlags,
    timeout: TimeoutOption = 1800,
) -> None:
    """Let each host pull now what its pull server has for it, apply it, and wait for what comes of it."""
    from psnet.dsc.deliver import UpdateOperation

    hosts = flags.hosts()
    more = {"timeout": timeout}
    call = flags.call("update", hosts, more=more)
    run = run_dsc_call(call, UpdateOperation(timeout), _data)
    _report(run, json=flags.json, changes=True)
    leave(run)


@over_fleet(without=CHANGING)
def find_drift(
    flags: FleetFlags,
    site: Annotated[
        Path | None,
        typer.Argument(help="Test against this site instead of the host's current configuration.", show_default=False),
    ] = None,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 2 when a host is not in its desired state.")
    ] = False,
    timeout: TimeoutOption = 1800,
) -> None:
    """Say which hosts are in their desired state, and which resources are not. Nothing is changed."""
    from psnet.dsc.compile import SiteOptions
    from psnet.dsc.deliver import CompareOperation
    from psnet.dsc.status.lines import drift_lines

    hosts = flags.hosts()
    made = documents(site, hosts, SiteOptions())[0] if site is not None else {}
    call = flags.call("test", hosts, site)
    operations = {host.name: CompareOperation(made[host.name].data if made else None, timeout) for host in hosts}
    run = run_dsc_call(call, operations, _data)
    _report(run, json=flags.json)
    if not flags.json and run.values:
        show(drift_lines(run.values))
    drifted = any(not item.in_desired_state for item in run.values)
    leave(run, drifted=drifted and detailed_exitcode)


@over_fleet(without=CHANGING | {"junit"})
def status(
    flags: FleetFlags,
) -> None:
    """Show each host's last run: what it was, which resources are in their desired state, errors, restarts."""
    from psnet.dsc.deliver import StatusOperation

    hosts = flags.hosts()
    call = flags.call("status", hosts)
    run = run_dsc_call(call, StatusOperation(), _data)
    _report(run, json=flags.json)
    leave(run)


@over_fleet(without=CHANGING | {"junit"})
def get(
    flags: FleetFlags,
) -> None:
    """Show what every resource of each host's current configuration is like."""
    from psnet.dsc.deliver import GetOperation

    hosts = flags.hosts()
    call = flags.call("get", hosts)
    run = run_dsc_call(call, GetOperation(), lambda values: list(values.resources))
    if not flags.json:
        fleet.show_run(run, _value_lines)
    leave(run)


@over_fleet(without=frozenset({"max_fail", "canary", "junit"}))
def remove(
    flags: FleetFlags,
    stage: Annotated[
        list[str] | None,
        typer.Option(
            "--stage",
            help="Current, Pending or Previous; repeat it.",
            show_default="all three",
            autocompletion=completion.words("Current", "Pending", "Previous"),
        ),
    ] = None,
    module: Annotated[bool, typer.Option("--module", help="Remove the module PSNetDsc too.")] = False,
) -> None:
    """Remove the configuration documents of each host; what they configured stays as it is."""
    from psnet.dsc.deliver import RemoveOperation
    from psnet.dsc.deliver.operations import STAGES
    from psnet.dsc.resources import MODULE
    from psnet.errors import InputError

    wanted = tuple(name.capitalize() for name in stage) if stage else STAGES
    if unknown := [name for name in wanted if name not in STAGES]:
        raise InputError(f"--stage {unknown[0]} is no stage", remedy=f"one of {', '.join(STAGES)}")
    hosts = flags.hosts()
    call = flags.call("remove", hosts, more={"stages": wanted})
    run = run_dsc_call(call, RemoveOperation(wanted, MODULE if module else None), _data)
    _report(run, json=flags.json)
    leave(run)


def _data(result: DscResult) -> dict[str, Any]:
    from psnet.dsc.status.lines import result_data

    return result_data(result)


def _report(run: FleetRun[DscResult], *, json: bool, changes: bool = False) -> None:
    from psnet.dsc.status.lines import change_line, result_lines

    if not json:
        times = len(run.hosts) <= fleet.MANY
        fleet.show_run(run, lambda result: result_lines(result, times=times))
        if changes and run.values:
            show([change_line(run.values)])


def _value_lines(values: ResourceStates) -> Iterator[Text]:
    yield Text(values.host, style="bold")
    for resource in values.resources:
        yield Text(f"  {resource.get('ResourceId', '?')}")
        for name, value in resource.items():
            if name != "ResourceId":
                shown = ", ".join(map(str, value)) if isinstance(value, list) else value
                yield Text(f"    {name:<24} {shown}")
