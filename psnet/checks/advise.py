"""Recommend a network mode, from how containers are reached, how they get addresses, and where the host runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import yaml

Reach = Literal["ports", "addresses", "tenant"]
Platform = Literal["physical", "vm", "azure", "cloud"]
Addresses = Literal["hns", "dhcp", "static"]
Runtime = Literal["none", "docker", "nerdctl", "containerd", "kubernetes"]
#: Who reads the CNI configuration list, by the runtime.
_READERS: Final[dict[str, str]] = {"nerdctl": "nerdctl", "containerd": "containerd", "kubernetes": "kubelet"}
_MANY = 20


@dataclass(frozen=True, slots=True)
class Advice:
    """A mode, why, what to look out for, and a site to start from."""

    mode: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    site: str


def advise(
    reach: Reach,
    platform: Platform,
    addresses: Addresses = "hns",
    containers: int = 10,
    runtime: Runtime = "none",
) -> Advice:
    """Return the mode that fits (source: reference/hns.md, Network types and Limits).

    ``reach``: through ports of the host, by their own addresses, or as a tenant of a cloud's network. ``runtime``: what
    runs the containers; a CNI runtime gets its configuration list along with the network.
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
    elif reach == "tenant" or platform == "cloud" or containers > _MANY or runtime in _READERS:
        mode = "l2bridge"
        why = "tenant networks accept one MAC address a host" if reach == "tenant" or platform == "cloud" else None
        if why is None and containers <= _MANY:
            why = "no CNI plug-in serves transparent networks: of those with addresses of their own it is l2bridge"
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
    cautions += _of_runtime(runtime, mode)
    return Advice(mode, tuple(reasons), tuple(cautions), _site(mode, addresses, runtime))


def _of_runtime(runtime: Runtime, mode: str) -> list[str]:
    """Return what to look out for with a runtime (source: reference/cni.md)."""
    if runtime == "kubernetes":
        return ["flannel and Calico remove a network of a name of theirs with another prefix: let them make their own"]
    if runtime == "docker":
        return [
            "docker makes the network (backend: docker): HNS networks that it did not make it sees at its next start"
        ]
    if runtime == "nerdctl" and mode == "nat":
        return ["nerdctl's own list drops published ports: this one, called nat, stands in for it (nerdctl#5157)"]
    return []


def _site(mode: str, addresses: Addresses, runtime: Runtime) -> str:
    # nerdctl takes the network nat where none is named.
    network: dict[str, object] = {"name": "nat" if runtime == "nerdctl" and mode == "nat" else "web", "mode": mode}
    data: dict[str, object] = {"name": "start", "container_networks": [network]}
    if runtime == "docker":
        data = {"name": "start", "backend": "docker", "container_networks": [network]}
    if runtime in _READERS:
        reader: dict[str, object] = {"name": network["name"], "runtime": _READERS[runtime]}
        # On a bridge a published port works with Flags 1 alone, which local_ports asks for (claim c70).
        more: dict[str, dict[str, object]] = {"l2tunnel": {"plugin": "win-bridge"}, "l2bridge": {"local_ports": True}}
        data["cni"] = [reader | more.get(mode, {})]
    if mode == "nat":
        network["subnet"] = "172.20.0.0/24"
    else:
        network["adapter"] = "Ethernet 2"
        if mode != "transparent" or addresses == "static":
            network |= {"subnet": "10.44.0.0/24", "gateway": "10.44.0.1"}
    return "# A start: adjust names, prefixes and the adapter, then run psnet lint and psnet plan.\n" + yaml.safe_dump(
        data, sort_keys=False
    )
