"""The two ways to a controller: the cmdlets over a session on a management host, and the REST API from here."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from psnet.apply import read_outcomes
from psnet.errors import SessionLostError
from psnet.sdn.cmdlets import read_sdn_conflicts, read_sdn_state, sdn_apply_script, sdn_observe_script
from psnet.sdn.outcomes import PlanOutcomes
from psnet.sdn.rest_apply import RestBackend
from psnet.sdn.secrets import mask_secrets, read_secrets
from psnet.transport.scripts import script_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet._internal.secret import SecretSource
    from psnet.apply.progress import OutcomeReader
    from psnet.planning import Plan
    from psnet.sdn.model import Controller
    from psnet.sdn.state import ControllerState
    from psnet.transport import Session
    from psnet.transport.records import Record

log = logging.getLogger("psnet.sdn")


class Backend(Protocol):
    """A way to read and to change a controller."""

    def observe(self) -> ControllerState:
        """Read everything that psnet manages."""

    def apply(self, plan: Plan, reader: OutcomeReader) -> PlanOutcomes:
        """Carry out a plan unless somebody else changed something in it; ``reader`` gets each record as it comes."""


@dataclass(frozen=True, slots=True)
class CmdletsBackend:
    """The NetworkController module on a management host; two pipelines, one to read and one to change."""

    session: Session
    controller: Controller
    host: str
    secrets: Mapping[str, SecretSource] = field(default_factory=dict, repr=False)

    def observe(self) -> ControllerState:
        """Run every Get-NetworkController* in one pipeline."""
        output = self.session.run(sdn_observe_script(self.controller), reading=True)
        if output.failed or output.stopped:
            raise script_error(output, self.host, "observing the Network Controller")
        return read_sdn_state(output.lines(), self.controller, self.host)

    def apply(self, plan: Plan, reader: OutcomeReader) -> PlanOutcomes:
        """Run the changes in one pipeline; secrets are its input."""
        values = read_secrets(plan, self.secrets)
        feed = [text for pair in values.items() for text in pair] or None

        def show(record: Record) -> None:
            if record.stream == "progress":
                log.info("%s: %s %s", self.host, record.value.activity, record.value.status)
            reader.read(
                replace(record, value=mask_secrets(record.value, values)) if record.stream == "output" else record
            )

        try:
            output = self.session.run(sdn_apply_script(plan, self.controller), on_record=show, feed=feed)
        except SessionLostError as error:
            log.warning("%s: %s", self.host, error.message)
            return PlanOutcomes(reader.finish(reader.lines), lost=True)
        conflicts = read_sdn_conflicts(output.lines())
        if conflicts:
            return PlanOutcomes(conflicts=conflicts)
        if output.failed and all(item.status == "unknown" for item in read_outcomes(plan, output.lines())):
            raise script_error(output, self.host, "changing the Network Controller")
        return PlanOutcomes(reader.finish([mask_secrets(line, values) for line in output.lines()]))


def backend_for(
    controller: Controller, host: str, session: Session, secrets: Mapping[str, SecretSource] | None = None
) -> Backend:
    """Return the backend that a declaration asks for; ``session`` is used by the cmdlets only.

    ``secrets`` says where those of the declaration are read: when a change needs one.
    """
    if controller.backend_name == "rest":
        return RestBackend(controller, host, secrets or {})
    return CmdletsBackend(session, controller, host, secrets or {})
