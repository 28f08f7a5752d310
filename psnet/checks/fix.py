"""The plan that fixes a doctor's findings: the removals that the findings name, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.planning import plan
from psnet.planning.model import Change
from psnet.planning.price import with_price
from psnet.planning.saved import DOCTOR_SITE
from psnet.site import load_site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.planning import Plan
    from psnet.resources import Finding, Mend
    from psnet.state import HostState


def fix_plan(state: HostState, findings: Iterable[Finding], host: str) -> Plan | None:
    """Return the plan for a host's findings, None where none of them is one that psnet mends.

    It is an ordinary plan over a site that declares nothing: saved, priced, reviewed and applied like any other.
    Raises PlanError when the host has no backend for container networks.
    """
    wanted: dict[tuple[str, str], tuple[Mend, str]] = {}
    for finding in findings:
        for mend in finding.mends:
            wanted.setdefault((mend.kind, mend.name), (mend, finding.id))
    if not wanted:
        return None
    empty = plan(load_site(DOCTOR_SITE).for_host(host), state, host=host)
    changes = tuple(
        Change(
            id=str(place),
            operation="remove",
            kind=mend.kind,
            name=mend.name,
            title=mend.title,
            backend=mend.backend,
            reason=f"doctor: {why}",
            remove=mend.values,
        )
        for place, (mend, why) in enumerate(wanted.values(), 1)
    )
    return empty.model_copy(update={"changes": with_price(changes, state), "findings": (), "unchanged": 0})
