"""Addresses: inside their subnets, once in their network, apart from each other."""

from __future__ import annotations

from ipaddress import ip_address
from itertools import combinations
from typing import TYPE_CHECKING, Final

from psnet.sdn.checks.finding import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources import Finding
    from psnet.sdn.model import LogicalNetwork, NetworkInterface, Sdn, SdnResource
    from psnet.sdn.topology import Port, Prefix, Topology

_SMALL: Final = 2


def check_addresses(sdn: Sdn, topology: Topology) -> Iterator[Finding]:
    """Yield what stands against subnets, pools and the addresses of interfaces."""
    for virtual in sdn.virtual_networks:
        yield from _apart(virtual, [(item.name, item.prefix) for item in virtual.subnets])
    for logical in sdn.logical_networks:
        yield from _apart(logical, [(item.name, item.prefix) for item in logical.subnets])
        yield from _pools(logical)
    for nic in sdn.network_interfaces:
        yield from _interface(nic, topology)
    yield from _macs(sdn, topology)


def _apart(network: SdnResource, subnets: list[tuple[str, Prefix]]) -> Iterator[Finding]:
    for (one, prefix), (other, taken) in combinations(subnets, 2):
        if prefix.overlaps(taken):
            reason = f"the subnets {one} {prefix} and {other} {taken} overlap"
            yield finding(network, "subnets-overlap", reason, "give each its own prefix")


def _pools(network: LogicalNetwork) -> Iterator[Finding]:
    for subnet in network.subnets:
        for pool in subnet.pools:
            if pool.start not in subnet.prefix or pool.end not in subnet.prefix:
                yield finding(
                    network,
                    "pool-outside",
                    f"the pool {pool.name} {pool.start}-{pool.end} does not lie in {subnet.name} {subnet.prefix}",
                    "choose addresses of the subnet",
                )
        for one, other in combinations(subnet.pools, 2):
            if one.start <= other.end and other.start <= one.end:
                yield finding(
                    network,
                    "pools-overlap",
                    f"the pools {one.name} and {other.name} of {subnet.name} share addresses",
                    "give each its own range",
                )


def _interface(nic: NetworkInterface, topology: Topology) -> Iterator[Finding]:
    own = {f"{nic.path}/ipConfigurations/{item.name}".lower() for item in nic.ip_configurations}
    for port in topology.ports:
        if port.path.lower() not in own:
            continue
        prefix = topology.prefix(port.subnet)
        if prefix is not None:
            yield from _in_subnet(nic, port, prefix, topology)
        for twin in topology.at(port.address, port.realm):
            if twin.path.lower() != port.path.lower():
                yield finding(
                    nic,
                    "address-taken",
                    f"{port.path} and {twin.path} have the same address {port.address}",
                    "an address stands once in a network: choose another",
                )


def _in_subnet(nic: NetworkInterface, port: Port, prefix: Prefix, topology: Topology) -> Iterator[Finding]:
    address = ip_address(port.address)
    if address not in prefix:
        yield finding(
            nic,
            "address-outside",
            f"the address {address} of {port.path} does not lie in its subnet {prefix}",
            "choose an address of the subnet, or another subnet",
        )
    elif str(address) in reserved(port.subnet, prefix, topology):
        yield finding(
            nic,
            "address-reserved",
            f"{address} of {port.path} is the network's, the broadcast's or the gateway's address in {prefix}",
            "choose another; the first address of a virtual subnet is its gateway, from which probes come too",
            source="Configure the Software Load Balancer",
        )


def reserved(subnet: str, prefix: Prefix, topology: Topology) -> set[str]:
    """Return the addresses of a subnet that no endpoint may have."""
    part = topology.subnets.get(subnet.lower())
    gateways = (part.properties.get("defaultGateways") or ()) if part else ()
    held = {str(prefix[0]), str(prefix[-1]), *map(str, gateways)}
    virtual = subnet.lower().startswith("/virtualnetworks/")
    return held | ({str(prefix[1])} if virtual and prefix.num_addresses > _SMALL else set())


def _macs(sdn: Sdn, topology: Topology) -> Iterator[Finding]:
    own = {nic.path.lower(): nic for nic in sdn.network_interfaces}
    holders: dict[str, str] = {}
    for path, (written, properties) in topology.documents.items():
        mac = str(properties.get("privateMacAddress") or "").upper()
        if not path.startswith("/networkinterfaces/") or not mac:
            continue
        other = holders.setdefault(mac, written)
        if other != written:
            nic = own.get(path) or own.get(other.lower())
            if nic is not None:
                reason = f"{other} and {written} have the same MAC address {mac}"
                yield finding(nic, "mac-taken", reason, "give each its own")
