"""Logical and virtual networks, their subnets and pools, route tables."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from psnet.lab.sdn.errors import SdnError, invalid
from psnet.lab.sdn.rules.gateways import check_peerings
from psnet.lab.sdn.rules.interfaces import addresses

if TYPE_CHECKING:
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document

_NEXT_HOPS = ("VirtualAppliance",)


def check_logical(controller: Controller, made: Document, old: Document | None) -> None:
    """Check a logical network: subnets apart, gateways and pools inside."""
    _ = old
    properties = made["Properties"]
    properties.setdefault("NetworkVirtualizationEnabled", False)
    subnets = properties.get("Subnets", [])
    _apart(subnets)
    for subnet in subnets:
        ref, fields = subnet["ResourceRef"], subnet["Properties"]
        fields.setdefault("VlanId", 0)
        if not 0 <= fields["VlanId"] <= 4094:
            raise invalid(f"'{fields['VlanId']}' is not a valid argument for 'vlanId'.", ref)
        prefix = ip_network(fields["AddressPrefix"])
        for gateway in fields.get("DefaultGateways", []):
            if ip_address(gateway) not in prefix:
                raise invalid(f"The default gateway {gateway} is not in the subnet {prefix}.", ref)
        _check_pools(fields.get("IpPools", []), prefix)
    _hold_addresses(controller, subnets)


def _check_pools(pools: list[Document], prefix: Any) -> None:
    taken: list[tuple[Any, Any, str]] = []
    for pool in pools:
        fields, ref = pool["Properties"], pool["ResourceRef"]
        start: Any = ip_address(fields["StartIPAddress"])
        end: Any = ip_address(fields["EndIPAddress"])
        if start not in prefix or end not in prefix or start > end:
            raise invalid(f"The IP pool {start} - {end} is not a range of the subnet {prefix}.", ref)
        for low, high, other in taken:
            if low <= end and start <= high:
                raise SdnError(400, "IpPoolsOverlap", f"The IP pools {ref} and {other} overlap.", target=ref)
        taken.append((start, end, ref))


def check_virtual(controller: Controller, made: Document, old: Document | None) -> None:
    """Check a virtual network: its provider network, its space, its subnets."""
    _ = old
    properties, ref = made["Properties"], made["ResourceRef"]
    provider = controller.find(properties["LogicalNetwork"]["ResourceRef"])
    if provider is None or not provider["Properties"].get("NetworkVirtualizationEnabled"):
        raise invalid(
            f"The logical network of {ref} is not enabled for network virtualization.", f"{ref}.logicalNetwork"
        )
    space = [ip_network(each) for each in properties["AddressSpace"]["AddressPrefixes"]]
    subnets = properties.get("Subnets", [])
    for subnet in subnets:
        prefix: Any = ip_network(subnet["Properties"]["AddressPrefix"])
        if not any(each.version == prefix.version and prefix.subnet_of(each) for each in space):
            raise SdnError(
                400,
                "NetcfgInvalidSubnet",
                f"Subnet {subnet['ResourceId']} {prefix} is not within the address space of {ref}.",
                target=subnet["ResourceRef"],
            )
    _apart(subnets)
    _hold_addresses(controller, subnets)
    check_peerings(controller, made)


def _apart(subnets: list[Document]) -> None:
    seen: list[tuple[Any, str]] = []
    for subnet in subnets:
        prefix = ip_network(subnet["Properties"]["AddressPrefix"])
        for other, name in seen:
            if prefix.overlaps(other):
                raise SdnError(
                    400,
                    "NetcfgSubnetRangesOverlap",
                    f"Subnets {subnet['ResourceId']} {prefix} and {name} {other} overlap.",
                    target=subnet["ResourceRef"],
                )
        seen.append((prefix, subnet["ResourceId"]))


def _hold_addresses(controller: Controller, subnets: list[Document]) -> None:
    """Refuse to move a subnet away from under the addresses in it."""
    prefixes = {item["ResourceRef"].lower(): ip_network(item["Properties"]["AddressPrefix"]) for item in subnets}
    for subnet, address, ref in addresses(controller):
        prefix = prefixes.get(subnet.lower())
        if prefix is not None and ip_address(address) not in prefix:
            message = f"{ref} has the address {address} in use outside {prefix}."
            raise SdnError(400, "InUsePrefixCannotBeDeleted", message, target=ref)


def check_routes(controller: Controller, made: Document, old: Document | None) -> None:
    """Check a route table: a next hop's address exactly where its type has one, a prefix once."""
    _ = controller, old
    seen: set[str] = set()
    for route in made["Properties"].get("Routes", []):
        fields, ref = route["Properties"], route["ResourceRef"]
        appliance = fields["NextHopType"] in _NEXT_HOPS
        if appliance != bool(fields.get("NextHopIpAddress")):
            need = "needs" if appliance else "takes no"
            raise invalid(f"A route with the next hop {fields['NextHopType']} {need} nextHopIpAddress.", ref)
        if fields["AddressPrefix"] in seen:
            raise SdnError(400, "RouteConflict", f"Two routes lead to {fields['AddressPrefix']}.", target=ref)
        seen.add(fields["AddressPrefix"])
