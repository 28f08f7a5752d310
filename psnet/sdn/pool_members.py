"""Members of back-end pools: declared at load balancers, stored by the controller at interfaces' IP configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.sdn.model.base import refs_in
from psnet.sdn.references import owner_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psnet.sdn.model import Sdn, SdnResource
    from psnet.sdn.state import ControllerResource

FIELDS: Final = ("loadBalancerBackendAddressPools", "loadBalancerInboundNatRules")


def declared_properties(sdn: Sdn, resource: SdnResource, found: ControllerResource | None = None) -> dict[str, Any]:
    """Return a resource's declared properties; IP configurations with the pools and the NAT rules that name them.

    Memberships in load balancers that are not declared stay as ``found`` has them.
    """
    properties = resource.properties()
    if resource.collection != "networkInterfaces":
        return properties
    balancers = {item.path.lower() for item in sdn.load_balancers}
    present = (
        {str(item["resourceId"]).lower(): item for item in (found.properties.get("ipConfigurations") or ())}
        if found
        else {}
    )
    for item in properties["ipConfigurations"]:
        before = present.get(item["resourceId"].lower(), {}).get("properties") or {}
        for field in FIELDS:
            kept = [each for each in before.get(field) or () if owner_of(each["resourceRef"]) not in balancers]
            wanted = [*kept, *_named(sdn, f"{resource.name}/{item['resourceId']}", field)]
            if wanted or before.get(field):
                item["properties"][field] = wanted
    return properties


def _named(sdn: Sdn, member: str, field: str) -> Iterator[Mapping[str, str]]:
    for balancer in sdn.load_balancers:
        for name, where, reference in balancer.memberships():
            if where == field and name.lower() == member.lower():
                yield reference


def outside_refs(path: str, properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield the resourceRefs in declared properties that lead out of the resource itself."""
    own = path.lower()
    for reference in refs_in(properties):
        if owner_of(reference) != own:
            yield reference
