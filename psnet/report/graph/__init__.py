"""Topology pictures: what stands on hosts, what is declared, and what a plan would change."""

from psnet.report.graph.compared import difference_graph
from psnet.report.graph.declared import plan_graph, site_graph, state_graph
from psnet.report.graph.model import Edge, Graph, HostGraph, Node
from psnet.report.graph.svg import svg
from psnet.report.graph.text import dot, mermaid

__all__ = [
    "Edge",
    "Graph",
    "HostGraph",
    "Node",
    "difference_graph",
    "dot",
    "mermaid",
    "plan_graph",
    "site_graph",
    "state_graph",
    "svg",
]
