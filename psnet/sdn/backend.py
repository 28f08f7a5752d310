"""The two ways to a controller: the cmdlets over a session on a management host, and the REST API from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from psnet.apply import read_outcomes
from psnet.errors import RemoteError
from psnet.sdn.carried import Carried
from psnet.sdn.cmdlets import read_sdn_conflicts, read_sdn_state, sdn_apply_script, sdn_observe_script
from psnet.sdn.rest_apply import RestBackend

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.plan import Plan
    from psnet.sdn.model import Controller
    from psnet.sdn.state import ControllerState
    from psnet.transport import Output, Session


class Backend(Protocol):
    """A way to read and to change a controller."""

    def observe(self) -> ControllerState:
        """Read everything that psnet manages."""

    def carry_out(self, plan: Plan) -> Carried:
        """Carry out a plan unless something in it was changed by somebody else."""


@dataclass(frozen=True, slots=True)
class CmdletsBackend:
    """The NetworkController module on a management host; two pipelines, one to read and one to change."""

    session: Session
    controller: Controller
    host: str

    def observe(self) -> ControllerState:
        """Run every Get-NetworkController* in one pipeline."""
        output = self.session.run(sdn_observe_script(self.controller))
        _raise_failure(output, self.host, "observing the Network Controller")
        return read_sdn_state(output.lines(), self.controller, self.host)

    def carry_out(self, plan: Plan) -> Carried:
        """Run the changes in one pipeline."""
        output = self.session.run(sdn_apply_script(plan, self.controller))
        conflicts = read_sdn_conflicts(output.lines())
        if conflicts:
            return Carried(conflicts=conflicts)
        outcomes = read_outcomes(plan, output.lines())
        if output.failed and not any(outcome.status != "unknown" for outcome in outcomes):
            _raise_failure(output, self.host, "changing the Network Controller")
        return Carried(outcomes)


def _raise_failure(output: Output, host: str, step: str) -> None:
    if output.failed:
        first = output.errors[-1] if output.errors else None
        raise RemoteError(
            f"{first.message} ({first.error_id})" if first else "the script failed without saying why",
            error_id=first.error_id if first else "",
            host=host,
            step=step,
            remedy="check the controller's url, and that the session's user may call it from that host",
        )


def backend_for(controller: Controller, host: str, session: Callable[[], Session]) -> Backend:
    """Return the backend that a declaration asks for; ``session`` is called for the cmdlets only."""
    if controller.way == "rest":
        return RestBackend(controller, host)
    return CmdletsBackend(session(), controller, host)
