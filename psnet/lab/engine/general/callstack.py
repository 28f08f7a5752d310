"""Get-PSCallStack and Get-PSDrive."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.values import Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.engine.frame import Frame

_SMA = "System.Management.Automation"


@cmdlet("Get-PSCallStack", "", module="Microsoft.PowerShell.Utility")
def get_call_stack(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the running functions and scripts, the innermost first."""
    _ = p
    frame: Frame | None = ctx.processor.caller
    while frame is not None:
        if frame.processor is not None or frame.parent is not None:
            yield _entry(frame)
        frame = frame.parent


def _entry(frame: Frame) -> PSObject:
    file = frame.source.file or ""
    called = frame.processor.command_name if frame.processor is not None else ""
    leaf = file.replace("/", "\\").rpartition("\\")[2]
    shown = {
        "Command": called or leaf or "<ScriptBlock>",
        "Location": f"{leaf}: line {frame.line}" if leaf else "<No file>",
        "FunctionName": called if called and called != leaf else "<ScriptBlock>",
        "ScriptName": file or None,
        "ScriptLineNumber": frame.line,
    }
    return PSObject.of(shown, f"{_SMA}.CallStackFrame", "System.Object", kind="Property")


@cmdlet(
    "Get-PSDrive",
    """
    Name string[] 0 @Name:0:byname
    LiteralName string[] @LiteralName:mandatory:byname
    PSProvider string[] byname
    Scope string byname
    """,
    default_set="Name",
    module="Microsoft.PowerShell.Management",
)
def get_drive(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return drives by their names and providers; how full they are is not simulated."""
    if "Scope" in p:
        raise net.unsupported("Get-PSDrive -Scope", ctx.processor.line)
    drives = [(letter.rstrip(":"), "FileSystem", f"{letter}\\") for letter in ctx.host.files.drives]
    drives += [("Alias", "Alias", ""), ("Env", "Environment", ""), ("Function", "Function", "")]
    drives += [("Variable", "Variable", ""), ("Cert", "Certificate", "\\"), ("WSMan", "WSMan", "")]
    drives += [("HKCU", "Registry", "HKEY_CURRENT_USER"), ("HKLM", "Registry", "HKEY_LOCAL_MACHINE")]
    names = [net.to_string(each) for each in p.list("Name") or p.list("LiteralName") or []]
    providers = [net.to_string(each) for each in p.list("PSProvider") or ["*"]]
    for pattern in names or ["*"]:
        hits = [drive for drive in sorted(drives, key=lambda drive: drive[0].lower()) if net.is_like(drive[0], pattern)]
        if not hits and not any(mark in pattern for mark in "*?["):
            message = f"Cannot find drive. A drive with the name '{pattern}' does not exist."
            kind = f"{_SMA}.DriveNotFoundException"
            ctx.write_error(message, "GetLocationNoMatchingDrive", "ObjectNotFound", pattern, exception=kind)
        for name, provider, root in hits:
            if any(net.is_like(provider, wanted) for wanted in providers):
                yield _drive(ctx, name, provider, root)


def _drive(ctx: CmdletContext, name: str, provider: str, root: str) -> PSObject:
    about = PSObject.of({"Name": provider}, f"{_SMA}.ProviderInfo", "System.Object", kind="Property")
    about.to_string = f"Microsoft.PowerShell.Core\\{provider}"
    folder = ctx.runspace.folder
    here = provider == "FileSystem" and folder[:1].upper() == name.upper()
    shown = {
        "CurrentLocation": folder[3:] if here else "",
        "Name": name,
        "Provider": about,
        "Root": root,
        "Description": "",
        "DisplayRoot": None,
    }
    made = PSObject.of(shown, f"{_SMA}.PSDriveInfo", "System.Object", kind="Property")
    if provider == "FileSystem":
        for label in ("Used", "Free"):
            made.members[label.lower()] = Member(label, "ScriptProperty", getter=partial(_space, label))
    made.to_string = name
    return made


def _space(label: str, _: Any) -> Any:
    raise net.unsupported(f"how full a drive is ({label})")
