"""The pipeline of one target: observe, plan, apply, verify."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.errors import PlanError
from psnet.planning import DOWNTIMES, exceeds_allowed_downtime
from psnet.targets.protocol import HostResult

if TYPE_CHECKING:
    from psnet.apply.progress import ProgressCallback
    from psnet.planning import Downtime, Plan
    from psnet.targets.protocol import Target


def converge(
    target: Target[Any],
    report: ProgressCallback,
    saved: Plan | None = None,
    left: frozenset[tuple[str, str]] | None = None,
    *,
    downtime: Downtime = "endpoints",
) -> HostResult:
    """Bring a target to its site and verify it.

    A saved plan is carried out only when the target is still as it was observed then. A plan with refusals is not
    carried out at all (PlanError), nor one whose price is above ``downtime``.
    """
    state = target.observe()
    made = target.plan(state)
    chosen = made if saved is None else target.review(saved, made, state, left)
    return apply_plan(target, chosen, report, downtime=downtime)


def apply_plan(
    target: Target[Any], plan: Plan, report: ProgressCallback, *, downtime: Downtime = "endpoints"
) -> HostResult:
    """Carry out a plan that was just made, and verify it; PlanError when its price is above ``downtime``."""
    if plan.refusals:
        raise PlanError(
            "; ".join(f"{item.resource}: {item.reason}" if item.resource else item.reason for item in plan.refusals),
            host=plan.host,
            step="planning",
            remedy="; ".join(finding.remedy for finding in plan.refusals if finding.remedy) or None,
        )
    _refuse_too_dear(plan, downtime)
    if not plan.changes:
        return HostResult(host=plan.host, plan=plan)
    return target.verify(target.apply(plan, report))


def _refuse_too_dear(plan: Plan, allowed: Downtime) -> None:
    dear = exceeds_allowed_downtime(plan.changes, allowed)
    if not dear:
        return
    needed = max((item.price.needs for item in dear if item.price is not None), key=DOWNTIMES.index)
    raise PlanError(
        "; ".join(f"to {item.operation} {item.kind} {item.name} takes with it {item.price}" for item in dear),
        host=plan.host,
        step="planning",
        remedy=f"say --allow-downtime {needed} (allow_downtime: {needed}) when that may go, "
        "or stop what runs on it first; nothing was changed",
    )
