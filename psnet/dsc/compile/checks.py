"""Checks before compiling: errors that every host has, resources that DSC cannot deliver, inferred requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.checks.lint import lint_site
from psnet.errors import PlanError
from psnet.planning.context import context_for
from psnet.resources import Acl, Endpoint, Identity, IpSet, NatStaticMapping, NetworkAcl
from psnet.resources.acl_rule import sets_of
from psnet.resources.delivery import declared_endpoint, delivery_of, network_mode
from psnet.resources.endpoint_creation import TYPES
from psnet.resources.endpoint_policy import EndpointPolicy
from psnet.resources.load_balancer import LoadBalancer
from psnet.resources.publishers import BRIDGES
from psnet.state import fresh_state
from psnet.types import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.resources import Finding, Resource
    from psnet.site import Site
    from psnet.state import Backend

#: The oldest and the newest build: what both refuse is refused before a document is written.
_BUILDS: Final = (14393, 26100)
#: Findings that DSC answers for itself: its ways of port mappings and its backends.
_OF_PSNET: Final = ("mapping-hns-nat", "mapping-no-way", "mapping-network-missing", "not-in-this-backend")


def refused_everywhere(site: Site) -> list[Finding]:
    """Return the errors that a site has on every build: collisions, addresses outside their network, and the like."""
    found: list[dict[tuple[str, str], Finding]] = []
    for build in _BUILDS:
        try:
            findings = lint_site(site, build)
        except PlanError:  # this build has not the backend that the site names
            continue
        errors = (item for item in findings if _refused(item))
        found.append({(item.id, item.resource or ""): item for item in errors})
    if not found:
        return []
    return [item for key, item in found[-1].items() if all(key in other for other in found)]


def _refused(finding: Finding) -> bool:
    """Say whether a finding refuses a document: what locks psnet out is taken back by psnet alone."""
    return (finding.severity == "error" and finding.id not in _OF_PSNET) or finding.id == "rule-closes-winrm"


def undeliverable(resources: Sequence[Resource], backend: str) -> Iterator[tuple[Resource, str, str]]:
    """Yield each mapping that no way of DSC gives on any build, with the reason and the ways out."""
    mappings = [item for item in resources if isinstance(item, NatStaticMapping)]
    # HCN is taken where a mapping needs it, unless the site asks for another backend.
    ways_of: tuple[Backend, ...] = ("hns", "hcn") if backend in ("auto", "hcn") else ("hns",)
    contexts = [
        context_for(fresh_state(build), way, tuple(resources))
        for way in ways_of
        for build in (_BUILDS if way == "hns" else _BUILDS[-1:])
        if mappings
    ]
    for mapping in mappings:
        mode = network_mode(mapping.network, contexts[-1])
        if mapping.via is None and mode in (None, Mode.NAT.value, *BRIDGES):
            if mode not in BRIDGES or declared_endpoint(mapping, contexts[-1]) is None:
                continue  # what the host has may publish it
        elif mapping.via == "runtime":
            continue
        ways = [delivery_of(mapping, context) for context in contexts]
        if all(way.way is None for way in ways):
            yield mapping, ways[-1].reason.replace("backend hns", "backend hns, which DSC speaks,"), ways[-1].remedy


def inferred_requirements(resources: Sequence[Resource]) -> dict[Identity, tuple[Identity, ...]]:
    """Return what resources need beyond what they say, by their identity.

    An endpoint comes before its mappings; what goes into its create document, which makes it anew, before the load
    balancers that refer to it.
    """
    endpoints = {(item.network.lower(), str(item.address)): item for item in resources if isinstance(item, Endpoint)}
    changing: dict[str, list[Identity]] = {}
    found: dict[Identity, tuple[Identity, ...]] = {}
    fronts: list[tuple[Resource, tuple[str, ...]]] = []
    for item in resources:
        if isinstance(item, NatStaticMapping):
            owner = endpoints.get((item.network.lower(), str(item.internal_address)))
            if owner is not None:
                found[item.identity] = (owner.identity,)
                if item.via == "load_balancer":
                    fronts.append((item, (owner.name,)))
                else:
                    changing.setdefault(owner.name.lower(), []).append(item.identity)
        elif isinstance(item, EndpointPolicy) and item.kind in TYPES:
            changing.setdefault(item.endpoint.removeprefix("endpoint:").lower(), []).append(item.identity)
        elif isinstance(item, Acl | NetworkAcl):
            found[item.identity] = sets_of(item.rules)
        elif isinstance(item, IpSet):
            found[item.identity] = tuple(Identity(item.kind, name) for name in item.sets)
        elif isinstance(item, LoadBalancer):
            fronts.append((item, tuple(member.removeprefix("endpoint:") for member in item.members)))
    for front, members in fronts:
        needs = tuple(need for member in members for need in changing.get(member.lower(), ()))
        found[front.identity] = found.get(front.identity, ()) + needs
    return found
