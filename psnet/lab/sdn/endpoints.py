"""A packet that no controller knows: between HNS endpoints only their own ACLs count; from outside, the whole way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.errors import LabError
from psnet.lab.host.reach.acls import decide_hns
from psnet.lab.host.reach.inbound import receive
from psnet.lab.host.reach.packet import Packet, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Address

    from psnet.lab.host.hns.objects import Endpoint
    from psnet.lab.host.model import Host


def send(hosts: Sequence[Host], packet: Packet) -> Verdict:
    """Send a packet out of and into endpoints of hosts; an address that no endpoint has is somebody outside.

    From outside it takes the whole way through the host that has its destination (``psnet.lab.host.reach``).

    ``packet.network`` names the host where an address stands on several. ``interface`` of the verdict is the id of the
    endpoint that got it.
    """
    verdict = Verdict(delivered=True, packet=packet)
    if _endpoint(hosts, packet.source, packet.network) is None:
        host = _host_of(hosts, packet)
        if host is not None:
            return receive(host, packet)
    for address, direction in ((packet.source, "Out"), (packet.destination, "In")):
        found = _endpoint(hosts, address, packet.network)
        if found is None:
            continue
        host, endpoint = found
        allowed, rule = decide_hns(host, endpoint, packet, direction)
        if not allowed:
            return verdict.dropped("hns acl", endpoint.id, rule, "Block")
        verdict = verdict.then("hns acl", endpoint.id, rule, "Allow")
        if direction == "In":
            verdict = Verdict(delivered=True, packet=packet, steps=verdict.steps, interface=endpoint.id)
    return verdict


def _host_of(hosts: Sequence[Host], packet: Packet) -> Host | None:
    """Return the host that has a packet's destination, itself or on an endpoint."""
    own = (
        host for host in hosts for nic in host.links.adapters for item in nic.addresses if _is(host, item.ip, packet)
    )
    found = next(own, None)
    if found is not None:
        return found
    placed = _endpoint(hosts, packet.destination, packet.network)
    return placed[0] if placed is not None else None


def _is(host: Host, address: IPv4Address, packet: Packet) -> bool:
    return str(address) == packet.destination and packet.network.lower() in ("", host.name.lower())


def _endpoint(hosts: Sequence[Host], address: str, name: str) -> tuple[Host, Endpoint] | None:
    found = [
        (host, endpoint)
        for host in hosts
        if not name or host.name.lower() == name.lower()
        for endpoint in list(host.hns.endpoints)
        if endpoint.address == address
    ]
    if len(found) > 1:
        names = ", ".join(host.name for host, _ in found)
        raise LabError(f"{address} stands on several hosts: {names}", remedy="give the packet its host as network")
    return found[0] if found else None
