"""The graph as data: nodes and edges of each host; ``svg`` and ``text`` render it as SVG, Mermaid or DOT."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from psnet._internal.model import Model

Stand = Literal["same", "added", "changed", "removed", "failed", "foreign"]
Kind = Literal[
    "port",
    "adapter",
    "nat",
    "switch",
    "network",
    "endpoint",
    "address",
    "load_balancer",
    "firewall",
    "logical_network",
]

#: In which column a kind stands, from outside to inside.
COLUMNS: Final[dict[str, int]] = {
    "firewall": 0,
    "port": 0,
    "logical_network": 0,
    "adapter": 1,
    "load_balancer": 1,
    "nat": 2,
    "switch": 2,
    "network": 3,
    "address": 4,
    "endpoint": 4,
}
SIGNS: Final[dict[str, str]] = {
    "same": "",
    "added": "+ ",
    "changed": "~ ",
    "removed": "- ",
    "failed": "✗ ",
    "foreign": "",
}


class Line(Model):
    """One line of text in a box."""

    text: str
    stand: Stand = "same"


class Node(Model):
    """A box: ``id`` is unique on its host, ``lines`` stand under its label."""

    id: str
    kind: Kind
    label: str
    lines: tuple[Line, ...] = ()
    stand: Stand = "same"

    @property
    def column(self) -> int:
        """The column it stands in, 0 outside."""
        return COLUMNS[self.kind]


class Edge(Model):
    """What leads from one box to another; a ``mapping`` carries traffic in, a ``wire`` ties things together."""

    source: str
    target: str
    label: str = ""
    kind: Literal["wire", "mapping"] = "wire"
    stand: Stand = "same"


class HostGraph(Model):
    """One host's picture."""

    name: str
    about: str = ""
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    notes: tuple[str, ...] = Field(default=(), description="findings, errors: what a picture cannot draw")
    changes: dict[str, int] = Field(default_factory=dict, description="how many of each operation its plan has")

    summary: str = Field(default="", description="what is coloured, in words, where there is no plan")

    def counts(self) -> dict[Stand, int]:
        """Return how many boxes there are of each standing but ``same``."""
        found: dict[Stand, int] = {}
        for node in self.nodes:
            if node.stand not in ("same", "foreign"):
                found[node.stand] = found.get(node.stand, 0) + 1
        return found

    def shape(self) -> tuple[object, ...]:
        """Return what makes two hosts look alike: everything but their names and their adapters' addresses."""
        nodes = tuple(
            (node.id, node.label, node.stand, () if node.kind == "adapter" else node.lines) for node in self.nodes
        )
        return (self.about, nodes, self.edges, self.notes, tuple(self.changes.items()), self.summary)


class Graph(Model):
    """Pictures of hosts; ``groups`` names the hosts of each group of the inventory."""

    title: str
    subtitle: str = ""
    hosts: tuple[HostGraph, ...] = ()
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    legend: dict[Stand, str] = Field(
        default={"added": "will be made", "changed": "will be changed", "removed": "will be removed"},
        description="what the colours say",
    )

    def legend_there(self) -> dict[Stand, str]:
        """Return what the colours say that stand in the pictures."""
        nodes = [node for host in self.hosts for node in host.nodes]
        stands = {node.stand for node in nodes} | {line.stand for node in nodes for line in node.lines}
        return {stand: words for stand, words in self.legend.items() if stand in stands}


def alike(hosts: tuple[HostGraph, ...]) -> list[list[HostGraph]]:
    """Return hosts in sets that look alike, in the order of their first members."""
    found: dict[tuple[object, ...], list[HostGraph]] = {}
    for host in hosts:
        found.setdefault(host.shape(), []).append(host)
    return list(found.values())


def about_of(hosts: list[HostGraph]) -> str:
    """Return what hosts that look alike are, and how many."""
    return ", ".join(filter(None, (hosts[0].about, f"{len(hosts)} hosts alike" if len(hosts) > 1 else "")))


def names_of(hosts: list[HostGraph], at_most: int = 6) -> str:
    """Return the names of hosts, the rest counted."""
    names = [host.name for host in hosts]
    if len(names) <= at_most:
        return ", ".join(names)
    return f"{', '.join(names[: at_most - 1])} and {len(names) - at_most + 1} more"
