"""What psnet's own commands do on each host, as values that travel to any worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psnet.checks import examine
from psnet.fleet.answers import Verdict
from psnet.fleet.confirm import Confirmation
from psnet.fleet.converge import apply_host, observe_host, plan_host
from psnet.fleet.news import Planned
from psnet.transport import open_session

if TYPE_CHECKING:
    from psnet.fleet.converge import HostResult
    from psnet.fleet.news import Tell
    from psnet.inventory import InventoryHost
    from psnet.observe.state import HostState
    from psnet.plan import Plan
    from psnet.resources import Finding
    from psnet.site import Site
    from psnet.transport import Session


@dataclass(frozen=True, slots=True)
class Seen:
    """A host with what it has."""

    host: str
    state: HostState


@dataclass(frozen=True, slots=True)
class Examined:
    """A host with what is wrong on it."""

    host: str
    findings: tuple[Finding, ...]


def observing(session: Session, host: InventoryHost, _: Tell) -> Seen:
    """Read what a host has."""
    return Seen(host.name, observe_host(session, host.name))


def examining(session: Session, host: InventoryHost, _: Tell) -> Examined:
    """Look for what is wrong on a host."""
    return Examined(host.name, examine(observe_host(session, host.name)))


@dataclass(frozen=True, slots=True)
class Planning:
    """Plan for a host."""

    site: Site

    def __call__(self, session: Session, host: InventoryHost, tell: Tell) -> Plan:
        """Observe the host and return its plan."""
        made = plan_host(session, host.name, self.site)
        if made.changes:
            tell(Planned.of(made, sent=False))
        return made


@dataclass(frozen=True, slots=True)
class Applying:
    """Converge a host; a saved plan is applied only when the host is still as it was observed."""

    site: Site
    saved: Plan | None = None
    confirmation: Confirmation = field(default_factory=Confirmation)

    def __call__(self, session: Session, host: InventoryHost, tell: Tell) -> HostResult:
        """Observe, apply, verify."""
        return apply_host(
            session,
            host.name,
            self.site,
            self.saved,
            confirmation=self.confirmation,
            reopen=lambda: open_session(host.settings(), host.name),
            tell=tell,
        )


def judge_plan(plan: Plan) -> Verdict:
    """Judge a plan: refused is a failure, something to do is none."""
    if plan.refusals:
        return Verdict("refused", failed=True)
    return Verdict("planned" if plan.changes else "unchanged")


def judge_result(result: HostResult) -> Verdict:
    """Judge what was done to a host."""
    if result.failed:
        return Verdict("failed", failed=True)
    return Verdict("changed" if result.changed else "unchanged")


def judge_findings(examined: Examined) -> Verdict:
    """Judge what is wrong on a host: only errors make it sick."""
    sick = any(item.severity == "error" for item in examined.findings)
    return Verdict("sick", failed=True) if sick else Verdict("healthy")
