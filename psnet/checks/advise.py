"""Which network mode fits: from how containers are reached, how they get addresses, and where the host runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import yaml

Reach = Literal["ports", "addresses", "tenant"]
Platform = Literal["physical", "vm", "azure", "cloud"]
Addresses = Literal["hns", "dhcp", "static"]
_MANY = 20


@dataclass(frozen=True, slots=True)
class Advice:
    """A mode, why, what to look out for, and a site to start from."""

    mode: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    site: str


def advise(reach: Reach, platform: Platform, addresses: Addresses = "hns", containers: int = 10) -> Advice:
    """Return the mode that fits (source: reference/hns.md, Network types and Limits).

    ``reach``: through ports of the host, by their own addresses, or as a tenant of a cloud's network.
    """
    reasons: list[str] = []
    cautions: list[str] = []
    if reach == "ports":
        mode = "nat"
        reasons.append("containers are reached through ports of the host")
        cautions.append("publish the ports when a container is made: HNS takes no mapping later (docker run --publish)")
        cautions.append("from Windows Server 2019 on, nat networks of HNS do not survive a restart of the host")
        if addresses == "dhcp":
            cautions.append("HNS gives nat endpoints their addresses; there is no DHCP")
    elif platform == "azure":
        mode = "l2tunnel"
        reasons.append("in Azure, containers with addresses of the virtual network go through the physical host's SDN")
        cautions.append("each address must be an IP configuration of the VM's network interface")
    elif reach == "tenant" or platform == "cloud" or containers > _MANY:
        mode = "l2bridge"
        why = "tenant networks accept one MAC address a host" if reach == "tenant" or platform == "cloud" else None
        reasons.append(
            why or f"{containers} containers with MAC addresses of their own would burden the physical network"
        )
        reasons.append("l2bridge rewrites MAC addresses to the host's and keeps the containers' own IP addresses")
        if addresses == "dhcp":
            cautions.append("l2bridge has no DHCP: HNS gives the addresses from the subnet that you declare")
    else:
        mode = "transparent"
        reasons.append("a few containers straight on the physical network, with addresses of their own")
        if platform == "vm":
            cautions.append("the VM's network adapter must allow MAC address spoofing")
    if mode != "nat":
        cautions.append("the switch re-binds its adapter: name one that does not carry your connection to the host")
    return Advice(mode, tuple(reasons), tuple(cautions), _site(mode, addresses))


def _site(mode: str, addresses: Addresses) -> str:
    network: dict[str, object] = {"name": "web", "mode": mode}
    data: dict[str, object] = {"name": "start", "container_networks": [network]}
    if mode == "nat":
        network["subnet"] = "172.20.0.0/24"
    else:
        network["adapter"] = "Ethernet 2"
        if mode != "transparent" or addresses == "static":
            network |= {"subnet": "10.44.0.0/24", "gateway": "10.44.0.1"}
    return "# A start: adjust names, prefixes and the adapter, then run psnet lint and psnet plan.\n" + yaml.safe_dump(
        data, sort_keys=False
    )
