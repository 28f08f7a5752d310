"""The script of a start-up task, for hosts that nobody has asked yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from psnet.planning.build import script_from_scratch
from psnet.planning.context import context_for
from psnet.state import fresh_state

if TYPE_CHECKING:
    from psnet.resources.base import Resource
    from psnet.resources.reapply import Reapply
    from psnet.state import Backend

#: The builds that name the way of each backend. From 2019 on nat networks go at a restart, and all of these builds make
#: them again by one script; HNS of 2016 keeps them (claim c97).
_BUILDS: Final[dict[str, int]] = {"auto": 17763, "containers": 14393}


def startup_script(task: Reapply, resources: tuple[Resource, ...], backend: Backend | Literal["auto"]) -> str:
    """Return what the task runs: the script of psnet apply for the backend, HNS where none is named.

    ``resources`` are all that the site declares. Where psnet plans for the host, it finds the same script.
    """
    chosen: Backend = "hns" if backend == "auto" else backend
    context = context_for(fresh_state(_BUILDS.get(backend, 17763)), chosen, resources, script_from_scratch)
    return str(task.values(context)["script"])
