"""Start-Transcript and Stop-Transcript, for a script that runs as a file on a console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.engine import net, pathname
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.engine.output import Console
from psnet.lab.engine.records import ErrorRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext

_HOST: Final = "Microsoft.PowerShell.Host"
_LINE: Final = "*" * 22


@cmdlet(
    "Start-Transcript",
    """
    Path string 0 @ByPath
    LiteralPath string @ByLiteralPath:mandatory alias=PSPath
    OutputDirectory string @ByOutputDirectory:mandatory
    Append switch
    Force switch
    NoClobber switch alias=NoOverwrite
    IncludeInvocationHeader switch
    """,
    class_name="Microsoft.PowerShell.Commands.StartTranscriptCommand",
    module=_HOST,
    default_set="ByPath",
    should_process=True,
)
def start_transcript(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Begin to keep what the console shows."""
    console = ctx.runspace.sink
    if "OutputDirectory" in p or p.switch("IncludeInvocationHeader") or not isinstance(console, Console):
        raise net.unsupported("this use of Start-Transcript", ctx.processor.line)
    if console.transcript is not None:
        raise net.unsupported("a second Start-Transcript", ctx.processor.line)
    given = p.get("LiteralPath") or p.get("Path")
    if given is None:
        raise net.unsupported("Start-Transcript without -Path", ctx.processor.line)
    full = ctx.runspace.full_path(net.to_string(given))
    files = ctx.host.files
    if p.switch("NoClobber") and not p.switch("Append") and files.find(full) is not None:
        message = f"Transcript file '{full}' already exists and the NoClobber parameter was specified."
        raise net.unsupported(message, ctx.processor.line)
    if not ctx.should_process(full, "Start-Transcript"):
        return
    files.make_folders(pathname.parent(full))
    old = files.find(full)
    before = old.data if old is not None and p.switch("Append") else b""
    files.write(full, before + _encoded(_head(ctx), first=not before))
    console.transcribe(full)
    yield f"Transcript started, output file is {full}"


@cmdlet("Stop-Transcript", "", class_name="Microsoft.PowerShell.Commands.StopTranscriptCommand", module=_HOST)
def stop_transcript(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Write what was kept, and end."""
    _ = p
    console = ctx.runspace.sink
    if not isinstance(console, Console) or console.transcript is None:
        message = "An error occurred stopping transcription: The host is not currently transcribing."
        kind = "System.Management.Automation.PSInvalidOperationException"
        raise ctx.fail(ErrorRecord(make_exception(kind, message), "InvalidOperation", "InvalidOperation"))
    full = console.transcript_path
    files = ctx.host.files
    tail = [_LINE, "Windows PowerShell transcript end", f"End time: {_now(ctx)}", _LINE, ""]
    files.write(full, files.read(full) + _encoded(console.transcribed() + "\n".join(tail), first=False))
    yield f"Transcript stopped, output file is {full}"


def _encoded(text: str, *, first: bool) -> bytes:
    return (b"\xef\xbb\xbf" if first else b"") + text.replace("\n", "\r\n").encode()


def _now(ctx: CmdletContext) -> str:
    return ctx.host.files.now().strftime("%Y%m%d%H%M%S")  # type: ignore[no-any-return]


def _head(ctx: CmdletContext) -> str:
    host = ctx.host
    machine = str(host.environment.get("COMPUTERNAME", host.name))
    version = f"5.1.{host.version.split('.')[2]}"
    user = f"{machine}\\{host.environment.get('USERNAME', 'Administrator')}"
    lines = [
        *(_LINE, "Windows PowerShell transcript start", f"Start time: {_now(ctx)}", f"Username: {user}"),
        *(f"RunAs User: {user}", "Configuration Name: ", f"Machine: {machine} (Microsoft Windows NT {host.version}.0)"),
        *("Host Application: powershell.exe", "Process ID: 4242", f"PSVersion: {version}", "PSEdition: Desktop"),
        *(f"PSCompatibleVersions: 1.0, 2.0, 3.0, 4.0, 5.0, {version}", f"BuildVersion: {host.version}"),
        *("CLRVersion: 4.0.30319.42000", "WSManStackVersion: 3.0", "PSRemotingProtocolVersion: 2.3"),
        *("SerializationVersion: 1.1.0.1", _LINE, ""),
    ]
    return "\n".join(lines)
