"""The results of a run as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from psnet.report.plans import SIGNS, host_heading, plan_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.apply import Outcome
    from psnet.fleet import HostResult

_STATUS = {"changed": "green", "ok": "green", "failed": "bold red", "skipped": "yellow", "unknown": "magenta"}


def result_lines(result: HostResult) -> Iterator[Text]:
    """Yield one line a change, the reason under what failed, and what is left."""
    yield host_heading(result.plan)
    titles = {change.id: change.title for change in result.plan.changes}
    for outcome in result.outcomes:
        yield from _outcome_lines(outcome, titles[outcome.id])
    if not result.outcomes:
        yield Text("  nothing to do", style="green")
    if result.ending == "rolled back":
        yield Text("  not confirmed in time, or the change did not hold: the host took it back", "red")
    elif result.ending == "unknown":
        yield Text("  the host could not be asked in time; it takes an unconfirmed change back by itself", "magenta")
    elif result.ending == "confirmed":
        yield Text("  the change that cut the connection is confirmed", "green")
    if result.left is not None and not result.left.empty:
        yield Text("  still to do after verifying:", style="yellow")
        yield from (Text("  ") + line for line in list(plan_lines(result.left))[1:])


def _outcome_lines(outcome: Outcome, title: str) -> Iterator[Text]:
    sign, style = SIGNS[outcome.operation]
    line = Text(f"  {outcome.status:>8} ", style=_STATUS[outcome.status])
    line.append(f"{sign} ", style=style)
    line.append(f"{outcome.kind} ", style="bold")
    line.append(title)
    yield line
    if outcome.status == "failed":
        yield Text(f"           {outcome.message}", style="red")
        yield Text(f"           {outcome.error_id}", style="dim")
    elif outcome.status == "skipped":
        yield Text(f"           needs {outcome.blocked_by}, which was not done", style="dim")
    elif outcome.status == "unknown":
        yield Text("           the session ended first; plan again to see", style="dim")


def result_summary(result: HostResult) -> Text:
    """Return one line: what was changed, and whether the host is as declared."""
    counts: dict[str, int] = {}
    for outcome in result.outcomes:
        counts[outcome.status] = counts.get(outcome.status, 0) + 1
    words = ", ".join(f"{number} {word}" for word, number in counts.items()) or "nothing to do"
    if result.failed:
        return Text(f"{result.host}: {words}", style="bold red")
    verified = ", verified: nothing left" if result.left is not None else ""
    return Text(f"{result.host}: {words}{verified}", style="green")
