"""The kinds of things that psnet manages, one file each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.resources.acl import Acl, AclRule
from psnet.resources.base import Claim, Context, FieldChange, Finding, Identity, Mend, Observed, Resource, Unmet
from psnet.resources.cni import Cni
from psnet.resources.container_network import ContainerNetwork, SubnetSpec
from psnet.resources.endpoint import Endpoint
from psnet.resources.endpoint_routing import OutboundNat, Proxy, RouteSet
from psnet.resources.firewall_rule import FirewallRule
from psnet.resources.load_balancer import LoadBalancer
from psnet.resources.nat import Nat
from psnet.resources.nat_static_mapping import MappingFirewall, NatStaticMapping
from psnet.resources.qos import Qos
from psnet.resources.reapply import Reapply

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Mapping[str, type[Resource]] = {
    cls.kind: cls
    for cls in (
        *(Nat, ContainerNetwork, Cni, Endpoint, NatStaticMapping, FirewallRule),
        *(Acl, Qos, OutboundNat, RouteSet, Proxy, LoadBalancer, Reapply),
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
    "LoadBalancer",
    "MappingFirewall",
    "Mend",
    "Nat",
    "NatStaticMapping",
    "Observed",
    "OutboundNat",
    "Proxy",
    "Qos",
    "Reapply",
    "Resource",
    "RouteSet",
    "SubnetSpec",
    "Unmet",
]
