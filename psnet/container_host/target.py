"""A container host: its own session is read and changed, detached where a change cuts the connection."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from psnet._internal.version import VERSION
from psnet.apply import apply_script, read_outcomes
from psnet.apply.progress import Done, OutcomeReader, Planned, begin_plan
from psnet.container_host.confirm import apply_detached
from psnet.container_host.lease_conflict import busy_error, raise_busy
from psnet.errors import HostError, PlanError, SessionLostError
from psnet.observe.container_rules import container_rules, container_rules_script
from psnet.observe.read import ObserveScope, observe_script, read_state
from psnet.observe.record import read_recording, record_script
from psnet.planning import Compared, Plan, plan
from psnet.planning.lease import Lease
from psnet.planning.state_digests import changed_since_digests
from psnet.resources import Endpoint, FirewallRule, Identity, IpSet, LoadBalancer, NatStaticMapping, NetworkAcl, TierAcl
from psnet.resources.hns_features import has_feature
from psnet.site.sections import CONTAINER_HOST
from psnet.targets.protocol import Applied, HostResult
from psnet.transport.scripts import script_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.apply import Outcome
    from psnet.apply.progress import ProgressCallback
    from psnet.recording import Record
    from psnet.site import Site
    from psnet.state import HostState
    from psnet.targets.protocol import Connection
    from psnet.transport import Output, Session

#: Seconds that the host may take for a roll-back.
_ROLLBACK: Final = 180
log = logging.getLogger("psnet.fleet")


@dataclass(frozen=True, slots=True, eq=False)
class _ById:
    """A site as a key: hosts of a run share one, or have one each."""

    site: Site

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.site is self.site

    def __hash__(self) -> int:
        return id(self.site)


def observe_host(session: Session, host: str, site: Site | None = None) -> HostState:
    """Read a host in one pipeline; raise RemoteError when the script itself fails there."""
    return read_state(_read(session, host, observe_scope_of(site), ""), host)


def examine_host(session: Session, host: str) -> HostState:
    """Read a host in one pipeline, with what only a doctor asks for."""
    return read_state(_read(session, host, ObserveScope(health=True), ""), host)


def observe_everything(session: Session, host: str) -> HostState:
    """Read a host with all that a site can declare; three pipelines at most.

    That is the firewall rules of its container networks, whoever made them, and what HCN's own documents alone show,
    where this HNS has any of it.
    """
    state = observe_host(session, host)
    output = session.run(container_rules_script(), reading=True)
    _raise_failure(output, host, "observing")
    names = container_rules(output.lines(), state, host)
    known = {rule.name.lower() for rule in state.rules}
    sets, tiers = (has_feature(name, state.facts) for name in ("set_policy", "tier_acl"))
    more = ObserveScope(
        rules=tuple(name for name in names if name.lower() not in known),
        networks=sets and bool(state.networks),
        endpoints=tiers and bool(state.endpoints),
    )
    return read_state(_read(session, host, more, ""), host) if more != ObserveScope() else state


def _read(session: Session, host: str, interest: ObserveScope, known: str) -> list[str]:
    output = session.run(observe_script(interest, known=known, compact=True), reading=True)
    _raise_failure(output, host, "observing")
    return output.lines()


def record_host(session: Session, host: str) -> tuple[Record, ...]:
    """Record what a host answers in one pipeline; nothing is redacted yet."""
    output = session.run(record_script(), reading=True)
    _raise_failure(output, host, "recording")
    return read_recording(output.lines(), host, datetime.now(UTC).date().isoformat())


def observe_scope_of(site: Site | None) -> ObserveScope:
    """Return what observing reads: named firewall rules, HCN's own documents, ports only where any are led in."""
    return _interest(_ById(site)) if site is not None else ObserveScope()


@lru_cache(maxsize=16)
def _interest(key: _ById) -> ObserveScope:
    site = key.site
    declared = [item for item, _ in site.everything()]
    named = [item.identity for item in declared] + [Identity(each.kind, each.name) for each in site.absent]
    kinds = {item.kind for item in named}
    return ObserveScope(
        rules=tuple(item.name for item in named if item.kind == FirewallRule.kind),
        networks=bool(kinds & {IpSet.kind, NetworkAcl.kind}),
        endpoints=TierAcl.kind in kinds,
        forwarding=any(isinstance(item, Endpoint) and item.forwarding for item in declared),
        ports=not kinds or bool(kinds & {NatStaticMapping.kind, LoadBalancer.kind}),  # without any: a doctor's
    )


@lru_cache(maxsize=16)
def _wanted(key: _ById) -> str:
    """Return the digest of all that a plan is made from but the state: the site, psnet, the script that reads."""
    text = "\n".join((VERSION, observe_script(_interest(key)), key.site.model_dump_json()))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class KnownState:
    """The state of a host that is as it was when its last plan had nothing to do; none of it was sent."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class ContainerHost:
    """One container host with the site that it is to have."""

    connection: Connection
    site: Site

    def observe(self) -> HostState | KnownState:
        """Return what the host has, read in one pipeline.

        When the same is wanted as in the known plan and the host computes the same digest of its state, it sends no
        state.
        """
        known, host = self.connection.known, self.connection.host
        if known is None or known.compared is None or known.compared.wanted != self._wanted():
            return self._observe(self.connection.session)
        digest = known.compared.host
        lines = _read(self.connection.session, host, observe_scope_of(self.site), digest)
        return KnownState(known.model_copy(update={"host": host})) if lines == [digest] else read_state(lines, host)

    def plan(self, state: HostState | KnownState) -> Plan:
        """Return the plan for a state."""
        if isinstance(state, KnownState):
            return state.plan
        made = plan(self.site, state, host=self.connection.host)
        if not made.empty or not state.digest:
            return made
        return made.model_copy(update={"compared": Compared(wanted=self._wanted(), host=state.digest)})

    def _wanted(self) -> str:
        return _wanted(_ById(self.site))

    def review(
        self, saved: Plan, made: Plan, state: HostState | KnownState, left: frozenset[tuple[str, str]] | None
    ) -> Plan:
        """Return what of a saved plan is to be done now: all of it, or what is left; PlanError when it is stale."""
        strange = [change for change in made.changes if left is not None and (change.kind, change.name) not in left]
        if strange or (left is None and saved.fingerprint != made.fingerprint):
            what = ", ".join(f"{change.kind} {change.name}" for change in strange)
            told = f"{what} would have to be changed, which is not among what is left of it" if what else ""
            if not told and saved.seen:
                now = self._observe(self.connection.session) if isinstance(state, KnownState) else state
                told = "; ".join(changed_since_digests(saved.seen, now))
            raise PlanError(
                "the host has changed since the plan was saved" + (f": {told}" if told else ""),
                host=made.host,
                step="applying a saved plan",
                remedy="plan again, review, and apply the new plan",
            )
        return saved.model_copy(update={"lease": made.lease}) if left is None else made

    def apply(self, current: Plan, report: ProgressCallback) -> Applied:
        """Carry out a plan; what cuts the connection goes first, detached, when a confirmation is asked for."""
        asked, reopen = self.connection.confirmation, self.connection.reopen
        if current.lease is not None and current.lease.held:
            raise busy_error(current.lease, self.connection.host)
        if asked is not None and asked.rollback and reopen and any(item.cuts for item in current.changes):
            return self._apply_cutting(current, asked.within, reopen, report)
        _refuse_locking_out(current)
        return self._run(self.connection.session, current, begin_plan(current, report))

    def verify(self, applied: Applied) -> HostResult:
        """Observe again when something was done, and return what is left."""
        return self._verified(self.connection.session, applied)

    def _lease(self) -> Lease:
        asked = self.connection.confirmation
        return Lease(asked.run if asked is not None else "")

    def _observe(self, session: Session) -> HostState:
        return observe_host(session, self.connection.host, self.site)

    def _plan_anew(self, session: Session) -> Plan:
        return self.plan(self._observe(session))

    def _verified(self, session: Session, applied: Applied) -> HostResult:
        left = applied.left
        if left is None and applied.ending is None and not applied.lost and _did_something(applied.outcomes):
            left = self._plan_anew(session)
        return HostResult(
            host=self.connection.host, plan=applied.plan, outcomes=applied.outcomes, left=left, ending=applied.ending
        )

    def _run(self, session: Session, current: Plan, reader: OutcomeReader) -> Applied:
        """Run a plan's script as one pipeline."""
        try:
            output = session.run(apply_script(current, lease=self._lease()), on_record=reader.read)
        except SessionLostError as error:
            log.warning("%s: %s", self.connection.host, error.message)
            return Applied(current, reader.finish(reader.lines), lost=True)
        if output.failed and not any(item.status != "unknown" for item in read_outcomes(current, output.lines())):
            _raise_failure(output, self.connection.host, "applying")
        return Applied(current, reader.finish(output.lines()))

    def _apply_cutting(
        self, current: Plan, within: int, reopen: Callable[[], Session], report: ProgressCallback
    ) -> Applied:
        """Carry out what cuts the connection, detached and confirmed; then the rest over a new session."""
        first = _cutting_part(current)
        report(Planned.of(current))
        outcomes, ending = apply_detached(
            first,
            current.uplinks,
            within,
            Lease(self._lease().run, seconds=within + _ROLLBACK),
            reopen,
            lambda session: not any(change.cuts for change in self._plan_anew(session).changes),
        )
        report(Done(outcomes))
        session = reopen()
        try:
            if ending != "confirmed":
                return Applied(first, outcomes, self._left_if_reachable(session), ending)
            rest = self._plan_anew(session)
            if not rest.changes:
                return Applied(current, outcomes, rest, ending)
            later = _renumbered(rest, len(current.changes))
            whole = first.model_copy(update={"changes": (*first.changes, *later.changes)})
            report(Planned.of(whole))
            result = self._verified(session, self._run(session, later, OutcomeReader(later, report)))
            return Applied(whole, (*outcomes, *result.outcomes), result.left, ending)
        finally:
            session.close()

    def _left_if_reachable(self, session: Session) -> Plan | None:
        try:
            return self._plan_anew(session)
        except HostError as error:
            log.warning("%s: %s", self.connection.host, error.message)
            return None


def _refuse_locking_out(current: Plan) -> None:
    """Raise PlanError for a rule that closes WinRM where nobody would take it back."""
    locking = [item for item in current.findings if item.id == "rule-closes-winrm"]
    names = {f"{change.kind} {change.name}" for change in current.changes if change.cuts}
    found = next((item for item in locking if item.resource in names), None)
    if found is not None:
        raise PlanError(
            f"{found.resource}: {found.reason}, with no way back",
            host=current.host,
            step="planning",
            remedy="leave out --no-rollback (rollback: false): then the host takes it back unless psnet still gets in",
        )


def _cutting_part(current: Plan) -> Plan:
    """Return the changes of a plan that cut the connection; raise PlanError when the host could not undo one."""
    cutting = tuple(change for change in current.changes if change.cuts)
    final = next((change for change in cutting if change.undo is None), None)
    if final is not None:
        raise PlanError(
            f"{final.kind} {final.name}: the change cuts the connection and the host could not take it back: endpoints "
            "or policies would be lost",
            host=current.host,
            step="planning",
            remedy="stop the containers on that network first, or say --no-rollback",
        )
    ids = {change.id for change in cutting}
    changes = (
        change.model_copy(update={"requires": tuple(need for need in change.requires if need in ids)})
        for change in cutting
    )
    return current.model_copy(update={"changes": tuple(changes)})


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


def _did_something(outcomes: tuple[Outcome, ...]) -> bool:
    return any(outcome.status in ("changed", "failed", "unknown") for outcome in outcomes)


def _raise_failure(output: Output, host: str, step: str) -> None:
    if output.stopped:
        raise HostError(
            "its pipeline was stopped", host=host, step=step, remedy="run psnet plan: it reads the host anew"
        )
    if output.failed:
        raise_busy(output, host, step)
        raise script_error(output, host, step)


@dataclass(frozen=True, slots=True)
class ContainerHostKind:
    """Container hosts: what a site file says that is in no section of another kind of target."""

    key: str = CONTAINER_HOST
    title: str = "a container host"
    session_only: bool = True

    def open(self, connection: Connection, site: Site) -> ContainerHost:
        """Return a host with its site."""
        return ContainerHost(connection, site)

    def script(self, plan: Plan, _: Site) -> str:
        """Return the script that apply runs."""
        return apply_script(plan)


KIND: Final = ContainerHostKind()
