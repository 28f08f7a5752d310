"""Pictures by the kind of target; a kind that has none of its own is drawn as a box with what its plan changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.report.graph.controller import sdn_graph, sdn_plan_graph
from psnet.report.graph.declared import plan_graph, site_graph
from psnet.report.graph.model import HostGraph
from psnet.sdn.target import KEY as SDN
from psnet.sdn.target import sdn_of
from psnet.site.sections import CONTAINER_HOST, section_of

if TYPE_CHECKING:
    from psnet.planning import Plan
    from psnet.site import Site


def declared_graph(site: Site, name: str) -> HostGraph:
    """Return the picture of what a site declares for its target."""
    if site.target == CONTAINER_HOST:
        return site_graph(site, name)
    if site.target == SDN:
        return sdn_graph(sdn_of(site), name)
    return HostGraph(name=name, about=section_of(site.target).title)


def planned_graph(site: Site, state: Any, plan: Plan) -> HostGraph:
    """Return the picture of what a target has, as its kind observes it, coloured by what a plan changes."""
    if site.target == CONTAINER_HOST:
        return plan_graph(site, state, plan)
    if site.target == SDN:
        return sdn_plan_graph(sdn_of(site), state, plan)
    notes = tuple(f"{change.operation} {change.kind} {change.name}" for change in plan.changes)
    return HostGraph(name=plan.host, about=section_of(site.target).title, notes=notes)
