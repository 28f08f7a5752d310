"""Command processors: one command in a pipeline, its binding, its streams and its preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.values import AUTOMATION_NULL, ArrayList

from . import net
from .arguments import MISSING, Argument
from .cmdlet import Parameters
from .flow import ScriptError
from .records import ErrorRecord, InformationalRecord, InformationRecord, InvocationInfo, ProgressRecord
from .streams import ignore

if TYPE_CHECKING:
    from collections.abc import Callable

    from .commands import CommandInfo
    from .extent import Extent
    from .frame import Frame
    from .scope import Scope

NOTHING: Final = object()
_STREAM_ACTIONS: Final = {"silentlycontinue", "ignore"}


class CommandProcessor:
    """Base of the processors for script and Python commands.

    ``out`` takes what goes down the pipeline; ``failed`` tells the pipeline that $? becomes false.
    """

    def __init__(self, command: CommandInfo, caller: Frame, extent: Extent | None, name: str) -> None:
        self.command = command
        self.caller = caller
        self.runspace = caller.runspace
        self.caller_scope: Scope = caller.scope
        self.invocation = InvocationInfo(command, extent, name)
        self.streams = caller.streams
        self.out: Callable[[Any], None] = ignore
        self.expecting_input = False
        self.failed = False
        self.bound = Parameters()
        self.begun = False
        self.pipeline_variable: str | None = None
        self._out_lists: list[list[Any]] = []
        self._own_lists: list[tuple[str, list[Any]]] = []

    # -- life -------------------------------------------------------------------------------------

    def prepare(self, arguments: list[Argument]) -> None:
        """Bind the command line."""

    def begin(self) -> None:
        """Run what comes before the first record."""

    def process(self, value: Any) -> None:
        """Take one record; ``NOTHING`` when the pipeline has no input."""

    def end(self) -> None:
        """Run what comes after the last record."""

    def close(self) -> None:
        """Release what is held, however the pipeline ended."""

    @property
    def owns_scope(self) -> bool:
        """Whether its code runs in a scope of its own."""
        return False

    @property
    def command_name(self) -> str:
        """The name by which messages know it."""
        return self.command.name

    def source_name(self) -> str:
        """Return what an information record names as its source: the running script, else the command."""
        return self.caller.source.file or self.command_name

    @property
    def parameter_set(self) -> str:
        """Name of the parameter set in use."""
        return "__AllParameterSets"

    # -- output -----------------------------------------------------------------------------------

    def write(self, value: Any) -> None:
        """Write one object."""
        if value is AUTOMATION_NULL:
            return
        for kept in self._out_lists:
            kept.append(value)
        if self.pipeline_variable is not None:
            self.caller_scope.set_local(self.pipeline_variable, value)
        self.out(value)

    def write_enumerated(self, value: Any) -> None:
        """Write an object, a collection's elements one by one."""
        items = net.enumerate_output(value)
        if items is None:
            self.write(value)
        else:
            for item in items:
                self.write(item)

    # -- errors -----------------------------------------------------------------------------------

    def stamped(self, record: ErrorRecord) -> ErrorRecord:
        """Put the invocation into a record that has none."""
        if record.invocation is None:
            record.invocation = self.invocation.copied()
        if not record.activity:
            record.activity = self.command_name
        if not record.stack:
            record.stack = self.caller.stack_trace()
        return record

    def write_error(self, record: ErrorRecord) -> None:
        """Report a non-terminating error as the command's error action wants it."""
        self.stamped(record)
        action = str(self.preference("ErrorAction", "ErrorActionPreference"))
        if action == "ignore":
            self.failed = True
            return
        if action in {"inquire", "suspend"}:
            raise net.unsupported(f"an error action of {action}", self.line)
        self.runspace.remember(record)
        self.keep_error(record)
        if action == "stop":
            stop = ScriptError(record, stopping=True)
            stop.reported = stop.kept = True
            raise stop
        self.failed = True
        if action != "silentlycontinue":
            self.streams.error(record)

    def keep_error(self, record: ErrorRecord) -> None:
        """Put a record into the -ErrorVariable lists."""
        for kept in self.streams.error_lists:
            kept.append(record)

    def keep_terminating(self, error: ScriptError) -> None:
        """Put the error that ends the command into the -ErrorVariable lists, where the first command has it that fails."""
        if not error.kept:
            error.kept = True
            self.keep_error(error.record)

    @property
    def line(self) -> int:
        """The line on which the command was called."""
        return self.invocation.extent.line if self.invocation.extent else 0

    # -- other streams ----------------------------------------------------------------------------

    def write_warning(self, text: str) -> None:
        """Write a warning."""
        record = InformationalRecord("Warning", text, self.invocation)
        action = str(self.preference("WarningAction", "WarningPreference"))
        for kept in self.streams.warning_lists:
            if action != "ignore":
                kept.append(record)
        if action not in _STREAM_ACTIONS:
            self.streams.warning(record)
        if action == "stop":
            raise self._stopped("Warning", "WarningPreference", text)

    def write_verbose(self, text: str) -> None:
        """Write a verbose message."""
        self._optional("Verbose", "VerbosePreference", text)

    def write_debug(self, text: str) -> None:
        """Write a debug message."""
        self._optional("Debug", "DebugPreference", text)

    def _optional(self, kind: str, variable: str, text: str) -> None:
        action = self.preference(kind, variable)
        if action in {*_STREAM_ACTIONS, False}:
            return
        record = InformationalRecord(kind, text, self.invocation)
        (self.streams.verbose if kind == "Verbose" else self.streams.debug)(record)
        if action == "stop":
            raise self._stopped(kind, variable, text)
        if action == "inquire" and not self.bound.switch(kind):
            raise net.unsupported(f"{variable} of Inquire", self.line)

    def write_information(self, record: InformationRecord) -> None:
        """Write to the information stream; host messages are shown, others when the preference says so."""
        action = str(self.preference("InformationAction", "InformationPreference"))
        if action != "ignore":
            for kept in self.streams.information_lists:
                kept.append(record)
        if action == "ignore" and not record.host:
            return
        record.shown = record.host or action not in _STREAM_ACTIONS
        self.streams.information(record)
        if action == "stop":
            raise self._stopped("Information", "InformationPreference", str(record.to_string))

    def write_progress(self, record: ProgressRecord) -> None:
        """Report progress."""
        if str(self.preference("ProgressAction", "ProgressPreference")) not in _STREAM_ACTIONS:
            self.streams.progress(record)

    def _stopped(self, kind: str, variable: str, text: str) -> ScriptError:
        message = (
            f'The running command stopped because the preference variable "{variable}" or common parameter is set '
            f"to Stop: {text}"
        )
        exception = make_exception("System.Management.Automation.ActionPreferenceStopException", message)
        record = ErrorRecord(exception, "ActionPreferenceStop", "OperationStopped")
        record.invocation = self.invocation.copied()
        record.activity = self.command_name
        record.stack = self.caller.stack_trace()
        _ = kind
        return ScriptError(record, stopping=True)

    # -- preferences ------------------------------------------------------------------------------

    def variable(self, name: str) -> Any:
        """Return a variable as the command's caller sees it."""
        return self.caller_scope.value(name.lower())

    def preference(self, parameter: str, variable: str) -> Any:
        """Return a common parameter or the preference variable behind it.

        An action preference comes as a lower-case word, a switch as a Boolean.
        """
        given = self.bound.get(parameter)
        if parameter in {"Verbose", "Debug"} and given is not None:
            return "continue" if self.bound.switch(parameter) else "silentlycontinue"
        if parameter == "WhatIf":
            return self.bound.switch("WhatIf") if given is not None else net.to_bool(self.variable(variable))
        value = given if given is not None else self.variable(variable)
        return net.action_preference(value)

    def adopt_common(self) -> None:
        """Make the lists behind -ErrorVariable and its like, once parameters are bound."""
        for parameter, field in (
            ("ErrorVariable", "error_lists"),
            ("WarningVariable", "warning_lists"),
            ("InformationVariable", "information_lists"),
        ):
            kept = self._list_for(parameter)
            if kept is not None:
                self.streams = self.streams.changed(**{field: (*getattr(self.streams, field), kept)})
        kept = self._list_for("OutVariable")
        if kept is not None:
            self._out_lists.append(kept)
        if self.bound.get("PipelineVariable") is not None:
            self.pipeline_variable = str(self.bound["PipelineVariable"])

    def _list_for(self, parameter: str) -> list[Any] | None:
        name = self.bound.get(parameter)
        if name is None:
            return None
        text = str(name)
        kept: list[Any] = []
        variable = text.removeprefix("+")
        if text.startswith("+"):
            old = self.caller_scope.value(variable.lower())
            kept.extend(net.enumerate_collection(old) or ([] if old is None else [old]))
        holder = ArrayList()
        holder.items = kept
        self.caller_scope.set_local(variable, holder)
        return kept

    # -- $PSDefaultParameterValues ----------------------------------------------------------------

    def default_parameter_values(self) -> list[tuple[str, Any]]:
        """Return (parameter, value) of the entries of $PSDefaultParameterValues that mean this command."""
        table = self.variable("PSDefaultParameterValues")
        found: list[tuple[str, Any]] = []
        pairs = table.items() if hasattr(table, "keys") else []
        for key, value in pairs:
            text = net.to_string(key)
            if text.lower() == "disabled" and net.to_bool(value):
                return []
            command, _, parameter = text.partition(":")
            if parameter and net.is_like(self.command_name, command.strip()):
                found.append((parameter.strip().strip("'\""), value))
        return found

    def default_value(self, value: Any) -> Any:
        """Return a default value; a script block's result."""
        from .scriptblock import ScriptBlock  # noqa: PLC0415 - imports this module's users

        if not isinstance(value, ScriptBlock):
            return value
        results = self.runspace.run_block(value, [], processor=self)
        return net.collapse(results) if results else MISSING
