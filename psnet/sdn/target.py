"""A Network Controller as a kind of target: the section ``sdn:`` of a site file, and what is done with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from psnet.apply import read_outcomes
from psnet.apply.progress import Done, OutcomeReader, Planned
from psnet.errors import SiteError
from psnet.sdn.backend import backend_for
from psnet.sdn.checks import check_hosts, lint_sdn
from psnet.sdn.cmdlets import sdn_apply_script
from psnet.sdn.conflict import changed_since, conflict, versions
from psnet.sdn.container_limits import endpoint_limits
from psnet.sdn.model import Sdn
from psnet.sdn.outcomes import PlanOutcomes
from psnet.sdn.plan import plan_sdn
from psnet.sdn.ports.hosts import apply_ports, observe_ports
from psnet.sdn.ports.plan import KIND as PORT
from psnet.sdn.ports.plan import controller_part, port_part, ports_changed_since
from psnet.sdn.ports.proxy import KIND as PROXY
from psnet.sdn.ports.proxy import apply_proxies, observe_proxies
from psnet.site.sections import AccessPoint
from psnet.targets.protocol import Applied, HostResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from psnet.apply import Outcome
    from psnet.apply.progress import ProgressCallback
    from psnet.planning import Change, Plan
    from psnet.resources import Context, Finding, Resource
    from psnet.sdn.backend import Backend
    from psnet.sdn.state import ControllerState
    from psnet.site import Site
    from psnet.targets.protocol import Connection
    from psnet.transport import Session

KEY: Final = "sdn"
#: What the controller, and psnet's own steps, call a version that is not the planned one any more.
_CONFLICTS: Final = ("PreconditionFailed", "PSNetSdnConflict")


@dataclass(frozen=True, slots=True)
class NetworkControllerKind:
    """What is wanted on a Network Controller."""

    key: str = KEY
    title: str = "a Network Controller"
    session_only: bool = False  # REST goes from here
    model: type[Sdn] = Sdn

    def place(self, data: Any) -> AccessPoint:
        """Return the inventory's host with the cmdlets; else the name in the controller's URL."""
        controller = data.get("controller") if isinstance(data, dict) else None
        written = controller if isinstance(controller, dict) else {}
        host, url = (value if isinstance(value := written.get(key), str) else None for key in ("host", "url"))
        return AccessPoint(host, host or urlsplit(url or "").hostname or "network-controller")

    def with_placeholders(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the section with a controller that nobody reaches: its own may need variables and secrets."""
        return {**data, "controller": {"url": "https://nobody.invalid"}}

    def relative_to(self, declared: Sdn, folder: Path) -> Sdn:
        """Return the section with the paths of its files counted from a folder."""
        return declared.relative_to(folder)

    def declares(self, declared: Sdn) -> bool:
        """Whether any resource is declared."""
        return any(True for _ in declared.resources())

    def check_host(self, declared: Sdn, context: Context) -> Iterable[Finding]:
        """Yield what does not fit between a host's endpoints and the section."""
        return check_hosts(declared, context)

    def host_resources(self, declared: Sdn, site: Site) -> tuple[Resource, ...]:
        """Return the limits of the host's endpoints: the controller has none for one container."""
        return endpoint_limits(declared, site)

    def reached_hosts(self, declared: Sdn) -> tuple[str, ...]:
        """Return the hosts that have ports."""
        named = [name for _, item in declared.attached() for name in (item.host, item.containers) if name]
        return tuple(dict.fromkeys(named))

    def with_openers(self, declared: Sdn, openers: Mapping[str, Callable[[], Session]]) -> Sdn:
        """Return the section with sessions to the hosts that have ports."""
        return declared.with_openers(openers)

    def lint(self, declared: Sdn) -> Iterable[Finding]:
        """Yield what is wrong with the section on any controller."""
        return lint_sdn(declared)

    def open(self, connection: Connection, site: Site) -> NetworkController:
        """Return the controller of a site; its cmdlets run on the connection's host, REST goes from here."""
        declared = sdn_of(site)
        return NetworkController(
            connection.host,
            site,
            declared,
            backend_for(declared.controller, connection.host, connection.session, declared.secrets()),
        )

    def script(self, plan: Plan, site: Site) -> str:
        """Return the cmdlets' script; a controller reached over REST gets it too: both carry out the same changes."""
        return sdn_apply_script(plan, sdn_of(site).controller)


KIND: Final = NetworkControllerKind()


@dataclass(frozen=True, slots=True)
class NetworkController:
    """The controller of a site, reached by one of two backends."""

    host: str
    site: Site
    declared: Sdn
    backend: Backend

    def observe(self) -> ControllerState:
        """Return what the controller has, read in one pass, with the declared ports of the hosts that are reached."""
        return self._observe()

    def _observe(self) -> ControllerState:
        state = self.backend.observe()
        if not self.declared.openers:
            return state
        ports, proxies = observe_ports(self.declared), observe_proxies(self.declared)
        return state.model_copy(update={"ports": ports, "proxies": proxies})

    def plan(self, state: ControllerState) -> Plan:
        """Return the plan for a state."""
        return plan_sdn(self.site, self.declared, state, host=self.host)

    def review(
        self, saved: Plan, _made: Plan, state: ControllerState, _left: frozenset[tuple[str, str]] | None
    ) -> Plan:
        """Return the saved plan; ConflictError when somebody else changed what it changes. Steps already made are none.

        Raises nothing for what the plan does not change.
        """
        meanwhile = (*changed_since(controller_part(saved), state), *ports_changed_since(saved, state))
        if meanwhile and not saved.refusals:
            raise conflict(saved, meanwhile, state)
        return saved

    def apply(self, current: Plan, report: ProgressCallback) -> Applied:
        """Carry out a plan; ConflictError when somebody else changed what it changes since it was made."""
        report(Planned.of(current))
        mine, ports = controller_part(current), port_part(current)
        applied = self.backend.apply(mine, OutcomeReader(mine, report)) if mine.changes else PlanOutcomes()
        if applied.conflicts:
            raise conflict(current, applied.conflicts, self.backend.observe())
        outcomes = applied.outcomes
        if ports:
            outcomes = (*outcomes, *self._apply_ports(current, ports, applied, report))
        return Applied(current, outcomes, lost=applied.lost)

    def _apply_ports(
        self, current: Plan, ports: tuple[Change, ...], applied: PlanOutcomes, report: ProgressCallback
    ) -> tuple[Outcome, ...]:
        """Give ports the instance ids that their interfaces have now; those of interfaces that failed are skipped."""
        well = {item.id for item in applied.outcomes if item.status == "changed"}
        lines = [
            json.dumps({"step": f"{item.id}.make", "status": "skipped", "blocked_by": f"{need}.make"})
            for item in ports
            for need in item.requires[:1]
            if need not in well
        ]
        ready = [item for item in ports if set(item.requires) <= well]
        if ready and not applied.lost:
            state = self.backend.observe()
            found = [(item, state.find(str((item.create or {})["interface"]))) for item in ready if item.kind == PORT]
            lines += apply_ports(self.declared, [(item, nic.instance_id.lower()) for item, nic in found if nic])
            lines += apply_proxies(self.declared, [item for item in ready if item.kind == PROXY])
        outcomes = tuple(item for item in read_outcomes(current, lines) if item.kind in (PORT, PROXY))
        report(Done(outcomes))
        return outcomes

    def verify(self, applied: Applied) -> HostResult:
        """Observe again, and return what is left; after a lost session nothing is known until then."""
        if applied.lost:
            return HostResult(host=self.host, plan=applied.plan, outcomes=applied.outcomes)
        now = self._observe()
        outcomes = tuple(_explained(item, applied.plan, now) for item in applied.outcomes)
        return HostResult(host=self.host, plan=applied.plan, outcomes=outcomes, left=self.plan(now))


def _explained(outcome: Outcome, plan: Plan, now: ControllerState) -> Outcome:
    """Return an outcome that failed because somebody else was quicker, with every version in its message."""
    if outcome.status != "failed" or (outcome.error_id or "").split(",")[0] not in _CONFLICTS:
        return outcome
    change = next(item for item in plan.changes if item.id == outcome.id)
    lines = "\n".join(versions(change, now))
    return outcome.model_copy(update={"message": f"{outcome.message}\n{lines}"})


def sdn_of(site: Site) -> Sdn:
    """Return the section of a site; raise SiteError when it has none."""
    found = site.sections.get(KEY)
    if not isinstance(found, Sdn):
        raise SiteError(f"the site {site.name} declares nothing on a Network Controller")
    return found
