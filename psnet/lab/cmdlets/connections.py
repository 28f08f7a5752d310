"""What listens on a host, and whether a port of another one answers: parts of NetTCPIP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.objects import cim, enum, not_found, only
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.listeners import all_listeners
from psnet.lab.values import UInt16, UInt32

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.listeners import Listener

_STATE: Final = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetTCPConnection.State"
_STATES: Final = {"Listen": 2, "Established": 5}
_SYSTEM: Final = 4  # http.sys


def _chosen(ctx: CmdletContext, p: Parameters, protocol: str, kind: str) -> list[Listener]:
    wanted = [int(port) for port in p.list("LocalPort") or []]
    found = [
        item for item in all_listeners(ctx.host) if item.protocol == protocol and (not wanted or item.port in wanted)
    ]
    if not found and wanted:
        raise not_found(kind, "LocalPort", wanted[0])
    return found


@cmdlet("Get-NetTCPConnection")
def get_net_tcp_connection(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return listening TCP ports, and the connections of WinRM; the lab has no others."""
    only(p, "State", "LocalPort")
    states = [str(state).lower() for state in p.list("State") or ["listen"]]
    ports = [int(port) for port in p.list("LocalPort") or []]
    winrm = next(iter(ctx.host.winrm_listeners.values()))
    # rule: winrm-connection
    for address in ctx.host.session_addresses() if "established" in states and (not ports or winrm in ports) else ():
        yield cim(
            "MSFT_NetTCPConnection",
            {
                "LocalAddress": address,
                "LocalPort": UInt16(winrm),
                "RemoteAddress": "10.0.255.1",
                "RemotePort": UInt16(50000),
                "State": enum(_STATE, _STATES, "Established"),
                "OwningProcess": UInt32(_SYSTEM),
            },
        )
    for item in _chosen(ctx, p, "TCP", "MSFT_NetTCPConnection") if "listen" in states else ():
        yield cim(
            "MSFT_NetTCPConnection",
            {
                "LocalAddress": item.address,
                "LocalPort": UInt16(item.port),
                "RemoteAddress": "::" if ":" in item.address else "0.0.0.0",  # noqa: S104 - nobody yet
                "RemotePort": UInt16(0),
                "State": enum(_STATE, _STATES, "Listen"),
                "OwningProcess": UInt32(item.process),
            },
            item,
        )


@cmdlet("Get-NetUDPEndpoint")
def get_net_udp_endpoint(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return UDP ports that are open."""
    only(p, "LocalPort")
    for item in _chosen(ctx, p, "UDP", "MSFT_NetUDPEndpoint"):
        yield cim(
            "MSFT_NetUDPEndpoint",
            {"LocalAddress": item.address, "LocalPort": UInt16(item.port), "OwningProcess": UInt32(item.process)},
            item,
        )
