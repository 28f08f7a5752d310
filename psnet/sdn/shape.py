"""How the controller's objects are built: their .NET types, their children, their references.

Where no example shows a type it is named as its siblings are (NetworkConnection, VGwBgpRouter, VGwBgpPeer): a guess.

Types and fields are those of reference/cmdlets/NetworkController.yaml and of the pages "Configure the Software Load
Balancer", "Use Network Virtual Appliances on a virtual network" and "Configure QoS for a VM network adapter".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Shape:
    """An object, or the properties of a resource. Without a ``type`` PowerShell makes it from a hashtable.

    ``item`` is the type of the resource around the properties, for what stands in a list of children; ``whole`` says
    that children which are not declared go. ``many`` says that the field holds a list of such objects, which have no
    names. ``parts`` are objects and lists of children by field; ``refs`` are the
    fields that refer to resources, with the type whose ResourceRef is set, or None when the resource itself is fetched.
    """

    type: str | None
    item: str | None = None
    whole: bool = False
    many: bool = False
    parts: Mapping[str, Shape] = field(default_factory=dict)
    refs: Mapping[str, str | None] = field(default_factory=dict)


_ACL: Final = {"accessControlList": "AccessControlList"}
_FRONTENDS: Final = {"frontendIPConfigurations": "LoadBalancerFrontendIpConfiguration"}
_CONNECTIONS: Final = Shape("Connection", many=True, refs={"credential": None})
_POOL: Final = {"backendAddressPool": "LoadBalancerBackendAddressPool"}

SHAPES: Final[Mapping[str, Shape]] = {
    "logicalNetworks": Shape(
        "LogicalNetworkProperties",
        parts={
            "subnets": Shape(
                "LogicalSubnetProperties",
                item="LogicalSubnet",
                parts={"ipPools": Shape("IpPoolProperties", item="IpPool")},
            )
        },
    ),
    "accessControlLists": Shape(
        "AccessControlListProperties", parts={"aclRules": Shape("AclRuleProperties", item="AclRule", whole=True)}
    ),
    "routeTables": Shape("RouteTableProperties", parts={"routes": Shape("RouteProperties", item="Route", whole=True)}),
    "virtualNetworks": Shape(
        "VirtualNetworkProperties",
        parts={
            "addressSpace": Shape("AddressSpace"),
            "dhcpOptions": Shape("DhcpOptions"),
            "subnets": Shape("VirtualSubnetProperties", item="VirtualSubnet", refs={**_ACL, "routeTable": None}),
        },
        refs={"logicalNetwork": None},
    ),
    "virtualNetworkPeerings": Shape("VirtualNetworkPeeringProperties", refs={"remoteVirtualNetwork": None}),
    "credentials": Shape("CredentialProperties"),
    "servers": Shape(
        "ServerProperties",
        parts={
            "connections": _CONNECTIONS,
            "networkInterfaces": Shape(
                "NwInterfaceProperties", item="NwInterface", refs={"logicalSubnets": "LogicalSubnet"}
            ),
        },
    ),
    "virtualServers": Shape("VirtualServerProperties", parts={"connections": _CONNECTIONS}),
    "gatewayPools": Shape(
        "GatewayPoolProperties",
        parts={
            "ipConfiguration": Shape(
                "IPConfig", refs={"publicIPAddresses": "PublicIpAddress", "greVipSubnets": "LogicalSubnet"}
            )
        },
    ),
    "gateways": Shape(
        "GatewayProperties",
        parts={
            "networkInterfaces": Shape(
                "NetworkInterfaces", refs={"internalNetworkInterface": None, "externalNetworkInterface": None}
            ),
            "bgpConfig": Shape("GatewayBgpConfig", parts={"bgpPeer": Shape("GatewayBgpPeer", many=True)}),
        },
        refs={"pool": None, "virtualServer": None},
    ),
    "virtualGateways": Shape(
        "VirtualGatewayProperties",
        parts={
            "networkConnections": Shape(
                "NetworkConnectionProperties",
                item="NetworkConnection",
                whole=True,
                parts={
                    "ipSecConfiguration": Shape(
                        "IpSecConfiguration", parts={"quickMode": Shape("QuickMode"), "mainMode": Shape("MainMode")}
                    ),
                    "greConfiguration": Shape("GreConfiguration"),
                    "l3Configuration": Shape("L3Configuration", refs={"vlanSubnet": "LogicalSubnet"}),
                    "ipAddresses": Shape("CidrIPAddress", many=True),
                    "routes": Shape("RouteInfo", many=True),
                },
            ),
            "bgpRouters": Shape(
                "VGwBgpRouterProperties",
                item="VGwBgpRouter",
                whole=True,
                parts={"bgpPeers": Shape("VGwBgpPeerProperties", item="VGwBgpPeer", whole=True)},
            ),
        },
        refs={"gatewayPools": "GatewayPool", "gatewaySubnets": "VirtualSubnet"},
    ),
    "serviceInsertions": Shape(
        "ServiceInsertionProperties",
        parts={
            "serviceInsertionRules": Shape("ServiceInsertionRuleProperties", item="ServiceInsertionRule", whole=True),
            "serviceInsertionElements": Shape(
                "ServiceInsertionElementProperties",
                item="ServiceInsertionElement",
                whole=True,
                refs={"networkInterface": None},
            ),
        },
    ),
    "publicIPAddresses": Shape("PublicIpAddressProperties"),
    "networkInterfaces": Shape(
        "NetworkInterfaceProperties",
        parts={
            "ipConfigurations": Shape(
                "NetworkInterfaceIpConfigurationProperties",
                item="NetworkInterfaceIpConfiguration",
                refs={
                    **_ACL,
                    "subnet": "Subnet",
                    "publicIPAddress": None,
                    "serviceInsertion": None,
                    "loadBalancerBackendAddressPools": "LoadBalancerBackendAddressPool",
                    "loadBalancerInboundNatRules": "LoadBalancerInboundNatRule",
                },
            ),
            "dnsSettings": Shape("NetworkInterfaceDnsSettings"),
            "portSettings": Shape(None, parts={"qosSettings": Shape(None)}),
        },
    ),
    "loadBalancers": Shape(
        "LoadBalancerProperties",
        parts={
            "frontendIPConfigurations": Shape(
                "LoadBalancerFrontendIpConfigurationProperties",
                item="LoadBalancerFrontendIpConfiguration",
                whole=True,
                refs={"subnet": "Subnet", "publicIPAddress": None},
            ),
            "backendAddressPools": Shape(
                "LoadBalancerBackendAddressPoolProperties",
                item="LoadBalancerBackendAddressPool",
                whole=True,
            ),
            "probes": Shape("LoadBalancerProbeProperties", item="LoadBalancerProbe", whole=True),
            "loadBalancingRules": Shape(
                "LoadBalancingRuleProperties",
                item="LoadBalancingRule",
                whole=True,
                refs={**_FRONTENDS, **_POOL, "probe": "LoadBalancerProbe"},
            ),
            "inboundNatRules": Shape(
                "LoadBalancerInboundNatRuleProperties",
                item="LoadBalancerInboundNatRule",
                whole=True,
                refs=_FRONTENDS,
            ),
            "outboundNatRules": Shape(
                "LoadBalancerOutboundNatRuleProperties",
                item="LoadBalancerOutboundNatRule",
                whole=True,
                refs={**_FRONTENDS, **_POOL},
            ),
        },
    ),
}
