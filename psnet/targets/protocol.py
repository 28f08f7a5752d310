"""The contract of a target: observe, plan, apply, verify, with values in and values out.

A container host is one kind (``psnet.container_host``), a Network Controller another (``psnet.sdn``). A further kind is
a package of its own that names its ``TargetKind`` in the entry point group ``psnet.targets``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from pydantic import Field

from psnet._internal.model import Model
from psnet.apply import Outcome
from psnet.planning import Downtime, Plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.apply.progress import ProgressCallback
    from psnet.site import Site
    from psnet.transport import Session

#: How a change that cut the management connection ended.
Ending = Literal["confirmed", "rolled back", "unknown"]
S = TypeVar("S")


class HostResult(Model):
    """What a run did to one target; ``left`` is what the verifying plan still finds."""

    host: str
    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    left: Plan | None = None
    ending: Ending | None = Field(default=None, description="how a change that cut the connection ended")

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
        """Whether something failed, was skipped, is unknown, is left, or is for somebody else to do (unmet)."""
        bad = any(outcome.status in ("failed", "skipped", "unknown") for outcome in self.outcomes)
        last = self.plan if self.left is None else self.left
        unsettled = bool(last.unmet) or (self.left is not None and not self.left.empty)
        return bad or self.ending in ("rolled back", "unknown") or unsettled


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a run allows its changes.

    One that cuts the connection is taken back unless it is confirmed within ``within`` seconds. ``downtime`` says what
    may go with a change: nothing that has an endpoint (none), nothing that carries a running container (endpoints), or
    anything (all). ``run`` names the run, for whoever finds the host held.
    """

    within: int = 120
    rollback: bool = True
    downtime: Downtime = "endpoints"
    run: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """How a target is reached: the session of the host that it is reached from, whose name is ``host``.

    ``reopen`` gives further sessions and ``confirmation`` asks for the roll-back of changes that cut the connection.
    ``known`` is the last plan of the target that had nothing to do; an unchanged one may be recognised by it.
    """

    session: Session
    host: str
    reopen: Callable[[], Session] | None = None
    confirmation: Confirmation | None = None
    known: Plan | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a plan; ``plan`` is the one that was carried out, with changes that were found on the way.

    ``left`` is what is left to do, when the target was observed after the last change. ``lost`` says that the session
    ended first: what is not known is not known until the target is observed again.
    """

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    left: Plan | None = None
    ending: Ending | None = None
    lost: bool = False


class Target(Protocol[S]):
    """One target of a site, bound to its connection. Every method may raise PsnetError."""

    def observe(self) -> S:
        """Return what the target has."""

    def plan(self, state: S, /) -> Plan:
        """Return the ordered changes that bring the target from a state to the site; nothing is sent."""

    def review(self, saved: Plan, made: Plan, state: S, left: frozenset[tuple[str, str]] | None, /) -> Plan:
        """Return what of a saved plan is to be done now, ``made`` being the plan for the state as it is.

        Of a plan that was begun earlier only the changes ``left`` (kind, name) may be done. Raises PlanError or
        ConflictError when the target is not as it was when the plan was made.
        """

    def apply(self, plan: Plan, report: ProgressCallback, /) -> Applied:
        """Carry out a plan that has changes; ``report`` is told the plan before any of it is sent, and the outcomes."""

    def verify(self, applied: Applied, /) -> HostResult:
        """Observe again when something changed, and return the result with what is left to do."""


class TargetKind(Protocol):
    """A kind of target. The same object is the ``psnet.site.sections.Section`` of the kind, unless it needs none."""

    @property
    def key(self) -> str:
        """The name of the kind, and the key of its section."""

    @property
    def session_only(self) -> bool:
        """Whether its targets wait for nothing but the session; else each is worked on by a thread of its own."""

    def open(self, connection: Connection, site: Site) -> Target[Any]:
        """Return the target of a site; nothing is sent yet."""

    def script(self, plan: Plan, site: Site) -> str:
        """Return PowerShell that a person can read and run by hand to carry out a plan."""
