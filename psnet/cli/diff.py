"""psnet diff."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.output import try_output
from psnet.cli import completion, fleet
from psnet.cli.common import InventoryOption, JsonOption, LimitOption, exit_code, show, show_json
from psnet.cli.fleet_options import ExecutorOption, ForksOption, JournalOption

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.adoption.compare import Difference
    from psnet.report.graph import HostGraph
    from psnet.report.graph.model import Stand


def diff(
    things: Annotated[
        list[str],
        typer.Argument(
            metavar="HOST HOST | SITE",
            help="Two hosts, or a site file.",
            show_default=False,
            autocompletion=completion.hosts,
        ),
    ],
    inventory: InventoryOption,
    limit: LimitOption = None,
    json_: JsonOption = False,
    picture: Annotated[
        Path | None,
        typer.Option("--picture", callback=try_output, help="Draw it: .svg, .html, .mmd or .dot.", show_default=False),
    ] = None,
    forks: ForksOption = 10,
    executor: ExecutorOption = "threads",
    journal: JournalOption = None,
) -> None:
    """Show how two hosts differ, or how each host differs from a site; change nothing.

    Of two hosts it also says how they differ themselves (Windows, adapters and their addresses, what a runtime made),
    of which a site says nothing: that does not count for the exit code.

    Exit codes: 0 no difference, 1 a host could not be read, 2 something differs.
    """
    from psnet.errors import InputError
    from psnet.fleet import run_options
    from psnet.fleet.operations import observe_everything_operation
    from psnet.fleet.results import always_ok
    from psnet.inventories import load_inventory

    loaded = load_inventory(inventory)
    two = len(things) == 2  # noqa: PLR2004 - two hosts
    if len(things) not in (1, 2):
        raise InputError("diff takes two hosts, or one site", remedy="say psnet diff HOST HOST, or psnet diff SITE")
    hosts = [loaded[name] for name in dict.fromkeys(things)] if two else loaded.select(limit)
    call = fleet.Call(
        "diff", hosts, run_options(forks=forks, executor=executor), None, inventory, journal=journal, quiet=True
    )
    run = fleet.run_call(call, observe_everything_operation, always_ok, lambda seen: seen.host)
    if run.errors or run.not_begun:
        fleet.show_failures(run, json=json_, partial=bool(run.values) and not two)
    states = {seen.host: seen.state for seen in run.values}
    if two and len(states) != len(set(things)):
        raise typer.Exit(exit_code(run.errors) or 1)
    here, there = (f"on {things[0]}", f"on {things[1]}") if two else ("on the host", "in the site")
    words: dict[Stand, str] = {"added": f"only {there}", "removed": f"only {here}", "changed": "different"}
    compared, drawn = _hosts(things, states, words) if two else _site(Path(things[0]), hosts, states, words)
    if picture is not None:
        from psnet.cli.pictures import write_picture
        from psnet.report.graph import Graph

        title = " and ".join(things)
        write_picture(Graph(title=title, subtitle="what differs", hosts=tuple(drawn), legend=words), picture, None)
    if json_:
        show_json({name: [json.loads(item.model_dump_json()) for item in found] for name, found in compared.items()})
    else:
        for name, found in compared.items():
            show([*_lines(name, found), Text("")])
    declared = any(item.declared for found in compared.values() for item in found)
    raise typer.Exit(exit_code(run.errors) or (2 if declared else 0))


def _hosts(
    names: Sequence[str], states: dict[str, Any], words: dict[Stand, str]
) -> tuple[dict[str, tuple[Difference, ...]], list[HostGraph]]:
    from psnet.adoption import declare
    from psnet.adoption.compare import differences
    from psnet.adoption.declare import site_of
    from psnet.adoption.hosts import host_differences
    from psnet.report.graph import difference_graph

    one, other = (declare(states[name], name) for name in names)
    found = differences(one.entries, other.entries)
    sites = (site_of(list(one.entries), one.backend), site_of(list(other.entries), other.backend))
    drawn = difference_graph(f"{names[0]} beside {names[1]}", states[names[0]], sites, found, words)
    themselves = host_differences((states[names[0]], one), (states[names[1]], other))
    return {f"{names[0]} and {names[1]}": (*found, *themselves)}, [drawn]


def _site(
    path: Path, hosts: Sequence[Any], states: dict[str, Any], words: dict[Stand, str]
) -> tuple[dict[str, tuple[Difference, ...]], list[HostGraph]]:
    """Compare what a site declares with what hosts have: by the plan, and what is there beyond the site."""
    from psnet.adoption import declare
    from psnet.adoption.compare import Difference
    from psnet.adoption.declare import site_of
    from psnet.planning import plan
    from psnet.report.graph import difference_graph
    from psnet.site import load_site

    source, compared, drawn = load_site(path), {}, []
    for host in hosts:
        if host.name not in states:
            continue
        site, state = source.for_host(host.name, host.variables), states[host.name]
        made = plan(site, state, host=host.name)
        rows: list[Difference] = []
        for change in made.changes:
            fields = [
                Difference(kind=change.kind, name=change.name, field=item.field, left=item.new, right=item.old)
                for item in change.fields
            ]
            rows += fields or [Difference(kind=change.kind, name=change.name, left=change.title)]
        declared = {(item.kind, item.identity.name.lower()) for item, _ in site.everything()}
        on_host = declare(state, host.name)
        for entry in on_host.entries:
            if (entry.kind.kind, entry.name.lower()) not in declared and entry.named:
                rows.append(Difference(kind=entry.kind.kind, name=entry.name, right=entry.fields))
        compared[f"{path} and {host.name}"] = tuple(rows)
        sites = (site_of(list(on_host.entries), on_host.backend), site)
        drawn.append(difference_graph(host.name, state, sites, [item.turned() for item in rows], words))
    return compared, drawn


def _lines(title: str, found: Sequence[Difference]) -> Iterator[Text]:
    declared = [item for item in found if item.declared]
    themselves = [item for item in found if not item.declared]
    yield Text(title, style="bold")
    for item in declared:
        yield from _line(title, item)
    if not declared:
        yield Text("  no difference in what a site declares", style="green")
    if themselves:
        yield Text("  the hosts themselves, of which a site says nothing:", style="dim")
    for item in themselves:
        yield from _line(title, item, "    ")


def _line(title: str, item: Difference, indent: str = "  ") -> Iterator[Text]:
    from psnet.report.plans import value_text

    left, _, right = title.rpartition(" and ")
    head = indent + f"{item.kind} {item.name}".strip()
    if item.field:
        told = (value_text(item.left), "red"), " | ", (value_text(item.right), "green")
        yield Text.assemble(f"{head}: {item.field}: ", *told)
        return
    side, value = (left, item.left) if item.right is None else (right, item.right)
    if isinstance(value, str):
        value = "" if value == item.name else value
    yield Text(f"{head}: only {'in' if side.endswith(('.yaml', '.yml')) else 'on'} {side}", style="yellow")
    shown = value_text({key: each for key, each in value.items() if key != "name"}) if isinstance(value, dict) else ""
    if shown or (value and not item.declared):
        yield Text(f"{indent}    {shown or value}", style="dim")
