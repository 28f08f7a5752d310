"""psnet sdn: policy questions and what a Network Controller has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet.cli import completion
from psnet.cli.common import InventoryOption, JsonOption, LimitOption, SiteArgument, show, show_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.fleet import FleetRun
    from psnet.inventories import InventoryHost
    from psnet.sdn.model import Sdn
    from psnet.sdn.state import ControllerState
    from psnet.sdn.topology import Topology
    from psnet.sdn.trace import Endpoint, TraceOutcome, TraceRequest
    from psnet.site import Site, SiteSource

app = typer.Typer(help="The Network Controller: policy questions, and what it has.", no_args_is_help=True)
_BUILDS = {"2016": 14393, "2019": 17763, "2022": 20348, "2025": 26100}


@app.command("trace")
def trace(
    site: SiteArgument,
    source: Annotated[str, typer.Option("--from", metavar="IP", help="Who begins the connection.", show_default=False)],
    destination: Annotated[str, typer.Option("--to", metavar="IP", help="Whom it is for.", show_default=False)],
    port: Annotated[str, typer.Option("--port", metavar="443/tcp", help="The port, tcp unless said.")],
    inventory: Annotated[
        Path | None,
        typer.Option("--inventory", "-i", envvar="PSNET_INVENTORY", help="Fill the site with these hosts' variables."),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="From what the controller and the hosts have, not from the site.")
    ] = False,
    limit: LimitOption = None,
    network: Annotated[
        str | None, typer.Option("--network", help="The source's network, such as /virtualNetworks/shop.")
    ] = None,
    source_port: Annotated[int, typer.Option("--source-port", min=1, max=65535, help="The source's port.")] = 49152,
    os_: Annotated[
        str,
        typer.Option(
            "--os",
            help="The Windows of hosts that are only declared.",
            autocompletion=completion.words(*completion.BUILDS),
        ),
    ] = "2022",
    json_: JsonOption = False,
) -> None:
    """Say which rules, load balancers, NATs and routes decide about a connection, in order, and the verdict.

    Nothing is sent. Exits with 0 when it is allowed, 1 when it is denied, 2 when it depends on which member takes it.
    """
    from psnet.errors import InputError
    from psnet.sdn.target import KEY
    from psnet.sdn.trace import Tracer
    from psnet.sdn.trace.request import parse_request
    from psnet.site import load_site

    asked = parse_request(source, destination, port, source_port=source_port, network=network)
    if os_ not in _BUILDS:
        raise InputError(f"no such Windows: {os_}", remedy=f"one of {', '.join(_BUILDS)}")
    loaded = load_site(site)
    if live and inventory is None:
        raise InputError("--live looks at the controller and the hosts", remedy="name them: -i INVENTORY")
    if live and inventory:
        answer = _trace_live(loaded, inventory, limit, asked)
    elif KEY not in loaded.sections:
        raise InputError(
            f"{site} has no {KEY}: section: there are no policies of a Network Controller to ask",
            remedy=f"name a site with {KEY}:, or ask `psnet trace` for the way of a host's port",
        )
    else:
        answer = Tracer(*_declared(loaded, inventory, limit, os_)).trace(asked)
    if json_:
        show_json(json.loads(answer.model_dump_json()))
    else:
        from psnet.report.traces import trace_lines

        show(trace_lines(answer))
    raise typer.Exit({"allowed": 0, "denied": 1, "depends": 2}[answer.verdict])


def _declared(
    source: SiteSource, inventory: Path | None, limit: str | None, os_: str
) -> tuple[Topology, tuple[Endpoint, ...]]:
    from psnet.inventories import load_inventory
    from psnet.sdn.target import KEY
    from psnet.sdn.topology import Topology
    from psnet.sdn.trace_endpoints import declared_endpoints

    build = _BUILDS[os_]
    hosts = load_inventory(inventory).select(limit) if inventory else ()
    controller = source.place(KEY).host if KEY in source.sections else None
    sites: dict[str, Site] = {
        host.name: source.for_host(host.name, host.variables) for host in hosts if host.name != controller
    }
    if not hosts and source.for_hosts:
        sites = {"any host": source.for_host("any host")}
    found = next((dict(host.variables) for host in hosts if host.name == controller), {})
    sdn = source.with_placeholders(KEY, found)
    topology = Topology.of_declared(sdn) if sdn else Topology({})
    return topology, tuple(item for name, each in sites.items() for item in declared_endpoints(name, each, build))


def _trace_live(source: SiteSource, inventory: Path, limit: str | None, asked: TraceRequest) -> TraceOutcome:
    """Trace from what the controller and the hosts have, compared down to the ports that carry the interfaces."""
    from psnet.sdn.ports.hosts import observe_ports
    from psnet.sdn.ports.live import compare_with_ports
    from psnet.sdn.topology import Topology
    from psnet.sdn.trace import Tracer

    state, endpoints, sdn = _live(source, inventory, limit)
    answer = Tracer(Topology.of_state(state), endpoints).trace(asked)
    if sdn is None:
        return answer
    return compare_with_ports(answer, sdn, state.model_copy(update={"ports": observe_ports(sdn, rules=True)}))


def _live(
    source: SiteSource, inventory: Path, limit: str | None
) -> tuple[ControllerState, tuple[Endpoint, ...], Sdn | None]:
    from psnet.fleet.operations import ObservedHost
    from psnet.fleet.targets import sites_for, with_section_targets
    from psnet.inventories import load_inventory
    from psnet.sdn.model import Sdn
    from psnet.sdn.state import ControllerState
    from psnet.sdn.target import KEY
    from psnet.sdn.trace_endpoints import observed_endpoints

    state = ControllerState(url="")
    endpoints: list[Endpoint] = []
    for value in _look(source, inventory, limit).values:
        if isinstance(value, ControllerState):
            state = value
        elif isinstance(value, ObservedHost):
            endpoints += observed_endpoints(value.host, value.state)
    hosts = [host for host in with_section_targets(source, load_inventory(inventory)) if _is_target(source, host.name)]
    sites = sites_for(source, hosts) if hosts else {}
    declared = next((site.sections.get(KEY) for site in sites.values()), None)
    return state, tuple(endpoints), declared if isinstance(declared, Sdn) else None


def _is_target(source: SiteSource, name: str) -> bool:
    from psnet.sdn.target import KEY

    return KEY in source.sections and source.place(KEY).name == name


def _look(
    source: SiteSource, inventory: Path | Sequence[Path], limit: str | None, *, alone: bool = False
) -> FleetRun[Any]:
    """Observe the controller, and the hosts unless it is looked at ``alone``; raise the first error."""
    from psnet.errors import InputError
    from psnet.fleet import run_fleet
    from psnet.fleet.operations import ObserveOperation, observe_operation
    from psnet.fleet.targets import with_section_targets
    from psnet.inventories import load_inventory
    from psnet.sdn.target import KEY

    name = source.place(KEY).name if KEY in source.sections else None
    hosts: tuple[InventoryHost, ...] = with_section_targets(source, load_inventory(inventory)).select(limit)
    if alone:
        hosts = tuple(host for host in hosts if host.name == name)
        if not hosts:
            raise InputError("the site declares nothing on a Network Controller", remedy="add the section sdn:")
    operations: dict[str, Any] = {
        host.name: ObserveOperation(source.for_target(KEY, host.name, host.variables))
        if host.name == name
        else observe_operation
        for host in hosts
    }
    run = run_fleet(hosts, operations)
    if run.errors:
        raise run.errors[0]
    return run


@app.command("show")
def show_controller(
    site: SiteArgument, inventory: InventoryOption, limit: LimitOption = None, json_: JsonOption = False
) -> None:
    """Show what the site's Network Controller has, of the kinds that psnet manages, and who made it."""
    from psnet.report.traces import resource_line
    from psnet.site import load_site

    state: ControllerState = _look(load_site(site), inventory, limit, alone=True).values[0]
    if json_:
        show_json(json.loads(state.model_dump_json()))
        return
    show([Text(state.url, style="bold"), *(resource_line(item) for item in state.resources)])
