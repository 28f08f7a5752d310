"""What psnet's own commands do on each host, as values that can be sent to any worker."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from psnet.apply.outcome import Outcome
from psnet.apply.progress import Done, Planned, Step
from psnet.checks import examine, fix_plan
from psnet.container_host import collect_host, examine_host, observe_everything, record_host
from psnet.errors import SessionLostError
from psnet.fleet.converge import apply_host, kind_of, observe_host, open_target, plan_host
from psnet.fleet.results import ResultStatus
from psnet.recording import redacted
from psnet.targets import Confirmation
from psnet.transport import open_session

if TYPE_CHECKING:
    from psnet.apply.outcome import Status
    from psnet.apply.progress import ProgressCallback
    from psnet.container_host import CollectedHost
    from psnet.fleet.converge import HostResult
    from psnet.inventories import InventoryHost
    from psnet.planning import Plan
    from psnet.recording import Record, Redaction
    from psnet.resources import Finding
    from psnet.site import Site
    from psnet.state import HostState
    from psnet.transport import Output, Session


_Operation = TypeVar("_Operation")


@dataclass(frozen=True, slots=True)
class ObservedHost:
    """A host with what it has."""

    host: str
    state: HostState


@dataclass(frozen=True, slots=True)
class RecordedHost:
    """A host with what it answered, redacted, and what was replaced."""

    host: str
    records: tuple[Record, ...]
    redaction: Redaction


@dataclass(frozen=True, slots=True)
class ExaminedHost:
    """A host with what is wrong on it, and the plan that mends what psnet can mend of it."""

    host: str
    findings: tuple[Finding, ...]
    plan: Plan | None = field(default=None, repr=False)


def _on_loop(operation: _Operation) -> _Operation:
    """Mark an operation that only waits for its session and its progress callback, so that it needs no thread."""
    operation.on_loop = True  # type: ignore[attr-defined]  # Worker.begin asks for it
    return operation


@_on_loop
def record_operation(session: Session, host: InventoryHost, _: ProgressCallback) -> RecordedHost:
    """Record what a host answers."""
    made, told = redacted(record_host(session, host.name))
    return RecordedHost(host.name, made, told)


@_on_loop
def observe_operation(session: Session, host: InventoryHost, _: ProgressCallback) -> ObservedHost:
    """Read what a host has."""
    return ObservedHost(host.name, observe_host(session, host.name))


@_on_loop
def observe_everything_operation(session: Session, host: InventoryHost, _: ProgressCallback) -> ObservedHost:
    """Read what a host has, with the firewall rules of its container networks, whoever made them."""
    return ObservedHost(host.name, observe_everything(session, host.name))


@_on_loop
def examine_operation(session: Session, host: InventoryHost, _: ProgressCallback) -> ExaminedHost:
    """Look for what is wrong on a host."""
    state = examine_host(session, host.name)
    found = examine(state)
    return ExaminedHost(host.name, found, fix_plan(state, found, host.name))


@dataclass(frozen=True, slots=True)
class CollectOperation:
    """Read what a support case needs of a host, with a recording of packets for ``trace`` seconds where asked."""

    trace: int | None = None
    on_loop: ClassVar[bool] = True

    def __call__(self, session: Session, host: InventoryHost, _: ProgressCallback) -> CollectedHost:
        """Read its parts; those that cannot be read are named."""
        return collect_host(session, host.name, self.trace)


@dataclass(frozen=True, slots=True)
class ObserveOperation:
    """Read the target of a site."""

    site: Site

    def __call__(self, session: Session, host: InventoryHost, _: ProgressCallback) -> Any:
        """Return what the target has, in the form of its kind."""
        return open_target(session, host.name, self.site).observe()


@dataclass(frozen=True, slots=True)
class PlanOperation:
    """Plan for a host; ``known`` is its last plan that had nothing to do, by which it is recognised when unchanged."""

    site: Site
    known: Plan | None = None

    @property
    def on_loop(self) -> bool:
        """Whether it waits for its session and its progress callback alone, as the kind of the target says."""
        return kind_of(self.site).session_only

    def __call__(self, session: Session, host: InventoryHost, report: ProgressCallback) -> Plan:
        """Observe the host and return its plan."""
        made = plan_host(session, host.name, self.site, self.known)
        if made.changes:
            report(Planned.of(made, sent=False))
        return made


@dataclass(frozen=True, slots=True)
class ApplyOperation:
    """Converge a host; a saved plan is applied only when the host is still as it was observed.

    ``left`` are the changes (kind, name) of a saved plan that was begun earlier and that are not known to be done;
    ``known`` is as in PlanOperation.
    """

    site: Site
    saved: Plan | None = None
    left: frozenset[tuple[str, str]] | None = None
    confirmation: Confirmation = field(default_factory=Confirmation)
    known: Plan | None = None

    @property
    def on_loop(self) -> bool:
        """Whether it waits for its session and its progress callback alone, as the kind of the target says."""
        return kind_of(self.site).session_only

    def for_run(self, run: str) -> ApplyOperation:
        """Return the same for a run of this id, which hosts tell others that find them held."""
        return replace(self, confirmation=replace(self.confirmation, run=run))

    def __call__(self, session: Session, host: InventoryHost, report: ProgressCallback) -> HostResult:
        """Observe, apply, verify."""
        return apply_host(
            session,
            host.name,
            self.site,
            self.saved,
            left=self.left,
            confirmation=self.confirmation,
            reopen=lambda: open_session(host.settings(), host.name),
            report=report,
            known=self.known,
        )


def plan_status(plan: Plan) -> ResultStatus:
    """Return the status of a plan: refused is a failure, something to do is none."""
    if plan.refusals:
        return ResultStatus("refused", failed=True)
    return ResultStatus("planned" if plan.changes else "unchanged")


def result_status(result: HostResult) -> ResultStatus:
    """Return the status of what was done to a host."""
    if result.failed:
        return ResultStatus("failed", failed=True)
    return ResultStatus("changed" if result.changed else "unchanged")


def findings_status(examined: ExaminedHost) -> ResultStatus:
    """Return the status of what is wrong on a host: only errors make it sick."""
    return _health(examined, "error")


def findings_status_strict(examined: ExaminedHost) -> ResultStatus:
    """Return the status of what is wrong on a host: warnings make it sick, too."""
    return _health(examined, "error", "warning")


def _health(examined: ExaminedHost, *bad: str) -> ResultStatus:
    sick = any(item.severity in bad for item in examined.findings)
    return ResultStatus("sick", failed=True) if sick else ResultStatus("healthy")


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """A host with what a script gave there."""

    host: str
    output: Output


@dataclass(frozen=True, slots=True)
class ScriptOperation:
    """Run a script of the user's on a host. Its ``name`` is recorded, its text never: it may hold secrets."""

    text: str
    name: str
    on_loop: ClassVar[bool] = True

    def __call__(self, session: Session, host: InventoryHost, report: ProgressCallback) -> ScriptResult:
        """Run it as one pipeline; what it did is not known when the session ends first."""
        step = Step(id="1", operation="run", kind="script", name=self.name)
        report(Planned((step,)))
        try:
            output = session.run(self.text)
        except SessionLostError:
            report(Done((_outcome(step, "unknown"),)))
            raise
        first = output.errors[0] if output.errors else None
        if output.stopped:
            report(Done((_outcome(step, "unknown"),)))
        elif first is not None or output.failed:
            message = first.message if first else "it ended with an error that it did not name"
            report(Done((_outcome(step, "failed", message=message, error_id=first.error_id if first else ""),)))
        else:
            report(Done((_outcome(step, "ok"),)))
        return ScriptResult(host.name, output)


def _outcome(step: Step, status: Status, **said: str) -> Outcome:
    return Outcome(id=step.id, kind=step.kind, name=step.name, operation=step.operation, status=status, **said)


def script_status(ran: ScriptResult) -> ResultStatus:
    """Return the status of a script: any error that it reported is a failure, and so is having been stopped."""
    output = ran.output
    if output.stopped:
        return ResultStatus("stopped", failed=True)
    return ResultStatus("failed", failed=True) if output.failed or output.errors else ResultStatus("ok")
