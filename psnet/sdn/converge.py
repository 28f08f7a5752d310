"""The pipeline of one controller: observe, plan, apply, verify, as for any host of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psnet.apply import apply_script
from psnet.errors import PlanError
from psnet.sdn.backend import backend_for
from psnet.sdn.cmdlets import sdn_apply_script
from psnet.sdn.conflict import changed_since, conflict, versions
from psnet.sdn.plan import plan_sdn
from psnet.sdn.section import KEY, sdn_of

#: What the controller, and psnet's own steps, call a version that is not the planned one any more.
_CONFLICTS = ("PreconditionFailed", "PSNetSdnConflict")

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.apply import Outcome
    from psnet.plan import Plan
    from psnet.sdn.backend import Backend
    from psnet.sdn.carried import Follower
    from psnet.sdn.state import ControllerState
    from psnet.site import Site
    from psnet.transport import Session


@dataclass(frozen=True, slots=True)
class Converged:
    """What a run did to a controller; ``left`` is what the verifying plan still finds."""

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    left: Plan | None = None


def observe_controller(session: Session, host: str, site: Site) -> ControllerState:
    """Read a controller in one pass."""
    return _backend(session, host, site).observe()


def plan_controller(session: Session, host: str, site: Site) -> Plan:
    """Observe a controller and plan for it."""
    return plan_sdn(site, sdn_of(site), observe_controller(session, host, site), host=host)


def apply_controller(
    session: Session,
    host: str,
    site: Site,
    saved: Plan | None = None,
    *,
    follow: Callable[[Plan], Follower],
) -> Converged:
    """Converge a controller: observe, apply, and observe again when something changed.

    ``follow`` records the plan before any of it is sent, and returns what hears how it goes. Raises ConflictError when
    somebody else changed what a plan changes since it was made; nothing is done then.
    """
    backend = _backend(session, host, site)
    state = backend.observe()
    current = saved or plan_sdn(site, sdn_of(site), state, host=host)
    if current.refusals:
        raise PlanError(
            "; ".join(f"{finding.resource}: {finding.reason}" for finding in current.refusals),
            host=host,
            step="planning",
            remedy="; ".join(finding.remedy for finding in current.refusals if finding.remedy) or None,
        )
    meanwhile = changed_since(current, state)
    if meanwhile:
        raise conflict(current, meanwhile, state)
    if not current.changes:
        return Converged(current)
    carried = backend.carry_out(current, follow(current))
    if carried.conflicts:
        raise conflict(current, carried.conflicts, backend.observe())
    if carried.lost:
        return Converged(current, carried.outcomes)
    now = backend.observe()
    outcomes = tuple(_explained(item, current, now) for item in carried.outcomes)
    return Converged(current, outcomes, plan_sdn(site, sdn_of(site), now, host=host))


def _explained(outcome: Outcome, plan: Plan, now: ControllerState) -> Outcome:
    """Return an outcome that failed because somebody else was quicker, with every version in its message."""
    if outcome.status != "failed" or (outcome.error_id or "").split(",")[0] not in _CONFLICTS:
        return outcome
    change = next(item for item in plan.changes if item.id == outcome.id)
    lines = "\n".join(versions(change, now))
    return outcome.model_copy(update={"message": f"{outcome.message}\n{lines}"})


def script_of(plan: Plan, site: Site) -> str:
    """Return the PowerShell that carries out a plan, for a host or for the controller.

    A controller that is reached over REST gets the cmdlets' script too: both carry out the same changes.
    """
    return sdn_apply_script(plan, sdn_of(site).controller) if site.target == KEY else apply_script(plan)


def _backend(session: Session, host: str, site: Site) -> Backend:
    return backend_for(sdn_of(site).controller, host, lambda: session)
