"""$PSCmdlet and $PSBoundParameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.objects import Dictionary
from psnet.lab.values import LazyObject, Member

from . import net
from .confirm import confirms
from .flow import ScriptError
from .records import ErrorRecord, InformationRecord, property_member

if TYPE_CHECKING:
    from .cmdlet import Parameters
    from .processor import CommandProcessor


class BoundParameters(Dictionary):
    """PSBoundParametersDictionary."""

    __slots__ = ()

    def __init__(self, values: Parameters) -> None:
        super().__init__(values.items(), case_sensitive=False, key_type="System.String", value_type="System.Object")

    @property
    def type_name(self) -> str:  # type: ignore[override]
        """Its own type's name."""
        return "System.Management.Automation.PSBoundParametersDictionary"


def _record(arguments: list[Any]) -> ErrorRecord:
    record = arguments[0] if arguments else None
    if not isinstance(record, ErrorRecord):
        raise net.unsupported("an error that is no ErrorRecord")
    return record


class PSCmdlet(LazyObject):
    """System.Management.Automation.PSScriptCmdlet of a running advanced function."""

    __slots__ = ("processor",)

    def __init__(self, processor: CommandProcessor) -> None:
        self.processor = processor
        super().__init__(
            (
                "System.Management.Automation.PSScriptCmdlet",
                "System.Management.Automation.PSCmdlet",
                "System.Management.Automation.Cmdlet",
                "System.Object",
            ),
            to_string="System.Management.Automation.PSScriptCmdlet",
        )

    def native_members(self) -> list[Member]:
        """Return its methods and properties."""
        processor = self.processor

        def write_error(_: Any, arguments: list[Any]) -> None:
            processor.write_error(_record(arguments))

        def throw_error(_: Any, arguments: list[Any]) -> None:
            record = processor.stamped(_record(arguments))
            raise ScriptError(record)

        def should_process(_: Any, arguments: list[Any]) -> bool:
            texts = [net.to_string(argument) for argument in arguments[:3]]
            if len(arguments) > 3:
                raise net.unsupported("ShouldProcess with a reason", processor.line)
            if len(texts) == 3:
                return confirms(processor, "", None, texts[0])
            return confirms(processor, texts[0] if texts else "", texts[1] if len(texts) > 1 else None)

        def text_writer(write: Any) -> Any:
            return lambda _, arguments: write(net.to_string(arguments[0]))

        def write_object(_: Any, arguments: list[Any]) -> None:
            if len(arguments) > 1 and net.to_bool(arguments[1]):
                processor.write_enumerated(arguments[0])
            else:
                processor.write(arguments[0])

        def write_information(_: Any, arguments: list[Any]) -> None:
            data = arguments[0]
            processor.write_information(InformationRecord(data, net.to_string(data), []))

        def get_variable(_: Any, arguments: list[Any]) -> Any:
            found = processor.caller_scope.value(net.to_string(arguments[0]).lower())
            return arguments[1] if found is None and len(arguments) > 1 else found

        def unresolved(_: Any, arguments: list[Any]) -> str:
            return processor.runspace.full_path(net.to_string(arguments[0]))

        def not_supported(name: str) -> Any:
            def refuse(_: Any, __: list[Any]) -> None:
                raise net.unsupported(f"$PSCmdlet.{name}", processor.line)

            return refuse

        methods = {
            "WriteError": write_error,
            "ThrowTerminatingError": throw_error,
            "ShouldProcess": should_process,
            "ShouldContinue": not_supported("ShouldContinue"),
            "WriteVerbose": text_writer(processor.write_verbose),
            "WriteWarning": text_writer(processor.write_warning),
            "WriteDebug": text_writer(processor.write_debug),
            "WriteObject": write_object,
            "WriteInformation": write_information,
            "GetVariableValue": get_variable,
            "GetUnresolvedProviderPathFromPSPath": unresolved,
            "GetResolvedProviderPathFromPSPath": not_supported("GetResolvedProviderPathFromPSPath"),
        }
        return [
            property_member("ParameterSetName", lambda _: processor.parameter_set),
            property_member("MyInvocation", lambda _: processor.invocation),
            property_member("CommandRuntime", lambda _: None),
            property_member("Stopping", lambda _: processor.runspace.stopping),
            property_member("SessionState", lambda _: processor.runspace.session_state_object(processor)),
            property_member("Host", lambda _: processor.runspace.host_object()),
            property_member("InvokeCommand", lambda _: None),
            *(Member(name, "Method", method) for name, method in methods.items()),
        ]
