"""Network interfaces and their IP configurations: addresses and MACs, unique and in their subnets."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.sdn.errors import SdnError, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document

#: What a GET shows of a port's settings that nobody set (the example of [MS-NCNBI] 3.1.5.13.1.1.2).
_PORT: Final = {
    "MacSpoofingEnabled": "Disabled",
    "ArpGuardEnabled": "Disabled",
    "DhcpGuardEnabled": "Disabled",
    "StormLimit": 0,
    "PortFlowLimit": 0,
    "VmqWeight": 100,
    "IovWeight": 0,
    "IovInterruptModeration": "Off",
    "IovQueuePairsRequested": 0,
}
_QOS: Final = {
    "OutboundReservedValue": 0,
    "OutboundMaximumMbps": 0,
    "InboundMaximumMbps": 0,
    "EnableHardwareLimits": False,
}


def check(controller: Controller, made: Document, old: Document | None) -> None:
    """Check an interface; dynamic MACs and addresses are chosen here."""
    properties = made["Properties"]
    properties.setdefault("IsPrimary", True)
    properties.setdefault("IsMultitenantStack", False)
    _mac(controller, made, old)
    _port(properties, made["ResourceRef"])
    configurations = properties.get("IpConfigurations", [])
    if not configurations:
        raise invalid(f"{made['ResourceRef']} has no ipConfigurations.", f"{made['ResourceRef']}.ipConfigurations")
    before = {
        item["ResourceId"].lower(): item for item in (old or {}).get("Properties", {}).get("IpConfigurations", [])
    }
    own: set[tuple[str, str]] = set()
    for each in configurations:
        place = _address(controller, each, made, before.get(each["ResourceId"].lower()))
        if place in own:
            raise _taken(place[1], each["ResourceRef"], made["ResourceRef"])
        own.add(place)


def _mac(controller: Controller, made: Document, old: Document | None) -> None:
    properties, ref = made["Properties"], made["ResourceRef"]
    method = properties.setdefault("PrivateMacAllocationMethod", "Dynamic")
    used = {
        item["Properties"]["PrivateMacAddress"]: item["ResourceRef"]
        for item in controller.all("NetworkInterface")
        if item["ResourceRef"] != ref
    }
    if method == "Dynamic":
        properties["PrivateMacAddress"] = (
            old["Properties"]["PrivateMacAddress"]
            if old and old["Properties"]["PrivateMacAllocationMethod"] == "Dynamic"
            else _free_mac(controller, used)
        )
    mac = properties.get("PrivateMacAddress")
    if not mac:
        raise invalid(f"{ref} has a static MAC address but no privateMacAddress.", f"{ref}.privateMacAddress")
    if mac in used:
        raise SdnError(400, "MacAddressInUse", f"The MAC address {mac} is in use by {used[mac]}.", target=ref)


def _free_mac(controller: Controller, used: dict[str, str]) -> str:
    for pool in controller.all("MacPool"):
        low = int(pool["Properties"]["StartMacAddress"], 16)
        high = int(pool["Properties"]["EndMacAddress"], 16)
        for number in range(low, high + 1):
            if f"{number:012X}" not in used:
                return f"{number:012X}"
    raise SdnError(400, "MacPoolExhausted", "There is no MAC pool with a free address for a dynamic MAC address.")


def _port(properties: Document, ref: str) -> None:
    given = properties.get("PortSettings", {})
    qos = {**_QOS, **given.get("QosSettings", {})}
    properties["PortSettings"] = {**_PORT, **given, "QosSettings": qos}
    for name in ("OutboundReservedValue", "OutboundMaximumMbps", "InboundMaximumMbps"):
        if qos[name] < 0:
            raise invalid(f"'{qos[name]}' is not a valid argument for '{name}'.", f"{ref}.portSettings.qosSettings")
    if qos["OutboundMaximumMbps"] and qos["OutboundReservedValue"] > qos["OutboundMaximumMbps"]:
        raise invalid("outboundReservedValue is more than outboundMaximumMbps.", f"{ref}.portSettings.qosSettings")


def realm_of(subnet_ref: str) -> str:
    """Return the address realm of a subnet: its network, in which an address may stand once."""
    return subnet_ref.lower().partition("/subnets/")[0]


def addresses(controller: Controller) -> Iterator[tuple[str, str, str]]:
    """Return (subnet's path, address, path) of every address that an interface or a load balancer holds."""
    holders = (("NetworkInterface", "IpConfigurations"), ("LoadBalancer", "FrontendIPConfigurations"))
    for type_name, holder in holders:
        for item in controller.all(type_name):
            for each in item["Properties"].get(holder, []):
                fields = each["Properties"]
                if fields.get("PrivateIPAddress") and "Subnet" in fields:
                    yield fields["Subnet"]["ResourceRef"], fields["PrivateIPAddress"], each["ResourceRef"]


def _address(controller: Controller, each: Document, made: Document, before: Document | None) -> tuple[str, str]:
    fields, ref = each["Properties"], each["ResourceRef"]
    subnet = controller.find(fields["Subnet"]["ResourceRef"])
    assert subnet is not None  # noqa: S101 - references were resolved
    realm = realm_of(subnet["ResourceRef"])
    taken = {
        address: holder
        for where, address, holder in addresses(controller)
        if realm_of(where) == realm and not holder.startswith(f"{made['ResourceRef']}/")
    }
    method = fields.setdefault("PrivateIPAllocationMethod", "Dynamic")
    if method == "Dynamic":
        kept = before["Properties"] if before and before["Properties"]["Subnet"] == fields["Subnet"] else {}
        fields["PrivateIPAddress"] = kept.get("PrivateIPAddress") or _free(subnet, taken, made)
    address = fields.get("PrivateIPAddress")
    if not address:
        raise invalid(f"{ref} has a static address but no privateIPAddress.", f"{ref}.privateIPAddress")
    _in_subnet(address, subnet, ref)
    if address in taken:
        raise _taken(address, ref, taken[address])
    return realm, address


def _in_subnet(address: str, subnet: Document, ref: str) -> None:
    prefix: Any = ip_network(subnet["Properties"]["AddressPrefix"])
    value = ip_address(address)
    if value not in prefix:
        raise SdnError(
            400,
            "PrivateIPAddressNotInSubnet",
            f"Private static IP address {address} does not belong to the range of subnet prefix {prefix}.",
            target=ref,
        )
    if address in reserved(subnet):
        raise SdnError(
            400,
            "PrivateIPAddressInReservedRange",
            f"Private static IP address {address} falls within reserved addresses of subnet prefix {prefix}.",
            target=ref,
        )


def reserved(subnet: Document) -> set[str]:
    """Return the addresses of a subnet that no interface may have: network, broadcast, gateways.

    A virtual subnet's first address is its gateway: the distributed router of Hyper-V Network Virtualization.
    """
    prefix = ip_network(subnet["Properties"]["AddressPrefix"])
    held = {str(prefix[0]), str(prefix[-1]), *subnet["Properties"].get("DefaultGateways", [])}
    if subnet["ResourceRef"].lower().startswith("/virtualnetworks/") and prefix.num_addresses > 2:
        held.add(str(prefix[1]))
    return held


def _free(subnet: Document, taken: dict[str, str], made: Document) -> str:
    own = {item["Properties"].get("PrivateIPAddress") for item in made["Properties"]["IpConfigurations"]}
    held = reserved(subnet)
    for value in ip_network(subnet["Properties"]["AddressPrefix"]):
        if str(value) not in held and str(value) not in taken and str(value) not in own:
            return str(value)
    raise SdnError(400, "SubnetIsFull", f"{subnet['ResourceRef']} has no free address.", target=subnet["ResourceRef"])


def _taken(address: str, ref: str, holder: str) -> SdnError:
    return SdnError(
        400, "PrivateIPAddressInUse", f"IP address {address} of {ref} is already in use by {holder}.", target=ref
    )
