"""The checks of a plan that need no host: a site against a Windows of a build that has nothing yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.planning.backend import backend_for
from psnet.planning.collisions import collisions, with_positions
from psnet.planning.context import context_for
from psnet.site.sections import section_of
from psnet.state import fresh_state

if TYPE_CHECKING:
    from psnet.resources import Finding
    from psnet.site import Site

#: Findings about what only a host can say.
_OF_A_HOST: Final = frozenset({"adapter-missing", "cni-no-runtime", "endpoint-missing", "mac-spoofing"})


def lint_site(site: Site, build: int) -> tuple[Finding, ...]:
    """Return what stands against a site on any host of a build."""
    state = fresh_state(build)
    backend, _ = backend_for(site, state, "any host")
    context = context_for(state, backend, tuple(resource for resource, _ in site.everything()))
    found = [finding for resource in context.resources for finding in resource.check(context)]
    found += collisions(context)
    for key, declared in site.sections.items():
        section = section_of(key)
        found += [*section.check_host(declared, context), *section.lint(declared)]
    return with_positions(tuple(dict.fromkeys(finding for finding in found if finding.id not in _OF_A_HOST)), site)
