"""Checks between container hosts and the controller: a declared endpoint with an address of a virtual subnet."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from psnet.resources import ContainerNetwork, Endpoint, Finding, Identity
from psnet.sdn.state import ControllerState
from psnet.sdn.topology import Topology

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources import Context
    from psnet.sdn.model import Sdn
    from psnet.sdn.topology import Port, Prefix

_MODES = ("l2bridge", "l2tunnel")
_SOURCE = "Connect container endpoints to a tenant virtual network"


def check_hosts(sdn: Sdn, context: Context) -> Iterator[Finding]:
    """Yield what does not fit between a host's declared endpoints and the section ``sdn:`` of the same site."""
    topology = Topology.of_declared(sdn, ControllerState(url=sdn.controller.base))
    for item in context.resources:
        if isinstance(item, Endpoint) and item.address is not None:
            yield from _endpoint(item, topology, context)


def _endpoint(endpoint: Endpoint, topology: Topology, context: Context) -> Iterator[Finding]:
    address = str(endpoint.address)
    subnets = [
        (path, prefix)
        for path in topology.subnets
        if path.startswith("/virtualnetworks/")
        and (prefix := topology.prefix(path)) is not None
        and ip_address(address) in prefix
    ]
    if not subnets:
        return
    network = context.find(Identity(ContainerNetwork.kind, endpoint.network))
    ports = topology.at(address)
    if not ports:
        yield _refusal(
            endpoint,
            "endpoint-without-ip-configuration",
            f"{address} lies in {subnets[0][0]} and no network interface of sdn: has an IP configuration with it",
            "add one to the interface of the container host: the controller's policy is for what it knows",
        )
    if not isinstance(network, ContainerNetwork):
        return
    if network.mode not in _MODES:
        yield _refusal(
            endpoint,
            "endpoint-mode",
            f"it is on {network.name}, mode {network.mode}: a virtual network takes l2bridge and l2tunnel",
            "declare the container network with mode: l2bridge",
        )
    for port in ports:
        yield from _fits(endpoint, network, port, topology.prefix(port.subnet))


def _fits(endpoint: Endpoint, network: ContainerNetwork, port: Port, prefix: Prefix | None) -> Iterator[Finding]:
    prefixes = [item.prefix for item in network.subnets]
    if prefix is not None and prefixes and prefix not in prefixes:
        yield _refusal(
            endpoint,
            "endpoint-subnet-differs",
            f"its network has {', '.join(map(str, prefixes))}, its virtual subnet {port.subnet} has {prefix}",
            "give the container network the prefix of the virtual subnet",
        )


def _refusal(endpoint: Endpoint, identifier: str, reason: str, remedy: str) -> Finding:
    return Finding(
        id=f"sdn-{identifier}",
        severity="error",
        resource=str(endpoint.identity),
        reason=reason,
        remedy=remedy,
        source=_SOURCE,
    )
