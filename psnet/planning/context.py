"""What resources are asked with while a plan is made, or a site is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Never

from psnet.resources import Context

if TYPE_CHECKING:
    from psnet.resources import Resource
    from psnet.resources.base import ScriptMaker
    from psnet.state import Backend, HostState


def _no_script(name: str, *_: object) -> Never:
    raise RuntimeError(f"{name}: scripts are made while a plan is made")


def context_for(
    state: HostState, backend: Backend, resources: tuple[Resource, ...], script: ScriptMaker = _no_script
) -> Context:
    """Return the context of declared resources on a host; checks ask it for no script, plans do."""
    return Context(state, backend, resources, script)
