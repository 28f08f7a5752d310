"""References that lead nowhere, and members that nobody declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet._internal.yaml import nearest
from psnet.sdn.checks.finding import finding
from psnet.sdn.pool_members import declared_properties, outside_refs
from psnet.sdn.references import short_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources import Finding
    from psnet.sdn.model import Sdn
    from psnet.sdn.state import ControllerState


def check_references(sdn: Sdn, state: ControllerState) -> Iterator[Finding]:
    """Refuse references to what is neither declared nor on the controller."""
    declared = list(_declared_paths(sdn))
    known = {item.lower() for item in declared}
    for resource in sdn.resources():
        properties = declared_properties(sdn, resource)
        for reference in dict.fromkeys(outside_refs(resource.path, properties)):
            if short_reference(reference) not in known and not state.has(reference):
                near = nearest(reference, [*declared, *(item.path for item in state.resources)])
                yield finding(
                    resource,
                    "dangling",
                    f"it refers to {reference}, which is neither declared nor on the controller",
                    f"did you mean {near}?" if near else "declare it, or correct the name",
                )
    yield from _members(sdn)


def _members(sdn: Sdn) -> Iterator[Finding]:
    """Refuse members whose interface is not declared: the controller keeps the membership at the interface."""
    addresses = [f"{nic.name}/{item.name}" for nic in sdn.network_interfaces for item in nic.ip_configurations]
    known = {item.lower() for item in addresses}
    for balancer in sdn.load_balancers:
        for member, field, _ in balancer.memberships():
            if member.lower() not in known:
                near = nearest(member, addresses)
                what = "pool" if field == "loadBalancerBackendAddressPools" else "inbound NAT rule"
                yield finding(
                    balancer,
                    "member-undeclared",
                    f"a {what} names {member}, which no declared network interface has",
                    f"did you mean {near}?" if near else "declare it as INTERFACE/IP_CONFIGURATION",
                )


def _declared_paths(sdn: Sdn) -> Iterator[str]:
    for resource in sdn.resources():
        yield resource.path
        yield from _children(resource.path, resource.properties())


def _children(path: str, properties: dict[str, Any]) -> Iterator[str]:
    for name, value in properties.items():
        for item in value if isinstance(value, list) else ():
            if isinstance(item, dict) and "resourceId" in item:
                own = f"{path}/{name}/{item['resourceId']}"
                yield own
                yield from _children(own, item["properties"])
