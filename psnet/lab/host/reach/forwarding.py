"""What forwards a packet at the host's own address: VFP's port mappings and balancers, the NATs, portproxy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.hns import document_parts
from psnet.lab.host.nat import ANY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.host.hns.objects import Endpoint, Network
    from psnet.lab.host.listeners import PortProxy
    from psnet.lab.host.model import Host
    from psnet.lab.host.nat import Mapping
    from psnet.lab.host.reach.packet import Packet

BRIDGES: Final = ("l2bridge", "l2tunnel")
_LOCAL_ROUTED: Final = 1
_NUMBERS: Final = {"TCP": 6, "UDP": 17}


def bridged(host: Host, packet: Packet) -> Iterator[tuple[Endpoint, dict[str, Any], str]]:
    """Yield endpoints of bridges that map the port, the policy, and why the policy does nothing ("" where it works).

    The switch rewrites only what comes to the host's address on it.
    """
    for network in host.hns.networks:
        if network.type not in BRIDGES or not _at(host, network, packet.destination):
            continue
        for endpoint in [item for item in host.hns.endpoints if item.network == network.id]:
            for policy in endpoint.policies:
                if policy.get("Type") == "NAT" and _is(policy, packet):
                    yield endpoint, policy, _dead(host, endpoint, policy)


def _is(policy: dict[str, Any], packet: Packet) -> bool:
    same = (policy.get("Protocol"), policy.get("ExternalPort")) == (packet.protocol, packet.port)
    return same and policy.get("VIP") in (None, "", packet.destination)


def _at(host: Host, network: Network, address: str) -> bool:
    """Say whether the host has an address on a network's switch."""
    nic = document_parts.host_nic(host.hns, network)
    return nic is not None and any(str(item.ip) == address for item in nic.addresses)


def _dead(host: Host, endpoint: Endpoint, policy: dict[str, Any]) -> str:
    build = host.os.build
    if endpoint.made_by == 2:
        # rule: reach-bridge-portmapping
        works = bool(policy.get("Flags", 0) & _LOCAL_ROUTED)
        return "" if works else "a PortMapping without Flags 1 does nothing"
    if policy.get("ExternalPortReserved") and 17763 <= build < 19041:
        return ""  # rule: reach-bridge-docker
    return "a NAT policy outside nat does nothing"  # rule: hns-nat-on-l2bridge


def balanced(host: Host, packet: Packet) -> list[Endpoint]:
    """Return the endpoints behind a load balancer without an address of its own that has the port, local ones first."""
    # rule: reach-node-port
    by_id = {item.id.lower(): item for item in host.hns.endpoints}
    found: list[Endpoint] = []
    for item in host.hns.lists:
        members = [by_id[name] for name in map(_last, item.references) if name in by_id]
        networks = {each.id: each for each in host.hns.networks}
        here = [each for each in members if _vfp(host, networks.get(each.network), packet)]
        if here and any(_node_port(policy, packet) for policy in item.policies):
            found += here
    return sorted(found, key=lambda each: each.remote)


def _last(reference: str) -> str:
    return reference.rpartition("/")[2].lower()


def _vfp(host: Host, network: Network | None, packet: Packet) -> bool:
    return network is not None and network.type in document_parts.VFP and _at(host, network, packet.destination)


def _node_port(policy: dict[str, Any], packet: Packet) -> bool:
    number = int(policy.get("Protocol") or _NUMBERS["TCP"])
    same = policy["Type"] == "ELB" and policy["ExternalPort"] == packet.port and number == _NUMBERS[packet.protocol]
    return same and not any(policy.get("VIPs") or ())


def inside_port(host: Host, endpoint: Endpoint, packet: Packet) -> int:
    """Return the port to which a balancer leads."""
    name = endpoint.id.lower()
    mine = [item for item in host.hns.lists if name in map(_last, item.references)]
    return next(int(policy["InternalPort"]) for item in mine for policy in item.policies if _node_port(policy, packet))


def mapped(host: Host, packet: Packet) -> Mapping | None:
    """Return the mapping of WinNAT or of HNS's own NAT that has a port at an address."""
    # rule: reach-nat
    return next(
        (
            item
            for item in (*host.nat.published, *host.nat.mappings)
            if (item.protocol, item.external_port) == (packet.protocol, packet.port)
            and item.external_address in (ANY, packet.destination)
        ),
        None,
    )


def proxied(host: Host, packet: Packet) -> PortProxy | None:
    """Return the portproxy that listens on a port of an address; none while the IP Helper service is stopped."""
    # rule: portproxy-service
    if packet.protocol != "TCP" or not host.services.running("iphlpsvc"):
        return None
    return next(
        (
            item
            for item in host.nat.proxies
            if item.listen_port == packet.port and item.listen_address in ("*", ANY, packet.destination)
        ),
        None,
    )
