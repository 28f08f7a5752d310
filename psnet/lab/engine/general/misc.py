"""Get-Date, New-TimeSpan, Get-Random, New-Guid, Get-Culture, Get-Host, Get-Process, Get-Service, Add-Type, secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import members
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.dotnet.objects import Guid, SecureString
from psnet.lab.dotnet.types.misc import culture as culture_object
from psnet.lab.dotnet.wildcard import has_wildcards
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.engine.general.filesystem import item_object
from psnet.lab.values import EnumValue, PSObject, TypeValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext

_CORE = "Microsoft.PowerShell.Core"


@cmdlet("New-TemporaryFile", "", should_process=True, function=True, module="Microsoft.PowerShell.Utility")
def new_temporary_file(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Make an empty file in the user's folder for temporary files."""
    _ = p
    if ctx.should_process(str(ctx.runspace.environment_get("TEMP")), "New-TemporaryFile"):
        path = net.to_string(members.static_call("System.IO.Path", "GetTempFileName", []))
        yield item_object(ctx, path, ctx.host.files.find(path))


@cmdlet("New-Guid")
def new_guid(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Make a GUID from the host's seeded generator."""
    if p.switch("Empty"):
        yield Guid("00000000-0000-0000-0000-000000000000")
        return
    if "InputObject" in p:
        yield net.convert(p["InputObject"], "System.Guid")
        return
    bits = ctx.host.random.getrandbits(128)
    bits = (bits & ~(0xF << 76)) | (0x4 << 76)
    bits = (bits & ~(0x3 << 62)) | (0x2 << 62)
    text = f"{bits:032x}"
    yield Guid(f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}")


@cmdlet("Get-Culture")
def get_culture(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the culture."""
    if len(p):
        raise net.unsupported("parameters of Get-Culture", ctx.processor.line)
    yield culture_object(ctx.host.culture)


@cmdlet("Get-UICulture")
def get_ui_culture(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the culture of the user interface."""
    yield culture_object(ctx.host.culture)


@cmdlet("Get-Host")
def get_host(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return $Host."""
    yield ctx.runspace.host_object()


@cmdlet("Clear-Host", cim=True, function=True)
def clear_host(ctx: CmdletContext, p: Parameters) -> None:
    """A host without a screen has nothing to clear."""


# -- processes and services -------------------------------------------------------------------------


def _object(entry: dict[str, Any], kind: str) -> PSObject:
    return PSObject.of(entry, kind, "System.ComponentModel.Component", "System.Object", kind="Property")


#: Processes that run on every Windows Server; the lab has none.
_PROCESSES = (
    *("Idle", "System", "Registry", "smss", "csrss", "wininit", "winlogon", "services", "lsass", "svchost", "dwm"),
    *("fontdrvhost", "LogonUI", "WmiPrvSE", "dllhost", "conhost", "powershell", "wsmprovhost", "MsMpEng", "taskhostw"),
)


@cmdlet("Get-Process")
def get_process(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the host's processes."""
    for refused in ("IncludeUserName", "Module", "FileVersionInfo", "ComputerName", "InputObject"):
        if refused in p:
            raise net.unsupported(f"Get-Process -{refused}", ctx.processor.line)
    table = list(ctx.host.processes)
    if "Id" in p:
        for item in p.list("Id") or []:
            hits = [entry for entry in table if entry.get("Id") == item]
            if not hits and item == ctx.processor.caller_scope.value("pid"):
                raise net.unsupported("the process of this session", ctx.processor.line)
            if not hits:
                message = f"Cannot find a process with the process identifier {item}."
                exception = make_exception("Microsoft.PowerShell.Commands.ProcessCommandException", message)
                ctx.write_error(exception, "NoProcessFoundForGivenId", "ObjectNotFound", item)
            yield from (_object(entry, "System.Diagnostics.Process") for entry in hits)
        return
    for item in p.list("Name") or ["*"]:
        text = net.to_string(item)
        hits = [entry for entry in table if net.is_like(str(entry.get("Name", "")), text)]
        other = next((name for name in _PROCESSES if net.is_like(name, text)), None)
        if other is not None and "Name" in p:
            raise net.unsupported(f"the process {other}", ctx.processor.line)
        if not hits and not has_wildcards(text):
            message = (
                f'Cannot find a process with the name "{text}". Verify the process name and call the cmdlet again.'
            )
            exception = make_exception("Microsoft.PowerShell.Commands.ProcessCommandException", message)
            ctx.write_error(exception, "NoProcessFoundForGivenName", "ObjectNotFound", text)
        yield from (_object(entry, "System.Diagnostics.Process") for entry in hits)


@cmdlet("Get-Service")
def get_service(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the host's services."""
    for refused in ("DependentServices", "RequiredServices", "ComputerName", "InputObject"):
        if refused in p:
            raise net.unsupported(f"Get-Service -{refused}", ctx.processor.line)
    field = "DisplayName" if "DisplayName" in p else "Name"
    for item in p.list(field) or ["*"]:
        text = net.to_string(item)
        hits = [entry for entry in ctx.host.services if net.is_like(str(entry.get(field, "")), text)]
        if not hits and not has_wildcards(text):
            message = f"Cannot find any service with service name '{text}'."
            exception = make_exception("Microsoft.PowerShell.Commands.ServiceCommandException", message)
            ctx.write_error(exception, "NoServiceFoundForGivenName", "ObjectNotFound", text)
        for entry in hits:
            shown = dict(entry)
            if isinstance(shown.get("Status"), str):
                states = [
                    "",
                    "Stopped",
                    "StartPending",
                    "StopPending",
                    "Running",
                    "ContinuePending",
                    "PausePending",
                    "Paused",
                ]
                word = shown["Status"]
                shown["Status"] = EnumValue("System.ServiceProcess.ServiceControllerStatus", word, states.index(word))
            made = _object(shown, "System.ServiceProcess.ServiceController")
            made.to_string = str(shown.get("Name"))
            yield made


# -- types, secrets, policies -----------------------------------------------------------------------


@cmdlet("Add-Type")
def add_type(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Add a type whose C# source the lab knows; load an assembly that is there anyway."""
    known = {
        "system.net",
        "system.net.http",
        "system.web",
        "system.io.compression.filesystem",
        "system.core",
        "system.security",
        "system",
    }
    if ctx.parameter_set == "FromAssemblyName":
        for item in p.list("AssemblyName") or []:
            if net.to_string(item).lower() not in known:
                raise net.unsupported(f"Add-Type -AssemblyName {net.to_string(item)}", ctx.processor.line)
            ctx.runspace.assemblies.add(net.to_string(item).lower())
        return
    if ctx.parameter_set == "FromPath":
        raise net.unsupported("Add-Type -Path", ctx.processor.line)
    if ctx.parameter_set == "FromMember":
        space = (
            net.to_string(p["Namespace"])
            if "Namespace" in p
            else "Microsoft.PowerShell.Commands.AddType.AutoGeneratedTypes"
        )
        full = f"{space}.{net.to_string(p['Name'])}" if space else net.to_string(p["Name"])
        source = "\n".join(net.to_string(line) for line in p.list("MemberDefinition") or [])
        name = ctx.runspace.add_type(source, full)
    else:
        name = ctx.runspace.add_type(net.to_string(p["TypeDefinition"]), None)
    if p.switch("PassThru"):
        yield TypeValue(name)


@cmdlet("ConvertTo-SecureString")
def convert_to_secure_string(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Make a secret of plain text."""
    if not p.switch("AsPlainText"):
        raise net.unsupported("ConvertTo-SecureString of encrypted text", ctx.processor.line)
    if not p.switch("Force") and ctx.runspace.language == "5.1":
        message = (
            "The system cannot protect plain text input. To suppress this warning and convert the plain text to a "
            "SecureString, reissue the command specifying the Force parameter. For more information ,type: get-help "
            "ConvertTo-SecureString."
        )
        exception = make_exception("System.ArgumentException", message)
        raise ctx.fail(exception, "ImportSecureString_ForceRequired", "InvalidArgument")
    yield SecureString(p["String"], read_only=True)


@cmdlet("Get-ExecutionPolicy")
def get_execution_policy(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return the policy of a server."""
    if p.switch("List"):
        raise net.unsupported("Get-ExecutionPolicy -List", ctx.processor.line)
    yield net.convert("RemoteSigned", "Microsoft.PowerShell.ExecutionPolicy")


@cmdlet("Set-ExecutionPolicy")
def set_execution_policy(ctx: CmdletContext, p: Parameters) -> None:
    """Accept a policy for this process; others would change the host."""
    if net.to_string(p.get("Scope")).lower() != "process":
        raise net.unsupported("Set-ExecutionPolicy outside the process", ctx.processor.line)


@cmdlet("Import-LocalizedData")
def import_localized_data(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Read the strings that belong to the calling script."""
    from psnet.lab.engine import pathname  # noqa: PLC0415 - one use
    from psnet.lab.engine.general.module_search import read_data_file  # noqa: PLC0415 - one use

    script = ctx.processor.caller.source.file
    if "BaseDirectory" not in p and script is None:
        message = "The FileName parameter was not specified. The FileName parameter is required when Import-LocalizedData is not called from a script file."
        raise ctx.fail(
            message,
            "ImportLocalizedData",
            "InvalidOperation",
            exception="System.Management.Automation.PSInvalidOperationException",
        )
    folder = net.to_string(p.get("BaseDirectory") or pathname.parent(script or ""))
    name = net.to_string(p.get("FileName") or pathname.leaf(script or "").rsplit(".", 1)[0])
    name = name if name.lower().endswith(".psd1") else f"{name}.psd1"
    wanted = net.to_string(p.get("UICulture") or ctx.host.culture)
    found = None
    for culture in (wanted, wanted.split("-")[0], ""):
        candidate = ctx.runspace.full_path(pathname.join(pathname.join(folder, culture) if culture else folder, name))
        if ctx.host.files.find(candidate) is not None:
            found = candidate
            break
    if found is None:
        message = f"Cannot find the Windows PowerShell data file '{name}' in directory '{pathname.join(folder, wanted)}\\', or in any parent culture directories."
        ctx.write_error(
            message,
            "ImportLocalizedData",
            "ObjectNotFound",
            pathname.join(pathname.join(folder, wanted), name),
            exception="System.Management.Automation.PSInvalidOperationException",
        )
        return
    table = read_data_file(ctx, found)
    variable = p.get("BindingVariable")
    if variable is not None:
        ctx.scope.set_local(net.to_string(variable), table)
    else:
        yield table
