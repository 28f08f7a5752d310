"""The kinds of things on a Network Controller that psnet manages, in the order in which they refer to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.sdn.model import (
    AccessControlList,
    Gateway,
    GatewayPool,
    LogicalNetwork,
    NetworkInterface,
    PublicIpAddress,
    RouteTable,
    SdnCredential,
    SdnLoadBalancer,
    SdnResource,
    SdnServer,
    ServiceInsertion,
    VirtualGateway,
    VirtualNetwork,
    VirtualNetworkPeering,
    VirtualServer,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

SDN_KINDS: Mapping[str, type[SdnResource]] = {
    cls.kind: cls
    for cls in (
        *(SdnCredential, LogicalNetwork, AccessControlList, RouteTable, VirtualNetwork, VirtualNetworkPeering),
        *(PublicIpAddress, SdnLoadBalancer, ServiceInsertion, NetworkInterface),
        *(SdnServer, VirtualServer, GatewayPool, Gateway, VirtualGateway),
    )
}
#: What stands in another resource's collection, by its kind: the collection around it.
INSIDE: Mapping[str, str] = {VirtualNetworkPeering.kind: VirtualNetwork.collection}
#: By the name of the REST collection.
BY_COLLECTION: Mapping[str, type[SdnResource]] = {cls.collection: cls for cls in SDN_KINDS.values()}
