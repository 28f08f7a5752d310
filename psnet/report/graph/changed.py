"""The picture of what a run did to a host, from its plan alone: what was made, changed and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.report.graph import observed
from psnet.report.graph.builder import GraphBuilder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.planning import Change, Plan
    from psnet.report.graph.model import HostGraph, Stand

_STANDS: Final[dict[str, Stand]] = {"create": "added", "update": "changed", "replace": "changed", "remove": "removed"}


def changes_graph(plan: Plan, failures: Mapping[str, str] | None = None) -> HostGraph:
    """Return the picture of a plan's changes; ``failures`` has what was not done and why, by the id of the change."""
    builder = GraphBuilder(plan.host, f"{plan.facts.product}, build {plan.facts.build}")
    for change in plan.changes:
        stand: Stand = "failed" if failures and change.id in failures else _STANDS[change.operation]
        made = _draw(builder, change, stand)
        if made is not None:
            builder.stands(made, stand)
    builder.changes = plan.counts()
    builder.notes += [said for said in map(price_note, plan.changes) if said]
    for change in plan.changes:
        if failures and change.id in failures:
            builder.notes.append(f"{change.kind} {change.name}: {failures[change.id]}")
    return builder.finished()


def price_note(change: Change) -> str:
    """Return what goes with a change, in a line; empty when nothing does."""
    if change.price is None or not change.price.lost():
        return ""
    return f"to {change.operation} {change.kind} {change.name} takes with it {change.price}"


def _draw(builder: GraphBuilder, change: Change, stand: Stand) -> str | None:
    values: dict[str, Any] = dict(change.create or {})
    if change.kind == "container_network":
        return _network(builder, change.name, values)
    if change.kind == "endpoint":
        made = builder.node("endpoint", change.name, change.name, str(values.get("address") or ""))
        if values.get("network"):
            builder.edge(f"network/{values['network'].lower()}", made)
        return made
    if change.kind == "nat_static_mapping":
        return _mapping(builder, change, values)
    if change.kind == "nat":
        return observed.draw_nat(builder, str(values.get("prefix") or change.name))
    if change.kind == "load_balancer":
        return _balancer(builder, change, values)
    if change.kind == "firewall_rule":
        firewall = builder.node("firewall", "windows", "Windows Firewall")
        builder.line(firewall, _rule(change), stand)
        return None
    if "policies" in values:
        return builder.node("endpoint", change.name, change.name, *observed.policy_lines(tuple(values["policies"])))
    return builder.node("endpoint", f"{change.kind} {change.name}", change.title, change.kind.replace("_", " "))


def _rule(change: Change) -> str:
    given = (change.create or {}).get("parameters")
    if not given:
        return change.name
    words = (given.get(key) for key in ("Direction", "Action", "Protocol", "LocalPort"))
    direction, action, protocol, ports = words
    shown = ", ".join(map(str, ports)) if isinstance(ports, list) else ports
    return observed.rule_line(change.name, direction, action, protocol, shown)


def _network(builder: GraphBuilder, name: str, values: dict[str, Any]) -> str:
    subnets = [f"{item['prefix']} via {item['gateway']}" for item in values.get("subnets", ())]
    dns = f"DNS {', '.join(values['dns_servers'])}" if values.get("dns_servers") else ""
    words = observed.network_lines(values.get("mode") or "", dns, values.get("vlan"), values.get("vsid"))
    made = builder.node("network", name, name, *subnets, *words)
    builder.prefixes[made] = [item["prefix"] for item in values.get("subnets", ())]
    if values.get("adapter"):
        builder.edge(builder.node("adapter", values["adapter"], values["adapter"]), made)
    return made


def _mapping(builder: GraphBuilder, change: Change, values: dict[str, Any]) -> str:
    if not values:
        return builder.node("port", change.title, change.title)
    count = len(values.get("offsets", ())) or 1
    first, inside = values["external_port"], values["internal_port"]
    label = observed.port_label(values["protocol"], first, first + count - 1, values["external_address"])
    inner = str(inside) if count == 1 else f"{inside}-{inside + count - 1}"
    return observed.draw_mapping(builder, label, values["internal_address"], inner)


def _balancer(builder: GraphBuilder, change: Change, values: dict[str, Any]) -> str:
    policy = values.get("policy", {})
    vip = ", ".join(policy.get("VIPs", ())) or change.name
    label = observed.balancer_label(vip, policy.get("Protocol"), policy.get("ExternalPort"))
    made = builder.node("load_balancer", label, label if policy else change.name, "load balancer")
    for member in values.get("members", ()):
        builder.edge(made, builder.node("endpoint", member, member), f":{policy.get('InternalPort')}", mapping=True)
    return made
