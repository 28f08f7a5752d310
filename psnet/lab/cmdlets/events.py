"""Get-WinEvent and Get-EventLog: the lab keeps one log, that of HNS; the others are empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.objects import only
from psnet.lab.dotnet.errors import UnsupportedError, make_exception
from psnet.lab.dotnet.wildcard import has_wildcards
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.engine.records import ErrorRecord
from psnet.lab.host.hns.events import LOG
from psnet.lab.values import DateTime, Hashtable, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.hns.events import Event

_DIAGNOSTICS: Final = "Microsoft.PowerShell.Diagnostics"
_FILETIME: Final = 504_911_232_000_000_000  # ticks from 0001 to 1601
_LEVELS: Final = {1: "Critical", 2: "Error", 3: "Warning", 4: "Information", 5: "Verbose"}
#: Classic logs of every Windows Server, as Get-EventLog -List has them.
_CLASSIC: Final = (
    *("Application", "HardwareEvents", "Internet Explorer", "Key Management Service", "Security", "System"),
    "Windows PowerShell",
)
#: Channels that hosts of this job have; any other name below Microsoft-Windows- may be one, too.
_CHANNELS: Final = (
    *(*_CLASSIC, "Setup", "ForwardedEvents", LOG),
    *("Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-WinRM/Operational"),
    *("Microsoft-Windows-TaskScheduler/Operational", "Microsoft-Windows-Hyper-V-Compute-Admin"),
    *("Microsoft-Windows-Hyper-V-Compute-Operational", "Microsoft-Windows-DSC/Operational"),
    *(
        "Microsoft-Windows-Host-Network-Service-Operational",
        "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",
    ),
)


@cmdlet(
    "Get-WinEvent",
    """
    LogName string[] 0 @GetLogSet byname
    ProviderName string[] @GetProviderSet:mandatory byname
    FilterHashtable Hashtable[] 0 @HashQuerySet:mandatory value
    MaxEvents long
    Oldest switch
    """,
    class_name="GetWinEventCommand",
    module=_DIAGNOSTICS,
    default_set="GetLogSet",
)
def get_win_event(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the events of HNS that fit, the newest first; where none fits, the error that Windows gives."""
    only(p, "LogName", "FilterHashtable", "MaxEvents", "Oldest")
    tables = [net.unwrap(table) for table in p.list("FilterHashtable") or []]
    names = [str(name) for name in p.list("LogName") or []]
    if not tables and not names:
        raise UnsupportedError("Get-WinEvent without a log")
    chosen: list[Event] = []
    for name, table in [(name, None) for name in names] + [(_log_of(table), table) for table in tables]:
        if not _exists(ctx, name):
            continue
        if name.lower() == LOG.lower():
            chosen += [event for event in ctx.host.hns.events if table is None or _fits(event, table)]
        elif has_wildcards(name):
            raise UnsupportedError(f"the event logs {name}")
    if "MaxEvents" in p and int(p["MaxEvents"]) <= 0:
        raise UnsupportedError("Get-WinEvent -MaxEvents below 1")
    ordered = chosen if p.switch("Oldest") else chosen[::-1]
    if not ordered:
        if names and not any(name.lower() in {each.lower() for each in _CHANNELS} for name in names):
            return
        text = "No events were found that match the specified selection criteria."
        record = ErrorRecord(make_exception("System.Exception", text), "NoMatchingEventsFound", "ObjectNotFound")
        ctx.write_error(record)
    for event in ordered[: int(p["MaxEvents"])] if "MaxEvents" in p else ordered:
        yield _shown(event)


def _log_of(table: Hashtable) -> str:
    name = table.get("LogName")
    if name is None or len(net.enumerate_collection(name) or [name]) != 1:
        raise UnsupportedError("Get-WinEvent -FilterHashtable without one LogName")
    return net.to_string(name)


def _exists(ctx: CmdletContext, name: str) -> bool:
    """Say whether there is a log; one that is not there is reported, one that may be there refused."""
    if name.lower() in {known.lower() for known in _CHANNELS} or has_wildcards(name):
        return True
    if "-" in name or "/" in name:
        raise UnsupportedError(f"the event log {name}")
    text = f'There is not an event log on the localhost computer that matches "{name}".'
    ctx.write_error(
        ErrorRecord(make_exception("System.Exception", text), "NoMatchingLogsFound", "ObjectNotFound", name)
    )
    return False


def _fits(event: Event, table: Hashtable) -> bool:
    for key, value in table.items():
        word = net.to_string(key).lower()
        wanted = [net.unwrap(item) for item in net.enumerate_collection(value) or [value]]
        if word == "id":
            fits = event.id in [int(item) for item in wanted]
        elif word == "level":
            fits = event.level in [_LEVELS.get(int(item)) for item in wanted]
        elif word in {"starttime", "endtime"}:
            moment = net.convert(wanted[0], "System.DateTime").ticks
            at = event.time + _FILETIME
            fits = at >= moment if word == "starttime" else at <= moment
        elif word == "providername":
            fits = any(net.is_like(_PROVIDER, net.to_string(item)) for item in wanted)
        elif word == "logname":
            continue
        else:
            raise UnsupportedError(f"{net.to_string(key)} in -FilterHashtable")
        if not fits:
            return False
    return True


_PROVIDER: Final = "Microsoft-Windows-Host-Network-Service"


def _shown(event: Event) -> PSObject:
    return PSObject.of(
        {
            "Id": event.id,
            "LevelDisplayName": event.level,
            "Level": next(number for number, word in _LEVELS.items() if word == event.level),
            "Message": event.message,
            "LogName": LOG,
            "ProviderName": _PROVIDER,
            "TimeCreated": DateTime(event.time + _FILETIME, 2),
        },
        "System.Diagnostics.Eventing.Reader.EventLogRecord",
        "System.Object",
        kind="Property",
    )


@cmdlet(
    "Get-EventLog",
    """
    LogName string 0 @LogName:0:mandatory alias=LN
    InstanceId long[] 1 @LogName
    Newest int @LogName
    EntryType string[] @LogName
    Source string[] @LogName alias=ABO
    Message string @LogName alias=MSG
    After datetime @LogName
    Before datetime @LogName
    Index int[] @LogName
    UserName string[] @LogName
    AsBaseObject switch @LogName
    ComputerName string[] alias=Cn
    List switch @List
    AsString switch @List
    """,
    class_name="GetEventLogCommand",
    module="Microsoft.PowerShell.Management",
    default_set="LogName",
)
def get_event_log(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Report that a log has no entry, or that there is no such log."""
    if p.switch("List") or "ComputerName" in p:
        raise UnsupportedError("Get-EventLog -List" if p.switch("List") else "Get-EventLog -ComputerName")
    name = str(p["LogName"])
    known = next((log for log in _CLASSIC if log.lower() == name.lower()), None)
    if known is None and has_wildcards(name):
        raise UnsupportedError(f"the event logs {name}")
    if known is None:
        text = f"The event log '{name}' on computer '.' does not exist."
        kind = "System.InvalidOperationException"
        ctx.write_error(ErrorRecord(make_exception(kind, text), kind, "NotSpecified"))
        return
    kind = "System.ArgumentException"
    ctx.write_error(
        ErrorRecord(make_exception(kind, "No matches found"), "GetEventLogNoEntriesFound", "ObjectNotFound")
    )
    yield from ()
