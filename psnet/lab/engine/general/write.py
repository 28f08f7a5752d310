"""Write-*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.records import ErrorRecord, InformationRecord, InvocationInfo, error_details
from psnet.lab.values import EnumValue, ExceptionObject

if TYPE_CHECKING:
    from psnet.lab.engine.cmdlet_context import CmdletContext

_COMMANDS = "Microsoft.PowerShell.Commands"


@cmdlet("Write-Output")
def write_output(ctx: CmdletContext, p: Parameters) -> None:
    """Write to the pipeline."""
    value = p["InputObject"]
    items = net.enumerate_collection(value)
    if ctx.processor.binder.values and _from_remaining(ctx, value):  # type: ignore[attr-defined]
        value = items[0] if items is not None and len(items) == 1 else value
        items = net.enumerate_collection(value)
    if p.switch("NoEnumerate") or items is None:
        ctx.write(value)
    else:
        for item in items:
            ctx.write(item)


def _from_remaining(ctx: CmdletContext, value: Any) -> bool:
    return type(net.unwrap(value)).__name__ == "GenericList" and not ctx.expecting_input


@cmdlet("Write-Host")
def write_host(ctx: CmdletContext, p: Parameters) -> None:
    """Write to the host through the information stream."""
    separator = net.to_string(p.get("Separator", " "))
    text = _host_text(p.get("Object"), separator)
    newline = not p.switch("NoNewline")
    data = _host_message(text, newline=newline)
    ctx.write_information(
        InformationRecord(data, text, ["PSHOST"], host=True, newline=newline, source=ctx.processor.source_name())
    )


def _host_message(text: str, *, newline: bool) -> Any:
    from psnet.lab.values import PSObject  # noqa: PLC0415 - one use

    shown = {"Message": text, "NoNewLine": not newline, "ForegroundColor": None, "BackgroundColor": None}
    made = PSObject.of(shown, "System.Management.Automation.HostInformationMessage", "System.Object", kind="Property")
    made.to_string = text
    return made


def _host_text(value: Any, separator: str) -> str:
    if value is None:
        return ""
    items = net.enumerate_collection(value)
    if items is None:
        return net.own_text(value)
    return separator.join(_host_text(item, separator) for item in items)


@cmdlet("Write-Warning")
def write_warning(ctx: CmdletContext, p: Parameters) -> None:
    """Write a warning."""
    ctx.write_warning(p["Message"])


@cmdlet("Write-Verbose")
def write_verbose(ctx: CmdletContext, p: Parameters) -> None:
    """Write a verbose message."""
    ctx.write_verbose(p["Message"])


@cmdlet("Write-Debug")
def write_debug(ctx: CmdletContext, p: Parameters) -> None:
    """Write a debug message."""
    ctx.write_debug(p["Message"])


@cmdlet("Write-Information")
def write_information(ctx: CmdletContext, p: Parameters) -> None:
    """Write to the information stream."""
    data = p["MessageData"]
    tags = [net.to_string(tag) for tag in p.list("Tags") or []]
    ctx.write_information(InformationRecord(data, net.to_string(data), tags, source=ctx.processor.source_name()))


@cmdlet("Write-Progress")
def write_progress(ctx: CmdletContext, p: Parameters) -> None:
    """Report progress."""
    fields: dict[str, Any] = {}
    for parameter, name in (
        ("Id", "ActivityId"),
        ("ParentId", "ParentActivityId"),
        ("PercentComplete", "PercentComplete"),
        ("SecondsRemaining", "SecondsRemaining"),
        ("CurrentOperation", "CurrentOperation"),
    ):
        if parameter in p:
            fields[name] = p[parameter]
    fields["Completed"] = p.switch("Completed")
    ctx.write_progress(p["Activity"], p.get("Status", "Processing"), **fields)


@cmdlet("Write-Error")
class WriteError(Cmdlet):
    """Report a non-terminating error in the name of the caller."""

    def process(self) -> None:
        """Write one error."""
        p, ctx = self.p, self.ctx
        record: ErrorRecord
        if "ErrorRecord" in p:
            given = p["ErrorRecord"]
            record = ErrorRecord(given.exception, given.error_id, given.category.name, given.target)
            record.invocation = given.invocation
        else:
            message = p.get("Message") or ""
            thrown: ExceptionObject = p.get("Exception") or _write_error_exception(message)
            error_id = p.get("ErrorId") or thrown.type_names[0]
            category = p.get("Category")
            name = category.name if isinstance(category, EnumValue) else "NotSpecified"
            record = ErrorRecord(thrown, error_id, name, p.get("TargetObject"))
            if "Exception" in p and message:
                record.set_details(message)
            if p.get("RecommendedAction"):
                record.set_details(error_details(record.text, p["RecommendedAction"]))
        for parameter, field in (
            ("CategoryActivity", "activity"),
            ("CategoryReason", "reason"),
            ("CategoryTargetName", "target_name"),
            ("CategoryTargetType", "target_type"),
        ):
            if parameter in p:
                setattr(record, field, p[parameter])
        if record.invocation is None:
            record.invocation = caller_invocation(ctx)
        ctx.write_error(record)


def _write_error_exception(message: str) -> ExceptionObject:
    return make_exception(f"{_COMMANDS}.WriteErrorException", message)


def caller_invocation(ctx: CmdletContext) -> InvocationInfo:
    """Return the invocation of what called Write-Error, where that was called."""
    caller = ctx.processor.caller
    return (ctx.processor if caller.processor is None else caller.processor).invocation.copied()
