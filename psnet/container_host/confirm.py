"""Apply a change that cuts the connection: launch detached, poll over new sessions, verify, confirm or roll back."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any, Final

from psnet.apply import Outcome, read_outcomes
from psnet.apply.detach import Detached, read_journal
from psnet.container_host.lease_conflict import raise_busy
from psnet.errors import BusyError, HostError
from psnet.transport.async_bridge import sleep

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from psnet.planning import Plan
    from psnet.planning.lease import Lease
    from psnet.targets.protocol import Ending
    from psnet.transport import Session

log = logging.getLogger("psnet.fleet")
_PAUSE: Final = 0.25
_LONGEST_PAUSE: Final = 3.0
_AFTER: Final = 30.0
_BEGINS: Final = 20.0
_RUNNING: Final[frozenset[str | None]] = frozenset({None, "running"})


def apply_detached(
    plan: Plan,
    uplinks: tuple[str, ...],
    seconds: int,
    lease: Lease,
    reopen: Callable[[], Session],
    verify: Callable[[Session], bool],
) -> tuple[tuple[Outcome, ...], Ending]:
    """Carry out a plan of cutting changes; return its outcomes and how it ended.

    ``reopen`` gives a new session, ``verify`` says over one whether the changes are in effect. Whatever happens to
    this process, the host takes the change back by itself after ``seconds``; until then ``lease`` keeps others off it.
    """
    detached = Detached(plan, seconds, uplinks, lease=lease)
    deadline = time.monotonic() + seconds
    _launch(detached, reopen)
    _await_begin(detached, reopen, deadline)
    lines, status = _watch(detached, reopen, deadline, _RUNNING)
    outcomes = read_outcomes(plan, lines)
    good = status == "ended" and all(item.status == "changed" for item in outcomes)
    if good and _verified(reopen, verify, deadline):
        said = _ask(reopen, detached.confirm_script(), deadline)
        if said is not None and said.get("confirmed"):
            return outcomes, "confirmed"
    if status in {"ended", "failed"}:
        _quietly(reopen, detached.abort_script())
    return outcomes, _rolled_back(detached, reopen, deadline)


def _launch(detached: Detached, reopen: Callable[[], Session]) -> None:
    session = reopen()
    try:
        output = session.run(detached.launch_script())
        if output.failed:
            raise_busy(output, detached.plan.host, "applying")
            first = output.errors[-1] if output.errors else None
            raise HostError(
                f"the detached change could not be started: {first.message if first else 'no reason given'}",
                step="starting a detached change",
                remedy="nothing was changed",
            )
    except BusyError:
        raise
    except HostError as error:
        if error.step in {"starting a detached change", "connecting"}:
            raise
        log.info("the connection was cut while the change was started: %s", error.message)
    finally:
        session.close()


def _await_begin(detached: Detached, reopen: Callable[[], Session], deadline: float) -> None:
    """Wait for the change's own proof that it runs: a task can be started, and report success, without having run.

    It is started once more when nothing is heard of it; when that is of no use either, it is withdrawn.
    """
    for script in (detached.start_script(), None):
        ends = min(deadline, time.monotonic() + _BEGINS)
        _, status = _watch(detached, reopen, ends, {None})
        if status is not None or time.monotonic() >= deadline:
            return
        if script is not None:
            log.warning("%s: the change has not begun; it is started once more", detached.plan.host)
            _quietly(reopen, script)
    said = _try(reopen, detached.withdraw_script())
    if said is not None and said.get("withdrawn"):
        _quietly(reopen, detached.clean_script())
        raise HostError(
            "the host's task scheduler started the change and did not run it",
            host=detached.plan.host,
            step="starting a detached change",
            remedy="look at the service Schedule and at policies for scheduled tasks; nothing was changed",
        )


def _watch(
    detached: Detached, reopen: Callable[[], Session], deadline: float, still: AbstractSet[str | None]
) -> tuple[list[str], str | None]:
    """Read the journal over new sessions until it says something else than ``still``, or the time is over."""
    lines: list[str] = []
    status: str | None = None
    pause = _PAUSE
    while time.monotonic() < deadline:
        said = _try(reopen, detached.collect_script())
        if said is not None:
            lines, status = read_journal(said.get("lines") or ())
            if status not in still:
                break
        sleep(min(pause, max(0.0, deadline - time.monotonic())))
        pause = min(pause * 1.5, _LONGEST_PAUSE)
    return lines, status


def _verified(reopen: Callable[[], Session], verify: Callable[[Session], bool], deadline: float) -> bool:
    while time.monotonic() < deadline:
        session = reopen()
        try:
            return verify(session)
        except HostError as error:
            log.info("verifying is tried again: %s", error.message)
            sleep(_PAUSE)
        finally:
            session.close()
    return False


def _ask(reopen: Callable[[], Session], script: str, deadline: float) -> dict[str, Any] | None:
    while time.monotonic() < deadline:
        said = _try(reopen, script)
        if said is not None:
            return said
        sleep(_PAUSE)
    return None


def _try(reopen: Callable[[], Session], script: str) -> dict[str, Any] | None:
    """Run a script on a new session and return the object that it printed; None when that did not work."""
    session = reopen()
    try:
        output = session.run(script)
        said = json.loads("".join(output.lines()) or "null")
    except (HostError, ValueError) as error:
        log.info("not yet: %s", error)
        return None
    finally:
        session.close()
    return said if isinstance(said, dict) else None


def _quietly(reopen: Callable[[], Session], script: str) -> None:
    session = reopen()
    try:
        session.run(script)
    except HostError as error:
        log.info("the host takes the change back by itself: %s", error.message)
    finally:
        session.close()


def _rolled_back(detached: Detached, reopen: Callable[[], Session], deadline: float) -> Ending:
    """Wait for the roll-back to end and clean up; unknown when the host cannot be asked."""
    end = max(deadline, time.monotonic()) + _AFTER
    _, status = _watch(detached, reopen, end, {*_RUNNING, "ended", "failed", "rolling back"})
    if status != "rolled back":
        return "unknown"
    _quietly(reopen, detached.clean_script())
    return "rolled back"
