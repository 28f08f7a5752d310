"""What HNS fills in for an endpoint: MAC, DNS, counters; and whether its policies make sense once it is attached."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from psnet.lab.host.hns import document_parts

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns
    from psnet.lab.host.hns.objects import Endpoint, Network


def next_mac(hns: Hns, network: Network) -> str:
    """Return an address of the network's first pool that nobody has."""
    # rule: hns-mac-from-pool
    pool = (network.extra.get("MacPools") or [document_parts.mac_pool(network.id)])[0]
    start = pool.get("StartMacAddress") or document_parts.mac_pool(network.id)["StartMacAddress"]
    first = int(start.replace("-", ""), 16)
    last = int((pool.get("EndMacAddress") or start[:-5] + "FF-FF").replace("-", ""), 16)
    taken = {item.mac.upper() for item in hns.endpoints}
    number = hns.ids.number(first, last)
    while (found := _mac(number)) in taken and len(taken) < last - first:
        number = number + 1 if number < last else first
    return found


def _mac(number: int) -> str:
    digits = f"{number:012X}"
    return "-".join(digits[at : at + 2] for at in range(0, 12, 2))


def filled_dns(hns: Hns, network: Network, endpoint: Endpoint) -> dict[str, Any]:
    """Return an endpoint's extra fields with DNS servers and suffix of the network or the host.

    HNS does so on nat from 2019 on, and from 2022 on for every endpoint with an address of HNS's.
    """
    found, build = dict(endpoint.extra), hns.build.build
    if not endpoint.address or build < 17763 or (network.type != "nat" and build < 20348):
        return found
    # rule: hns-dns-filled
    servers = [network.dns_servers] if network.dns_servers else list(_host_servers(hns))
    if found.get("EnableInternalDNS") and endpoint.gateway:
        servers = [endpoint.gateway, *servers]
    if servers:
        found.setdefault("DNSServerList", ",".join(servers))
    if suffix := network.dns_suffix or hns.dns_suffix:
        found.setdefault("DNSSuffix", suffix)
    return found


def _host_servers(hns: Hns) -> list[str]:
    uplink = next((item for item in hns.links.adapters if item.routes and item.dns_servers), None)
    return list(uplink.dns_servers) if uplink is not None else []


def count(hns: Hns, network: Network, endpoint: Endpoint) -> None:
    """Put an endpoint on its network and count it."""
    hns.endpoints.append(endpoint)
    # rule: hns-counters
    network.total += 1
    network.most = max(network.most, sum(item.network == network.id for item in hns.endpoints))


def has_valid_policies(endpoint: Endpoint) -> bool:
    """Say whether VFP can use an endpoint's policies: a placeholder for a prefix shows only when it is attached."""
    # rule: hns-attach-unsound
    words = [
        word
        for item in endpoint.policies
        for word in (
            *(item.get("ExceptionList") or [] if item["Type"] == "OutBoundNAT" else []),
            *([item.get("DestinationPrefix")] if item["Type"] == "ROUTE" else []),
        )
    ]
    return all(map(_prefix, words))


def _prefix(text: Any) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True
