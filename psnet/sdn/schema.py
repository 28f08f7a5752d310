"""How the controller's objects are built: their .NET types, their children, their references.

NetworkConnection, VGwBgpRouter and VGwBgpPeer stand in "Add a virtual gateway to a tenant virtual network" of
Microsoft's SDN guide (all three types of connections), ServiceInsertionRule and -Element in its page on appliances.

Types and fields are those of reference/cmdlets/NetworkController.yaml and of the pages "Configure the Software Load
Balancer", "Use Network Virtual Appliances on a virtual network" and "Configure QoS for a VM network adapter".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ObjectSchema:
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
    parts: Mapping[str, ObjectSchema] = field(default_factory=dict)
    refs: Mapping[str, str | None] = field(default_factory=dict)


_ACL: Final = {"accessControlList": "AccessControlList"}
_FRONTENDS: Final = {"frontendIPConfigurations": "LoadBalancerFrontendIpConfiguration"}
_CONNECTIONS: Final = ObjectSchema("Connection", many=True, refs={"credential": None})
_POOL: Final = {"backendAddressPool": "LoadBalancerBackendAddressPool"}

SCHEMAS: Final[Mapping[str, ObjectSchema]] = {
    "logicalNetworks": ObjectSchema(
        "LogicalNetworkProperties",
        parts={
            "subnets": ObjectSchema(
                "LogicalSubnetProperties",
                item="LogicalSubnet",
                parts={"ipPools": ObjectSchema("IpPoolProperties", item="IpPool")},
            )
        },
    ),
    "accessControlLists": ObjectSchema(
        "AccessControlListProperties", parts={"aclRules": ObjectSchema("AclRuleProperties", item="AclRule", whole=True)}
    ),
    "routeTables": ObjectSchema(
        "RouteTableProperties", parts={"routes": ObjectSchema("RouteProperties", item="Route", whole=True)}
    ),
    "virtualNetworks": ObjectSchema(
        "VirtualNetworkProperties",
        parts={
            "addressSpace": ObjectSchema("AddressSpace"),
            "dhcpOptions": ObjectSchema("DhcpOptions"),
            "subnets": ObjectSchema("VirtualSubnetProperties", item="VirtualSubnet", refs={**_ACL, "routeTable": None}),
        },
        refs={"logicalNetwork": None},
    ),
    "virtualNetworkPeerings": ObjectSchema("VirtualNetworkPeeringProperties", refs={"remoteVirtualNetwork": None}),
    "credentials": ObjectSchema("CredentialProperties"),
    "servers": ObjectSchema(
        "ServerProperties",
        parts={
            "connections": _CONNECTIONS,
            "networkInterfaces": ObjectSchema(
                "NwInterfaceProperties", item="NwInterface", refs={"logicalSubnets": "LogicalSubnet"}
            ),
        },
    ),
    "virtualServers": ObjectSchema("VirtualServerProperties", parts={"connections": _CONNECTIONS}),
    "gatewayPools": ObjectSchema(
        "GatewayPoolProperties",
        parts={
            "ipConfiguration": ObjectSchema(
                "IPConfig", refs={"publicIPAddresses": "PublicIpAddress", "greVipSubnets": "LogicalSubnet"}
            )
        },
    ),
    "gateways": ObjectSchema(
        "GatewayProperties",
        parts={
            "networkInterfaces": ObjectSchema(
                "NetworkInterfaces", refs={"internalNetworkInterface": None, "externalNetworkInterface": None}
            ),
            "bgpConfig": ObjectSchema("GatewayBgpConfig", parts={"bgpPeer": ObjectSchema("GatewayBgpPeer", many=True)}),
        },
        refs={"pool": None, "virtualServer": None},
    ),
    "virtualGateways": ObjectSchema(
        "VirtualGatewayProperties",
        parts={
            "networkConnections": ObjectSchema(
                "NetworkConnectionProperties",
                item="NetworkConnection",
                whole=True,
                parts={
                    "ipSecConfiguration": ObjectSchema(
                        "IpSecConfiguration",
                        parts={"quickMode": ObjectSchema("QuickMode"), "mainMode": ObjectSchema("MainMode")},
                    ),
                    "greConfiguration": ObjectSchema("GreConfiguration"),
                    "l3Configuration": ObjectSchema("L3Configuration", refs={"vlanSubnet": "LogicalSubnet"}),
                    "ipAddresses": ObjectSchema("CidrIPAddress", many=True),
                    "routes": ObjectSchema("RouteInfo", many=True),
                },
            ),
            "bgpRouters": ObjectSchema(
                "VGwBgpRouterProperties",
                item="VGwBgpRouter",
                whole=True,
                parts={"bgpPeers": ObjectSchema("VGwBgpPeerProperties", item="VGwBgpPeer", whole=True)},
            ),
        },
        refs={"gatewayPools": "GatewayPool", "gatewaySubnets": "VirtualSubnet"},
    ),
    "serviceInsertions": ObjectSchema(
        "ServiceInsertionProperties",
        parts={
            "serviceInsertionRules": ObjectSchema(
                "ServiceInsertionRuleProperties", item="ServiceInsertionRule", whole=True
            ),
            "serviceInsertionElements": ObjectSchema(
                "ServiceInsertionElementProperties",
                item="ServiceInsertionElement",
                whole=True,
                refs={"networkInterface": None},
            ),
        },
    ),
    "publicIPAddresses": ObjectSchema("PublicIpAddressProperties"),
    "networkInterfaces": ObjectSchema(
        "NetworkInterfaceProperties",
        parts={
            "ipConfigurations": ObjectSchema(
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
            "dnsSettings": ObjectSchema("NetworkInterfaceDnsSettings"),
            "portSettings": ObjectSchema(None, parts={"qosSettings": ObjectSchema(None)}),
        },
    ),
    "loadBalancers": ObjectSchema(
        "LoadBalancerProperties",
        parts={
            "frontendIPConfigurations": ObjectSchema(
                "LoadBalancerFrontendIpConfigurationProperties",
                item="LoadBalancerFrontendIpConfiguration",
                whole=True,
                refs={"subnet": "Subnet", "publicIPAddress": None},
            ),
            "backendAddressPools": ObjectSchema(
                "LoadBalancerBackendAddressPoolProperties",
                item="LoadBalancerBackendAddressPool",
                whole=True,
            ),
            "probes": ObjectSchema("LoadBalancerProbeProperties", item="LoadBalancerProbe", whole=True),
            "loadBalancingRules": ObjectSchema(
                "LoadBalancingRuleProperties",
                item="LoadBalancingRule",
                whole=True,
                refs={**_FRONTENDS, **_POOL, "probe": "LoadBalancerProbe"},
            ),
            "inboundNatRules": ObjectSchema(
                "LoadBalancerInboundNatRuleProperties",
                item="LoadBalancerInboundNatRule",
                whole=True,
                refs=_FRONTENDS,
            ),
            "outboundNatRules": ObjectSchema(
                "LoadBalancerOutboundNatRuleProperties",
                item="LoadBalancerOutboundNatRule",
                whole=True,
                refs={**_FRONTENDS, **_POOL},
            ),
        },
    ),
}
