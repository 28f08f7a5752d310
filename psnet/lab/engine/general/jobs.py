"""Start-Job and its kin: a job's script runs in a session of its own when it is started; texts and numbers come of it.

What a real job gives otherwise (objects without methods, errors that came from another process) is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.engine.flow import PipelineFailed
from psnet.lab.engine.invoke import PipelineCommand, invoke
from psnet.lab.engine.records import ErrorRecord
from psnet.lab.engine.scriptblock import ScriptBlock
from psnet.lab.engine.streams import Collector
from psnet.lab.values import DateTime, EnumValue, Member, PSObject, TimeSpan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext

_CORE: Final = "Microsoft.PowerShell.Core"
_JOB: Final = "System.Management.Automation.PSRemotingJob"
_STATE: Final = "System.Management.Automation.JobState"
_STATES: Final = {"NotStarted": 0, "Running": 1, "Completed": 2, "Failed": 3, "Stopped": 4}
_USING: Final = re.compile(r"\$using:(\w+)", re.IGNORECASE)
_PLAIN: Final = (str, bool, int, float, Decimal, DateTime, TimeSpan)


@dataclass(slots=True)
class Job:
    """A job: what it gave, and how it ended once somebody looks for that."""

    number: int
    name: str
    text: str
    values: list[Any]
    ending: str
    refused: str = ""
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
        "HasMoreData", "Property", getter=lambda _: job.taken < len(job.values) or not job.seen
    )
    made.native = job
    made.to_string = _JOB
    job.shown = made
    return made


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
    sink = Collector()
    ending, refused = "Completed", ""
    arguments = tuple((None, value) for value in p.list("ArgumentList") or [])
    try:
        script = _USING.sub(r"$__using_\1", text)
        if "InitializationScript" in p:
            invoke(
                inner, [PipelineCommand(net.unwrap(p["InitializationScript"]).text, is_script=True)], None, sink, None
            )
        invoke(inner, [PipelineCommand(script, is_script=True, parameters=arguments)], None, sink, None)
    except PipelineFailed:
        ending, refused = "Failed", "the error of a job"
    if sink.errors:
        refused = "the errors of a job"
    elif sink.warnings or sink.verboses or sink.host or sink.informations:
        refused = "what a job writes beside its output"
    elif not all(value is None or isinstance(net.unwrap(value), _PLAIN) for value in sink.values):
        refused = "the objects of a job, which come without methods"
    job = Job(number, str(p.get("Name") or f"Job{number}"), text, sink.values, ending, refused)
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
        if job.refused:
            raise net.unsupported(job.refused, ctx.processor.line)
        job.seen = True
        yield from job.values[job.taken :]
        if not p.switch("Keep"):
            job.taken = len(job.values)
        if p.switch("AutoRemoveJob"):
            ctx.runspace.jobs.remove(job)


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
