"""Consistency checks of the Local Configuration Manager, by the host's clock.

The cycle begins with a meta-configuration that is applied and with the host's start; a moment at which another
operation runs is left out (Microsoft's blog about the LCM's cycle). An applied document is left alone (ApplyOnly),
watched (ApplyAndMonitor) or corrected (ApplyAndAutoCorrect); one that is still pending is applied again in every mode
(page about meta-configurations).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from psnet.lab.lcm import apply as work
from psnet.lab.lcm import store
from psnet.lab.lcm.operation_output import OperationOutput

if TYPE_CHECKING:
    from datetime import datetime

    from psnet.lab.lcm.manager import Lcm
    from psnet.lab.lcm.model import Run
    from psnet.lab.lcm.operation import Operation
    from psnet.lab.lcm.operation_output import Client


class Cycle:
    """Counts the intervals that have gone by since the cycle began."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.done = {"check": 0, "pull": 0}

    def begin(self, now: datetime) -> None:
        """Restart the counting of intervals."""
        self.start = now
        self.done = dict.fromkeys(self.done, 0)

    def interval_elapsed(self, kind: str, now: datetime, minutes: int) -> bool:
        """Return whether another interval has gone by since ``take`` was called last."""
        return (now - self.start) // timedelta(minutes=minutes) > self.done[kind]

    def take(self, kind: str, now: datetime, minutes: int) -> bool:
        """Return what ``interval_elapsed`` says, and count what has gone by: several intervals are one."""
        found = self.interval_elapsed(kind, now, minutes)
        self.done[kind] = (now - self.start) // timedelta(minutes=minutes)
        return found


def check(lcm: Lcm, operation: Operation, client: Client, stop: Any = None) -> Run | None:
    """Check the pending or the current document as ConfigurationMode wants it; None where there is nothing to do.

    Raises HostRefusal for a run that failed; its record is kept.
    """
    pending, current = lcm.files.read(store.PENDING), lcm.files.read(store.CURRENT)
    settings = lcm.settings
    if lcm.reboot_job is not None or (pending is None and (current is None or settings.is_mode("ApplyOnly"))):
        return None
    talk = OperationOutput(lcm.computer, client)
    talk.line("", "Starting consistency engine.")
    run = lcm.begin("Consistency")
    try:
        if pending is not None:
            talk.line("", "Checking consistency for pending configuration.")
            lcm.process(pending, run, operation, client, stop, "PerformRequiredConfigurationChecks", framed=False)
        elif current is not None:
            talk.line("", "Checking consistency for current configuration.")
            if settings.is_mode("ApplyAndAutoCorrect"):
                lcm.process(current, run, operation, client, stop, "PerformRequiredConfigurationChecks", framed=False)
            else:
                _watch(lcm, current, run, operation, talk, stop)
    finally:
        talk.line("", "Consistency check completed.")
    return run


def _watch(lcm: Lcm, data: bytes, run: Run, operation: Operation, talk: OperationOutput, stop: Any) -> None:
    """Test the current document and keep what was found."""
    try:
        document, bound = lcm.bound(data)
        lcm.describe(run, document)
        session = lcm.session(operation, talk, stop)
        lcm.guarded(operation, lambda: work.test(lcm.host, bound, session, talk, run))
    except BaseException as error:
        run.status, run.error = "Failure", str(error) or "The check was stopped."
        raise
    finally:
        lcm.save_run(run)
