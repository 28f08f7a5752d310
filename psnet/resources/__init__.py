"""The kinds of things that psnet manages, one file each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.resources.acl import Acl
from psnet.resources.acl_rule import AclRule
from psnet.resources.base import Claim, Context, FieldChange, Finding, Identity, Mend, Observed, Resource, Unmet
from psnet.resources.cni import Cni
from psnet.resources.container_network import ContainerNetwork, SubnetSpec
from psnet.resources.endpoint import Endpoint
from psnet.resources.endpoint_routing import OutboundNat, Proxy, RouteSet
from psnet.resources.firewall_rule import FirewallRule
from psnet.resources.ip_set import IpSet
from psnet.resources.load_balancer import LoadBalancer
from psnet.resources.nat import Nat
from psnet.resources.nat_static_mapping import MappingFirewall, NatStaticMapping
from psnet.resources.network_acl import NetworkAcl
from psnet.resources.overlay_peer import OverlayPeer
from psnet.resources.qos import Qos
from psnet.resources.reapply import Reapply
from psnet.resources.tier_acl import TierAcl

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Mapping[str, type[Resource]] = {
    cls.kind: cls
    for cls in (
        *(Nat, ContainerNetwork, OverlayPeer, IpSet, NetworkAcl, Cni, Endpoint, NatStaticMapping, FirewallRule),
        *(Acl, TierAcl, Qos, OutboundNat, RouteSet, Proxy, LoadBalancer, Reapply),
    )
}

__all__ = [
    "KINDS",
    "Acl",
    "AclRule",
    "Claim",
    "Cni",
    "ContainerNetwork",
    "Context",
    "Endpoint",
    "FieldChange",
    "Finding",
    "FirewallRule",
    "Identity",
    "IpSet",
    "LoadBalancer",
    "MappingFirewall",
    "Mend",
    "Nat",
    "NatStaticMapping",
    "NetworkAcl",
    "Observed",
    "OutboundNat",
    "OverlayPeer",
    "Proxy",
    "Qos",
    "Reapply",
    "Resource",
    "RouteSet",
    "SubnetSpec",
    "TierAcl",
    "Unmet",
]
