"""Get-WinEvent, for the one log that the lab keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.objects import only
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.hns.events import LOG
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext


@cmdlet(
    "Get-WinEvent",
    "LogName string[] 0 mandatory\nMaxEvents long",
    class_name="GetWinEventCommand",
    module="Microsoft.PowerShell.Diagnostics",
)
def get_win_event(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the events of HNS, the newest first."""
    only(p, "LogName", "MaxEvents")
    names = [str(name).lower() for name in p.list("LogName") or []]
    if names != [LOG.lower()]:
        raise UnsupportedError(f"the event log {', '.join(names)}")
    most = p.get("MaxEvents")
    found = list(reversed(ctx.host.hns.events))
    for event in found if most is None else found[: int(most)]:
        yield PSObject.of(
            {
                "Id": event.id,
                "LevelDisplayName": event.level,
                "Message": event.message,
                "LogName": LOG,
                "ProviderName": "Microsoft-Windows-Host-Network-Service",
            },
            "System.Diagnostics.Eventing.Reader.EventLogRecord",
            "System.Object",
            kind="Property",
        )
