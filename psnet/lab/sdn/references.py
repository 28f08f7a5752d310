"""References between resources: who refers to whom, and the back references that a GET shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.sdn.types import sdn_type
from psnet.lab.sdn.typetable import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psnet.lab.sdn.documents import Document
    from psnet.lab.sdn.types import Field, SdnType


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference: the resource that holds it, the field, and the object ``{"ResourceRef": ...}`` itself."""

    holder: str
    holder_type: str
    field: Field
    value: Document

    @property
    def target(self) -> str:
        """The path that it names."""
        return str(self.value["ResourceRef"])


def references(type_name: str, document: Document) -> Iterator[Reference]:
    """Return the references that a resource and its children hold; those that the controller writes are left out."""
    yield from _of_type(sdn_type(type_name), document, str(document.get("ResourceRef", "")), type_name)


def _of_type(type_: SdnType, document: Document, holder: str, holder_type: str) -> Iterator[Reference]:
    for field in type_.fields.values():
        value = document.get(field.name)
        if value is None or field.read_only or field.kind not in ("object", "reference"):
            continue
        for item in value if field.many else [value]:
            if field.kind == "reference":
                yield Reference(holder, holder_type, field, item)
            elif field.type in RESOURCES:
                yield from references(field.type, item)
            else:
                yield from _of_type(sdn_type(field.type), item, holder, holder_type)


#: (type, field) of a back reference -> (type, field) of the reference that it mirrors.
BACK: Final = {
    ("AccessControlList", "IpConfigurations"): ("NetworkInterfaceIpConfiguration", "AccessControlList"),
    ("AccessControlList", "Subnets"): ("VirtualSubnet", "AccessControlList"),
    ("LogicalNetwork", "VirtualNetworks"): ("VirtualNetwork", "LogicalNetwork"),
    ("LogicalSubnet", "NetworkInterfaces"): ("NetworkInterfaceIpConfiguration", "Subnet"),
    ("VirtualSubnet", "IpConfigurations"): ("NetworkInterfaceIpConfiguration", "Subnet"),
    ("LoadBalancerFrontendIpConfiguration", "LoadBalancingRules"): ("LoadBalancingRule", "FrontendIPConfigurations"),
    ("LoadBalancerFrontendIpConfiguration", "InboundNatRules"): (
        "LoadBalancerInboundNatRule",
        "FrontendIPConfigurations",
    ),
    ("LoadBalancerFrontendIpConfiguration", "OutboundNatRules"): (
        "LoadBalancerOutboundNatRule",
        "FrontendIPConfigurations",
    ),
    ("LoadBalancerBackendAddressPool", "BackendIPConfigurations"): (
        "NetworkInterfaceIpConfiguration",
        "LoadBalancerBackendAddressPools",
    ),
    ("LoadBalancerBackendAddressPool", "LoadBalancingRules"): ("LoadBalancingRule", "BackendAddressPool"),
    ("LoadBalancerBackendAddressPool", "OutboundNatRules"): ("LoadBalancerOutboundNatRule", "BackendAddressPool"),
    ("LoadBalancerProbe", "LoadBalancingRules"): ("LoadBalancingRule", "Probe"),
    ("LoadBalancerInboundNatRule", "BackendIPConfiguration"): (
        "NetworkInterfaceIpConfiguration",
        "LoadBalancerInboundNatRules",
    ),
    ("PublicIpAddress", "IpConfiguration"): ("NetworkInterfaceIpConfiguration", "PublicIPAddress"),
    ("RouteTable", "Subnets"): ("VirtualSubnet", "RouteTable"),
    ("ServiceInsertion", "IpConfigurations"): ("NetworkInterfaceIpConfiguration", "ServiceInsertion"),
    ("GatewayPool", "Gateways"): ("Gateway", "Pool"),
}


#: Holders by what they refer to: (holder's type, field, target in lower case) -> paths.
Index = dict[tuple[str, str, str], list[str]]


def indexed(known: Iterable[Reference]) -> Index:
    """Return references by their targets."""
    found: Index = {}
    for each in known:
        found.setdefault((each.holder_type, each.field.name, each.target.lower()), []).append(each.holder)
    return found


def back_references(type_name: str, ref: str, known: Index) -> Document:
    """Return the back-reference fields of a resource's properties, and empty arrays for what it could hold."""
    made: Document = {}
    for field in sdn_type(RESOURCES[type_name]).fields.values():
        mirrored = BACK.get((type_name, field.name))
        if mirrored is None:
            if field.many and (field.kind == "reference" or field.type in RESOURCES):
                made[field.name] = []
            continue
        holders = known.get((*mirrored, ref.lower()), [])
        if field.type == "NetworkInterface":
            holders = list(dict.fromkeys(holder.partition("/ipConfigurations/")[0] for holder in holders))
        found: list[Any] = [{"ResourceRef": holder} for holder in holders]
        if field.many:
            made[field.name] = found
        elif found:
            made[field.name] = found[0]
    return made
