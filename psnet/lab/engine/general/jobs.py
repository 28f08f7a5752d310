"""Start-Job and its kin: a job's script runs in a session of its own when it is started.

What comes of it passes through CLIXML as from another process: objects lose their methods, errors are remote ones.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.clixml.reader import deserialize
from psnet.lab.clixml.serializer import serialize
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.dotnet.objects import Guid
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.engine.flow import PipelineFailed
from psnet.lab.engine.invoke import PipelineCommand, invoke
from psnet.lab.engine.records import ErrorRecord
from psnet.lab.engine.scriptblock import ScriptBlock
from psnet.lab.engine.streams import Collector
from psnet.lab.values import Array, EnumValue, Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.engine.records import InformationRecord

_CORE: Final = "Microsoft.PowerShell.Core"
_JOB: Final = "System.Management.Automation.PSRemotingJob"
_STATE: Final = "System.Management.Automation.JobState"
_STATES: Final = {"NotStarted": 0, "Running": 1, "Completed": 2, "Failed": 3, "Stopped": 4}
_USING: Final = re.compile(r"\$using:(\w+)", re.IGNORECASE)
_SMA: Final = "System.Management.Automation"


class RemoteError(ErrorRecord):
    """An error of another process: a RemotingErrorRecord, with the ids and the category that it had there."""

    __slots__ = ("origin",)

    def __init__(self, origin: ErrorRecord) -> None:
        made = make_exception(f"{_SMA}.RemoteException", origin.exception.message)
        super().__init__(made, origin.full_id, origin.category.name, origin.target)
        self.origin = origin.full_id
        self.activity, self.reason = origin.activity, origin.reason
        self.target_name, self.target_type = origin.target_name, origin.target_type
        self.details = origin.details
        self.type_names = [f"{_SMA}.Runspaces.RemotingErrorRecord", *self.type_names]

    @property
    def full_id(self) -> str:
        """FullyQualifiedErrorId, as it was there."""
        return self.origin


class _Kept(Collector):
    """A sink that keeps outputs, errors and the other streams in the order in which they came."""

    def __init__(self, session: Guid) -> None:
        super().__init__()
        self.session = session
        self.events: list[tuple[str, Any]] = []

    def output(self, value: Any) -> None:
        """Keep an output object as it comes out of another process."""
        for each in deserialize(serialize(value, 1)):
            if isinstance(each, PSObject) and each.members:
                each.members["runspaceid"] = Member("RunspaceId", "NoteProperty", self.session)
            self.events.append(("output", each))

    def error(self, record: ErrorRecord) -> None:
        """Keep an error."""
        self.events.append(("error", RemoteError(record)))

    def warning(self, text: str) -> None:
        """Keep a warning."""
        self.events.append(("warning", text))

    def verbose(self, text: str) -> None:
        """Keep a verbose message."""
        self.events.append(("verbose", text))

    def debug(self, text: str) -> None:
        """Keep a debug message."""
        self.events.append(("debug", text))

    def information(self, record: InformationRecord) -> None:
        """Keep an information record."""
        self.events.append(("information", record))


@dataclass(slots=True)
class Job:
    """A job: what it gave, and how it ended once somebody looks for that."""

    number: int
    name: str
    text: str
    events: list[tuple[str, Any]]
    ending: str
    reason: ErrorRecord | None = None
    seen: bool = False
    taken: int = 0
    shown: PSObject | None = field(default=None)

    def state(self) -> str:
        """Return the state: the first look finds a job running."""
        was, self.seen = self.seen, True
        return self.ending if was else "Running"


def _object(job: Job) -> PSObject:
    if job.shown is not None:
        return job.shown
    shown: dict[str, Any] = {
        "Id": job.number,
        "Name": job.name,
        "PSJobTypeName": "BackgroundJob",
        "Location": "localhost",
        "Command": job.text,
    }
    made = PSObject.of(shown, _JOB, "System.Management.Automation.Job", "System.Object", kind="Property")
    made.members["state"] = Member("State", "Property", getter=lambda _: _state(job.state()))
    made.members["hasmoredata"] = Member(
        "HasMoreData", "Property", getter=lambda _: job.taken < len(job.events) or not job.seen
    )
    made.members["childjobs"] = Member("ChildJobs", "Property", getter=lambda _: Array([_child(job)]))
    made.native = job
    made.to_string = _JOB
    job.shown = made
    return made


def _child(job: Job) -> PSObject:
    """Return the one job that did the work; what it holds of the streams is refused when it is read."""
    reason = job.reason.exception if job.reason is not None else None
    about = PSObject.of(
        {"State": _state(job.state()), "Reason": reason}, f"{_SMA}.JobStateInfo", "System.Object", kind="Property"
    )
    about.to_string = job.ending
    shown = {"Id": job.number + 1, "Name": f"Job{job.number + 1}", "JobStateInfo": about, "Location": "localhost"}
    made = PSObject.of(shown, f"{_SMA}.PSRemotingChildJob", f"{_SMA}.Job", "System.Object", kind="Property")
    made.members["state"] = Member("State", "Property", getter=lambda _: _state(job.state()))
    for label in ("Output", "Error", "Warning", "Verbose", "Debug", "Information", "Progress", "HasMoreData"):
        made.members[label.lower()] = Member(label, "Property", getter=_refused_part)
    return made


def _refused_part(_: Any) -> Any:
    raise net.unsupported("what a child job holds")


def _state(name: str) -> EnumValue:
    return EnumValue(_STATE, name, _STATES[name])


@cmdlet(
    "Start-Job",
    """
    ScriptBlock scriptblock 0 mandatory alias=Command
    InitializationScript scriptblock 1
    Name string byname
    ArgumentList Object[] alias=Args
    """,
    class_name="StartJobCommand",
    module=_CORE,
)
def start_job(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Run a script block in a session of its own."""
    runspace = ctx.runspace
    block = net.unwrap(p["ScriptBlock"])
    assert isinstance(block, ScriptBlock)  # noqa: S101 - the parameter's type
    inner = type(runspace)(runspace.host, runspace.language, registry=runspace.registry)
    text = block.text
    for name in set(_USING.findall(text)):
        value = ctx.processor.caller_scope.value(name.lower())
        inner.state.top.put(f"__using_{name}", value)
    number = 2 * len(runspace.jobs) + 1
    sink = _Kept(Guid(str(uuid.UUID(int=runspace.host.random.getrandbits(128), version=4))))
    ending, reason = "Completed", None
    arguments = tuple((None, value) for value in p.list("ArgumentList") or [])
    try:
        script = _USING.sub(r"$__using_\1", text)
        if "InitializationScript" in p:
            invoke(
                inner, [PipelineCommand(net.unwrap(p["InitializationScript"]).text, is_script=True)], None, sink, None
            )
        invoke(inner, [PipelineCommand(script, is_script=True, parameters=arguments)], None, sink, None)
    except PipelineFailed as failed:
        ending, reason = "Failed", RemoteError(failed.record)
        sink.events.append(("error", reason))
    if sink.host:
        raise net.unsupported("what a job writes to its host", ctx.processor.line)
    job = Job(number, str(p.get("Name") or f"Job{number}"), text, sink.events, ending, reason)
    runspace.jobs.append(job)
    yield _object(job)


_CHOOSE: Final = """
Id int[] 0 @SessionIdParameterSet:0:mandatory:byname
Job object[] 0 @JobParameterSet:0:mandatory:value:byname
Name string[] @NameParameterSet:mandatory:byname
"""


def _chosen(ctx: CmdletContext, p: Parameters) -> list[Job]:
    jobs: list[Job] = ctx.runspace.jobs
    if "Job" in p:
        found = [getattr(item, "native", None) for item in p.list("Job") or []]
        if not all(isinstance(item, Job) for item in found):
            raise net.unsupported("a job of another kind", ctx.processor.line)
        return [item for item in found if isinstance(item, Job)]
    if "Name" in p:
        names = [net.to_string(name) for name in p.list("Name") or []]
        for name in names:
            if not any(net.is_like(job.name, name) for job in jobs) and not any(mark in name for mark in "*?["):
                _missing(
                    ctx,
                    f"The command cannot find the job because the job name {name} was not found. Verify the value "
                    "of the Name parameter, and then try the command again.",
                    "JobWithSpecifiedNameNotFound",
                    name,
                )
        return [job for job in jobs if any(net.is_like(job.name, name) for name in names)]
    if "Id" in p:
        numbers = [int(number) for number in p.list("Id") or []]
        for number in numbers:
            if not any(job.number == number for job in jobs):
                _missing(
                    ctx,
                    f"The command cannot find a job with the job ID {number}. Verify the value of the Id parameter "
                    "and then try the command again.",
                    "JobWithSpecifiedSessionNotFound",
                    number,
                )
        return [job for job in jobs if job.number in numbers]
    return list(jobs)


def _missing(ctx: CmdletContext, text: str, error_id: str, target: Any) -> None:
    exception = make_exception("System.Management.Automation.PSArgumentException", text)
    ctx.write_error(ErrorRecord(exception, error_id, "ObjectNotFound", target))


@cmdlet(
    "Get-Job",
    _CHOOSE.replace(":mandatory", "").replace("Job object[] 0 @JobParameterSet:0:value:byname\n", ""),
    class_name="GetJobCommand",
    module=_CORE,
    default_set="SessionIdParameterSet",
)
def get_job(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the session's jobs."""
    for job in _chosen(ctx, p):
        yield _object(job)


@cmdlet(
    "Wait-Job",
    f"{_CHOOSE}Timeout int alias=TimeoutSec\nAny switch",
    class_name="WaitJobCommand",
    module=_CORE,
    default_set="SessionIdParameterSet",
)
def wait_job(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Wait for jobs: all have ended."""
    for job in _chosen(ctx, p):
        job.seen = True
        yield _object(job)


@cmdlet(
    "Receive-Job",
    f"{_CHOOSE}Keep switch\nWait switch\nAutoRemoveJob switch",
    class_name="ReceiveJobCommand",
    module=_CORE,
    default_set="SessionIdParameterSet",
)
def receive_job(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return what jobs gave since they were last asked."""
    for job in _chosen(ctx, p):
        if not job.seen and not p.switch("Wait"):
            raise net.unsupported("Receive-Job of a job that was not waited for", ctx.processor.line)
        job.seen = True
        fresh = job.events[job.taken :]
        if not p.switch("Keep"):
            job.taken = len(job.events)
        yield from _given_out(ctx, fresh)
        if p.switch("AutoRemoveJob"):
            ctx.runspace.jobs.remove(job)


def _given_out(ctx: CmdletContext, events: list[tuple[str, Any]]) -> Iterable[Any]:
    """Yield a job's objects, and write what it wrote to the other streams, each in its turn."""
    write: dict[str, Callable[[Any], None]] = {
        "error": ctx.write_error,
        "warning": ctx.write_warning,
        "verbose": ctx.write_verbose,
        "debug": ctx.write_debug,
        "information": ctx.write_information,
    }
    for kind, value in events:
        if kind == "output":
            yield value
        else:
            write[kind](value)


@cmdlet(
    "Remove-Job",
    f"{_CHOOSE}Force switch alias=F",
    class_name="RemoveJobCommand",
    module=_CORE,
    default_set="SessionIdParameterSet",
    should_process=True,
)
def remove_job(ctx: CmdletContext, p: Parameters) -> None:
    """Forget jobs that have ended."""
    for job in _chosen(ctx, p):
        if not job.seen and not p.switch("Force"):
            raise net.unsupported("Remove-Job of a job that was not waited for", ctx.processor.line)
        if ctx.should_process(f"{job.name} (Id: {job.number})", "Remove-Job"):
            ctx.runspace.jobs.remove(job)


@cmdlet(
    "Stop-Job",
    f"{_CHOOSE}PassThru switch",
    class_name="StopJobCommand",
    module=_CORE,
    default_set="SessionIdParameterSet",
    should_process=True,
)
def stop_job(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Stop jobs: those that have ended stay as they are."""
    for job in _chosen(ctx, p):
        if not job.seen:
            raise net.unsupported("Stop-Job of a running job", ctx.processor.line)
        if p.switch("PassThru"):
            yield _object(job)
