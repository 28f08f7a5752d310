"""Test-NetConnection: what answers of the lab's hosts, and of the host itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.objects import only
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.listeners import all_listeners
from psnet.lab.host.reach import Packet
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_COMMON: Final = {"HTTP": 80, "RDP": 3389, "SMB": 445, "WINRM": 5985}
_ADDRESS: Final = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_SHOWN: Final = "ComputerName RemoteAddress RemotePort InterfaceAlias SourceAddress"


@cmdlet("Test-NetConnection")
def test_net_connection(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Say whether a TCP port answers: of another host of the lab, of a container on it, or of the host itself.

    Whether something answers a ping is known only of addresses that nothing in the lab has.
    """
    only(p, "ComputerName", "Port", "InformationLevel", "CommonTCPPort")
    quiet = str(p.get("InformationLevel")).lower() == "quiet"
    if str(p.get("InformationLevel")).lower() == "detailed":
        raise UnsupportedError("Test-NetConnection -InformationLevel Detailed")
    name = str(p.get("ComputerName") or "internetbeacon.msedge.net")
    common = p.get("CommonTCPPort")
    port = int(p["Port"]) if "Port" in p else _COMMON.get(str(common).upper()) if common is not None else None
    host = ctx.host
    if port is None:
        if _ADDRESS.fullmatch(name) or "." in name or name.lower() in _LOOPBACK:
            raise UnsupportedError("Test-NetConnection without a port, which sends pings")
        yield from _unresolved(ctx, name, quiet=quiet)
        return
    own = name.lower() in {*_LOOPBACK, str(host.environment.get("COMPUTERNAME", host.name)).lower()}
    if own or host.has_address(name):
        if not quiet:
            raise UnsupportedError("Test-NetConnection to the host itself without -InformationLevel Quiet")
        answers = _listens(ctx, port)
        if not answers:
            raise UnsupportedError("Test-NetConnection to a closed port of the host itself")
        yield True
        return
    if not _ADDRESS.fullmatch(name):
        yield from _unresolved(ctx, name, quiet=quiet)
        return
    source = next((address for address in host.addresses() if not address.startswith("169.254.")), "")
    found = next((item for item in host.peers if item is not host and item.has_address(name)), None)
    # rule: test-net-connection
    answers = found is not None and found.receive(Packet(source, name, port)).delivered
    if not answers:
        ctx.write_warning(f"TCP connect to ({name} : {port}) failed")
    if quiet:
        yield answers
        return
    alias = next((item.name for item in host.links.adapters if any(str(a.ip) == source for a in item.addresses)), "")
    shown: dict[str, Any] = dict(zip(_SHOWN.split(), (name, name, port, alias, source), strict=True))
    if not answers:
        if found is not None:
            raise UnsupportedError("Test-NetConnection to a closed port of a host of the lab, which it pings then")
        # rule: test-net-connection
        ctx.write_warning(f"Ping to {name} failed with status: TimedOut")
        shown |= {"PingSucceeded": False, "PingReplyDetails": None}
    yield _result({**shown, "TcpTestSucceeded": answers})


def _unresolved(ctx: CmdletContext, name: str, *, quiet: bool) -> Iterator[Any]:
    """Say that nobody in the lab has a name; what a DNS server or a host of the lab answers to one is not simulated."""
    names = {str(item.environment.get("COMPUTERNAME", item.name)).lower() for item in ctx.host.peers}
    if "." in name or ":" in name or name.lower() in names:
        raise UnsupportedError("Test-NetConnection to a host by its name")
    # rule: test-net-connection
    ctx.write_warning(f"Name resolution of {name} failed")
    if quiet:
        yield False
        return
    shown: dict[str, Any] = dict.fromkeys(("RemoteAddress", "InterfaceAlias", "SourceAddress"))
    yield _result({"ComputerName": name, **shown, "PingSucceeded": False, "TcpTestSucceeded": False})


def _listens(ctx: CmdletContext, port: int) -> bool:
    return any(item.protocol == "TCP" and item.port == port for item in all_listeners(ctx.host))


def _result(shown: dict[str, Any]) -> PSObject:
    return PSObject.of(shown, "TestNetConnectionResult", "System.Object", kind="Property")
