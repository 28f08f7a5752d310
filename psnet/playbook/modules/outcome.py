"""Convert plans and their outcomes to results of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.report.plans import plan_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.apply import Outcome
    from psnet.fleet import HostResult
    from psnet.planning import Change, Plan
    from psnet.playbook.modules.base import Result


def refused_result(plan: Plan) -> Result | None:
    """Return the failure of a plan that is refused; None when it is not."""
    if not plan.refusals:
        return None
    remedies = [finding.remedy for finding in plan.refusals if finding.remedy]
    return {
        "changed": False,
        "failed": True,
        "msg": "; ".join(finding.reason for finding in plan.refusals),
        **({"remedy": "; ".join(remedies)} if remedies else {}),
        "findings": [
            {"id": item.id, "severity": item.severity, "reason": item.reason, "remedy": item.remedy}
            for item in plan.refusals
        ],
    }


def planned_result(plan: Plan) -> Result:
    """Return what a plan would change."""
    refused = refused_result(plan)
    if refused is not None:
        return refused
    return {
        "changed": bool(plan.changes),
        "changes": [change_of(change, None) for change in plan.changes],
        **_found(plan, plan.changes),
        **_diff(plan, plan.changes),
    }


def result_of(result: HostResult) -> Result:
    """Return what became of a plan that a task made alone."""
    return outcome_result(result, result.plan.changes, result.outcomes, whole=True)


def outcome_result(
    result: HostResult, changes: Iterable[Change], outcomes: Iterable[Outcome], *, whole: bool = False
) -> Result:
    """Return what became of some changes of a plan."""
    mine = tuple(changes)
    by_id = {outcome.id: outcome for outcome in outcomes}
    bad = [
        by_id[change.id] for change in mine if change.id in by_id and by_id[change.id].status not in ("changed", "ok")
    ]
    names = {(change.kind, change.name) for change in mine}
    left = (
        []
        if result.left is None
        else [item for item in result.left.changes if whole or (item.kind, item.name) in names]
    )
    said: Result = {
        "changed": any(by_id[change.id].status == "changed" for change in mine if change.id in by_id),
        "changes": [change_of(change, by_id.get(change.id)) for change in mine],
        **_found(result.plan, mine),
        **_diff(result.plan, mine),
    }
    if result.ending is not None:
        said["ending"] = result.ending
    reason = _reason(result, bad, left)
    return said | ({"failed": True, "msg": reason} if reason else {})


def _reason(result: HostResult, bad: list[Outcome], left: list[Change]) -> str | None:
    if bad:
        first = next((item for item in bad if item.status == "failed"), bad[0])
        told = {
            "failed": f"{first.message} ({first.error_id})",
            "skipped": f"it needs {first.blocked_by}, which was not done",
        }
        return f"{first.kind} {first.name}: {told.get(first.status, 'the session ended before the host said anything')}"
    if result.ending == "rolled back":
        return "the change was not confirmed in time, or did not hold: the host took it back"
    if result.ending == "unknown":
        return "the host could not be asked in time; it takes an unconfirmed change back by itself"
    if left:
        return f"still to do after verifying: {', '.join(f'{item.operation} {item.kind} {item.name}' for item in left)}"
    return None


def change_of(change: Change, outcome: Outcome | None) -> dict[str, Any]:
    """Return a change as data."""
    return {
        "operation": change.operation,
        "kind": change.kind,
        "name": change.name,
        "fields": [{"field": item.field, "old": item.old, "new": item.new} for item in change.fields],
        **({"reason": change.reason} if change.reason else {}),
        **({"status": outcome.status} if outcome else {}),
        **({"error_id": outcome.error_id} if outcome and outcome.error_id else {}),
    }


def _found(plan: Plan, changes: Iterable[Change]) -> dict[str, Any]:
    """Return what checks found about these changes, or about the host as a whole, when there is anything."""
    names = {f"{change.kind} {change.name}" for change in changes}
    said = [
        {"id": item.id, "severity": item.severity, "reason": item.reason, "remedy": item.remedy}
        for item in plan.findings
        if item.severity != "error" and (item.resource is None or item.resource in names)
    ]
    return {"findings": said} if said else {}


def _diff(plan: Plan, changes: Iterable[Change]) -> dict[str, Any]:
    part = plan.model_copy(update={"changes": tuple(changes), "findings": ()})
    text = "\n".join(line.plain for line in list(plan_lines(part))[1:])
    return {"diff": [{"prepared": text}]} if part.changes else {}
