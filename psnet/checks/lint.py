"""The checks of a plan that need no host: a site against a Windows of a build that has nothing yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.plan.backend import backend_for
from psnet.resources import Context
from psnet.sdn.checks import check_hosts, lint_sdn
from psnet.state import Facts, HostState

if TYPE_CHECKING:
    from psnet.resources import Finding
    from psnet.site import Site

#: Findings about what only a host can say.
_OF_A_HOST: Final = frozenset({"adapter-missing", "endpoint-missing", "mac-spoofing"})
_CONTAINERS_CMDLETS: Final = 14393


def fresh_state(build: int) -> HostState:
    """Return a host of a build that has every backend and nothing else."""
    facts = Facts(
        computer_name="ANY",
        build=build,
        product=f"Windows build {build}",
        has_container_network=build <= _CONTAINERS_CMDLETS,
        has_hns=True,
        has_docker=True,
    )
    return HostState(facts=facts)


def lint_site(site: Site, build: int) -> tuple[Finding, ...]:
    """Return what stands against a site on any host of a build."""
    state = fresh_state(build)
    backend = backend_for(site, state, "any host")
    context = Context(state, backend, tuple(resource for resource, _ in site.everything()))
    found = [finding for resource in context.resources for finding in resource.check(context)]
    if site.sdn is not None:
        found += [*check_hosts(site.sdn, context), *lint_sdn(site.sdn)]
    return tuple(dict.fromkeys(finding for finding in found if finding.id not in _OF_A_HOST))
