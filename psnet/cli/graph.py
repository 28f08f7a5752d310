"""psnet graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.output import try_output, write_whole
from psnet._internal.terminal import echo_document
from psnet.cli import completion
from psnet.cli.common import LimitOption, exit_code, show
from psnet.cli.fleet_options import ForksOption

if TYPE_CHECKING:
    from psnet.errors import PsnetError
    from psnet.fleet import ProgressCallback
    from psnet.inventories import InventoryHost
    from psnet.report.graph import Graph, HostGraph
    from psnet.site import Site, SiteSource
    from psnet.transport import Session


def graph(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A site, an inventory, a saved plan, or a recording of a host.", show_default=False
        ),
    ],
    inventory: Annotated[
        Path | None,
        typer.Option(
            "--inventory", "-i", envvar="PSNET_INVENTORY", help="The hosts that a site is for.", show_default=False
        ),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Look at the hosts; with a site, colour what would change.")
    ] = False,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="svg, html, mermaid or dot; else what --out ends with.",
            show_default="svg",
            autocompletion=completion.words("svg", "html", "mermaid", "dot"),
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", callback=try_output, help="Write to this file.", show_default=False)
    ] = None,
    limit: LimitOption = None,
    forks: ForksOption = 10,
) -> None:
    """Draw adapters, switches, networks, endpoints, port mappings and policies: as declared, or as they are.

    A site alone is drawn once; with -i once a kind of host. With --live the hosts are looked at: an inventory shows
    what they have, a site what would be made (+), changed (~) and removed (-). A saved plan shows that without a host;
    a recording (psnet record) what its host had.
    """
    from psnet.cli.pictures import drawn, format_of
    from psnet.planning.saved import is_saved, load_plans
    from psnet.report.plan_html import saved_graph

    chosen = format_of(out, format_)
    errors: list[PsnetError] = []
    if is_saved(source):
        made = saved_graph(load_plans(source))
    elif isinstance(data := _data(source), list):
        made = _of_recording(source)
    elif _is_inventory(source, data):
        made = _of_inventory(source, limit, forks, errors, live=live)
    else:
        made = _of_site(source, inventory, limit, forks, errors, live=live)
    text = drawn(made, chosen)
    if out is None:
        echo_document(text)
    else:
        write_whole(out, text)
        show([Text(f"{out}: {len(made.hosts)} host{'s' * (len(made.hosts) != 1)}, {made.subtitle}")])
    raise typer.Exit(exit_code(errors))


def _of_recording(path: Path) -> Graph:
    """Return the picture of a recorded host: the lab plays its answers, observe reads them."""
    from psnet.lab.cmdlets import lab_registry
    from psnet.lab.engine.execute import run_file
    from psnet.lab.recording import played_host
    from psnet.observe.read import ObserveScope, observe_script, read_state
    from psnet.recording import load_recording
    from psnet.report.graph import Graph, state_graph

    host = played_host(load_recording(path), path.stem)
    result = run_file(host, observe_script(ObserveScope(health=True)), registry=lab_registry(host), width=1_000_000)
    state = read_state(result.stdout, host.name)
    return Graph(title=str(path), subtitle="as recorded", hosts=(state_graph(state, path.stem),))


def _is_inventory(path: Path, data: Any) -> bool:
    """Say whether a file is an inventory: a folder, no YAML, vaulted, or YAML with hosts."""
    from psnet.errors import InputError
    from psnet.inventories import load_inventory

    if data is None:
        return True
    if not isinstance(data, dict):
        raise InputError(f"{path} is neither a site nor an inventory", remedy="give a site.yaml or a hosts.yaml")
    if {"hosts", "groups"} & data.keys():
        return True
    try:
        return bool(len(load_inventory(path)))
    except InputError:
        return False


def _data(path: Path) -> Any:
    """Return what a YAML file holds; None of what can only be an inventory: a folder, no YAML, or vaulted."""
    from psnet._internal.text_files import read_text
    from psnet._internal.yaml import parse_yaml
    from psnet.inventories.files import loader_for
    from psnet.inventories.vault import is_vaulted

    if path.is_dir() or (path.is_file() and path.suffix not in (".yml", ".yaml")):
        return None
    text = read_text(path)
    if is_vaulted(text):
        return None
    data = parse_yaml(text, str(path), loader_for(str(path))).data  # an inventory may have values with !vault
    return "" if data is None else data


def _groups(hosts: tuple[InventoryHost, ...]) -> dict[str, tuple[str, ...]]:
    names = dict.fromkeys(group for host in hosts for group in host.groups)
    return {group: tuple(host.name for host in hosts if group in host.groups) for group in names}


def _of_inventory(path: Path, limit: str | None, forks: int, errors: list[PsnetError], *, live: bool) -> Graph:
    from psnet.fleet import observe_host
    from psnet.inventories import load_inventory
    from psnet.report.graph import Graph, HostGraph, state_graph

    hosts = load_inventory(path).select(limit)
    if not live:
        plain = tuple(HostGraph(name=host.name, about=str(host.connection.get("address", ""))) for host in hosts)
        return Graph(title=str(path), subtitle="hosts of the inventory", hosts=plain, groups=_groups(hosts))

    def work(session: Session, host: InventoryHost, _: ProgressCallback) -> HostGraph:
        return state_graph(observe_host(session, host.name), host.name)

    drawn = _over(hosts, work, forks, errors)
    return Graph(title=str(path), subtitle="as observed", hosts=drawn, groups=_groups(hosts))


def _of_site(
    path: Path, inventory: Path | None, limit: str | None, forks: int, errors: list[PsnetError], *, live: bool
) -> Graph:
    from psnet.errors import InputError
    from psnet.fleet.targets import sites_for, with_section_targets
    from psnet.inventories import load_inventory
    from psnet.report.graph import Graph
    from psnet.report.graph.targets import declared_graph
    from psnet.site import load_site

    source = load_site(path)
    if inventory is None:
        if live:
            raise InputError("--live looks at hosts", remedy="name them: -i INVENTORY")
        return Graph(title=_title(source, path), subtitle="as declared", hosts=_declared_alone(source))
    hosts = with_section_targets(source, load_inventory(inventory)).select(limit)
    sites = sites_for(source, hosts)
    if not live:
        drawn = tuple(declared_graph(sites[host.name], host.name) for host in hosts)
        return Graph(title=_title(source, path), subtitle="as declared", hosts=drawn, groups=_groups(hosts))
    drawn = _over(hosts, _planning(sites), forks, errors)
    return Graph(
        title=_title(source, path),
        subtitle="as observed, with what the site would change",
        hosts=drawn,
        groups=_groups(hosts),
    )


def _declared_alone(source: SiteSource) -> tuple[HostGraph, ...]:
    """Return the pictures of a site without hosts: one for every host, one for its Network Controller."""
    from psnet.fleet.targets import section_targets
    from psnet.report.graph.targets import declared_graph

    drawn = (declared_graph(source.for_host("any host", {}), "every host"),) if source.for_hosts else ()
    others = (declared_graph(source.for_target(key, name, {}), name) for name, key in section_targets(source).items())
    return (*others, *drawn)


def _title(source: SiteSource, path: Path) -> str:
    data: Any = source.document.data
    return str(data.get("name", path))


def _planning(sites: dict[str, Site]) -> Any:
    from psnet.fleet.converge import open_target
    from psnet.report.graph.targets import planned_graph

    def work(session: Session, host: InventoryHost, _: ProgressCallback) -> HostGraph:
        target = open_target(session, host.name, sites[host.name])
        state = target.observe()
        return planned_graph(sites[host.name], state, target.plan(state))

    return work


def _over(hosts: tuple[InventoryHost, ...], work: Any, forks: int, errors: list[PsnetError]) -> tuple[HostGraph, ...]:
    """Return a picture a host; one that cannot be looked at says why."""
    from psnet.fleet import run_fleet, run_options
    from psnet.report.graph import HostGraph

    drawn = []
    for answer in run_fleet(hosts, work, run_options(forks=forks)).hosts:
        if answer.value is not None:
            drawn.append(answer.value)
        elif answer.error is not None:
            errors.append(answer.error)
            note = f"{answer.error.step or 'failed'}: {answer.error.message}"
            drawn.append(HostGraph(name=answer.host.name, about="not seen", notes=(note,)))
    return tuple(drawn)
