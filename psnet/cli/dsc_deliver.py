"""psnet dsc publish, start, test, status, get, remove: configurations on hosts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.terminal import echo
from psnet.cli import fleet
from psnet.cli.common import InventoryOption, LimitOption, SiteArgument, show
from psnet.cli.dsc_options import (
    CertificatesOption,
    ForceOption,
    RunAsOption,
    TimeoutOption,
    documents,
    leave,
    run_dsc_call,
    warn,
)
from psnet.cli.fleet_options import (
    CanaryOption,
    ExecutorOption,
    ForksOption,
    JournalOption,
    JsonLinesOption,
    JunitOption,
    MaxFailOption,
    OrderOption,
    SerialOption,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.dsc.deliver.operations import Values
    from psnet.dsc.status import DscResult
    from psnet.fleet import FleetRun


def publish(
    site: SiteArgument,
    inventory: InventoryOption,
    limit: LimitOption = None,
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help="Publish to the folder of a pull server instead, for hosts that pull."),
    ] = None,
    force: ForceOption = False,
    certificates: CertificatesOption = None,
    run_as: RunAsOption = None,
    json_: JsonLinesOption = False,
    forks: ForksOption = 10,
    serial: SerialOption = None,
    max_fail: MaxFailOption = None,
    order: OrderOption = "inventory",
    canary: CanaryOption = False,
    executor: ExecutorOption = "threads",
    journal: JournalOption = None,
    junit: JunitOption = None,
) -> None:
    """Bring the module and each host's configuration there, to be applied by the host's next run."""
    from psnet.dsc.compile import SiteOptions
    from psnet.dsc.deliver import PublishOperation, module_package
    from psnet.fleet import run_options
    from psnet.inventory import load_inventory

    options = run_options(forks=forks, serial=serial, max_fail=max_fail, order=order, canary=canary, executor=executor)
    hosts = load_inventory(inventory).select(limit)
    made, warnings = documents(site, hosts, SiteOptions(certificates=certificates, run_as=run_as))
    warn(warnings)
    package = module_package()
    if folder is not None:
        from psnet.dsc.deliver.folder import publish_to

        for path in publish_to(folder, made, package):
            echo(str(path))
        return
    call = fleet.Call(
        "publish", hosts, options, site, inventory, {"force": force}, journal=journal, junit=junit, json=json_
    )
    operations = {name: PublishOperation(item.data, package, force) for name, item in made.items()}
    run = run_dsc_call(call, operations, _data)
    _report(run, json_=json_)
    leave(run)


def start(
    site: SiteArgument,
    inventory: InventoryOption,
    limit: LimitOption = None,
    force: ForceOption = False,
    timeout: TimeoutOption = 1800,
    certificates: CertificatesOption = None,
    run_as: RunAsOption = None,
    json_: JsonLinesOption = False,
    forks: ForksOption = 10,
    serial: SerialOption = None,
    max_fail: MaxFailOption = None,
    order: OrderOption = "inventory",
    canary: CanaryOption = False,
    executor: ExecutorOption = "threads",
    journal: JournalOption = None,
    junit: JunitOption = None,
) -> None:
    """Compile SITE, bring module and configurations to the hosts, apply them, and wait for what comes of it.

    A host works on by itself when the connection is lost; it is opened again until --timeout is over.
    """
    from psnet.dsc.compile import SiteOptions
    from psnet.dsc.deliver import StartOperation, module_package
    from psnet.fleet import run_options
    from psnet.inventory import load_inventory

    options = run_options(forks=forks, serial=serial, max_fail=max_fail, order=order, canary=canary, executor=executor)
    hosts = load_inventory(inventory).select(limit)
    made, warnings = documents(site, hosts, SiteOptions(certificates=certificates, run_as=run_as))
    warn(warnings)
    package = module_package()
    more = {"force": force, "timeout": timeout}
    call = fleet.Call("start", hosts, options, site, inventory, more, journal=journal, junit=junit, json=json_)
    operations = {name: StartOperation(item.data, package, force, timeout) for name, item in made.items()}
    run = run_dsc_call(call, operations, _data)
    _report(run, json_=json_)
    leave(run)


def update(
    inventory: InventoryOption,
    limit: LimitOption = None,
    timeout: TimeoutOption = 1800,
    json_: JsonLinesOption = False,
    forks: ForksOption = 10,
    serial: SerialOption = None,
    max_fail: MaxFailOption = None,
    order: OrderOption = "inventory",
    canary: CanaryOption = False,
    executor: ExecutorOption = "threads",
    journal: JournalOption = None,
    junit: JunitOption = None,
) -> None:
    """Let each host pull now what its pull server has for it, apply it, and wait for what comes of it."""
    from psnet.dsc.deliver import UpdateOperation
    from psnet.fleet import run_options
    from psnet.inventory import load_inventory

    options = run_options(forks=forks, serial=serial, max_fail=max_fail, order=order, canary=canary, executor=executor)
    hosts = load_inventory(inventory).select(limit)
    more = {"timeout": timeout}
    call = fleet.Call("update", hosts, options, None, inventory, more, journal=journal, junit=junit, json=json_)
    run = run_dsc_call(call, UpdateOperation(timeout), _data)
    _report(run, json_=json_)
    leave(run)


def find_drift(
    inventory: InventoryOption,
    site: Annotated[
        Path | None,
        typer.Argument(help="Test against this site instead of the host's current configuration.", show_default=False),
    ] = None,
    limit: LimitOption = None,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 2 when a host is not in its desired state.")
    ] = False,
    timeout: TimeoutOption = 1800,
    json_: JsonLinesOption = False,
    forks: ForksOption = 10,
    order: OrderOption = "inventory",
    executor: ExecutorOption = "threads",
    journal: JournalOption = None,
    junit: JunitOption = None,
) -> None:
    """Say which hosts are in their desired state, and which resources are not. Nothing is changed."""
    from psnet.dsc.compile import SiteOptions
    from psnet.dsc.deliver import CompareOperation
    from psnet.dsc.status.lines import drift_lines
    from psnet.fleet import run_options
    from psnet.inventory import load_inventory

    options = run_options(forks=forks, order=order, executor=executor)
    hosts = load_inventory(inventory).select(limit)
    made = documents(site, hosts, SiteOptions())[0] if site is not None else {}
    call = fleet.Call("test", hosts, options, site, inventory, journal=journal, junit=junit, json=json_)
    operations = {host.name: CompareOperation(made[host.name].data if made else None, timeout) for host in hosts}
    run = run_dsc_call(call, operations, _data)
    _report(run, json_=json_)
    if not json_ and run.values:
        show(drift_lines(run.values))
    drifted = any(not item.in_desired_state for item in run.values)
    leave(run, drifted=drifted and detailed_exitcode)


def status(
    inventory: InventoryOption,
    limit: LimitOption = None,
    json_: JsonLinesOption = False,
    forks: ForksOption = 10,
    order: OrderOption = "inventory",
    executor: ExecutorOption = "threads",
    journal: JournalOption = None,
) -> None:
    """Show each host's last run: what it was, which resources are in their desired state, errors, restarts."""
    from psnet.dsc.deliver import StatusOperation
    from psnet.fleet import run_options
    from psnet.inventory import load_inventory

    options = run_options(forks=forks, order=order, executor=executor)
    hosts = load_inventory(inventory).select(limit)
    call = fleet.Call("status", hosts, options, None, inventory, journal=journal, json=json_)
    run = run_dsc_call(call, StatusOperation(), _data)
    _report(run, json_=json_)
    leave(run)


def get(
    inventory: InventoryOption,
    limit: LimitOption = None,
    json_: JsonLinesOption = False,
    forks: ForksOption = 10,
    order: OrderOption = "inventory",
    executor: ExecutorOption = "threads",
    journal: JournalOption = None,
) -> None:
    """Show what every resource of each host's current configuration is like."""
    from psnet.dsc.deliver import GetOperation
    from psnet.fleet import run_options
    from psnet.inventory import load_inventory

    options = run_options(forks=forks, order=order, executor=executor)
    hosts = load_inventory(inventory).select(limit)
    call = fleet.Call("get", hosts, options, None, inventory, journal=journal, json=json_)
    run = run_dsc_call(call, GetOperation(), lambda values: list(values.resources))
    if not json_:
        fleet.show_run(run, _value_lines)
    leave(run)


def remove(
    inventory: InventoryOption,
    limit: LimitOption = None,
    stage: Annotated[
        list[str] | None,
        typer.Option("--stage", help="Current, Pending or Previous; repeat it.", show_default="all three"),
    ] = None,
    module: Annotated[bool, typer.Option("--module", help="Remove the module PSNetDsc too.")] = False,
    json_: JsonLinesOption = False,
    forks: ForksOption = 10,
    serial: SerialOption = None,
    order: OrderOption = "inventory",
    executor: ExecutorOption = "threads",
    journal: JournalOption = None,
) -> None:
    """Remove the configuration documents of each host; what they configured stays as it is."""
    from psnet.dsc.deliver import RemoveOperation
    from psnet.dsc.deliver.operations import STAGES
    from psnet.dsc.resources import MODULE
    from psnet.errors import InputError
    from psnet.fleet import run_options
    from psnet.inventory import load_inventory

    wanted = tuple(name.capitalize() for name in stage) if stage else STAGES
    if unknown := [name for name in wanted if name not in STAGES]:
        raise InputError(f"--stage {unknown[0]} is no stage", remedy=f"one of {', '.join(STAGES)}")
    options = run_options(forks=forks, serial=serial, order=order, executor=executor)
    hosts = load_inventory(inventory).select(limit)
    call = fleet.Call("remove", hosts, options, None, inventory, {"stages": wanted}, journal=journal, json=json_)
    run = run_dsc_call(call, RemoveOperation(wanted, MODULE if module else None), _data)
    _report(run, json_=json_)
    leave(run)


def _data(result: DscResult) -> dict[str, Any]:
    from psnet.dsc.status.lines import result_data

    return result_data(result)


def _report(run: FleetRun[DscResult], *, json_: bool) -> None:
    from psnet.dsc.status.lines import result_lines

    if not json_:
        times = len(run.hosts) <= fleet.MANY
        fleet.show_run(run, lambda result: result_lines(result, times=times))


def _value_lines(values: Values) -> Iterator[Text]:
    yield Text(values.host, style="bold")
    for resource in values.resources:
        yield Text(f"  {resource.get('ResourceId', '?')}")
        for name, value in resource.items():
            if name != "ResourceId":
                shown = ", ".join(map(str, value)) if isinstance(value, list) else value
                yield Text(f"    {name:<24} {shown}")
