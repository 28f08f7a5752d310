"""What the commands of psnet dsc do on each host, as values that travel to any worker."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from psnet.apply.outcome import Outcome, Status
from psnet.apply.progress import Done, Planned, Step
from psnet.dsc.deliver.module import ModulePackage, ship_module
from psnet.dsc.deliver.remote import MODULES, run_template, upload
from psnet.dsc.deliver.watch import DEFAULT_TIMEOUT, ReconnectingSession, start, wait_until_idle, watch
from psnet.dsc.status.model import DscResult, ResourceState, RunState, read_lcm, read_resources, read_run
from psnet.errors import RemoteError
from psnet.fleet.results import ResultStatus
from psnet.mof import parse_mof
from psnet.planning.lease import lcm_lease

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.apply.progress import ProgressCallback
    from psnet.dsc.lcm.compile import MetaDocument
    from psnet.inventories import InventoryHost
    from psnet.transport import Session

log = logging.getLogger("psnet.dsc.deliver")
#: Seconds for which a run holds its host beyond the time that it may take.
_SPARE: Final = 120
STAGES: Final = ("Current", "Pending", "Previous")


@dataclass(frozen=True, slots=True)
class PublishOperation:
    """Bring the module and the document to a host, to be applied later."""

    document: bytes = field(repr=False)
    package: ModulePackage
    force: bool = False

    def __call__(self, session: Session, host: InventoryHost, report: ProgressCallback) -> DscResult:
        """Ship what differs, and publish."""
        steps = steps_of(self.document, "publish")
        report(Planned(steps))
        shipped, _ = ship_module(session, host.name, self.package)
        step = "publishing the configuration"
        folder = upload(session, host.name, step, {"localhost.mof": self.document})
        said = run_template(session, host.name, step, "publish", folder=folder, force=self.force)
        report(_changed(steps))
        return DscResult(host=host.name, did="published", lcm=read_lcm(said["lcm"], host.name), shipped=shipped)


@dataclass(frozen=True, slots=True)
class StartOperation:
    """Bring the module and the document to a host, apply it, and wait for what comes of it."""

    document: bytes = field(repr=False)
    package: ModulePackage
    force: bool = False
    timeout: float = DEFAULT_TIMEOUT

    def __call__(self, session: Session, host: InventoryHost, report: ProgressCallback) -> DscResult:
        """Ship what differs, start, watch."""
        report(Planned(steps_of(self.document, "set")))
        shipped, _ = ship_module(session, host.name, self.package)
        result = _run(session, host, report, self.document, self.timeout, force=self.force)
        return result.model_copy(update={"shipped": shipped})


@dataclass(frozen=True, slots=True)
class UpdateOperation:
    """Let a host pull what its server has for it, apply it, and wait for what comes of it."""

    timeout: float = DEFAULT_TIMEOUT

    def __call__(self, session: Session, host: InventoryHost, report: ProgressCallback) -> DscResult:
        """Start the pull, watch."""
        steps = (Step(id="1", operation="pull", kind="configuration", name=host.name),)
        report(Planned(steps))
        result = _run(session, host, report, None, self.timeout)
        report(_changed(steps, "ok" if result.unchanged else "changed"))
        return result


def _run(
    session: Session,
    host: InventoryHost,
    report: ProgressCallback,
    document: bytes | None,
    timeout: float,
    *,
    force: bool = False,
) -> DscResult:
    line = ReconnectingSession(session, host)
    try:
        last = None if force else wait_until_idle(line, timeout)[1]
        lease = lcm_lease(int(timeout) + _SPARE)
        started = start(session, host, document, lease, force=force)
        before = last.job if last is not None else None
        told = partial(log.info, "%s: at %s", host.name)
        lcm, run = watch(line, started, lease, before, timeout, told)
    finally:
        line.close()
    report(Done(tuple(_outcomes(run))))
    good = run.status.lower() == "success" and not run.reboot and all(map(_is_good, run.resources))
    return DscResult(host=host.name, did="started", lcm=lcm, run=run, in_desired_state=good)


@dataclass(frozen=True, slots=True)
class CompareOperation:
    """Ask whether a host is in its desired state: that of a document, or of its current configuration."""

    document: bytes | None = field(default=None, repr=False)
    timeout: float = DEFAULT_TIMEOUT

    def __call__(self, session: Session, host: InventoryHost, _: ProgressCallback) -> DscResult:
        """Wait until nothing else runs, and test; once more when a check of the host's own came between."""
        line = ReconnectingSession(session, host)
        try:
            wait_until_idle(line, self.timeout)
            try:
                said = self._tested(session, host)
            except RemoteError as error:
                log.info("%s: tested again: %s", host.name, error.message)
                wait_until_idle(line, self.timeout)
                said = self._tested(session, host)
        finally:
            line.close()
        run = RunState(kind="ReadOnly", resources=read_resources(said["resources"], host.name))
        lcm = read_lcm(said["lcm"], host.name)
        return DscResult(host=host.name, did="tested", lcm=lcm, run=run, in_desired_state=said["in_desired_state"])

    def _tested(self, session: Session, host: InventoryHost) -> dict[str, Any]:
        step, folder, reference = "testing the configuration", None, None
        if self.document is not None:
            folder = upload(session, host.name, step, {"localhost.mof": self.document})
            reference = f"{folder}\\localhost.mof"
        remedy = "a host without a configuration has none to test: name a SITE, or psnet dsc start SITE first"
        return run_template(session, host.name, step, "test", remedy=remedy, reference=reference, folder=folder)


@dataclass(frozen=True, slots=True)
class StatusOperation:
    """Read the settings, the state and the last run."""

    def __call__(self, session: Session, host: InventoryHost, _: ProgressCallback) -> DscResult:
        """Read."""
        said = run_template(session, host.name, "reading the status", "status")
        run = read_run(said["run"], host.name)
        good = None if run is None else run.status.lower() == "success" and all(map(_is_good, run.resources))
        return DscResult(
            host=host.name, did="read", lcm=read_lcm(said["lcm"], host.name), run=run, in_desired_state=good
        )


@dataclass(frozen=True, slots=True)
class ResourceStates:
    """What the resources of a host's current configuration are like, by the names of their properties."""

    host: str
    resources: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class GetOperation:
    """Read what every resource of the current configuration is like."""

    def __call__(self, session: Session, host: InventoryHost, _: ProgressCallback) -> ResourceStates:
        """Read."""
        said = run_template(session, host.name, "reading the configuration", "get")
        return ResourceStates(host.name, tuple(said["resources"]))


@dataclass(frozen=True, slots=True)
class RemoveOperation:
    """Remove documents, and the module when it is asked for; what was configured stays."""

    stages: tuple[str, ...] = STAGES
    module: str | None = None

    def __call__(self, session: Session, host: InventoryHost, report: ProgressCallback) -> DscResult:
        """Remove."""
        steps = tuple(Step(id=stage, operation="remove", kind="document", name=stage) for stage in self.stages)
        report(Planned(steps))
        folders = [f"{MODULES}\\{self.module}"] if self.module is not None else []
        said = run_template(
            session, host.name, "removing the configuration", "remove", stages=list(self.stages), folders=folders
        )
        report(_changed(steps))
        lcm = read_lcm(said["lcm"], host.name)
        return DscResult(host=host.name, did="removed", lcm=lcm, changes=tuple(said["removed"]))


@dataclass(frozen=True, slots=True)
class SetLcmOperation:
    """Apply a meta-configuration and read it back. The document is on the host only while it is applied."""

    document: MetaDocument = field(repr=False)
    force: bool = False

    def __call__(self, session: Session, host: InventoryHost, report: ProgressCallback) -> DscResult:
        """Bring the document into a folder that only administrators may read, apply it, remove it."""
        name = host.name
        steps = (Step(id="1", operation="set", kind="lcm", name="LocalConfigurationManager"),)
        report(Planned(steps))
        certificates = {f"root{number}.cer": data for number, data in enumerate(self.document.roots)}
        files = {"localhost.meta.mof": self.document.data, **certificates}
        folder = upload(session, name, "setting the LCM", files)
        roots = [f"{folder}\\{file}" for file in certificates]
        said = run_template(session, name, "setting the LCM", "lcm", folder=folder, force=self.force, roots=roots)
        report(_changed(steps))
        changes = tuple(_differences(said["before"], said["after"]))
        return DscResult(host=name, did="set", lcm=read_lcm(said["after"], name), changes=changes)


def steps_of(document: bytes, operation: str) -> tuple[Step, ...]:
    """Return one step a resource of a document, in its order."""
    ids = [instance.get("ResourceId") for instance in parse_mof(document, "document")]
    states = [ResourceState(id=str(value.value)) for value in ids if value is not None]
    return tuple(Step(id=item.id, operation=operation, kind=item.kind, name=item.name) for item in states)


def _changed(steps: tuple[Step, ...], status: Status = "changed") -> Done:
    """Return the news that all steps were taken; ``status`` says whether they changed anything."""
    return Done(
        tuple(
            Outcome(id=step.id, kind=step.kind, name=step.name, operation=step.operation, status=status)
            for step in steps
        )
    )


def _is_good(item: ResourceState) -> bool:
    return item.in_desired_state is True and item.error is None


def _outcomes(run: RunState) -> Iterable[Outcome]:
    for item in run.resources:
        good: Status = "changed" if item.id in (run.changed or ()) else "ok"
        status: Status = good if _is_good(item) else "skipped" if item.in_desired_state is None else "failed"
        message = item.error or ("a restart is needed first" if item.reboot else None)
        yield Outcome(
            id=item.id,
            kind=item.kind,
            name=item.name,
            operation="set",
            status=status,
            error_id=item.error_id,
            message=message,
        )


def _differences(before: dict[str, Any], after: dict[str, Any]) -> Iterable[str]:
    """Yield what changed of the settings, in words."""
    for name, value in after["settings"].items():
        was = before["settings"].get(name)
        if _shown(was).lower() != _shown(value).lower():  # defaults are spelled in capitals
            yield f"{name}: {_shown(was)} -> {_shown(value)}"
    for name, value in after["managers"].items():
        if before["managers"].get(name) != value:
            ids = [str(item["id"]) for item in (value if isinstance(value, list) else [value])]
            yield f"{name}: {', '.join(ids) or 'none'}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)


def status_of(result: DscResult | ResourceStates) -> ResultStatus:
    """Return the status of a result: a configuration that did not succeed is a failure, drift is none."""
    if isinstance(result, ResourceStates):
        return ResultStatus("ok")
    if result.did == "started" and not result.in_desired_state:
        waits = result.run is not None and result.run.reboot and result.run.status.lower() == "success"
        return ResultStatus("restart") if waits else ResultStatus("failed", failed=True)
    if result.unchanged:
        return ResultStatus("unchanged")
    if result.did == "tested":
        return ResultStatus("unchanged" if result.in_desired_state else "drifted")
    return ResultStatus("ok" if result.did == "read" else "changed")
