"""Trace a port as a site declares it, without a host: each step with the place where it is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from psnet.checks.trace import Trace, TraceStep, acl_step, ports_hold
from psnet.resources import Acl, Endpoint, FirewallRule, LoadBalancer, NatStaticMapping
from psnet.types import Action, AddressSet, Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources import Resource
    from psnet.site import Site

#: The sections that say where a port leads: the others may be open.
SECTIONS: Final = tuple(cls.section for cls in (NatStaticMapping, LoadBalancer, FirewallRule, Endpoint, Acl))


class _Lead(NamedTuple):
    address: str | None
    endpoint: str | None
    port: int
    seen: int  # the port that the firewall sees
    step: TraceStep


def declared_trace(site: Site, host: str, port: int, protocol: Literal["TCP", "UDP"]) -> Trace:
    """Return the way of a port from outside a host as its site declares it; what only a host knows is unknown."""
    return Trace(host=host, port=port, protocol=protocol, steps=tuple(_steps(site, port, protocol)))


def _steps(site: Site, port: int, protocol: str) -> Iterator[TraceStep]:
    lead = next(_leads(site, port, protocol), None)
    if lead is None:
        said = f"nothing that is declared leads {protocol} {port} anywhere: no mapping, no balancer"
        yield TraceStep(kind="port", verdict="shut", says=said, evidence=_file(site))
        return
    yield lead.step
    yield _firewall(site, lead.seen, protocol)
    endpoint = next((item for item in site.resources if isinstance(item, Endpoint) and _is(item, lead)), None)
    if endpoint is None:
        where = lead.endpoint or lead.address
        said = f"no endpoint is declared for {where}: what makes the container has to give it that"
        yield TraceStep(kind="endpoint", verdict="unknown", says=said, evidence=_file(site))
    else:
        said = f"{endpoint.name} ({endpoint.address or 'the next free address'}) on {endpoint.network}"
        yield TraceStep(kind="endpoint", verdict="open", says=said, evidence=_place(site, endpoint))
        yield _acl(site, endpoint, lead.port, protocol)
    said = "what is attached, and whether it listens, only the host knows"
    yield TraceStep(kind="container", verdict="unknown", says=said, evidence="psnet trace without --site looks")


def _is(endpoint: Endpoint, lead: _Lead) -> bool:
    if lead.endpoint is not None:
        return endpoint.name.lower() == lead.endpoint.lower()
    return endpoint.address is not None and str(endpoint.address) == lead.address


def _leads(site: Site, port: int, protocol: str) -> Iterator[_Lead]:
    for item in site.resources:
        if isinstance(item, NatStaticMapping) and item.protocol.name == protocol:
            outside, inside = item.external_port, item.internal_port
            if outside.first <= port <= outside.last:
                inner = inside.first + port - outside.first
                said = f"mapping {item.name} leads {item.external_address}:{port} to {item.internal_address}:{inner}"
                step = TraceStep(kind="nat", verdict="open", says=said, evidence=_place(site, item))
                seen = port if item.via == "portproxy" else inner
                yield _Lead(str(item.internal_address), None, inner, seen, step)
        elif isinstance(item, LoadBalancer) and (item.protocol.name, item.external_port) == (protocol, port):
            front = ", ".join(str(vip) for vip in item.vips)
            said = (
                f"balancer {item.name} leads {front}:{port} to port {item.internal_port} of {', '.join(item.members)}"
            )
            step = TraceStep(kind="nat", verdict="open", says=said, evidence=_place(site, item))
            yield _Lead(None, item.members[0], item.internal_port, item.internal_port, step)


def _firewall(site: Site, port: int, protocol: str) -> TraceStep:
    """Say what the declared rules say, those along with mappings too; a rule that blocks comes first on Windows."""
    mine: list[tuple[FirewallRule, Resource]] = []
    for item in site.resources:
        rules = [item] if isinstance(item, FirewallRule) else item.implied()
        mine += [(rule, item) for rule in rules if isinstance(rule, FirewallRule) and _lets(rule, port, protocol)]
    for action, verdict, word in ((Action.BLOCK, "shut", "blocks"), (Action.ALLOW, "open", "lets in")):
        for rule, owner in mine:
            if rule.action == action:
                said = f"rule {rule.name} {word} {protocol} {port}"
                everyone = rule.remote_addresses in (None, AddressSet())
                made = verdict if everyone else "unknown"
                said += "" if everyone else f" from {rule.remote_addresses}"
                return TraceStep.model_validate(
                    {"kind": "firewall", "verdict": made, "says": said, "evidence": _place(site, owner)}
                )
    said = f"no declared rule lets {protocol} {port} in"
    return TraceStep(kind="firewall", verdict="unknown", says=said, evidence=_file(site))


def _lets(rule: FirewallRule, port: int, protocol: str) -> bool:
    fits = rule.protocol is None or rule.protocol.name in (protocol, "Any")
    ports = rule.local_ports is None or ports_hold(rule.local_ports.plain(), port)
    return rule.enabled is not False and rule.direction == Direction.INBOUND and fits and ports


def _acl(site: Site, endpoint: Endpoint, port: int, protocol: str) -> TraceStep:
    lists = [
        item for item in site.resources if isinstance(item, Acl) and item.endpoint.lower() == endpoint.name.lower()
    ]
    policies = [policy for item in lists for policy in item.policies()]
    return acl_step(policies, port, protocol, _place(site, lists[0]) if lists else _file(site))


def _place(site: Site, item: Resource) -> str:
    return site.places.get(str(item.identity), _file(site))


def _file(site: Site) -> str:
    """Return where what is not declared would be: the site's file."""
    return next((place.rpartition(":")[0] for place in site.places.values()), "the site")
