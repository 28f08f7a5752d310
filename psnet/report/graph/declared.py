"""The picture of what a site declares, alone or over what a host has; and what a plan would do to it, in colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.report.graph import observed
from psnet.report.graph.builder import GraphBuilder
from psnet.report.graph.changed import price_note
from psnet.resources import (
    Acl,
    Cni,
    ContainerNetwork,
    Endpoint,
    FirewallRule,
    LoadBalancer,
    Nat,
    NatStaticMapping,
    OutboundNat,
    Proxy,
    Qos,
    RouteSet,
    TierAcl,
)
from psnet.resources.network_policy import NetworkPolicy

if TYPE_CHECKING:
    from psnet.planning import Change, Plan
    from psnet.report.graph.model import HostGraph, Stand
    from psnet.resources import FieldChange, Resource
    from psnet.site import Site
    from psnet.state import HostState

_STANDS: Final[dict[str, Stand]] = {"create": "added", "update": "changed", "replace": "changed", "remove": "removed"}
_ENDPOINT_KINDS: Final = frozenset({"acl", "tier_acl", "qos", "route", "proxy", "outbound_nat"})
_WORDS: Final = {"overlay_peer": "peer ", "ip_set": "set ", "network_acl": "ACL of "}
_LINES: Final = frozenset({"firewall_rule", "cni", *_WORDS})


def site_graph(site: Site, host: str, about: str = "") -> HostGraph:
    """Return the picture of a declaration."""
    builder = GraphBuilder(host, about)
    draw_site(builder, site)
    return builder.finished()


def state_graph(state: HostState, host: str) -> HostGraph:
    """Return the picture of what a host has."""
    builder = GraphBuilder(host, observed.about(state))
    observed.draw_state(builder, state)
    return builder.finished()


def plan_graph(site: Site, state: HostState, plan: Plan) -> HostGraph:
    """Return the picture of what a host has with what a plan would change, in the plan's colours."""
    builder = GraphBuilder(plan.host, observed.about(state))
    observed.draw_state(builder, state)
    draw_site(builder, site)
    for change in plan.changes:
        _mark(builder, change, state)
    builder.changes = plan.counts()
    builder.notes += [said for said in map(price_note, plan.changes) if said]
    builder.notes += [f"{item.severity}: {item.reason}" for item in plan.findings if item.severity != "info"]
    return builder.finished()


def draw_site(builder: GraphBuilder, site: Site) -> None:
    """Draw what is declared; what is there already gains nothing but its links."""
    resources = sorted(site.resources, key=lambda item: _ORDER.index(type(item)) if type(item) in _ORDER else 99)
    for item in resources:
        _draw(builder, item)


_ORDER: Final[tuple[type[Resource], ...]] = (ContainerNetwork, Cni, Nat, Endpoint, NatStaticMapping, LoadBalancer)


def _draw(builder: GraphBuilder, item: Resource) -> None:
    made: list[str] = []
    if isinstance(item, ContainerNetwork):
        made = [_network(builder, item)]
    elif isinstance(item, Nat):
        made = [observed.draw_nat(builder, str(item.prefix))]
    elif isinstance(item, Endpoint):
        made = [_endpoint(builder, item)]
    elif isinstance(item, NatStaticMapping):
        outside, inside = item.external_port, item.internal_port
        label = observed.port_label(item.protocol, outside.first, outside.last, str(item.external_address))
        made = [observed.draw_mapping(builder, label, str(item.internal_address), str(inside))]
    elif isinstance(item, LoadBalancer):
        made = _balancer(builder, item)
    elif isinstance(item, FirewallRule | Cni | NetworkPolicy):
        made = _line(builder, item)
    elif isinstance(item, TierAcl):
        tiers = f"tiers {', '.join(tier.name for tier in item.tiers)}"
        made = [builder.node("endpoint", item.endpoint, item.endpoint, tiers)]
    elif isinstance(item, Acl | Qos | RouteSet | Proxy | OutboundNat):
        lines = observed.policy_lines(tuple(item.policies()))
        made = [builder.node("endpoint", item.endpoint, item.endpoint, *lines)]
    if made:
        builder.named.setdefault((item.kind, item.identity.name.lower()), made)


def _line(builder: GraphBuilder, item: FirewallRule | Cni | NetworkPolicy) -> list[str]:
    """Draw what is a line of a box: a rule of the firewall, what belongs to a network; return the box and the line."""
    if isinstance(item, Cni):
        made = [builder.node("network", item.name, item.name), observed.cni_line(item.file_name)]
    elif isinstance(item, NetworkPolicy):
        made = [builder.node("network", item.network, item.network), _WORDS[item.kind] + item.title()]
    else:
        text = observed.rule_line(item.name, item.direction, item.action, item.protocol, item.local_ports)
        made = [builder.node("firewall", "windows", "Windows Firewall"), text]
    if (item.kind, item.identity.name.lower()) not in builder.named:
        builder.line(made[0], made[1])
    return made


def _network(builder: GraphBuilder, item: ContainerNetwork) -> str:
    subnets = [f"{subnet.prefix} via {subnet.effective_gateway()}" for subnet in item.subnets]
    dns = f"DNS {', '.join(str(server) for server in item.dns_servers)}" if item.dns_servers else ""
    there = f"network/{item.name.lower()}" in builder.nodes
    lines = [*subnets, *observed.network_lines(item.mode.value, dns, item.vlan, item.vsid)]
    made = builder.node("network", item.name, item.name, *([] if there else lines))
    if there:
        return made
    builder.prefixes[made] = [str(subnet.prefix) for subnet in item.subnets]
    if item.adapter:
        builder.edge(builder.node("adapter", item.adapter, item.adapter), made)
    if item.mode.value == "nat" and item.subnets:
        prefix = str(item.subnets[0].prefix)
        new = f"nat/{prefix}" not in builder.nodes
        observed.draw_nat(builder, prefix)
        if new:
            builder.named[("nat of", made)] = [f"nat/{prefix}"]
    return made


def _endpoint(builder: GraphBuilder, item: Endpoint) -> str:
    there = f"endpoint/{item.name.lower()}" in builder.nodes
    address = str(item.address) if item.address else "next free address"
    made = builder.node("endpoint", item.name, item.name, *([] if there else [address]))
    builder.edge(f"network/{item.network.lower()}", made)
    return made


def _balancer(builder: GraphBuilder, item: LoadBalancer) -> list[str]:
    made = []
    for vip in item.vips:
        label = observed.balancer_label(vip, item.protocol, item.external_port)
        made.append(builder.node("load_balancer", label, label, "load balancer"))
        for member in item.members:
            builder.edge(made[-1], builder.node("endpoint", member, member), f":{item.internal_port}", mapping=True)
    return made


def _mark(builder: GraphBuilder, change: Change, state: HostState) -> None:
    """Colour what a change is about."""
    stand = _STANDS[change.operation]
    found = builder.named.get((change.kind, change.name.lower()), [])
    if change.kind in _LINES:
        _mark_line(builder, change, found)
        return
    before = _by_ledger(builder, change, state)
    if change.kind == "nat_static_mapping" and change.operation == "replace" and before and before != found:
        builder.stands(before[0], "removed")
        stand = "added"
    found = found or before
    for identifier in found:
        builder.stands(identifier, "changed" if change.kind in _ENDPOINT_KINDS else stand)
        for nat in builder.named.get(("nat of", identifier), ()):
            builder.stands(nat, stand)
    for item in change.fields if found else ():
        builder.line(found[0], _told(item), "changed")
    if change.kind == "nat_static_mapping":
        _mark_inside(builder, found, stand)


def _mark_line(builder: GraphBuilder, change: Change, found: list[str]) -> None:
    """Colour a line; the rule along with a mapping is drawn where it changes alone, by its fields if those change."""
    there = bool(found)
    if not there and change.kind == FirewallRule.kind:
        found = [builder.node("firewall", "windows", "Windows Firewall"), change.name]
    if not found:
        return
    if there or not change.fields:
        builder.line(found[0], found[1], _STANDS[change.operation])
    if builder.nodes[found[0]].stand == "same":
        builder.stands(found[0], "changed")
    for item in change.fields:
        builder.line(found[0], f"{change.name} {_told(item)}", "changed")


def _mark_inside(builder: GraphBuilder, ports: list[str], stand: Stand) -> None:
    """Let an address stand as the ports do that lead to it, when all of them are added or removed."""
    for edge in list(builder.edges.values()):
        if edge.source in ports and edge.target.startswith("address/"):
            leading = [
                item.source for item in builder.edges.values() if item.target == edge.target and item.kind == "mapping"
            ]
            if all(builder.nodes[port].stand == stand for port in leading):
                builder.stands(edge.target, stand)


def _by_ledger(builder: GraphBuilder, change: Change, state: HostState) -> list[str]:
    """Return the boxes of what the site declares no more: by name, or as the host's ledger remembers it."""
    kind = {"container_network": "network", "endpoint": "endpoint"}.get(change.kind)
    if kind is not None:
        return [f"{kind}/{change.name.lower()}"]
    if change.kind in _ENDPOINT_KINDS:
        return [f"endpoint/{change.name.lower()}"]
    entry = state.ledger.get(f"{change.kind}/{change.name}", {})
    if change.kind == "nat_static_mapping" and entry:
        first, _, last = str(entry.get("external_port", "")).partition("-")
        numbers = (int(first), int(last or first)) if first.isdigit() else (0, 0)
        label = observed.port_label(entry.get("protocol"), *numbers, str(entry.get("external_address", "")))
        return [f"port/{label.lower()}"] if f"port/{label.lower()}" in builder.nodes else []
    return []


def _told(item: FieldChange) -> str:
    return f"{item.field}: {short_value(item.old)} → {short_value(item.new)}"


def short_value(value: object) -> str:
    """Return a value as a line of a box has room for it."""
    text = ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004 - a box's width
