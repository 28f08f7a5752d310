"""Get-, Start-, Stop- and Restart-Service over the host's services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.objects import array, only
from psnet.lab.dotnet.enums import members
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.messages import text as message
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.host.service_names import UNSIMULATED
from psnet.lab.values import EnumValue, Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.services import Services

_MODULE: Final = "Microsoft.PowerShell.Management"
_EXCEPTION: Final = "Microsoft.PowerShell.Commands.ServiceCommandException"
_STATUS: Final = "System.ServiceProcess.ServiceControllerStatus"
_START: Final = "System.ServiceProcess.ServiceStartMode"
_SELECT: Final = """
Name string[] 0 alias=ServiceName @Default:0:mandatory:value:byname
InputObject object[] @InputObject:mandatory:value
DisplayName string[] @DisplayName:mandatory
"""
_CHANGE: Final = f"{_SELECT}PassThru switch\nForce switch"


def _enum(type_name: str, name: str) -> EnumValue:
    return EnumValue(type_name, name, members(type_name)[name])


def service_object(services: Services, item: dict[str, Any], *, deep: bool = True, name: str = "") -> PSObject:
    """Return a ServiceController as it is now; one that another service needs has the name that is written there."""
    others = [service_object(services, other, deep=False) for other in services.dependents(item)] if deep else []
    needs = [(written, services.find(written)) for written in item.get("DependsOn", ())] if deep else []
    below = [service_object(services, other, deep=False, name=written) for written, other in needs if other is not None]
    running = item["Status"] == "Running"
    made = PSObject.of(
        {
            "Name": name or item["Name"],
            "RequiredServices": array(below, "System.ServiceProcess.ServiceController"),
            "CanPauseAndContinue": False,
            "CanShutdown": running,
            "CanStop": running,
            "DisplayName": item["DisplayName"],
            "DependentServices": array(others, "System.ServiceProcess.ServiceController"),
            "MachineName": ".",
            "ServiceName": name or item["Name"],
            "ServicesDependedOn": array(below, "System.ServiceProcess.ServiceController"),
            "Status": _enum(_STATUS, item["Status"]),
            "StartType": _enum(_START, item.get("StartType", "Manual")),
        },
        "System.ServiceProcess.ServiceController",
        "System.ComponentModel.Component",
        "System.MarshalByRefObject",
        "System.Object",
        kind="Property",
    )
    made.members["servicetype"] = Member("ServiceType", "Property", getter=_service_type)
    made.native = item["Name"]
    made.to_string = name or item["Name"]
    return made


def _service_type(_: Any) -> Any:
    raise UnsupportedError("the ServiceType of a service")


def _refuse(pattern: str) -> None:
    """Refuse a pattern that only services mean which every Windows has and which are not simulated."""
    hit = next((name for name in UNSIMULATED.values() if like(name, pattern)), None)
    if hit is not None:
        raise UnsupportedError(f"the service {hit}")


def _chosen(ctx: CmdletContext, p: Parameters) -> Iterator[dict[str, Any]]:
    """Yield the services that -Name, -DisplayName or -InputObject choose; drivers only by their exact name."""
    services: Services = ctx.host.services
    given = p.list("InputObject")
    if given is not None:
        for thing in given:
            found = services.find(thing.native) if isinstance(getattr(thing, "native", None), str) else None
            if found is None:
                raise UnsupportedError("an object that is no service of this session")
            yield found
        return
    by = "DisplayName" if "DisplayName" in p else "Name"
    for pattern in map(str, p.list(by) or ["*"]):
        exact = not any(mark in pattern for mark in "*?[")
        matching = [item for item in services if like(item[by], pattern) and (exact or not item.get("IsDriver"))]
        if by == "Name" and not (exact and matching):
            _refuse(pattern)
        if by == "Name" and exact and not matching:
            said = message("service_not_found", ctx.host.culture, pattern)
            ctx.write_error(said, "NoServiceFoundForGivenName", "ObjectNotFound", pattern, exception=_EXCEPTION)
        elif exact and not matching:
            said = f"Cannot find any service with display name '{pattern}'."
            ctx.write_error(said, "NoServiceFoundForGivenDisplayName", "ObjectNotFound", pattern, exception=_EXCEPTION)
        yield from sorted(matching, key=lambda item: item["Name"].lower())


@cmdlet(
    "Get-Service",
    "Name string[] 0 alias=ServiceName @Default:0:value:byname\n"
    "InputObject object[] @InputObject:value\nDisplayName string[] @DisplayName:mandatory",
    default_set="Default",
    class_name="GetServiceCommand",
    module=_MODULE,
)
def get_service(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return services."""
    only(p, "Name", "InputObject", "DisplayName")
    for item in _chosen(ctx, p):
        yield service_object(ctx.host.services, item)


def _change(ctx: CmdletContext, p: Parameters, act: Callable[[dict[str, Any]], None]) -> Iterator[Any]:
    only(p, "Name", "InputObject", "DisplayName", "Force")
    for item in list(_chosen(ctx, p)):
        if item["Name"].lower() in {"winrm", "http"} and ctx.processor.command_name != "Start-Service":
            raise UnsupportedError(f"{ctx.processor.command_name} {item['Name']}, which ends this session")
        if not ctx.should_process(f"{item['DisplayName']} ({item['Name']})", ctx.processor.command_name):
            continue
        try:
            act(item)
        except HostRefusal as refusal:
            ctx.write_error(refusal.message, refusal.error_id, refusal.category, item["Name"], exception=_EXCEPTION)
            continue
        if p.switch("PassThru"):
            yield service_object(ctx.host.services, item)


@cmdlet(
    "Start-Service",
    _CHANGE.replace("\nForce switch", ""),
    default_set="Default",
    should_process=True,
    class_name="StartServiceCommand",
    module=_MODULE,
)
def start_service(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Start services and what they need."""
    yield from _change(ctx, p, ctx.host.services.start)


@cmdlet(
    "Stop-Service",
    f"{_CHANGE}\nNoWait switch",
    default_set="Default",
    should_process=True,
    class_name="StopServiceCommand",
    module=_MODULE,
)
def stop_service(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Stop services; -Force also stops those that need them."""
    services: Services = ctx.host.services

    def stop(item: dict[str, Any]) -> None:
        services.stop(item, force=p.switch("Force"))

    yield from _change(ctx, p, stop)


@cmdlet(
    "Restart-Service",
    _CHANGE,
    default_set="Default",
    should_process=True,
    class_name="RestartServiceCommand",
    module=_MODULE,
)
def restart_service(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Stop services and start them again, with -Force also those that need them."""
    services: Services = ctx.host.services

    def restart(item: dict[str, Any]) -> None:
        for stopped in reversed(services.stop(item, force=p.switch("Force"))):
            services.start(stopped)
        services.start(item)

    yield from _change(ctx, p, restart)


@cmdlet(
    "Set-Service",
    """
    Name string 0 alias=ServiceName,SN @Name:0:mandatory:value:byname
    InputObject object 0 @InputObject:0:mandatory:value
    DisplayName string alias=DN
    Description string
    StartupType string alias=StartMode,SM,ST
    Status string
    PassThru switch
    """,
    default_set="Name",
    class_name="SetServiceCommand",
    module=_MODULE,
    should_process=True,
)
def set_service(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Set how a service starts, and start or stop it."""
    only(p, "Name", "InputObject", "StartupType", "Status")
    for item in list(_chosen(ctx, p)):
        if not ctx.should_process(f"{item['DisplayName']} ({item['Name']})", "Set-Service"):
            continue
        if "StartupType" in p:
            wanted = next((word for word in _STARTS if word.lower() == str(p["StartupType"]).lower()), None)
            if wanted is None:
                raise UnsupportedError(f"Set-Service -StartupType {p['StartupType']}")
            item["StartType"] = wanted
        if "Status" in p:
            services: Services = ctx.host.services
            status = str(p["Status"]).lower()
            if status not in {"running", "stopped"}:
                raise UnsupportedError(f"Set-Service -Status {p['Status']}")
            try:
                (services.start if status == "running" else services.stop)(item)
            except HostRefusal as refusal:
                ctx.write_error(refusal.message, refusal.error_id, refusal.category, item["Name"], exception=_EXCEPTION)
                continue
        if p.switch("PassThru"):
            yield service_object(ctx.host.services, item)


_STARTS: Final = ("Automatic", "Manual", "Disabled")
