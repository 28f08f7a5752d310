"""Invoke-WebRequest and Invoke-RestMethod: a lab has no network beyond its hosts, and what these serve is not known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from psnet.lab.dotnet.errors import UnsupportedError, make_exception
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.engine.records import ErrorRecord
from psnet.lab.host.listeners import all_listeners
from psnet.lab.host.reach import Packet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_ADDRESS: Final = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_OWN: Final = ("localhost", "127.0.0.1")
_PARAMETERS: Final = """
Uri string 0 mandatory
Method string
UseBasicParsing switch
Headers IDictionary
Body object value
ContentType string
OutFile string
TimeoutSec int
UserAgent string
UseDefaultCredentials switch
DisableKeepAlive switch
PassThru switch
"""


@cmdlet(
    "Invoke-WebRequest",
    _PARAMETERS,
    class_name="InvokeWebRequestCommand",
    module="Microsoft.PowerShell.Utility",
)
def invoke_web_request(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Fail as without a network; a server that would answer is refused."""
    _request(ctx, p)
    yield from ()


@cmdlet(
    "Invoke-RestMethod",
    _PARAMETERS,
    class_name="InvokeRestMethodCommand",
    module="Microsoft.PowerShell.Utility",
)
def invoke_rest_method(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Fail as without a network; a server that would answer is refused."""
    _request(ctx, p)
    yield from ()


def _request(ctx: CmdletContext, p: Parameters) -> None:
    given = net.to_string(p["Uri"])
    parts = urlsplit(given if "://" in given else f"http://{given}")
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise UnsupportedError(f"a request to {given}")
    if ctx.runspace.language != "5.1":
        raise UnsupportedError(f"{ctx.processor.command_name} of PowerShell 7")
    port = parts.port or (443 if parts.scheme.lower() == "https" else 80)
    # rule: web-requests
    if _answers(ctx, parts.hostname, port):
        raise UnsupportedError(f"what {parts.hostname}:{port} answers to a request")
    text = "Unable to connect to the remote server"
    if not _ADDRESS.fullmatch(parts.hostname) and parts.hostname not in _OWN:
        text = f"The remote name could not be resolved: '{parts.hostname}'"
    record = ErrorRecord(
        make_exception("System.Net.WebException", text), "WebCmdletWebResponseException", "InvalidOperation"
    )
    record.target_name, record.target_type = "System.Net.HttpWebRequest", "HttpWebRequest"
    raise ctx.fail(record)


def _answers(ctx: CmdletContext, name: str, port: int) -> bool:
    """Say whether something of the lab takes a connection there; a host by its name may be one."""
    host = ctx.host
    computer = str(host.environment.get("COMPUTERNAME", host.name)).lower()
    if name in _OWN or host.has_address(name) or name.lower() == computer:
        return any(item.protocol == "TCP" and item.port == port for item in all_listeners(host))
    if not _ADDRESS.fullmatch(name):
        if any(name.lower().split(".")[0] == peer.name.lower() for peer in host.peers):
            raise UnsupportedError(f"a request to {name} by its name")
        return False
    source = next((address for address in host.addresses() if not address.startswith("169.254.")), "")
    found = next((item for item in host.peers if item is not host and item.has_address(name)), None)
    return found is not None and found.receive(Packet(source, name, port)).delivered
