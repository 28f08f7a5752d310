"""Works that travel to other processes."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psnet.apply import Outcome
from psnet.errors import RemoteError
from psnet.fleet import Done, Planned
from psnet.fleet.events import Step

if TYPE_CHECKING:
    from psnet.fleet import ProgressCallback
    from psnet.inventories import InventoryHost
    from psnet.transport import Session

STEP = Step(id="1", operation="create", kind="nat", name="a")
DONE = Outcome(id="1", operation="create", kind="nat", name="a", status="changed")


@dataclass(frozen=True)
class Script:
    """Run a script and return what it prints, with the process that ran it."""

    text: str

    def __call__(self, session: Session, host: InventoryHost, report: ProgressCallback) -> tuple[str, list[str]]:
        _ = host, report
        return str(os.getpid()), session.run(self.text).lines()


@dataclass(frozen=True)
class Fragile:
    """Plan, then end the whole worker on one host, fail on another, return what cannot travel on a third."""

    def __call__(self, session: Session, host: InventoryHost, report: ProgressCallback) -> Any:
        _ = session
        report(Planned((STEP,)))
        if host.name == "h02":
            os.kill(os.getpid(), signal.SIGKILL)
        if host.name == "h03":
            raise RemoteError("no", error_id="A,B", step="applying", remedy="mend it")
        if host.name == "h04":
            return lambda: None
        report(Done((DONE,)))
        return host.name
