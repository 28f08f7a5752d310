"""Findings about ports: mappings without a listener, and ports that Windows has reserved since."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

from psnet.resources import Finding, Mend
from psnet.resources.delivery import published_by
from psnet.resources.nat_static_mapping import NatStaticMapping
from psnet.types import parse_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import HostState, MappingState, PortExclusion, PortProxyState

_MANY_MAPPINGS: Final = 1000
_WORDS: Final = {"6": "TCP", "17": "UDP"}
_PROXY_SERVICE: Final = "iphlpsvc"


def examine_ports(state: HostState) -> Iterator[Finding]:
    """Yield orphan mappings and portproxies, and what lies in reserved ranges."""
    yield from _orphans(state)
    yield from _proxies(state)
    yield from _mapped(state)
    yield from _published(state)
    yield from _remembered(state)


def _of_containers(address: str, state: HostState) -> bool:
    """Say whether an address lies in a subnet of a container network: then an endpoint should have it."""
    try:
        wanted = ip_address(address)
    except ValueError:
        return False
    return any(wanted in parse_network(subnet.prefix) for item in state.networks for subnet in item.subnets)


def _declared(protocol: str, port: int, state: HostState) -> bool:
    """Say whether psnet's ledger has a mapping of a port: psnet apply makes its container's endpoint, or prunes it."""
    for key, entry in state.ledger.items():
        first, _, last = str(entry.get("external_port", "")).partition("-")
        mine = key.startswith(f"{NatStaticMapping.kind}/") and entry.get("protocol") == protocol
        if mine and first.isdigit() and int(first) <= port <= int(last if last.isdigit() else first):
            return True
    return False


def _orphans(state: HostState) -> Iterator[Finding]:
    addresses = {item.address for item in state.endpoints if item.address}
    orphans = [item for item in state.mappings if item.internal_address not in addresses]
    for address in sorted({item.internal_address for item in orphans}):
        items = [item for item in orphans if item.internal_address == address]
        ports = sorted({item.external_port for item in items})
        lost = [item for item in items if not _declared(item.protocol.name, item.external_port, state)]
        ends = lost and _of_containers(address, state)
        yield Finding(
            id="orphan-mapping",
            severity="info",
            reason=f"no endpoint has {address}, to which {len(ports)} mapped port(s) lead, such as {ports[0]}",
            remedy="start the container with that address, or remove the mapping: "
            f"Remove-NetNatStaticMapping -StaticMappingID {items[0].id}",
            source="moby/moby#33802",
            mends=tuple(_mapping(item) for item in lost) if ends else (),
        )


def _mapping(item: MappingState) -> Mend:
    title = (
        f"{item.protocol} {item.external_address}:{item.external_port} -> {item.internal_address}:{item.internal_port}"
    )
    values: dict[str, Any] = {"id": item.id, "nat": item.nat, "title": title}
    name = f"{item.protocol.name.lower()}-{item.external_address}-{item.external_port}"
    return Mend(kind=NatStaticMapping.kind, name=name, title=title, values={"mappings": [values]})


def _proxies(state: HostState) -> Iterator[Finding]:
    addresses = {item.address for item in state.endpoints if item.address}
    own = {item.address.partition("%")[0] for item in state.addresses}
    for item in state.port_proxies:
        if item.connect_address in addresses | own or not _of_containers(item.connect_address, state):
            continue
        ours = _declared("TCP", item.listen_port, state)
        yield Finding(
            id="orphan-portproxy",
            severity="warning",
            reason=f"portproxy forwards {item.listen_address}:{item.listen_port} to "
            f"{item.connect_address}:{item.connect_port}, which no endpoint has: whoever connects waits for nothing",
            remedy="start the container with that address, or remove it: netsh interface portproxy delete v4tov4 "
            f"listenaddress={item.listen_address} listenport={item.listen_port}",
            source="ports.md 5",
            mends=() if ours else (_proxy(item),),
        )
    if state.port_proxies and _PROXY_SERVICE in state.facts.stopped_services:
        yield Finding(
            id="portproxy-service",
            severity="error",
            reason=f"{len(state.port_proxies)} portproxies are set and the IP Helper service (iphlpsvc) does not run",
            remedy="Set-Service -Name iphlpsvc -StartupType Automatic; Start-Service -Name iphlpsvc",
            source="ports.md 5",
        )


def _proxy(item: PortProxyState) -> Mend:
    title = f"TCP {item.listen_address}:{item.listen_port} -> {item.connect_address}:{item.connect_port}"
    values: dict[str, Any] = {"address": item.listen_address, "port": item.listen_port, "title": title}
    return Mend(
        kind=NatStaticMapping.kind,
        name=f"tcp-{item.listen_address}-{item.listen_port}",
        title=title,
        backend="portproxy",
        values={"mappings": [values]},
    )


def _reserving(protocol: str, port: int, state: HostState) -> PortExclusion | None:
    """Return the reserved range that a port lies in; of one port alone it is the reservation of who publishes it."""
    for item in state.exclusions:
        if item.last > item.first and item.protocol.name == protocol and item.first <= port <= item.last:
            return item
    return None


def _mapped(state: HostState) -> Iterator[Finding]:
    if len(state.mappings) > _MANY_MAPPINGS:
        yield Finding(
            id="many-mappings",
            severity="warning",
            reason=f"{len(state.mappings)} static mappings: each observe pass and each change gets slower",
            remedy="publish fewer ports, or put a load balancer in front",
        )
    for item in state.mappings:
        reserved = _reserving(item.protocol.name, item.external_port, state)
        if reserved is not None:
            yield Finding(
                id="mapping-in-reserved-range",
                severity="warning",
                reason=f"{item.protocol} {item.external_port} is mapped and lies in the reserved range "
                f"{reserved.first}-{reserved.last}",
                remedy="choose another port: the mapping cannot be made again as it is",
                source="pitfalls.md, 1: error 32",
            )


def _published(state: HostState) -> Iterator[Finding]:
    for item in state.endpoints:
        for protocol, port, _ in published_by(item):
            reserved = _reserving(protocol, port, state)
            if reserved is not None:
                yield Finding(
                    id="published-in-reserved-range",
                    severity="warning",
                    resource=f"endpoint {item.name}",
                    reason=f"{protocol} {port} is published and lies in the reserved range {reserved.first}-"
                    f"{reserved.last}, which moved there since: ranges are drawn anew when Windows starts, and the "
                    "port may be refused then",
                    remedy=f"choose another port, or keep it for good: netsh int ipv4 add excludedportrange "
                    f"protocol={protocol.lower()} startport={port} numberofports=1 (before the range takes it)",
                    source="docker/for-win#11584; claim c78",
                )


def ports_there(state: HostState) -> set[tuple[str, int]]:
    """Return the (protocol, port) that lead in on a host, whatever the way: a way that psnet could have made."""
    there = {(item.protocol.name, item.external_port) for item in state.mappings}
    there |= {(protocol, port) for item in state.endpoints for protocol, port, _ in published_by(item)}
    there |= {(port.protocol.name, port.external_port) for item in state.containers for port in item.ports}
    there |= {
        (_WORDS.get(str(policy.get("Protocol")), ""), int(policy.get("ExternalPort") or 0))
        for item in state.policy_lists
        for policy in item.policies
    }
    return there | {("TCP", item.listen_port) for item in state.port_proxies}


def _remembered(state: HostState) -> Iterator[Finding]:
    """Yield ports that psnet gave out here, that are gone and lie in a reserved range now."""
    there = ports_there(state)
    for key, entry in state.ledger.items():
        first, protocol = str(entry.get("external_port", "")).partition("-")[0], str(entry.get("protocol"))
        if not key.startswith(f"{NatStaticMapping.kind}/") or not first.isdigit() or (protocol, int(first)) in there:
            continue
        reserved = _reserving(protocol, int(first), state)
        if reserved is not None:
            yield Finding(
                id="port-now-reserved",
                severity="error",
                resource=key.replace("/", " ", 1),
                reason=f"{protocol} {first} was mapped here and is gone; {reserved.first}-{reserved.last} is reserved "
                "now: the mapping cannot be made again",
                remedy="declare another port; or restart winnat (net stop winnat, net start winnat), which draws the "
                "ranges anew and cuts every NAT of the host for that time",
                source="docker/for-win#11584; claim c78",
            )
