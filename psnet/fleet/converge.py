"""The pipeline of one host: observe, plan, apply, verify."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from psnet._internal.model import Model
from psnet.apply import Outcome, apply_script, latest_outcome, read_outcomes
from psnet.errors import HostError, PlanError, SessionLostError
from psnet.fleet.confirm import Confirmation, carry_out
from psnet.fleet.news import Done, Planned, quiet
from psnet.observe.read import observe_script, read_state
from psnet.plan import Plan, plan
from psnet.resources import FirewallRule
from psnet.sdn.converge import apply_controller, plan_controller
from psnet.sdn.section import KEY
from psnet.transport.scripts import script_error

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psnet.fleet.news import Tell
    from psnet.site import Site
    from psnet.state import HostState
    from psnet.transport import Output, Session
    from psnet.transport.records import Record

log = logging.getLogger("psnet.fleet")


class HostResult(Model):
    """What a run did to one host; ``left`` is what the verifying plan still finds."""

    host: str
    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    left: Plan | None = None
    ending: Literal["confirmed", "rolled back", "unknown"] | None = Field(
        default=None, description="how a change that cut the connection ended"
    )

    def __repr__(self) -> str:
        word = "failed" if self.failed else "changed" if self.changed else "unchanged"
        return f"<HostResult of {self.host}: {word}, {self.changed} of {len(self.plan.changes)} changes made>"

    __str__ = __repr__

    @property
    def changed(self) -> int:
        """How many changes were made."""
        return sum(outcome.status == "changed" for outcome in self.outcomes)

    @property
    def failed(self) -> bool:
        """Whether something failed, was skipped, is unknown, or is left."""
        bad = any(outcome.status in ("failed", "skipped", "unknown") for outcome in self.outcomes)
        return bad or self.ending in ("rolled back", "unknown") or (self.left is not None and not self.left.empty)


def _rule_names(site: Site | None) -> list[str]:
    if site is None:
        return []
    absent = [item.name for item in site.absent if item.kind == FirewallRule.kind]
    return [*(item.name for item, _ in site.everything() if isinstance(item, FirewallRule)), *absent]


def observe_host(session: Session, host: str, site: Site | None = None) -> HostState:
    """Read a host in one pipeline; raise RemoteError when the script itself fails there."""
    output = session.run(observe_script(_rule_names(site)), reading=True)
    _raise_failure(output, host, "observing")
    return read_state(output.lines(), host)


def plan_host(session: Session, host: str, site: Site) -> Plan:
    """Observe a host, or the Network Controller that it stands for, and plan for it."""
    if site.target == KEY:
        return plan_controller(session, host, site)
    return plan(site, observe_host(session, host, site), host=host)


def apply_host(
    session: Session,
    host: str,
    site: Site,
    saved: Plan | None = None,
    *,
    left: frozenset[tuple[str, str]] | None = None,
    confirmation: Confirmation | None = None,
    reopen: Callable[[], Session] | None = None,
    tell: Tell = quiet,
) -> HostResult:
    """Converge a host: observe, apply, and observe again when something changed.

    A saved plan is applied only when the host is still as it was observed then; of one that was begun earlier only the
    changes that are ``left`` (kind, name), and only when there are no others. A plan with refusals is not applied at
    all (PlanError). Changes that cut the connection go first, detached, when ``confirmation`` asks for their roll-back;
    ``reopen`` gives the sessions that watch them. ``tell`` hears the plan before any of it is sent, and the outcomes.
    """
    if site.target == KEY:
        done = apply_controller(session, host, site, saved, follow=lambda made: _follow(made, tell))
        return HostResult(host=host, plan=done.plan, outcomes=done.outcomes, left=done.left)
    made = plan_host(session, host, site)
    current = made if saved is None else _reviewed(saved, made, left)
    return apply_plan(session, host, site, current, confirmation=confirmation, reopen=reopen, tell=tell)


def _reviewed(saved: Plan, made: Plan, left: frozenset[tuple[str, str]] | None) -> Plan:
    """Return what of a saved plan is to be done now: all of it, or what is left of it; PlanError when it is stale."""
    strange = [change for change in made.changes if left is not None and (change.kind, change.name) not in left]
    if strange or (left is None and saved.fingerprint != made.fingerprint):
        what = ", ".join(f"{change.kind} {change.name}" for change in strange)
        raise PlanError(
            "the host has changed since the plan was saved"
            + (f": {what} would have to be changed, which is not among what is left of it" if what else ""),
            host=made.host,
            step="applying a saved plan",
            remedy="plan again, review, and apply the new plan",
        )
    return saved if left is None else made


def apply_plan(
    session: Session,
    host: str,
    site: Site,
    current: Plan,
    *,
    confirmation: Confirmation | None = None,
    reopen: Callable[[], Session] | None = None,
    tell: Tell = quiet,
) -> HostResult:
    """Carry out a plan that was just made for a site, and verify; as ``apply_host`` without its observing."""
    if current.refusals:
        raise PlanError(
            "; ".join(finding.reason for finding in current.refusals),
            host=host,
            step="planning",
            remedy="; ".join(finding.remedy for finding in current.refusals if finding.remedy) or None,
        )
    if not current.changes:
        return HostResult(host=host, plan=current)
    tell(Planned.of(current))
    if confirmation is not None and confirmation.rollback and reopen and any(item.cuts for item in current.changes):
        return _apply_cutting(host, site, current, confirmation, reopen, tell)
    return _apply_plainly(session, host, site, current, tell)


def _apply_cutting(
    host: str, site: Site, current: Plan, confirmation: Confirmation, reopen: Callable[[], Session], tell: Tell
) -> HostResult:
    """Carry out what cuts the connection, detached and confirmed; then the rest over a new session."""
    cutting = tuple(change for change in current.changes if change.cuts)
    final = next((change for change in cutting if change.undo is None), None)
    if final is not None:
        raise PlanError(
            f"{final.kind} {final.name}: the change cuts the connection and the host could not take it back: endpoints "
            "or policies would be lost",
            host=host,
            step="planning",
            remedy="stop the containers on that network first, or say --no-rollback",
        )
    ids = {change.id for change in cutting}
    first = current.model_copy(
        update={
            "changes": tuple(
                change.model_copy(update={"requires": tuple(need for need in change.requires if need in ids)})
                for change in cutting
            )
        }
    )

    def verify(session: Session) -> bool:
        return not any(change.cuts for change in plan_host(session, host, site).changes)

    outcomes, ending = carry_out(first, current.uplinks, confirmation.within, reopen, verify)
    tell(Done(outcomes))
    session = reopen()
    try:
        if ending != "confirmed":
            left = _quiet_plan(session, host, site)
            return HostResult(host=host, plan=first, outcomes=outcomes, left=left, ending=ending)
        rest = plan_host(session, host, site)
        if not rest.changes:
            return HostResult(host=host, plan=current, outcomes=outcomes, left=rest, ending=ending)
        later = _renumbered(rest, len(current.changes))
        whole = first.model_copy(update={"changes": (*first.changes, *later.changes)})
        tell(Planned.of(whole))
        result = _apply_plainly(session, host, site, later, tell)
        made = (*outcomes, *result.outcomes)
        return HostResult(host=host, plan=whole, outcomes=made, left=result.left, ending=ending)
    finally:
        session.close()


def _renumbered(plan: Plan, by: int) -> Plan:
    changes = tuple(
        change.model_copy(
            update={
                "id": f"{int(change.id) + by}",
                "requires": tuple(f"{int(need) + by}" for need in change.requires),
            }
        )
        for change in plan.changes
    )
    return plan.model_copy(update={"changes": changes})


def _quiet_plan(session: Session, host: str, site: Site) -> Plan | None:
    try:
        return plan_host(session, host, site)
    except HostError as error:
        log.warning("%s: %s", host, error.message)
        return None


def _apply_plainly(session: Session, host: str, site: Site, current: Plan, tell: Tell) -> HostResult:
    following = _Following(current, tell)
    try:
        output = session.run(apply_script(current), tell=following.hear)
    except SessionLostError as error:
        log.warning("%s: %s", host, error.message)
        return HostResult(host=host, plan=current, outcomes=following.end(following.lines))
    if output.failed and not any(item.status != "unknown" for item in read_outcomes(current, output.lines())):
        _raise_failure(output, host, "applying")
    outcomes = following.end(output.lines())
    left = plan_host(session, host, site) if _did_something(outcomes) else None
    return HostResult(host=host, plan=current, outcomes=outcomes, left=left)


class _Following:
    """What a running apply script has said so far; each change is told when its outcome is known."""

    def __init__(self, plan: Plan, tell: Tell) -> None:
        self.lines: list[str] = []
        self._plan, self._tell = plan, tell
        self._told: dict[str, Outcome] = {}

    def hear(self, record: Record) -> None:
        """Take a record in as it comes."""
        if record.stream != "output" or record.value is None:
            return
        self.lines.append(str(record.value))
        outcome = latest_outcome(self._plan, self.lines)
        if outcome is not None and self._told.get(outcome.id) != outcome:
            self._told[outcome.id] = outcome
            self._tell(Done((outcome,), wait=False))

    def end(self, lines: Sequence[str]) -> tuple[Outcome, ...]:
        """Tell what is not told yet, wait until all of it is recorded, and return every outcome."""
        outcomes = read_outcomes(self._plan, lines)
        self._tell(Done(tuple(item for item in outcomes if self._told.get(item.id) != item)))
        return outcomes


def _follow(plan: Plan, tell: Tell) -> _Following:
    """Tell a plan, and return what tells the outcomes of its changes."""
    tell(Planned.of(plan))
    return _Following(plan, tell)


def _did_something(outcomes: tuple[Outcome, ...]) -> bool:
    return any(outcome.status in ("changed", "failed", "unknown") for outcome in outcomes)


def _raise_failure(output: Output, host: str, step: str) -> None:
    if output.stopped:
        raise HostError(
            "its pipeline was stopped", host=host, step=step, remedy="run psnet plan: it reads the host anew"
        )
    if output.failed:
        raise script_error(output, host, step)
