"""The ScheduledTasks module, as far as tasks that run a script once as SYSTEM need it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.objects import cim, enum, not_found, only
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.host.tasks import Task
from psnet.lab.values import DateTime, UInt32

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_MODULE = "ScheduledTasks"
_SPACE = "Root/Microsoft/Windows/TaskScheduler"
_STATE = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.ScheduledTask.StateEnum"
_STATES = {"Unknown": 0, "Disabled": 1, "Queued": 2, "Ready": 3, "Running": 4}
_ZERO = datetime(1, 1, 1, tzinfo=UTC)
_NEVER = datetime(1999, 11, 30, tzinfo=UTC)
_SYSTEM = frozenset({"system", "nt authority\\system", "s-1-5-18"})


@cmdlet(
    "New-ScheduledTaskAction",
    "Execute string mandatory\nArgument string\nWorkingDirectory string",
    module=_MODULE,
    cim=True,
)
def new_action(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Describe what a task runs."""
    _ = ctx
    only(p, "Execute", "Argument")
    shown = {"Execute": p["Execute"], "Arguments": p.get("Argument"), "WorkingDirectory": None}
    yield cim("MSFT_TaskExecAction", shown, (str(p["Execute"]), str(p.get("Argument") or "")), _SPACE)


@cmdlet(
    "New-ScheduledTaskTrigger",
    "Once switch @Once:mandatory\nAt datetime @Once:mandatory\nAtStartup switch @Startup:mandatory",
    module=_MODULE,
    cim=True,
    default_set="Once",
)
def new_trigger(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Describe when a task runs: once, or at each start of the host."""
    _ = ctx
    only(p, "Once", "At", "AtStartup")
    if p.switch("AtStartup"):
        yield cim("MSFT_TaskBootTrigger", {"Enabled": True}, "startup", _SPACE)
        return
    moment: DateTime = p["At"]
    at = _ZERO + timedelta(microseconds=moment.ticks // 10)  # the host's zone is UTC
    yield cim("MSFT_TaskTimeTrigger", {"Enabled": True, "StartBoundary": at.isoformat()}, at, _SPACE)


@cmdlet(
    "New-ScheduledTaskPrincipal",
    "UserId string 0 mandatory\nLogonType string 1 values=None,Password,S4U,Interactive,Group,ServiceAccount\n"
    "RunLevel string values=Limited,Highest",
    module=_MODULE,
    cim=True,
)
def new_principal(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Describe who a task runs as."""
    _ = ctx
    only(p, "UserId", "LogonType", "RunLevel")
    yield cim("MSFT_TaskPrincipal2", {"UserId": p["UserId"]}, str(p["UserId"]), _SPACE)


@cmdlet(
    "New-ScheduledTaskSettingsSet",
    "AllowStartIfOnBatteries switch\nDontStopIfGoingOnBatteries switch\nStartWhenAvailable switch",
    module=_MODULE,
    cim=True,
)
def new_settings(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Describe what keeps a task from starting; by default batteries do, and a missed time is not made up."""
    _ = ctx
    only(p, "AllowStartIfOnBatteries", "DontStopIfGoingOnBatteries", "StartWhenAvailable")
    batteries, available = p.switch("AllowStartIfOnBatteries"), p.switch("StartWhenAvailable")
    # rule: task-settings
    shown = {
        "AllowDemandStart": True,
        "AllowHardTerminate": True,
        "DisallowStartIfOnBatteries": not batteries,
        "StopIfGoingOnBatteries": not p.switch("DontStopIfGoingOnBatteries"),
        "StartWhenAvailable": available,
        "RunOnlyIfNetworkAvailable": False,
        "WakeToRun": False,
        "Enabled": True,
        "Hidden": False,
        "Priority": 7,
    }
    yield cim("MSFT_TaskSettings3", shown, (batteries, available), _SPACE)


@cmdlet(
    "Register-ScheduledTask",
    "TaskName string 0 mandatory\nAction object[] mandatory\nTrigger object[]\nPrincipal object\nDescription string\n"
    "Settings object\nForce switch\nUser string\nRunLevel string",
    module=_MODULE,
    cim=True,
)
def register_task(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Register a task; a name that exists needs -Force."""
    only(p, "TaskName", "Action", "Trigger", "Principal", "Description", "Settings", "Force", "User", "RunLevel")
    actions, triggers = p.list("Action") or [], p.list("Trigger") or []
    user = p["Principal"].native if "Principal" in p else str(p.get("User") or ctx.host.environment["USERNAME"])
    if len(actions) != 1 or user.lower() not in _SYSTEM:
        raise UnsupportedError("a task with several actions, or not of SYSTEM")
    name = str(p["TaskName"])
    if name.lower() in ctx.host.tasks.known and not p.switch("Force"):
        raise HostRefusal("HRESULT 0x800700b7", "Cannot create a file when that file already exists.", "ResourceExists")
    execute, argument = actions[0].native
    whens = [item.native for item in triggers]
    times = [item for item in whens if isinstance(item, datetime)]
    if len(times) > 1:
        raise UnsupportedError("a task with several times")
    at = times[0] if times else None
    batteries, available = p["Settings"].native if "Settings" in p else (False, False)
    made = Task(name, execute, argument, user, at, "startup" in whens, batteries=batteries, when_available=available)
    ctx.host.tasks.register(made)
    yield _task(ctx.host.tasks.known[name.lower()])


def _task(task: Task) -> Any:
    shown = {"TaskName": task.name, "TaskPath": "\\", "State": enum(_STATE, _STATES, task.state)}
    return cim("MSFT_ScheduledTask", shown, task, _SPACE)


def _named(ctx: CmdletContext, p: Parameters) -> list[Task]:
    names = [str(name) for name in p.list("TaskName") or ["*"]]
    found: list[Task] = []
    for name in names:
        matching = [item for item in ctx.host.tasks.known.values() if like(item.name, name)]
        if not matching and "*" not in name:
            raise not_found("MSFT_ScheduledTask", "TaskName", name)
        found += matching
    return found


@cmdlet("Get-ScheduledTask", "TaskName string[] 0", module=_MODULE, cim=True)
def get_task(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return tasks; those of Windows itself are not known."""
    only(p, "TaskName")
    if not p.list("TaskName") or "*" in [str(name) for name in p.list("TaskName") or []]:
        raise UnsupportedError("the tasks of Windows itself")
    yield from map(_task, _named(ctx, p))


@cmdlet("Get-ScheduledTaskInfo", "TaskName string 0 mandatory", module=_MODULE, cim=True)
def get_task_info(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return when tasks ran last and how."""
    only(p, "TaskName")
    for task in _named(ctx, p):
        # rule: task-never-run
        last = task.last_run or _NEVER
        shown = {
            "LastRunTime": DateTime((last - _ZERO) // timedelta(microseconds=1) * 10),
            "LastTaskResult": UInt32(task.result),
            "NextRunTime": None,
            "NumberOfMissedRuns": UInt32(task.missed),
            "TaskName": task.name,
            "TaskPath": "\\",
        }
        yield cim("MSFT_TaskDynamicInfo", shown, task, _SPACE)


@cmdlet("Start-ScheduledTask", "TaskName string 0 mandatory", module=_MODULE, cim=True)
def start_task(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Start a task."""
    only(p, "TaskName")
    name = str(p["TaskName"])
    if name.lower() not in ctx.host.tasks.known:
        raise HostRefusal("HRESULT 0x80070002", "The system cannot find the file specified.", "ObjectNotFound")
    ctx.host.tasks.start(name)
    yield from ()


@cmdlet(
    "Unregister-ScheduledTask",
    "TaskName string[] 0 mandatory",
    module=_MODULE,
    cim=True,
    should_process=True,
    impact="High",
)
def unregister_task(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Forget tasks; without -Confirm:$false Windows asks, which no such session can answer."""
    only(p, "TaskName")
    for task in _named(ctx, p):
        if ctx.should_process(task.name, "Unregister-ScheduledTask"):
            ctx.host.tasks.unregister(task.name)
    yield from ()
