"""The pipeline of one target over a session, whatever kind of target the site is filled for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from psnet import container_host, targets
from psnet.apply.progress import ignore_progress
from psnet.container_host import observe_host
from psnet.site.sections import CONTAINER_HOST, section_of
from psnet.targets import Confirmation, Connection, HostResult, Target, TargetKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.apply.progress import ProgressCallback
    from psnet.planning import Plan
    from psnet.site import Site
    from psnet.transport import Session

__all__ = ["HostResult", "apply_host", "apply_plan", "kind_of", "observe_host", "open_target", "plan_host", "script_of"]


def kind_of(site: Site) -> TargetKind:
    """Return the kind of target that a site is filled for."""
    if site.target == CONTAINER_HOST:
        return container_host.KIND
    return cast("TargetKind", section_of(site.target))


def open_target(
    session: Session,
    host: str,
    site: Site,
    *,
    confirmation: Confirmation | None = None,
    reopen: Callable[[], Session] | None = None,
    known: Plan | None = None,
) -> Target[Any]:
    """Return the target of a site, reached over the session of ``host``; nothing is sent yet.

    ``known`` is its last plan that had nothing to do: a target that is unchanged since then may be recognised by it.
    """
    return kind_of(site).open(Connection(session, host, reopen, confirmation, known), site)


def plan_host(session: Session, host: str, site: Site, known: Plan | None = None) -> Plan:
    """Observe the target of a site, and plan for it; ``known`` is as for ``open_target``."""
    target = open_target(session, host, site, known=known)
    return target.plan(target.observe())


def apply_host(  # noqa: PLR0913 - what a run has decided for a host
    session: Session,
    host: str,
    site: Site,
    saved: Plan | None = None,
    *,
    left: frozenset[tuple[str, str]] | None = None,
    confirmation: Confirmation | None = None,
    reopen: Callable[[], Session] | None = None,
    report: ProgressCallback = ignore_progress,
    known: Plan | None = None,
) -> HostResult:
    """Converge the target of a site: observe, apply, and observe again when something changed.

    A saved plan is applied only when the target is still as it was observed then; of one that was begun earlier only
    the changes that are ``left`` (kind, name), and only when there are no others. A plan with refusals is not applied
    at all (PlanError). Changes that cut the connection go first, detached, when ``confirmation`` asks for their
    roll-back; ``reopen`` gives the sessions that watch them. ``report`` is given the plan before any of it is sent, and
    the outcomes. ``known`` is as for ``open_target``.
    """
    target = open_target(session, host, site, confirmation=confirmation, reopen=reopen, known=known)
    return targets.converge(target, report, saved, left, downtime=(confirmation or Confirmation()).downtime)


def apply_plan(
    session: Session,
    host: str,
    site: Site,
    current: Plan,
    *,
    confirmation: Confirmation | None = None,
    reopen: Callable[[], Session] | None = None,
    report: ProgressCallback = ignore_progress,
) -> HostResult:
    """Carry out a plan that was just made for a site, and verify; as ``apply_host`` without its observing."""
    target = open_target(session, host, site, confirmation=confirmation, reopen=reopen)
    return targets.apply_plan(target, current, report, downtime=(confirmation or Confirmation()).downtime)


def script_of(plan: Plan, site: Site) -> str:
    """Return PowerShell that carries out a plan for the target of a site, to be read and run by hand."""
    return kind_of(site).script(plan, site)
