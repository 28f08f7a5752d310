"""What a cmdlet written in Python may ask its surroundings for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.values import ExceptionObject

from .confirm import confirms
from .flow import ScriptError, StopUpstream
from .records import ErrorRecord, InformationRecord, ProgressRecord

if TYPE_CHECKING:
    from .cmdlet import Parameters
    from .processor import CommandProcessor
    from .runspace import Runspace
    from .scope import Scope
    from .scriptblock import ScriptBlock


class CmdletContext:
    """One running cmdlet: its host, its streams, its parameter set, and the runspace for script blocks."""

    def __init__(self, processor: CommandProcessor) -> None:
        self._processor = processor
        self.runspace: Runspace = processor.runspace

    @property
    def host(self) -> Any:
        """The host that the runspace runs on."""
        return self.runspace.host

    @property
    def processor(self) -> CommandProcessor:
        """The command processor, for cmdlets that work on the pipeline itself."""
        return self._processor

    @property
    def scope(self) -> Scope:
        """The caller's scope."""
        return self._processor.caller_scope

    @property
    def parameter_set(self) -> str:
        """Name of the parameter set in use."""
        return self._processor.parameter_set

    @property
    def stopping(self) -> bool:
        """Whether the pipeline was asked to stop."""
        return self.runspace.stopping

    @property
    def bound(self) -> Parameters:
        """Bound parameters, common ones included."""
        return self._processor.bound

    @property
    def expecting_input(self) -> bool:
        """Whether a command stands before this one in the pipeline."""
        return self._processor.expecting_input

    def write(self, value: Any, *, enumerate_it: bool = False) -> None:
        """Write to the output; what a cmdlet yields comes here."""
        if enumerate_it:
            self._processor.write_enumerated(value)
        else:
            self._processor.write(value)

    def error_record(
        self,
        message: str | ExceptionObject,
        error_id: str,
        category: str = "NotSpecified",
        target: Any = None,
        *,
        exception: str = "System.Exception",
        details: str | None = None,
    ) -> ErrorRecord:
        """Return a record; ``message`` may be an exception, else ``exception`` is the new one's type."""
        thrown = message if isinstance(message, ExceptionObject) else make_exception(exception, message)
        record = ErrorRecord(thrown, error_id, category, target)
        if details is not None:
            record.set_details(details)
        return record

    def write_error(
        self,
        message: str | ErrorRecord | ExceptionObject,
        error_id: str = "",
        category: str = "NotSpecified",
        target: Any = None,
        *,
        exception: str = "System.Exception",
    ) -> None:
        """Report a non-terminating error; an ErrorAction of Stop makes it terminating."""
        record = message
        if not isinstance(record, ErrorRecord):
            record = self.error_record(record, error_id, category, target, exception=exception)
        self._processor.write_error(record)

    def fail(
        self,
        message: str | ErrorRecord | ExceptionObject,
        error_id: str = "",
        category: str = "NotSpecified",
        target: Any = None,
        *,
        exception: str = "System.Exception",
    ) -> ScriptError:
        """Return the terminating error to raise (ThrowTerminatingError)."""
        record = message
        if not isinstance(record, ErrorRecord):
            record = self.error_record(record, error_id, category, target, exception=exception)
        return ScriptError(self._processor.stamped(record))

    def write_warning(self, text: str) -> None:
        """Write a warning."""
        self._processor.write_warning(text)

    def write_verbose(self, text: str) -> None:
        """Write a verbose message."""
        self._processor.write_verbose(text)

    def write_debug(self, text: str) -> None:
        """Write a debug message."""
        self._processor.write_debug(text)

    def write_information(self, record: InformationRecord) -> None:
        """Write to the information stream."""
        self._processor.write_information(record)

    def write_progress(self, activity: str, status: str = "Processing", **fields: Any) -> None:
        """Report progress."""
        self._processor.write_progress(ProgressRecord(activity, status, fields))

    def should_process(self, target: str, action: str | None = None) -> bool:
        """Ask -WhatIf and -Confirm whether to go on."""
        return confirms(self._processor, target, action)

    def stop_upstream(self) -> StopUpstream:
        """Return what to raise when no more input is wanted."""
        return StopUpstream(self._processor)

    def run(
        self,
        block: ScriptBlock,
        *arguments: Any,
        this: Any = None,
        input_: list[Any] | None = None,
        new_scope: bool = True,
    ) -> list[Any]:
        """Run a script block with ``$_`` set to ``this`` and return what it wrote."""
        return self.runspace.run_block(
            block, list(arguments), this=this, input_=input_, new_scope=new_scope, processor=self._processor
        )
