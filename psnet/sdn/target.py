"""A Network Controller as a kind of target: the section ``sdn:`` of a site file, and what is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from psnet.apply.progress import begin_plan
from psnet.errors import SiteError
from psnet.sdn.backend import backend_for
from psnet.sdn.checks import check_hosts, lint_sdn
from psnet.sdn.cmdlets import sdn_apply_script
from psnet.sdn.conflict import changed_since, conflict, versions
from psnet.sdn.limits import endpoint_limits
from psnet.sdn.model import Sdn
from psnet.sdn.plan import plan_sdn
from psnet.site.sections import Place
from psnet.targets.protocol import Applied, HostResult

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from psnet.apply import Outcome
    from psnet.apply.progress import ProgressCallback
    from psnet.plan import Plan
    from psnet.resources import Context, Finding, Resource
    from psnet.sdn.backend import Backend
    from psnet.sdn.state import ControllerState
    from psnet.site import Site
    from psnet.targets.protocol import Connection

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

    def place(self, data: Any) -> Place:
        """Return the inventory's host with the cmdlets; else the name in the controller's URL."""
        controller = data.get("controller") if isinstance(data, dict) else None
        written = controller if isinstance(controller, dict) else {}
        host, url = (value if isinstance(value := written.get(key), str) else None for key in ("host", "url"))
        return Place(host, host or urlsplit(url or "").hostname or "network-controller")

    def offline(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the section with a controller that nobody reaches: its own may need variables and secrets."""
        return {**data, "controller": {"url": "https://nobody.invalid"}}

    def below(self, declared: Sdn, folder: Path) -> Sdn:
        """Return the section with the paths of its files counted from a folder."""
        return declared.model_copy(update={"controller": declared.controller.below(folder)})

    def declares(self, declared: Sdn) -> bool:
        """Whether any resource is declared."""
        return any(True for _ in declared.resources())

    def check_host(self, declared: Sdn, context: Context) -> Iterable[Finding]:
        """Yield what does not fit between a host's endpoints and the section."""
        return check_hosts(declared, context)

    def host_resources(self, declared: Sdn, site: Site) -> tuple[Resource, ...]:
        """Return the limits of the host's endpoints: the controller has none for one container."""
        return endpoint_limits(declared, site)

    def lint(self, declared: Sdn) -> Iterable[Finding]:
        """Yield what is wrong with the section on any controller."""
        return lint_sdn(declared)

    def open(self, connection: Connection, site: Site) -> NetworkController:
        """Return the controller of a site; its cmdlets run on the connection's host, REST goes from here."""
        declared = sdn_of(site)
        return NetworkController(
            connection.host, site, declared, backend_for(declared.controller, connection.host, connection.session)
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
        """Return what the controller has, read in one pass."""
        return self.backend.observe()

    def plan(self, state: ControllerState) -> Plan:
        """Return the plan for a state."""
        return plan_sdn(self.site, self.declared, state, host=self.host)

    def review(
        self, saved: Plan, _made: Plan, state: ControllerState, _left: frozenset[tuple[str, str]] | None
    ) -> Plan:
        """Return the saved plan; ConflictError when somebody else changed what it changes. Steps already made are none.

        Raises nothing for what the plan does not change.
        """
        meanwhile = changed_since(saved, state)
        if meanwhile and not saved.refusals:
            raise conflict(saved, meanwhile, state)
        return saved

    def apply(self, current: Plan, report: ProgressCallback) -> Applied:
        """Carry out a plan; ConflictError when somebody else changed what it changes since it was made."""
        applied = self.backend.apply(current, begin_plan(current, report))
        if applied.conflicts:
            raise conflict(current, applied.conflicts, self.backend.observe())
        return Applied(current, applied.outcomes, lost=applied.lost)

    def verify(self, applied: Applied) -> HostResult:
        """Observe again, and return what is left; after a lost session nothing is known until then."""
        if applied.lost:
            return HostResult(host=self.host, plan=applied.plan, outcomes=applied.outcomes)
        now = self.backend.observe()
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
