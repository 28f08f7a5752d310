"""The kinds of things that psnet manages, one file each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.resources.base import Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.container_network import ContainerNetwork, SubnetSpec
from psnet.resources.firewall_rule import FirewallRule
from psnet.resources.nat_static_mapping import MappingFirewall, NatStaticMapping

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Mapping[str, type[Resource]] = {cls.kind: cls for cls in (ContainerNetwork, NatStaticMapping, FirewallRule)}

__all__ = [
    "KINDS",
    "ContainerNetwork",
    "Context",
    "FieldChange",
    "Finding",
    "FirewallRule",
    "Identity",
    "MappingFirewall",
    "NatStaticMapping",
    "Observed",
    "Resource",
    "SubnetSpec",
]
