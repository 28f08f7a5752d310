"""Cmdlets of PowerShell itself that psnet's own scripts use; the engine's general ones win over these.

Each takes only the parameters named here; every other one is refused by the binder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.contract.files import FileError
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.json import JsonError, from_json, to_json
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.engine.textfile import codec
from psnet.lab.values import EnumValue, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_MANAGEMENT = "Microsoft.PowerShell.Management"


@cmdlet(
    "ConvertTo-Json",
    "InputObject object 0 mandatory value null\nDepth int range=1..100\nCompress switch",
)
def convert_to_json(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Turn one object into JSON; several from a pipeline are refused."""
    if ctx.expecting_input:
        raise UnsupportedError("ConvertTo-Json with pipeline input (use -InputObject)")
    yield to_json(
        p["InputObject"], int(p.get("Depth", 2)), compress=p.switch("Compress"), language=ctx.runspace.language
    )


@cmdlet("ConvertFrom-Json", "InputObject string 0 mandatory value emptystring")
def convert_from_json(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Read JSON."""
    try:
        yield from_json(str(p["InputObject"]), language=ctx.runspace.language)
    except JsonError as error:
        raise ctx.fail(
            f"Invalid JSON primitive: {error}.",
            "System.ArgumentException",
            "NotSpecified",
            exception="System.ArgumentException",
        ) from None


@cmdlet(
    "Get-Command",
    "Name string[] 0 mandatory",
    class_name="GetCommandCommand",
    module="Microsoft.PowerShell.Core",
)
def get_command(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return commands by their exact names."""
    for name in map(str, p.list("Name") or []):
        if "*" in name or "?" in name:
            raise UnsupportedError("Get-Command with wildcards")
        found = ctx.runspace.lookup_command(name, ctx.scope)
        if found is None:
            ctx.write_error(
                f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable "
                "program. Check the spelling of the name, or if a path was included, verify that the path is correct "
                "and try again.",
                "CommandNotFoundException",
                "ObjectNotFound",
                name,
                exception="System.Management.Automation.CommandNotFoundException",
            )
            continue
        yield found


@cmdlet("Get-Service", "Name string[] 0 byname", class_name="GetServiceCommand", module=_MANAGEMENT)
def get_service(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return services."""
    for name in map(str, p.list("Name") or ["*"]):
        found = [item for item in ctx.host.services if like(str(item["Name"]), name)]
        if not found and "*" not in name:
            ctx.write_error(
                f"Cannot find any service with service name '{name}'.",
                "NoServiceFoundForGivenName",
                "ObjectNotFound",
                name,
                exception="Microsoft.PowerShell.Commands.ServiceCommandException",
            )
        for item in found:
            status = EnumValue("System.ServiceProcess.ServiceControllerStatus", str(item["Status"]), 4)
            yield PSObject.of(
                {
                    "Name": item["Name"],
                    "ServiceName": item["Name"],
                    "DisplayName": item["DisplayName"],
                    "Status": status,
                },
                "System.ServiceProcess.ServiceController",
                "System.ComponentModel.Component",
                "System.Object",
                kind="Property",
            )


@cmdlet("Get-Culture", "", class_name="GetCultureCommand")
def get_culture(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the host's culture, with its name."""
    _ = p
    name = ctx.host.culture
    yield PSObject.of({"Name": name}, "System.Globalization.CultureInfo", "System.Object", kind="Property")


@cmdlet("Join-Path", "Path string 0 mandatory\nChildPath string 1 mandatory emptystring", module=_MANAGEMENT)
def join_path(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Join two parts of a path."""
    _ = ctx
    yield str(p["Path"]).rstrip("\\/") + "\\" + str(p["ChildPath"]).lstrip("\\/")


@cmdlet("Test-Path", "LiteralPath string mandatory\nPathType string values=Any,Container,Leaf", module=_MANAGEMENT)
def test_path(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Say whether a file or a folder is there."""
    entry = ctx.host.files.find(ctx.runspace.full_path(str(p["LiteralPath"])))
    wanted = str(p.get("PathType", "Any")).lower()
    yield entry is not None and (wanted == "any" or entry.is_folder == (wanted == "container"))


@cmdlet(
    "Get-Content",
    "LiteralPath string mandatory\nRaw switch\nEncoding object",
    class_name="GetContentCommand",
    module=_MANAGEMENT,
)
def get_content(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Read a whole file (-Raw)."""
    if not p.switch("Raw"):
        raise UnsupportedError("Get-Content without -Raw")
    path = ctx.runspace.full_path(str(p["LiteralPath"]))
    if ctx.host.files.find(path) is None:
        raise _missing(ctx, path)
    name, mark = codec(ctx.runspace, p.get("Encoding"), "default")
    yield ctx.host.files.read(path).removeprefix(mark).decode(name, "replace")


@cmdlet(
    "Set-Content",
    "LiteralPath string mandatory\nValue object[] mandatory\nEncoding object",
    class_name="SetContentCommand",
    module=_MANAGEMENT,
    should_process=True,
)
def set_content(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Write a file."""
    path = ctx.runspace.full_path(str(p["LiteralPath"]))
    if ctx.should_process(f"Path: {path}", "Set Content"):
        name, mark = codec(ctx.runspace, p.get("Encoding"), "default")
        text = "".join(to_string(item) + "\r\n" for item in p.list("Value") or [])
        try:
            ctx.host.files.write(path, mark + text.encode(name, "replace"))
        except FileError:
            raise _missing(ctx, path) from None
    yield from ()


@cmdlet(
    "New-Item",
    "Path string 0 mandatory\nItemType string values=Directory mandatory",
    class_name="NewItemCommand",
    module=_MANAGEMENT,
    should_process=True,
)
def new_item(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Make a folder; one that exists is an error."""
    path = ctx.runspace.full_path(str(p["Path"]))
    if ctx.host.files.find(path) is not None:
        raise ctx.fail(
            f"An item with the specified name {path} already exists.",
            "DirectoryExist",
            "ResourceExists",
            path,
            exception="System.IO.IOException",
        )
    if ctx.should_process(f"Destination: {path}", "Create Directory"):
        ctx.host.files.make_folders(path)
        yield PSObject.of({"FullName": path}, "System.IO.DirectoryInfo", "System.Object", kind="Property")


@cmdlet(
    "Move-Item",
    "LiteralPath string mandatory\nDestination string mandatory\nForce switch",
    class_name="MoveItemCommand",
    module=_MANAGEMENT,
    should_process=True,
)
def move_item(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Move a file; an existing one is replaced with -Force only."""
    source = ctx.runspace.full_path(str(p["LiteralPath"]))
    target = ctx.runspace.full_path(str(p["Destination"]))
    entry, there = ctx.host.files.find(source), ctx.host.files.find(target)
    if entry is None:
        raise _missing(ctx, source)
    if entry.is_folder or (there is not None and there.is_folder):
        raise UnsupportedError("Move-Item of a folder")
    if there is not None and not p.switch("Force"):
        raise ctx.fail(
            "Cannot create a file when that file already exists.",
            "MoveFileInfoItemIOError",
            "WriteError",
            source,
            exception="System.IO.IOException",
        )
    if ctx.should_process(f"Item: {source} Destination: {target}", "Move File"):
        ctx.host.files.write(target, ctx.host.files.read(source))
        ctx.host.files.remove(source)
    yield from ()


@cmdlet(
    "Add-Type",
    "MemberDefinition string 1 mandatory\nNamespace string\nName string 0 mandatory",
    class_name="AddTypeCommand",
)
def add_type(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Add the type that a known P/Invoke declaration makes."""
    full = f"{p.get('Namespace') or 'Microsoft.PowerShell.Commands.AddType.AutoGeneratedTypes'}.{p['Name']}"
    ctx.runspace.add_type(str(p["MemberDefinition"]), full)
    yield from ()


def _missing(ctx: CmdletContext, path: str) -> Any:
    return ctx.fail(
        f"Cannot find path '{path}' because it does not exist.",
        "PathNotFound",
        "ObjectNotFound",
        path,
        exception="System.Management.Automation.ItemNotFoundException",
    )
