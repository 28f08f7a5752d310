"""One result a change, from the lines of JSON that the apply script prints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from psnet._internal.model import Model

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psnet.planning import Change, Plan

Status = Literal["ok", "changed", "failed", "skipped", "unknown"]


class Outcome(Model):
    """What became of one change.

    ``unknown`` means that the session ended before the host said anything about it. A failed change has
    PowerShell's FullyQualifiedErrorId and message; a skipped one names the change that it needed.
    """

    id: str
    kind: str
    name: str
    operation: str
    status: Status
    error_id: str | None = None
    message: str | None = None
    category: str | None = None
    blocked_by: str | None = None


def read_outcomes(plan: Plan, lines: Iterable[str]) -> tuple[Outcome, ...]:
    """Return one outcome a change, in the plan's order, whatever the host managed to say."""
    steps = _steps(lines)
    return tuple(_outcome(change, steps, plan) for change in plan.changes)


def latest_outcome(plan: Plan, lines: Sequence[str]) -> Outcome | None:
    """Return the outcome that the last line settles; None when it settles none, as half of a replacement does."""
    last = next(iter(_steps(lines[-1:])), "").split(".", 1)[0]
    change = next((item for item in plan.changes if item.id == last), None)
    if change is None:
        return None
    found = _outcome(change, _steps(line for line in lines if f'"{last}.' in line), plan)
    return None if found.status == "unknown" else found


def _steps(lines: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what the lines of JSON say, by step."""
    steps: dict[str, dict[str, Any]] = {}
    for line in lines:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict) and isinstance(said.get("step"), str):
            steps[said["step"]] = said
    return steps


def _outcome(change: Change, steps: dict[str, dict[str, Any]], plan: Plan) -> Outcome:
    removal, making = steps.get(f"{change.id}.remove"), steps.get(f"{change.id}.make")
    last = removal if change.operation == "remove" else making
    said = removal if removal and removal["status"] != "ok" else last
    if said is None:
        status: Status = "unknown"
        said = {}
    else:
        status = {"ok": "changed", "failed": "failed", "skipped": "skipped"}.get(said["status"], "unknown")  # type: ignore[assignment]
    return Outcome(
        id=change.id,
        kind=change.kind,
        name=change.name,
        operation=change.operation,
        status=status,
        error_id=said.get("error_id"),
        message=said.get("message"),
        category=said.get("category"),
        blocked_by=_blocker(said.get("blocked_by"), plan),
    )


def _blocker(step: str | None, plan: Plan) -> str | None:
    if not step:
        return None
    wanted = step.split(".", 1)[0]
    return next((f"{item.kind} {item.name}" for item in plan.changes if item.id == wanted), step)
