"""A site for one host -> its DSC instances, in the plan's order, or every reason why DSC cannot give it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from psnet.dsc.compile.checks import inferred_requirements, refused_everywhere, undeliverable
from psnet.dsc.compile.startup import startup_script
from psnet.dsc.resources import DscInstance, properties_of, resources
from psnet.errors import PlanError, Problem, SiteError
from psnet.planning.backend import needs_hcn
from psnet.planning.build import in_order
from psnet.planning.context import context_for
from psnet.resources import ContainerNetwork, Endpoint
from psnet.resources.capabilities import why_not
from psnet.resources.endpoint_policy import EndpointPolicy
from psnet.resources.load_balancer import LoadBalancer
from psnet.resources.network_checks import EXTERNAL, check_capabilities
from psnet.resources.reapply import Reapply
from psnet.site.sections import section_of
from psnet.state import fresh_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.planning.price import Downtime
    from psnet.resources import Identity, Resource
    from psnet.site import Site, SiteSource
    from psnet.state import Backend

_BUILDS: Final[dict[str, int]] = {"containers": 14393, "hns": 26100, "hcn": 26100, "docker": 26100}


def configuration_name(site: Site) -> str:
    """Return the site's name as PowerShell takes the name of a configuration: letters, digits and _."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", site.name)
    return name if name[0].isalpha() else f"Site_{name}"


def instances_of(
    site: Site, source: SiteSource, host: str, *, allow_downtime: Downtime = "endpoints"
) -> tuple[list[DscInstance], list[str]]:
    """Return the instances and warnings; raise SiteError naming each resource that DSC cannot give.

    ``allow_downtime`` is said to every resource that can take endpoints away, unless it is their default.
    """
    everything = list(site.everything())
    requires = {
        resource.identity: (*resource.requires(), *((parent,) if parent else ())) for resource, parent in everything
    }
    for identity, more in inferred_requirements([resource for resource, _ in everything]).items():
        requires[identity] += more
    try:
        ordered = in_order(tuple(resource for resource, _ in everything), requires, host)
    except PlanError as error:
        raise SiteError(f"{source.path} cannot become a configuration: {error.message}") from None
    problems = [_problem(source, site, resource, reason) for resource in ordered for reason in _refused(resource, site)]
    named: dict[str | None, Resource] = {str(resource.identity): resource for resource in ordered}
    problems += [
        _problem(source, site, named[item.resource], item.reason, item.remedy)
        for item in refused_everywhere(site)
        if item.resource in named
    ]
    problems += [_problem(source, site, *item) for item in undeliverable(ordered, site.backend)]
    for key in source.sections:
        reason = f"DSC has no resources for {section_of(key).title}: psnet apply delivers the section"
        problems.insert(0, source.document.problem((key,), reason, remedy="compile a site without it"))
    if problems:
        raise SiteError(f"{source.path} declares for {host} what DSC cannot give", list(dict.fromkeys(problems)))
    backend = _backend(site, ordered)
    classes = resources()
    made: dict[Identity, DscInstance] = {}
    for resource in ordered:
        cls = classes[resource.kind]
        properties = properties_of(resource, cls)
        if (resource.backend_specific and backend != "auto") or (isinstance(resource, Endpoint) and backend == "hcn"):
            properties["Backend"] = backend
        if isinstance(resource, Reapply):
            properties["Script"] = startup_script(resource, tuple(ordered), backend)
        if allow_downtime != "endpoints" and any(item.name == "AllowDowntime" for item in cls.settable):
            properties["AllowDowntime"] = allow_downtime
        needs = tuple(made[need] for need in requires[resource.identity] if need in made)
        made[resource.identity] = DscInstance(cls, resource.identity.name, properties, needs)
    return list(made.values()), list(_warnings(ordered, site))


def _backend(site: Site, ordered: list[Resource]) -> Backend | Literal["auto"]:
    """Return what makes the networks: with auto HCN where something declared takes it, as psnet apply has it."""
    if site.backend != "auto":
        return site.backend
    if needs_hcn(context_for(fresh_state(_BUILDS["hcn"]), "hcn", tuple(ordered))):
        return "hcn"
    return "hns" if any(True for resource in ordered for _ in _lacks(resource, "containers")) else "auto"


def _problem(source: SiteSource, site: Site, resource: Resource, reason: str, remedy: str = "") -> Problem:
    """Return a refusal that points at the resource in the file."""
    same = [item for item in site.resources if item.section == resource.section]
    where = (resource.section, same.index(resource)) if resource in same else (resource.section,)
    return source.document.problem(where, reason, key=str(resource.identity), remedy=remedy or None)


def _refused(resource: Resource, site: Site) -> Iterator[str]:
    """Yield why a resource cannot be delivered by DSC."""
    if resource.kind not in resources():
        yield f"DSC has no resource for {resource.section}: psnet apply delivers them"
        return
    words = getattr(resource, "members", ()) or (getattr(resource, "endpoint", ""),)
    for word in words if isinstance(resource, EndpointPolicy | LoadBalancer) else ():
        if ":" in word or "/" in word:
            yield f"DSC finds endpoints by name and containers by their ids, not {word}: psnet apply does"
    if site.backend != "auto":
        yield from _lacks(resource, site.backend)


def _lacks(resource: Resource, backend: Backend) -> Iterator[str]:
    """Yield what a backend cannot give of a resource, on the builds that have the backend."""
    build = _BUILDS[backend]
    if isinstance(resource, ContainerNetwork):
        context = context_for(fresh_state(build), backend, (resource,))
        yield from (finding.reason for finding in check_capabilities(resource, context))
        return
    reason = why_not(resource.kind, backend, build)
    if reason is not None:
        yield f"the backend {backend} gives no {resource.section}: {reason}"


def _warnings(ordered: list[Resource], site: Site) -> Iterator[str]:
    for resource in ordered:
        if isinstance(resource, ContainerNetwork) and resource.mode in EXTERNAL:
            yield (
                f"{resource.identity}: the LCM makes its switch without the confirmation and roll-back of psnet "
                "apply; on the adapter that carries the host's connection, prefer psnet apply"
            )
    if site.manage == "exclusive":
        yield "manage: exclusive: DSC removes nothing that a configuration does not name; psnet apply --prune does"
