"""What can be declared on a Network Controller; one module a family, as the Properties objects of its cmdlets."""

from psnet.sdn.model.balancers import SdnLoadBalancer
from psnet.sdn.model.base import SdnResource
from psnet.sdn.model.controller import Controller
from psnet.sdn.model.fabric import Gateway, GatewayPool, SdnCredential, SdnServer, VirtualServer
from psnet.sdn.model.gateways import VirtualGateway
from psnet.sdn.model.insertions import ServiceInsertion
from psnet.sdn.model.interfaces import IpConfiguration, NetworkInterface
from psnet.sdn.model.networks import LogicalNetwork, VirtualNetwork, VirtualNetworkPeering
from psnet.sdn.model.policies import AccessControlList, PublicIpAddress, RouteTable
from psnet.sdn.model.section import Sdn

__all__ = [
    "AccessControlList",
    "Controller",
    "Gateway",
    "GatewayPool",
    "IpConfiguration",
    "LogicalNetwork",
    "NetworkInterface",
    "PublicIpAddress",
    "RouteTable",
    "Sdn",
    "SdnCredential",
    "SdnLoadBalancer",
    "SdnResource",
    "SdnServer",
    "ServiceInsertion",
    "VirtualGateway",
    "VirtualNetwork",
    "VirtualNetworkPeering",
    "VirtualServer",
]
