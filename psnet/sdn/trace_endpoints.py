"""The container endpoints of hosts, observed or declared, as a trace takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.resources import Acl
from psnet.resources import Endpoint as EndpointResource
from psnet.sdn.trace import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.site import Site
    from psnet.state import HostState


def observed_endpoints(host: str, state: HostState) -> Iterator[Endpoint]:
    """Yield the container endpoints of a host with their HNS policies."""
    for item in state.endpoints:
        if item.address:
            yield Endpoint(f"{item.name} on {host}", item.address, state.facts.build, item.policies)


def declared_endpoints(host: str, site: Site, build: int) -> Iterator[Endpoint]:
    """Yield the endpoints that a site declares with a fixed address, with the ACLs declared for them."""
    acls = {item.endpoint.lower(): item for item in site.resources if isinstance(item, Acl)}
    for item in site.resources:
        if isinstance(item, EndpointResource) and item.address is not None:
            acl = acls.get(item.name.lower())
            policies = tuple(acl.policies()) if acl else ()
            yield Endpoint(f"{item.name} on {host}", str(item.address), build, policies)
