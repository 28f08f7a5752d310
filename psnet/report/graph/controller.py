"""The picture of a Network Controller: VIPs and what they lead to, virtual subnets with their lists, endpoints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from psnet.report.graph.builder import GraphBuilder
from psnet.sdn.topology import Topology, refs_of

if TYPE_CHECKING:
    from psnet.planning import Plan
    from psnet.report.graph.model import HostGraph, Stand
    from psnet.sdn.model import Sdn
    from psnet.sdn.state import ControllerState
    from psnet.sdn.topology import ChildResource, Port

_STANDS: Final[dict[str, Stand]] = {"create": "added", "update": "changed", "replace": "changed", "remove": "removed"}


@dataclass(slots=True)
class _Drawing:
    """A picture in the making, and which boxes each resource of the controller has a part in."""

    builder: GraphBuilder
    topology: Topology
    boxes: dict[str, list[str]] = field(default_factory=dict)

    def owned(self, path: str, box: str) -> str:
        """Remember that a box is about a resource, by its path."""
        self.boxes.setdefault(path.lower(), []).append(box)
        return box


def controller_graph(topology: Topology, name: str, url: str, plan: Plan | None = None) -> HostGraph:
    """Return the picture of what a controller has or will have; a plan colours what it changes."""
    drawing = _Drawing(GraphBuilder(name, f"Network Controller {url}"), topology)
    for part in topology.parts("logicalNetworks", "subnets"):
        _logical(drawing, part)
    for part in topology.parts("virtualNetworks", "subnets"):
        _subnet(drawing, part)
    for port in topology.ports:
        _port(drawing, port)
    _balancers(drawing)
    if plan is not None:
        for change in plan.changes:
            path = str((change.create or change.remove or {}).get("path", "")).lower()
            for box in drawing.boxes.get(path, ()):
                stand = _STANDS[change.operation]
                drawing.builder.stands(box, "changed" if path.startswith("/accesscontrollists/") else stand)
        drawing.builder.notes += [
            f"{item.severity}: {item.reason}" for item in plan.findings if item.severity != "info"
        ]
    return drawing.builder.finished()


def sdn_graph(sdn: Sdn, name: str) -> HostGraph:
    """Return the picture of what is declared."""
    return controller_graph(Topology.of_declared(sdn), name, sdn.controller.base)


def sdn_plan_graph(sdn: Sdn, state: ControllerState, plan: Plan) -> HostGraph:
    """Return the picture of a controller as it will be, coloured by the plan."""
    return controller_graph(Topology.of_declared(sdn, state), plan.host, sdn.controller.base, plan)


def _name(path: str) -> str:
    """Return a path without its collections: shop/web for /virtualNetworks/shop/subnets/web."""
    return "/".join(path.strip("/").split("/")[1::2])


def _logical(drawing: _Drawing, part: ChildResource) -> None:
    words = ["public"] if part.properties.get("isPublic") else []
    box = drawing.builder.node(
        "logical_network", part.path, _name(part.path), str(part.properties.get("addressPrefix")), *words
    )
    drawing.owned(part.owner, box)


def _list_lines(drawing: _Drawing, paths: tuple[str, ...], box: str) -> None:
    for path in paths:
        found = drawing.topology.documents.get(path)
        if found is not None:
            count = len(found[1].get("aclRules") or ())
            drawing.builder.line(box, f"ACL {_name(found[0])}, {count} rule{'s' * (count != 1)}")
            drawing.owned(path, box)


def _subnet(drawing: _Drawing, part: ChildResource) -> None:
    prefix = str(part.properties.get("addressPrefix"))
    box = drawing.builder.node("network", part.path, _name(part.path), prefix)
    drawing.owned(part.owner, box)
    _list_lines(drawing, part.refs("accessControlList"), box)
    for path in part.refs("routeTable"):
        drawing.builder.line(box, f"routes {_name(path)}")
        drawing.owned(path, box)


def _port(drawing: _Drawing, port: Port) -> None:
    interface = drawing.topology.find(port.interface) or {}
    box = drawing.builder.node("endpoint", port.path, _name(port.path), port.address)
    drawing.owned(port.interface, box)
    drawing.builder.edge(_box_of(drawing, port.subnet), box)
    _list_lines(drawing, port.refs("accessControlList"), box)
    for text in _qos(interface.get("portSettings") or {}):
        drawing.builder.line(box, text)


def _qos(settings: dict[str, Any]) -> list[str]:
    qos = settings.get("qosSettings") or {}
    words = (("outboundMaximumMbps", "out"), ("inboundMaximumMbps", "in"))
    return [f"at most {qos[name]} Mbit/s {way}" for name, way in words if qos.get(name)]


def _box_of(drawing: _Drawing, path: str) -> str:
    """Return the box of a subnet, virtual or logical."""
    found = next((name for name in drawing.builder.nodes if name.partition("/")[2].lower() == path.lower()), None)
    return found or drawing.builder.node("network", path, _name(path))


def _balancers(drawing: _Drawing) -> None:
    fronts = {part.path.lower(): (address, part) for address, part in drawing.topology.frontends}
    for name, target in (("loadBalancingRules", "backendAddressPool"), ("inboundNatRules", "")):
        for rule in drawing.topology.parts("loadBalancers", name):
            for path in refs_of(rule.properties.get("frontendIPConfigurations")):
                if path.lower() in fronts:
                    _front(drawing, rule, *fronts[path.lower()], target)
    for rule in drawing.topology.parts("loadBalancers", "outboundNatRules"):
        for path in refs_of(rule.properties.get("frontendIPConfigurations")):
            for box in drawing.boxes.get(path.lower(), ()):
                drawing.builder.line(box, "outbound NAT")


def _front(drawing: _Drawing, rule: ChildResource, address: str, front: ChildResource, target: str) -> None:
    values = rule.properties
    label = f"{address} {values.get('protocol')} {values.get('frontendPort')}"
    box = drawing.builder.node("load_balancer", label, label, f"load balancer {_name(rule.owner)}")
    drawing.owned(rule.owner, box)
    drawing.owned(front.path, box)
    for path in rule.refs("probe"):
        probe = drawing.topology.find(path) or {}
        drawing.builder.line(box, f"probe {probe.get('protocol')} {probe.get('port')}")
    for path in front.refs("subnet"):
        drawing.builder.edge(_box_of(drawing, path), box)
    pools = [(path, "loadBalancerBackendAddressPools") for path in rule.refs(target)] if target else []
    for path, field_name in pools or [(rule.path, "loadBalancerInboundNatRules")]:
        for port in drawing.topology.members(path, field_name):
            drawing.builder.edge(box, f"endpoint/{port.path.lower()}", f":{values.get('backendPort')}", mapping=True)
