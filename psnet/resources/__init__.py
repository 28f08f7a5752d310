"""The kinds of things that psnet manages, one file each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.resources.acl import Acl, AclRule
from psnet.resources.base import Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.container_network import ContainerNetwork, SubnetSpec
from psnet.resources.endpoint import Endpoint
from psnet.resources.firewall_rule import FirewallRule
from psnet.resources.load_balancer import LoadBalancer
from psnet.resources.nat_static_mapping import MappingFirewall, NatStaticMapping
from psnet.resources.qos import Qos

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Mapping[str, type[Resource]] = {
    cls.kind: cls for cls in (ContainerNetwork, Endpoint, NatStaticMapping, FirewallRule, Acl, Qos, LoadBalancer)
}

__all__ = [
    "KINDS",
    "Acl",
    "AclRule",
    "ContainerNetwork",
    "Context",
    "Endpoint",
    "FieldChange",
    "Finding",
    "FirewallRule",
    "Identity",
    "LoadBalancer",
    "MappingFirewall",
    "NatStaticMapping",
    "Observed",
    "Qos",
    "Resource",
    "SubnetSpec",
]
