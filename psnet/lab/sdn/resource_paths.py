"""Where resources stand: ``/loadBalancers/{id}/frontendIPConfigurations/{id}`` and the like ([MS-NCNBI] 3.1.5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from psnet.lab.sdn.errors import not_found


@dataclass(frozen=True)
class Kind:
    """One kind of resource: its URL segment, its type, the parent's property that holds it, and its children.

    A singleton (``single``) has one instance under a fixed name.
    """

    segment: str
    type: str
    holder: str = ""
    children: tuple[Kind, ...] = ()
    single: str = ""

    def child(self, segment: str) -> Kind | None:
        """Return the kind of a child by its segment in any case."""
        return next((each for each in self.children if each.segment.lower() == segment.lower()), None)


def _kind(segment: str, type_: str, *children: Kind, holder: str = "", single: str = "") -> Kind:
    return Kind(segment, type_, holder or segment[0].upper() + segment[1:], children, single)


ROOTS: Final = (
    _kind("accessControlLists", "AccessControlList", _kind("aclRules", "AclRule")),
    _kind("logicalNetworks", "LogicalNetwork", _kind("subnets", "LogicalSubnet", _kind("ipPools", "IpPool"))),
    _kind(
        "virtualNetworks",
        "VirtualNetwork",
        _kind("subnets", "VirtualSubnet"),
        _kind("virtualNetworkPeerings", "VirtualNetworkPeering"),
    ),
    _kind("networkInterfaces", "NetworkInterface", _kind("ipConfigurations", "NetworkInterfaceIpConfiguration")),
    _kind(
        "loadBalancers",
        "LoadBalancer",
        _kind("frontendIPConfigurations", "LoadBalancerFrontendIpConfiguration"),
        _kind("backendAddressPools", "LoadBalancerBackendAddressPool"),
        _kind("loadBalancingRules", "LoadBalancingRule"),
        _kind("probes", "LoadBalancerProbe"),
        _kind("inboundNatRules", "LoadBalancerInboundNatRule"),
        _kind("outboundNatRules", "LoadBalancerOutboundNatRule"),
    ),
    _kind("publicIPAddresses", "PublicIpAddress"),
    _kind("routeTables", "RouteTable", _kind("routes", "Route")),
    _kind("credentials", "Credential"),
    _kind("servers", "Server", _kind("networkInterfaces", "NwInterface")),
    _kind("virtualServers", "VirtualServer"),
    _kind("loadBalancerMuxes", "LoadBalancerMux"),
    _kind("macPools", "MacPool"),
    _kind("gatewayPools", "GatewayPool"),
    _kind("gateways", "Gateway"),
    _kind(
        "virtualGateways",
        "VirtualGateway",
        _kind("networkConnections", "NetworkConnection"),
        _kind("bgpRouters", "VGwBgpRouter", _kind("bgpPeers", "VGwBgpPeer")),
    ),
    _kind(
        "serviceInsertions",
        "ServiceInsertion",
        _kind("serviceInsertionRules", "ServiceInsertionRule"),
        _kind("serviceInsertionElements", "ServiceInsertionElement"),
    ),
    _kind("virtualNetworkManager", "VirtualNetworkManager", single="configuration"),
    _kind("virtualSwitchManager", "VirtualSwitchManager", single="configuration"),
    _kind("loadBalancerManager", "LoadBalancerManager", single="config"),
)


_BY_SEGMENT: Final = {each.segment.lower(): each for each in ROOTS}


@dataclass(frozen=True)
class Place:
    """A path: the kinds on the way, and their ids; the last id is empty for a whole collection."""

    kinds: tuple[Kind, ...] = field()
    ids: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What stands there."""
        return self.kinds[-1]

    @property
    def collection(self) -> bool:
        """Whether it is a whole collection."""
        return len(self.ids) < len(self.kinds)

    def ref(self) -> str:
        """Return the path as a ResourceRef has it."""
        return "".join(f"/{kind.segment}/{name}" for kind, name in zip(self.kinds, self.ids, strict=False))


def root_kind(segment: str) -> Kind | None:
    """Return a top-level kind by its segment in any case."""
    return _BY_SEGMENT.get(segment.lower())


def place_of(path: str) -> Place:
    """Return what a path such as ``/accessControlLists/web`` means; raises SdnError for none."""
    parts = [part for part in path.split("/") if part]
    kinds: list[Kind] = []
    ids: list[str] = []
    for at, part in enumerate(parts):
        if at % 2:
            ids.append(part)
            continue
        kind = kinds[-1].child(part) if kinds else root_kind(part)
        if kind is None:
            raise not_found(path)
        kinds.append(kind)
    if not kinds:
        raise not_found(path)
    if kinds[-1].single and len(ids) < len(kinds):
        ids.append(kinds[-1].single)
    return Place(tuple(kinds), tuple(ids))
