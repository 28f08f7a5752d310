"""psnet trace."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer
from rich.text import Text

from psnet._internal.output import try_output
from psnet.cli import completion, fleet
from psnet.cli.common import JsonOption, exit_code, show, show_json
from psnet.cli.fleet_options import JournalOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.checks.trace import Trace
    from psnet.inventories import InventoryHost
    from psnet.report.graph import Graph
    from psnet.site import Site

_SIGNS = {"open": ("→", "green"), "shut": ("✗", "bold red"), "unknown": ("?", "yellow")}
_WORDS = {
    "open": "open as far as the host can tell",
    "shut": "shut: the first ✗ says where it ends",
    "unknown": "open, unless what is marked ? stops it",
}


def trace(
    host: Annotated[
        str,
        typer.Argument(help="A host, as the inventory names it.", show_default=False, autocompletion=completion.hosts),
    ],
    port: Annotated[str, typer.Argument(metavar="PORT/PROTOCOL", help="Such as 8080/tcp.", show_default=False)],
    inventory: Annotated[
        list[Path] | None,
        typer.Option(
            "--inventory",
            "-i",
            envvar="PSNET_INVENTORY",
            help="The hosts; with --site only where it is filled with variables of theirs.",
            show_default=False,
        ),
    ] = None,
    json_: JsonOption = False,
    site: Annotated[
        Path | None,
        typer.Option("--site", help="Follow it as this site declares it; no host is asked.", show_default=False),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option("--picture", callback=try_output, help="Draw the way: .svg, .html, .mmd or .dot."),
    ] = None,
    journal: JournalOption = None,
) -> None:
    """Follow a port of a host from outside to its container: NAT, firewall, ACL, endpoint, container, with evidence.

    With --site it is followed as that declares it, and each step names the file and the line.

    Exit codes: 0 open or not known, 1 shut, 4 unreachable.
    """
    from psnet.checks.trace_declared import declared_trace
    from psnet.errors import InputError
    from psnet.inventories import load_inventory

    found = re.fullmatch(r"(\d{1,5})(?:/(tcp|udp))?", port, re.IGNORECASE)
    if found is None or not 0 < int(found[1]) < 65536:  # noqa: PLR2004 - ports
        raise InputError(f"{port} is no port", remedy="write it as 8080/tcp or 53/udp")
    chosen = load_inventory(inventory)[host] if inventory else None
    protocol = cast("Literal['TCP', 'UDP']", (found[2] or "tcp").upper())
    if site is not None:
        made = declared_trace(_site(site, host, chosen), host, int(found[1]), protocol)
    elif chosen is None or not inventory:
        raise InputError(
            f"which host is {host}?", remedy="name the inventory with -i, or a site to follow the port in with --site"
        )
    else:
        made = _live(chosen, int(found[1]), protocol, inventory, journal, json_=json_)
    if picture is not None:
        _draw(made, picture)
    if json_:
        show_json({**json.loads(made.model_dump_json()), "verdict": made.verdict})
    else:
        show(_lines(made))
    raise typer.Exit(int(made.verdict == "shut"))


def _site(path: Path, name: str, host: InventoryHost | None) -> Site:
    """Return a host's site; without an inventory as far as the way of a port needs it."""
    from psnet.checks.trace_declared import SECTIONS
    from psnet.errors import InputError, SiteError
    from psnet.fleet.targets import site_for
    from psnet.site import load_site

    source = load_site(path)
    if host is not None:
        return site_for(source, name, host.variables)
    open_, wrong = source.without_variables(name)
    if wrong or not open_:
        return source.for_host(name)
    try:
        return source.for_host(name, sections=SECTIONS)
    except SiteError as error:
        needed = [item for item in open_ if item.startswith(SECTIONS)]
        raise InputError(
            f"{path} is filled with variables of {name}: {', '.join(needed)}",
            remedy="name the inventory that has them with -i",
        ) from error


def _live(
    host: InventoryHost,
    port: int,
    protocol: Literal["TCP", "UDP"],
    inventory: Sequence[Path],
    journal: str | None,
    *,
    json_: bool,
) -> Trace:
    from psnet.checks.trace import trace as traced
    from psnet.fleet.operations import observe_everything_operation
    from psnet.fleet.results import always_ok

    call = fleet.Call("trace", [host], site=None, inventory=inventory, journal=journal, quiet=True)
    run = fleet.run_call(call, observe_everything_operation, always_ok, lambda seen: seen.host)
    if run.errors:
        fleet.show_failures(run, json=json_)
        raise typer.Exit(exit_code(run.errors))
    return traced(run.values[0].state, host.name, port, protocol)


def _lines(made: Trace) -> list[Text]:
    lines = [Text(f"{made.host}  {made.protocol} {made.port} from outside", style="bold")]
    for step in made.steps:
        sign, style = _SIGNS[step.verdict]
        lines.append(Text.assemble((f"  {sign} ", style), (f"{step.kind:<10}", "bold"), step.says))
        lines.append(Text(f"               {step.evidence}", style="dim"))
    return [*lines, Text(_WORDS[made.verdict], style=_SIGNS[made.verdict][1])]


def _draw(made: Trace, path: Path) -> None:
    """Write the picture: for people each step with all of its words, for Mermaid and Graphviz as a chart."""
    from psnet._internal.output import write_whole
    from psnet.cli.pictures import format_of, write_picture
    from psnet.report.html import trace_html
    from psnet.report.trace_svg import trace_svg

    drawn = {"svg": trace_svg, "html": trace_html}.get(format_of(path, None))
    if drawn is None:
        write_picture(_graph(made), path, None)
    else:
        write_whole(path, drawn(made, _WORDS[made.verdict]))


def _graph(made: Trace) -> Graph:
    from psnet.report.graph import Edge, Graph, HostGraph, Node
    from psnet.report.graph.model import Line

    kinds = {"port": "port", "nat": "nat", "firewall": "firewall", "acl": "network", "endpoint": "endpoint"}
    nodes = [Node(id="outside", kind="port", label=f"{made.protocol} {made.port}", lines=(Line(text="from outside"),))]
    for step in made.steps:
        stand = {"open": "same", "shut": "removed", "unknown": "changed"}[step.verdict]
        lines = (Line(text=step.says), Line(text=step.evidence))
        nodes.append(
            Node.model_validate(
                {
                    "id": step.kind,
                    "kind": kinds.get(step.kind, "endpoint"),
                    "label": step.kind,
                    "lines": lines,
                    "stand": stand,
                }
            )
        )
    edges = tuple(Edge(source=one.id, target=other.id) for one, other in itertools.pairwise(nodes))
    drawn = HostGraph(name=made.host, about=_WORDS[made.verdict], nodes=tuple(nodes), edges=edges)
    return Graph(
        title=f"{made.host} {made.protocol} {made.port}", subtitle="from outside to the container", hosts=(drawn,)
    )
