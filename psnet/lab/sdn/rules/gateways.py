"""Peerings, gateway pools, gateways, virtual gateways and service insertion."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.sdn.errors import SdnError, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document

_POOLS: Final = {
    "All": {"PublicIPAddresses", "GreVipSubnets"},
    "S2sIpSec": {"PublicIPAddresses"},
    "S2sGre": {"GreVipSubnets"},
    "Forwarding": set[str](),
}
_NEEDS: Final = {
    "IPSec": ("IpSecConfiguration", "DestinationIPAddress"),
    "GRE": ("GreConfiguration", "DestinationIPAddress"),
    "L3": ("L3Configuration",),
}
_LAST_PORT: Final = 65535


# rule: sdn-peering
def check_peerings(controller: Controller, network: Document) -> None:
    """Check the peerings of a virtual network: with another, once each, of other addresses."""
    ref = network["ResourceRef"]
    own = _space(network)
    seen: set[str] = set()
    for peering in network["Properties"].get("VirtualNetworkPeerings", []):
        fields, target = peering["Properties"], peering["ResourceRef"]
        remote = fields["RemoteVirtualNetwork"]["ResourceRef"]
        if remote.lower() == ref.lower() or remote.lower() in seen:
            raise invalid(f"{target} peers {ref} with {remote} once too often.", target)
        seen.add(remote.lower())
        for name in ("AllowVirtualNetworkAccess", "AllowForwardedTraffic", "AllowGatewayTransit", "UseRemoteGateways"):
            fields.setdefault(name, name == "AllowVirtualNetworkAccess")
        other = controller.find(remote)
        if other is not None and any(mine.overlaps(theirs) for mine in own for theirs in _space(other)):
            raise SdnError(
                400, "VnetAddressSpacesOverlap", f"The address spaces of {ref} and {remote} overlap.", target=target
            )


def _space(network: Document) -> list[Any]:
    return [ip_network(each) for each in network["Properties"]["AddressSpace"]["AddressPrefixes"]]


def peering_state(controller: Controller, peering: Document) -> str:
    """Return Connected when the other network peers back, Initiated until then."""
    network = peering["ResourceRef"].lower().partition("/virtualnetworkpeerings/")[0]
    other = controller.find(peering["Properties"]["RemoteVirtualNetwork"]["ResourceRef"])
    back = other["Properties"].get("VirtualNetworkPeerings", []) if other else []
    there = any(item["Properties"]["RemoteVirtualNetwork"]["ResourceRef"].lower() == network for item in back)
    return "Connected" if there else "Initiated"


# rule: sdn-gateway-pool
def check_pool(controller: Controller, made: Document, old: Document | None) -> None:
    """Check that a gateway pool has the addresses of its type, and no others."""
    _ = controller, old
    fields, ref = made["Properties"], made["ResourceRef"]
    present = {name for name, value in fields.get("IpConfiguration", {}).items() if value}
    if present != _POOLS[fields["Type"]]:
        wanted = ", ".join(sorted(_POOLS[fields["Type"]])) or "none"
        raise invalid(f"{ref}: the ipConfiguration of a pool of the type {fields['Type']} has {wanted}.", ref)


def check_gateway(controller: Controller, made: Document, old: Document | None) -> None:
    """Check a gateway machine: two interfaces of its own."""
    _ = old
    ref = made["ResourceRef"]
    mine = set(_interfaces(made))
    if len(mine) != 2:
        raise invalid(f"{ref}: the internal and the external network interface are one.", ref)
    for other in controller.all("Gateway"):
        shared = mine & set(_interfaces(other))
        if other["ResourceRef"] != ref and shared:
            raise invalid(f"{min(shared)} is an interface of {other['ResourceRef']}.", ref)


def _interfaces(gateway: Document) -> Iterator[str]:
    for item in gateway["Properties"]["NetworkInterfaces"].values():
        yield item["ResourceRef"].lower()


# rule: sdn-gateway-connection
def check_virtual(controller: Controller, made: Document, old: Document | None) -> None:
    """Check a virtual gateway: subnets of one network, connections with what their type needs."""
    _ = controller, old
    fields, ref = made["Properties"], made["ResourceRef"]
    fields.setdefault("RoutingType", "Dynamic")
    if len({item["ResourceRef"].lower().partition("/subnets/")[0] for item in fields["GatewaySubnets"]}) != 1:
        raise invalid(f"The gatewaySubnets of {ref} are not subnets of one virtual network.", f"{ref}.gatewaySubnets")
    if fields.get("BgpRouters") and fields["RoutingType"] != "Dynamic":
        raise invalid(f"{ref} has bgpRouters, and its routingType is not Dynamic.", f"{ref}.bgpRouters")
    for connection in fields.get("NetworkConnections", []):
        _check_connection(connection["Properties"], connection["ResourceRef"])


def _check_connection(fields: Document, ref: str) -> None:
    missing = [name for name in _NEEDS[fields["ConnectionType"]] if not fields.get(name)]
    if missing:
        raise invalid(f"{ref}: a connection of the type {fields['ConnectionType']} needs {missing[0]}.", ref)
    if fields["ConnectionType"] == "IPSec" and not fields["IpSecConfiguration"].get("SharedSecret"):
        raise invalid(f"{ref} has no sharedSecret.", ref)
    if fields["ConnectionType"] == "L3" and "VlanSubnet" not in fields["L3Configuration"]:
        raise invalid(f"{ref} has no vlanSubnet.", ref)
    if fields["ConnectionType"] == "GRE" and "GreKey" not in fields["GreConfiguration"]:
        raise invalid(f"{ref} has no greKey.", ref)


# rule: sdn-service-insertion
def check_insertion(controller: Controller, made: Document, old: Document | None) -> None:
    """Check a service insertion: ranges of ports, orders once."""
    _ = controller, old
    fields = made["Properties"]
    for rule in fields["ServiceInsertionRules"]:
        for side in ("Source", "Destination"):
            first, last = (rule["Properties"].get(f"{side}PortRange{end}", "") for end in ("Start", "End"))
            if not (first.isdigit() and last.isdigit() and int(first) <= int(last) <= _LAST_PORT):
                raise invalid(f"{first}-{last} is no range of ports.", rule["ResourceRef"])
    orders = [item["Properties"]["Order"] for item in fields["ServiceInsertionElements"]]
    if len(set(orders)) != len(orders):
        raise invalid(f"Two elements of {made['ResourceRef']} have one order.", made["ResourceRef"])
