"""What resources are asked with while a plan is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.resources import Context
from psnet.state import fresh_state

if TYPE_CHECKING:
    from psnet.resources import Resource
    from psnet.state import Backend, HostState


def context_for(state: HostState, backend: Backend, resources: tuple[Resource, ...]) -> Context:
    """Return the context of declared resources on a host."""
    return Context(state, backend, resources, _script_again)


def _script_again(name: str, resources: tuple[Resource, ...], context: Context) -> str:
    """Return the script that makes resources on a host like the one planned for that has nothing yet."""
    from psnet.plan.build import plan  # noqa: PLC0415 - a plan is made with a context
    from psnet.plan.script import apply_script  # noqa: PLC0415 - needed by few plans
    from psnet.site import Site  # noqa: PLC0415 - as above

    site = Site(name=name, backend=context.backend, resources=resources)
    return apply_script(plan(site, fresh_state(context.state.facts.build), host="at start"))
