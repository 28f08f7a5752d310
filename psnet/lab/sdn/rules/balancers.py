"""Load balancers and public addresses: VIPs, rules that fit together, ports once.

[MS-NCNBI] 3.1.5.5 names the parts. Membership of a pool is declared at the IP configurations of interfaces, as the
examples of Microsoft's SLB page do; a pool that lists others than these members is refused.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final

from psnet.lab.sdn.errors import SdnError, invalid
from psnet.lab.sdn.rules.interfaces import addresses, realm_of, reserved

if TYPE_CHECKING:
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document

_PARTS: Final = ("LoadBalancingRules", "InboundNatRules", "OutboundNatRules")


def check(controller: Controller, made: Document, old: Document | None) -> None:
    """Check a whole load balancer."""
    _ = old
    properties, ref = made["Properties"], made["ResourceRef"]
    own: set[tuple[str, str]] = set()
    for each in properties.get("FrontendIPConfigurations", []):
        _frontend(controller, each, ref, own)
    for probe in properties.get("Probes", []):
        _probe(probe)
    for pool in properties.get("BackendAddressPools", []):
        _pool(controller, pool)
    for part in _PARTS:
        for rule in properties.get(part, []):
            _within(rule, ref)
    _ports(properties)


def _frontend(controller: Controller, each: Document, ref: str, own: set[tuple[str, str]]) -> None:
    fields, where = each["Properties"], each["ResourceRef"]
    if ("PublicIPAddress" in fields) == ("Subnet" in fields):
        raise invalid(f"{where} needs either a subnet or a publicIPAddress.", where)
    if "PublicIPAddress" in fields:
        return
    subnet = controller.find(fields["Subnet"]["ResourceRef"])
    assert subnet is not None  # noqa: S101 - references were resolved
    if fields.setdefault("PrivateIPAllocationMethod", "Static") != "Static" or not fields.get("PrivateIPAddress"):
        raise invalid(f"{where}: the lab knows only VIPs with a static privateIPAddress.", where)
    address, prefix = fields["PrivateIPAddress"], ip_network(subnet["Properties"]["AddressPrefix"])
    if ip_address(address) not in prefix or address in reserved(subnet):
        raise SdnError(
            400,
            "PrivateIPAddressNotInSubnet",
            f"The VIP {address} does not belong to the range of subnet prefix {prefix}.",
            target=where,
        )
    pools = subnet["Properties"].get("IpPools")
    if pools is not None and not any(_in_pool(address, pool) for pool in pools):
        raise SdnError(
            400, "VipNotInPool", f"The VIP {address} is in no IP pool of {subnet['ResourceRef']}.", target=where
        )
    realm = realm_of(subnet["ResourceRef"])
    others = {
        (realm_of(place), item) for place, item, holder in addresses(controller) if not holder.startswith(f"{ref}/")
    }
    if (realm, address) in others | own:
        raise SdnError(400, "PrivateIPAddressInUse", f"The VIP {address} is already in use.", target=where)
    own.add((realm, address))


def _in_pool(address: str, pool: Document) -> bool:
    fields = pool["Properties"]
    low, high = (int(ip_address(fields[name])) for name in ("StartIPAddress", "EndIPAddress"))
    return low <= int(ip_address(address)) <= high


def _probe(probe: Document) -> None:
    fields, ref = probe["Properties"], probe["ResourceRef"]
    if (fields["Protocol"] == "HTTP") != bool(fields.get("RequestPath")):
        raise invalid(f"{ref}: an HTTP probe needs a requestPath, a TCP probe has none.", ref)
    _port(fields["Port"], ref)
    if fields["IntervalInSeconds"] < 5 or fields["NumberOfProbes"] < 1:
        raise invalid(f"{ref}: intervalInSeconds is at least 5 and numberOfProbes at least 1.", ref)


def _port(number: int, ref: str) -> None:
    if not 1 <= number <= 65535:
        raise invalid(f"'{number}' is not a valid port.", ref)


def _pool(controller: Controller, pool: Document) -> None:
    listed = {item["ResourceRef"].lower() for item in pool["Properties"].pop("BackendIPConfigurations", [])}
    members = {
        each.holder.lower()
        for each in controller.known()
        if each.field.name == "LoadBalancerBackendAddressPools" and each.target.lower() == pool["ResourceRef"].lower()
    }
    if listed - members:
        raise invalid(
            f"{pool['ResourceRef']} lists IP configurations that are no members: the lab takes members from "
            "loadBalancerBackendAddressPools of network interfaces.",
            pool["ResourceRef"],
        )


def _within(rule: Document, ref: str) -> None:
    """Check that a rule refers to parts of its own load balancer, and its timeout."""
    fields, where = rule["Properties"], rule["ResourceRef"]
    named = [
        *fields["FrontendIPConfigurations"],
        *filter(None, (fields.get("BackendAddressPool"), fields.get("Probe"))),
    ]
    for each in named:
        if not each["ResourceRef"].lower().startswith(f"{ref}/".lower()):
            raise invalid(f"{where} refers to {each['ResourceRef']} of another load balancer.", where)
    timeout = fields.get("IdleTimeoutInMinutes")
    if timeout is not None and not 4 <= timeout <= 30:
        raise invalid(f"'{timeout}' is not a valid argument for 'idleTimeoutInMinutes': 4 to 30.", where)
    for name in ("FrontendPort", "BackendPort"):
        if name in fields:
            _port(fields[name], where)


def _ports(properties: Document) -> None:
    """Refuse two rules for the same frontend, protocol and port."""
    seen: dict[tuple[str, str, int], str] = {}
    for rule in [*properties.get("LoadBalancingRules", []), *properties.get("InboundNatRules", [])]:
        fields = rule["Properties"]
        if rule["ResourceRef"].lower().find("/inboundnatrules/") >= 0:
            fields.setdefault("BackendPort", fields["FrontendPort"])
        for frontend in fields["FrontendIPConfigurations"]:
            key = (frontend["ResourceRef"].lower(), fields["Protocol"], fields["FrontendPort"])
            if key in seen:
                raise SdnError(
                    400,
                    "RulesUseSameFrontendPortAndProtocol",
                    f"{rule['ResourceRef']} and {seen[key]} use the same frontend, protocol and port.",
                    target=rule["ResourceRef"],
                )
            seen[key] = rule["ResourceRef"]


def check_public(controller: Controller, made: Document, old: Document | None) -> None:
    """Check a public address: static, once, and in an IP pool of a public logical subnet."""
    _ = old
    fields, ref = made["Properties"], made["ResourceRef"]
    if fields.setdefault("PublicIPAllocationMethod", "Static") != "Static" or not fields.get("IPAddress"):
        raise invalid(f"{ref}: the lab knows only public addresses that are static.", ref)
    address = fields["IPAddress"]
    for item in controller.all("PublicIpAddress"):
        if item["ResourceRef"] != ref and item["Properties"]["IPAddress"] == address:
            raise SdnError(400, "PublicIPAddressInUse", f"{address} is in use by {item['ResourceRef']}.", target=ref)
    if any(item == address for _, item, _ in addresses(controller)):
        raise SdnError(400, "PublicIPAddressInUse", f"{address} is in use by a VIP or an interface.", target=ref)
    if not any(
        subnet["Properties"].get("IsPublic")
        and any(_in_pool(address, pool) for pool in subnet["Properties"].get("IpPools", []))
        for network in controller.all("LogicalNetwork")
        for subnet in network["Properties"].get("Subnets", [])
    ):
        raise invalid(f"{address} is in no IP pool of a logical subnet with isPublic.", ref)
