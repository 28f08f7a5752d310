"""Pictures as text for other tools: Mermaid flow charts and Graphviz DOT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet._internal.text import dot_text, mermaid_text
from psnet.report.graph.model import SIGNS, alike, names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.report.graph.model import Graph, HostGraph, Node

_COLOURS: Final = {"added": "#1a7f37", "changed": "#9a6700", "removed": "#cf222e", "failed": "#cf222e"}
_SHAPES: Final = {"port": ("([", "])"), "network": ("[[", "]]"), "endpoint": ("(", ")"), "load_balancer": ("{{", "}}")}


def _words(node: Node) -> list[str]:
    return [SIGNS[node.stand] + node.label, *(SIGNS[line.stand] + line.text for line in node.lines)]


def mermaid(graph: Graph) -> str:
    """Return a Mermaid flow chart; hosts that look alike are one subgraph."""
    lines = ["flowchart LR"]
    for number, hosts in enumerate(alike(graph.hosts)):
        host = hosts[0]
        title = names_of(hosts) + (f" ({host.about})" if host.about else "")
        lines.append(f'  subgraph h{number}["{mermaid_text(title)}"]')
        lines += [f"    {line}" for line in _mermaid_host(host, f"h{number}")]
        lines.append("  end")
    lines += [f"  classDef {stand} stroke:{colour},stroke-width:2px" for stand, colour in _COLOURS.items()]
    return "\n".join(lines) + "\n"


def _mermaid_host(host: HostGraph, prefix: str) -> Iterator[str]:
    ids = {node.id: f"{prefix}n{index}" for index, node in enumerate(host.nodes)}
    for node in host.nodes:
        start, end = _SHAPES.get(node.kind, ("[", "]"))
        label = "<br/>".join(mermaid_text(text) for text in _words(node))
        style = f":::{node.stand}" if node.stand in _COLOURS else ""
        yield f'{ids[node.id]}{start}"{label}"{end}{style}'
    for edge in host.edges:
        arrow = "==>" if edge.kind == "mapping" else "---"
        label = f'|"{mermaid_text(edge.label)}"|' if edge.label else ""
        yield f"{ids[edge.source]} {arrow}{label} {ids[edge.target]}"


def dot(graph: Graph) -> str:
    """Return a Graphviz document; each kind of host is a cluster."""
    lines = [
        "digraph psnet {",
        "  rankdir=LR;",
        f'  label="{dot_text(graph.title)}";',
        '  node [shape=box, style=rounded, fontname="Segoe UI", fontsize=10];',
        '  edge [fontname="Segoe UI", fontsize=9];',
    ]
    for number, hosts in enumerate(alike(graph.hosts)):
        lines += [f"  subgraph cluster_{number} {{", f'    label="{dot_text(names_of(hosts))}";']
        ids = {node.id: f"h{number}n{index}" for index, node in enumerate(hosts[0].nodes)}
        for node in hosts[0].nodes:
            colour = f', color="{_COLOURS[node.stand]}"' if node.stand in _COLOURS else ""
            style = ', style="rounded,dashed"' if node.stand == "removed" else ""
            label = "\\n".join(dot_text(text) for text in _words(node))
            lines.append(f'    {ids[node.id]} [label="{label}"{colour}{style}];')
        for edge in hosts[0].edges:
            arrow = "" if edge.kind == "mapping" else ", dir=none"
            lines.append(f'    {ids[edge.source]} -> {ids[edge.target]} [label="{dot_text(edge.label)}"{arrow}];')
        lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"
