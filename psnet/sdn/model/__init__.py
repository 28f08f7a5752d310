"""What can be declared on a Network Controller; one module a family, as the Properties objects of its cmdlets."""

from psnet.sdn.model.balancers import SdnLoadBalancer
from psnet.sdn.model.base import SdnResource
from psnet.sdn.model.controller import Controller
from psnet.sdn.model.interfaces import IpConfiguration, NetworkInterface
from psnet.sdn.model.networks import LogicalNetwork, VirtualNetwork
from psnet.sdn.model.policies import AccessControlList, PublicIpAddress, RouteTable
from psnet.sdn.model.section import Sdn

__all__ = [
    "AccessControlList",
    "Controller",
    "IpConfiguration",
    "LogicalNetwork",
    "NetworkInterface",
    "PublicIpAddress",
    "RouteTable",
    "Sdn",
    "SdnLoadBalancer",
    "SdnResource",
    "VirtualNetwork",
]
