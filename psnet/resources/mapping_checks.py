"""Checks of a port mapping on a host before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.resources.base import Context, Finding
from psnet.resources.delivery import declared_endpoint, delivery_of
from psnet.resources.host_ports import Holder, holders
from psnet.resources.mapping_ports import present_ports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources.nat_static_mapping import NatStaticMapping

_BUILD_2025: Final = 26100
_PROXY_SERVICE: Final = "iphlpsvc"


def check_mapping(mapping: NatStaticMapping, context: Context) -> Iterator[Finding]:
    """Yield why no way leads in, ports that are reserved or held by others, and what is not known of the way."""
    resource = str(mapping.identity)
    delivery = delivery_of(mapping, context)
    if delivery.way is None:
        yield Finding(
            id=delivery.id,
            severity="error",
            resource=resource,
            reason=delivery.reason,
            remedy=delivery.remedy,
            source=delivery.source,
        )
        return
    if delivery.way != "runtime" and not mapping.is_unchanged(context):
        yield from _reserved(mapping, context)
        yield from _held(mapping, context)
    if delivery.way == "netnat" and context.state.facts.build >= _BUILD_2025:
        yield Finding(
            id="netnat-2025",
            severity="info",
            resource=resource,
            reason="that Windows Server 2025 takes static mappings on a NAT of its own is a guess: no report says so",
            remedy="test it from another machine once, or declare an endpoint on a nat network",
            source="ports.md 1",
        )
    if delivery.way == "portproxy" and context.state.facts.stopped_services.count(_PROXY_SERVICE):
        yield Finding(
            id="portproxy-service",
            severity="error",
            resource=resource,
            reason="the IP Helper service (iphlpsvc), which carries portproxy, does not run",
            remedy="Set-Service -Name iphlpsvc -StartupType Automatic; Start-Service -Name iphlpsvc",
            source="ports.md 5",
        )


def _reserved(mapping: NatStaticMapping, context: Context) -> Iterator[Finding]:
    first, last = mapping.external_port.first, mapping.external_port.last
    for item in context.state.exclusions:
        if item.protocol == mapping.protocol and item.first <= last and first <= item.last:
            yield Finding(
                id="port-excluded",
                severity="error",
                resource=str(mapping.identity),
                reason=f"{mapping.protocol} {item.first}-{item.last} is reserved on the host"
                f" (netsh int ipv4 show excludedportrange {mapping.protocol.name.lower()})",
                remedy="choose an external port outside the reserved ranges",
                source="reference: pitfalls 1, Windows System Error 32,Add-NetNatStaticMapping",
            )


def _held(mapping: NatStaticMapping, context: Context) -> Iterator[Finding]:
    """Yield the ports that somebody else holds: HNS and WinNAT refuse them, or one of the two gets nothing."""
    known = holders(context)
    for protocol, outer, _ in mapping.ports():
        foreign = [item for item in known.get((protocol, outer), ()) if not _ours(item, mapping, outer, context)]
        if foreign:
            yield Finding(
                id="port-held",
                severity="error",
                resource=str(mapping.identity),
                reason=f"{protocol} {outer} is taken on the host: {'; '.join(item.title for item in foreign)}",
                remedy="choose another external port, or free that one first",
                source="claims c15, c78, c149, ports.md 3",
            )


def _ours(holder: Holder, mapping: NatStaticMapping, outer: int, context: Context) -> bool:
    """Say whether a holder gives the port up in this plan, or is the mapping itself."""
    kind, _, name = holder.key.partition("/")
    ledger = {item.lower() for item in context.state.ledger}
    if kind == "endpoint":
        owner = declared_endpoint(mapping, context)
        own = owner is not None and owner.name.lower() == name
        # An endpoint that psnet made is brought to what is declared, or pruned, before a port is given out anew.
        return own or context.find_named("endpoint", name) is not None or f"endpoint/{name}" in ledger
    way = delivery_of(mapping, context).way
    mine = {"mapping": "netnat", "list": "load_balancer", "proxy": "portproxy"}.get(kind)
    if mine is not None and mine == way:
        return any(key[2] == outer for key in present_ports(mine, mapping, context))  # type: ignore[arg-type]
    return mine is not None and _remembered(mine, mapping.protocol.name, outer, context)


def _remembered(way: str, protocol: str, outer: int, context: Context) -> bool:
    """Say whether psnet's ledger has a mapping of the port that took a way: it goes first when undeclared."""
    for key, entry in context.state.ledger.items():
        first, _, last = str(entry.get("external_port", "")).partition("-")
        if key.startswith("nat_static_mapping/") and first.isdigit() and entry.get("protocol") == protocol:
            inside = int(first) <= outer <= int(last or first)
            if inside and (entry.get("via") or "netnat") == way:
                return True
    return False
