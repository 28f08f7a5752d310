"""The pipeline of one target: observe, plan, apply, verify."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.errors import PlanError
from psnet.targets.protocol import HostResult

if TYPE_CHECKING:
    from psnet.apply.progress import ProgressCallback
    from psnet.plan import Plan
    from psnet.targets.protocol import Target


def converge(
    target: Target[Any],
    report: ProgressCallback,
    saved: Plan | None = None,
    left: frozenset[tuple[str, str]] | None = None,
) -> HostResult:
    """Bring a target to its site and verify it.

    A saved plan is carried out only when the target is still as it was observed then. A plan with refusals is not
    carried out at all (PlanError).
    """
    state = target.observe()
    made = target.plan(state)
    return apply_plan(target, made if saved is None else target.review(saved, made, state, left), report)


def apply_plan(target: Target[Any], plan: Plan, report: ProgressCallback) -> HostResult:
    """Carry out a plan that was just made, and verify it."""
    if plan.refusals:
        raise PlanError(
            "; ".join(f"{item.resource}: {item.reason}" if item.resource else item.reason for item in plan.refusals),
            host=plan.host,
            step="planning",
            remedy="; ".join(finding.remedy for finding in plan.refusals if finding.remedy) or None,
        )
    if not plan.changes:
        return HostResult(host=plan.host, plan=plan)
    return target.verify(target.apply(plan, report))
