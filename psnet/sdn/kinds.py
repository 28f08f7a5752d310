"""The kinds of things on a Network Controller that psnet manages, in the order in which they refer to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.sdn.model import (
    AccessControlList,
    LogicalNetwork,
    NetworkInterface,
    PublicIpAddress,
    RouteTable,
    SdnLoadBalancer,
    SdnResource,
    VirtualNetwork,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

SDN_KINDS: Mapping[str, type[SdnResource]] = {
    cls.kind: cls
    for cls in (
        *(LogicalNetwork, AccessControlList, RouteTable, VirtualNetwork),
        *(PublicIpAddress, SdnLoadBalancer, NetworkInterface),
    )
}
#: By the name of the REST collection.
BY_COLLECTION: Mapping[str, type[SdnResource]] = {cls.collection: cls for cls in SDN_KINDS.values()}
