"""A packet between HNS endpoints that no controller knows: only their own ACLs count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.errors import LabError
from psnet.lab.sdn.filters import decide_hns
from psnet.lab.sdn.packet import Packet, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.lab.host.hns.objects import Endpoint
    from psnet.lab.host.model import Host


def send(hosts: Sequence[Host], packet: Packet) -> Verdict:
    """Send a packet out of and into endpoints of hosts; an address that no endpoint has is somebody outside.

    ``packet.network`` names the host where an address stands on several. ``interface`` of the verdict is the id of the
    endpoint that got it.
    """
    verdict = Verdict(delivered=True, packet=packet)
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
