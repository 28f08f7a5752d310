"""The processor of cmdlets written in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.errors import LabError
from psnet.lab.contract.files import FileError
from psnet.lab.dotnet.errors import UnsupportedError, make_exception
from psnet.lab.values import DotNetError

from .bind_pipeline import PipelineBinder
from .binder import Binder
from .cmdlet_context import CmdletContext
from .flow import ScriptError
from .processor import NOTHING, CommandProcessor
from .records import ErrorRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .arguments import Argument
    from .cmdlet import Cmdlet, CmdletSpec


class CmdletProcessor(CommandProcessor):
    """Runs a ``CmdletSpec``."""

    binder: Binder
    pipeline: PipelineBinder | None = None
    instance: Cmdlet | None = None

    @property
    def spec(self) -> CmdletSpec:
        """What runs."""
        assert self.command.spec is not None  # noqa: S101 - only cmdlets come here
        return self.command.spec

    @property
    def parameter_set(self) -> str:
        """Name of the parameter set in use."""
        return self.binder.sets.chosen

    def prepare(self, arguments: list[Argument]) -> None:
        """Bind the command line."""
        if self.spec.refused:
            raise UnsupportedError(self.spec.name)
        module = self.spec.module.lower()
        charges = getattr(self.runspace.host, "charges", None)
        if charges is not None and self.spec.cim and module not in self.runspace.modules_used:
            charges.first_use()
        self.runspace.modules_used.add(module)
        self.binder = Binder(self, self.spec.metadata)
        self.binder.bind_command_line(arguments, expecting_input=self.expecting_input)
        self.bound = self.binder.values
        if charges is not None:
            charges.cmdlet(self.spec.name, self.bound)
        self.invocation.bound = self.bound
        self.adopt_common()
        self.context = CmdletContext(self)
        if isinstance(self.spec.implementation, type):
            self.instance = self.spec.implementation(self.context, self.bound)

    def begin(self) -> None:
        """Run the cmdlet's begin."""
        if self.begun:
            return
        self.begun = True
        if self.instance is not None:
            self._drain(self.instance.begin)

    def process(self, value: Any) -> None:
        """Bind one record and run."""
        self.begin()
        self.runspace.check_stop()
        if value is not NOTHING:
            if self.pipeline is None:
                self.pipeline = PipelineBinder(self.binder)
            try:
                self.pipeline.bind(value)
            except ScriptError as refused:
                refused.record.target = value
                self.write_error(refused.record)
                return
        if self.instance is not None:
            self._drain(self.instance.process)
        else:
            self._drain(lambda: self.spec.implementation(self.context, self.bound))

    def end(self) -> None:
        """Run the cmdlet's end."""
        self.begin()
        if self.instance is not None:
            self._drain(self.instance.end)

    def _drain(self, call: Any) -> None:
        runspace = self.runspace
        try:
            made: Iterable[Any] | None = call()
            if made is not None:
                charges = getattr(runspace.host, "charges", None) if self.spec.cim else None
                for value in made:
                    if charges is not None:
                        charges.read()
                    self.write(value)
        except ScriptError as error:
            self.keep_terminating(error)
            raise
        except DotNetError as thrown:
            failed = ScriptError(self.stamped(record_of(thrown, self.spec.name)))
            self.keep_terminating(failed)
            raise failed from thrown
        except FileError as refused:
            failed = ScriptError(self.stamped(record_of_file(refused)))
            self.keep_terminating(failed)
            raise failed from refused
        except LabError as refusal:
            if not hasattr(refusal, "exception_type"):
                raise
            record = record_of_refusal(refusal, self.spec)
            if not self.spec.cim:
                failed = ScriptError(self.stamped(record))
                self.keep_terminating(failed)
                raise failed from refusal
            self.write_error(record)
        finally:
            _ = runspace


def record_of(thrown: DotNetError, command: str) -> ErrorRecord:
    """Return the record of what .NET threw inside a cmdlet: its type is its id."""
    error_id = thrown.error_id or thrown.exception.type_names[0]
    record = ErrorRecord(thrown.exception, error_id, thrown.category, thrown.target)
    record.activity = command
    return record


def record_of_file(refused: FileError) -> ErrorRecord:
    """Return the record of a file that cannot be opened for writing."""
    if refused.kind in {"folder", "denied"}:
        kind, message = "System.UnauthorizedAccessException", f"Access to the path '{refused.path}' is denied."
    else:
        kind, message = (
            "System.IO.DirectoryNotFoundException",
            f"Could not find a part of the path '{refused.path}'.",
        )
    return ErrorRecord(make_exception(kind, message), "FileOpenFailure", "OpenError")


def record_of_refusal(refusal: Any, spec: CmdletSpec) -> ErrorRecord:
    """Return the record of what the host refused (a ``HostRefusal``, known by its fields)."""
    properties: dict[str, Any] = {"HResult": refusal.hresult - (1 << 32 if refusal.hresult >> 31 else 0)}
    exception = make_exception(refusal.exception_type, refusal.message, **properties)
    suffix = f",{spec.error_name}"
    record = ErrorRecord(exception, refusal.error_id.removesuffix(suffix), refusal.category, refusal.target)
    if refusal.target is not None:
        record.target_name, record.target_type = refusal.target, "String"
    return record
