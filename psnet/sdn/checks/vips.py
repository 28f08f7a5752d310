"""VIPs: where they may lie ("Configure the Software Load Balancer")."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from psnet.sdn.checks.finding import finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psnet.resources import Finding
    from psnet.sdn.model import PublicIpAddress, Sdn, SdnLoadBalancer
    from psnet.sdn.topology import ChildResource, Topology

_SOURCE = "Configure the Software Load Balancer: a VIP is an unused address of an IP pool of a logical network"


def check_vips(sdn: Sdn, topology: Topology) -> Iterator[Finding]:
    """Yield what stands against the addresses of load balancers and public addresses."""
    taken: dict[str, str] = {port.address: port.path for port in topology.ports if not port.virtual}
    for balancer in sdn.load_balancers:
        for address, part in topology.frontends:
            if part.owner.lower() == balancer.path.lower():
                yield from _frontend(balancer, address, part, topology, taken)
    for public in sdn.public_ip_addresses:
        if public.address is not None:
            yield from _public(public, topology)
    yield from _ports(sdn)


def _frontend(
    balancer: SdnLoadBalancer, address: str, part: ChildResource, topology: Topology, taken: dict[str, str]
) -> Iterator[Finding]:
    for path in part.refs("subnet"):
        yield from _in_subnet(balancer, address, path, topology)
    if part.refs("publicIPAddress"):
        return
    other = taken.setdefault(address, part.path)
    twins = [item.path for vip, item in topology.frontends if vip == address and item.path != part.path]
    holder = next(iter(twins), other if other != part.path else None)
    if holder:
        reason = f"the VIP {address} is the address of {holder} too"
        yield finding(balancer, "vip-taken", reason, "choose an unused address of the pool", source=_SOURCE)


def _in_subnet(balancer: SdnLoadBalancer, address: str, path: str, topology: Topology) -> Iterator[Finding]:
    prefix, subnet = topology.prefix(path), topology.subnets.get(path.lower())
    if prefix is None or subnet is None:
        return  # a reference that leads nowhere is refused as such
    if ip_address(address) not in prefix:
        reason = f"the VIP {address} does not lie in {subnet.path} {prefix}"
        yield finding(balancer, "vip-outside", reason, "choose an address of that subnet", source=_SOURCE)
        return
    if path.lower().startswith("/virtualnetworks/"):
        return  # an internal VIP
    network = topology.find(subnet.owner) or {}
    if str(network.get("networkVirtualizationEnabled")).lower() == "true":
        yield finding(
            balancer,
            "vip-not-public",
            f"the VIP {address} lies in {subnet.owner}, which carries virtual networks: provider addresses are no VIPs",
            "put it into a logical network of its own for VIPs, such as PublicVIP",
            source=_SOURCE,
        )
    pools = subnet.properties.get("ipPools") or ()
    if pools and not any(_in_pool(address, item["properties"]) for item in pools):
        reason = f"the VIP {address} is in no IP pool of {subnet.path}"
        yield finding(balancer, "vip-not-in-pool", reason, "choose an address of a pool", source=_SOURCE)
    if str(subnet.properties.get("isPublic")).lower() != "true":
        yield finding(
            balancer,
            "vip-private",
            f"{subnet.path} is not public: the VIP {address} is for the inside only",
            "say public: true where it is to be reached from outside",
            severity="info",
        )


def _in_pool(address: str, pool: Mapping[str, Any]) -> bool:
    return ip_address(str(pool["startIpAddress"])) <= ip_address(address) <= ip_address(str(pool["endIpAddress"]))  # type: ignore[operator]


def _public(public: PublicIpAddress, topology: Topology) -> Iterator[Finding]:
    for subnet in topology.parts("logicalNetworks", "subnets"):
        pools = subnet.properties.get("ipPools") or ()
        shown = str(subnet.properties.get("isPublic")).lower() == "true"
        if shown and any(_in_pool(str(public.address), item["properties"]) for item in pools):
            return
    yield finding(
        public,
        "vip-not-public",
        f"{public.address} is in no IP pool of a public logical subnet",
        "declare logical_networks: with a subnet that says public: true and has a pool that holds it",
        source=_SOURCE,
    )


def _ports(sdn: Sdn) -> Iterator[Finding]:
    """Refuse two rules of a load balancer for the same front, protocol and port ([MS-NCNBI] 3.1.5.5.4)."""
    for balancer in sdn.load_balancers:
        seen: dict[tuple[str, str, int | None], str] = {}
        rules = [(item.name, item.frontends, item.protocol, item.frontend_port) for item in balancer.rules]
        rules += [(item.name, item.frontends, item.protocol, item.frontend_port) for item in balancer.inbound_nat]
        for name, frontends, protocol, port in rules:
            for front in frontends:
                other = seen.setdefault((front.lower(), protocol, port), name)
                if other != name:
                    reason = f"the rules {other} and {name} take the same port {port}/{protocol} of {front}"
                    yield finding(balancer, "port-taken", reason, "give each its own port, or its own frontend")
