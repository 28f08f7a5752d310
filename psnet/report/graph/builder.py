"""Builds the graph of one host: nodes by id, each made once by whatever refers to it first, and edges between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from psnet.report.graph.model import Edge, HostGraph, Kind, Line, Node, Stand


@dataclass(slots=True)
class GraphBuilder:
    """A picture in the making."""

    name: str
    about: str = ""
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], Edge] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    uplinks: tuple[str, ...] = ()
    prefixes: dict[str, list[str]] = field(default_factory=dict)
    named: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    summary: str = ""

    def node(self, kind: Kind, key: str, label: str, *lines: str, stand: Stand = "same") -> str:
        """Add a box, or lines to the box that is there; return its id."""
        identifier = f"{kind}/{key.lower()}"
        there = self.nodes.get(identifier)
        if there is None:
            made = tuple(Line(text=text) for text in lines if text)
            self.nodes[identifier] = Node(id=identifier, kind=kind, label=label, lines=made, stand=stand)
            return identifier
        known = {line.text for line in there.lines}
        more = tuple(Line(text=text) for text in lines if text and text not in known)
        self.nodes[identifier] = there.model_copy(update={"lines": (*there.lines, *more)})
        return identifier

    def line(self, identifier: str, text: str, stand: Stand = "same") -> None:
        """Add a line to a box; one that is there takes the new standing."""
        node = self.nodes[identifier]
        lines = tuple(item for item in node.lines if item.text != text)
        self.nodes[identifier] = node.model_copy(update={"lines": (*lines, Line(text=text, stand=stand))})

    def is_line(self, drawn: list[str]) -> bool:
        """Say whether a thing is drawn as a line of a box, and not as boxes of its own."""
        return len(drawn) > 1 and drawn[1] not in self.nodes

    def edge(self, source: str, target: str, label: str = "", *, mapping: bool = False) -> None:
        """Add what leads from one box to another."""
        key = (source, target, label)
        if key not in self.edges:
            kind = "mapping" if mapping else "wire"
            self.edges[key] = Edge(source=source, target=target, label=label, kind=kind)

    def stands(self, identifier: str, stand: Stand) -> None:
        """Set a node's status; a node that is added or removed as a whole keeps that status."""
        node = self.nodes.get(identifier)
        if node is not None and not (stand == "changed" and node.stand in ("added", "removed", "failed")):
            self.nodes[identifier] = node.model_copy(update={"stand": stand})

    def network_of(self, address: str) -> str | None:
        """Return the network whose prefix holds an address; the narrowest."""
        wanted = ip_address(address)
        found = [
            (ip_network(prefix, strict=False).prefixlen, network)
            for network, prefixes in self.prefixes.items()
            for prefix in prefixes
            if wanted in ip_network(prefix, strict=False)
        ]
        return max(found)[1] if found else None

    def inside(self, address: str) -> str:
        """Return the box of an address inside: the endpoint that has it, else a box of its own on its network."""
        for node in self.nodes.values():
            if node.kind == "endpoint" and any(line.text.split(" ")[0] == address for line in node.lines):
                return node.id
        made = self.node("address", address, address)
        network = self.network_of(address)
        if network is not None:
            self.edge(network, made)
        return made

    def finished(self) -> HostGraph:
        """Return the picture."""
        edges = tuple(
            edge.model_copy(update={"stand": self._edge_stand(edge)})
            for edge in self.edges.values()
            if edge.source in self.nodes and edge.target in self.nodes
        )
        return HostGraph(
            name=self.name,
            about=self.about,
            nodes=tuple(self.nodes.values()),
            edges=edges,
            notes=tuple(self.notes),
            summary=self.summary,
            changes={word: number for word, number in self.changes.items() if number},
        )

    def _edge_stand(self, edge: Edge) -> Stand:
        ends = {self.nodes[edge.source].stand, self.nodes[edge.target].stand}
        if edge.kind == "mapping":
            return self.nodes[edge.source].stand
        return "removed" if "removed" in ends else "added" if "added" in ends else "same"
