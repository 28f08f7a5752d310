"""The lab's engine and host model as a backend of the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.flow import PipelineFailed, PipelineStopped
from psnet.lab.engine.invoke import PipelineCommand, invoke
from psnet.lab.engine.runspace import Runspace
from psnet.lab.wire.api import (
    Account,
    ErrorInfo,
    InformationInfo,
    PipelineError,
    PipelineStop,
    ProcessCall,
    ProgramNotFoundError,
    ProgressInfo,
)
from psnet.lab.wire.simple_clixml import encode_value

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence

    from psnet.lab.engine.records import ErrorRecord, InformationRecord, ProgressRecord
    from psnet.lab.host import LabHost
    from psnet.lab.wire.api import (
        CommandCall,
        Console,
        LabHostLike,
        PipelineSink,
        SessionInfo,
        StopSignal,
    )


class EngineBackend:
    """One simulated host behind the wire."""

    def __init__(self, host: LabHostLike | LabHost) -> None:
        self.host: Any = host

    @property
    def name(self) -> str:
        """The computer's name."""
        return str(self.host.name)

    @property
    def product_version(self) -> str:
        """What Identify answers."""
        return f"OS: {self.host.os.version} SP: 0.0 Stack: 3.0"

    def accounts(self) -> Sequence[Account]:
        """Return the local administrator."""
        return (Account("Administrator", self.host.password, certificate="Administrator@localhost"),)

    def has_configuration(self, name: str) -> bool:
        """Only the default configuration is there."""
        return name.lower() == "microsoft.powershell"

    def open_runspace(self, session: SessionInfo) -> EngineRunspace:
        """Return a new runspace."""
        _ = session
        return EngineRunspace(self.host)

    def run_process(self, call: ProcessCall, session: SessionInfo, console: Console, stop: StopSignal) -> int:
        """Run powershell.exe; other programs are not there."""
        _ = session
        if call.script is None:
            raise ProgramNotFoundError(call.program)
        sink = _ConsoleSink(console)
        try:
            EngineRunspace(self.host).run_script(call.script, _lines(console), sink, stop)
        except PipelineError as failed:
            sink.error(failed.record)
            return 1
        return 0

    def version_table(self) -> dict[str, str]:
        """Return $PSVersionTable of Windows PowerShell 5.1."""
        return {
            "PSVersion": f"5.1.{self.host.os.build}.{self.host.os.revision}",
            "PSEdition": "Desktop",
            "BuildVersion": f"10.0.{self.host.os.build}.{self.host.os.revision}",
            "CLRVersion": "4.0.30319.42000",
            "WSManStackVersion": "3.0",
            "PSRemotingProtocolVersion": "2.3",
            "SerializationVersion": "1.1.0.1",
        }

    def watch(self, started: Callable[[str], None]) -> None:
        """Cmdlets are not watched by this backend: a fault that waits for one never comes."""
        _ = started

    def restarted(self) -> None:
        """Let the host restart."""
        self.host.reboot()

    def encode(self, value: Any) -> str:
        """Return a value as CLIXML."""
        return encode_value(value)


def _lines(console: Console) -> Iterator[str]:
    text = b"".join(console.input()).decode("utf-8", "replace")
    yield from text.splitlines()


class EngineRunspace:
    """One runspace of the engine; its host's state is shared with other runspaces, so pipelines take turns."""

    def __init__(self, host: LabHost) -> None:
        self.host = host
        self.runspace = Runspace(host, registry=lab_registry(host))

    def close(self) -> None:
        """Nothing is held."""

    def invoke(
        self, commands: Sequence[CommandCall], input_: Iterator[Any], sink: PipelineSink, stop: StopSignal
    ) -> None:
        """Run one pipeline to its end."""
        calls = [
            PipelineCommand(
                call.text,
                is_script=call.is_script,
                parameters=tuple((item.name, item.value) for item in call.parameters),
                use_local_scope=call.use_local_scope,
                end_of_statement=call.end_of_statement,
                merge=call.merge,
            )
            for call in commands
        ]
        if any(call.discard for call in commands):
            raise UnsupportedError("a PSRP pipeline that discards a stream")
        self._run(calls, input_, sink, stop)

    def run_script(self, text: str, input_: Iterator[Any], sink: Any, stop: StopSignal) -> None:
        """Run a text at the top level; raises PipelineError for a terminating error."""
        self._run([PipelineCommand(text, is_script=True)], input_, sink, stop)

    def _run(self, calls: list[PipelineCommand], input_: Iterator[Any], sink: Any, stop: StopSignal) -> None:
        try:
            with _turn(self.host):
                invoke(self.runspace, calls, list(input_), _Adapter(sink), stop)
        except PipelineFailed as failed:
            raise PipelineError(error_info(failed.record)) from failed
        except PipelineStopped:
            raise PipelineStop from None


def _turn(host: Any) -> threading.RLock:
    lock: threading.RLock = host.lock
    return lock


def error_info(record: ErrorRecord) -> ErrorInfo:
    """Return an error record as the wire sends it."""
    exception = record.exception
    category = record.members["categoryinfo"]
    value = category.getter(record) if category.getter else category.value
    found = value.members["category"]
    number = found.getter(value) if found.getter else found.value
    return ErrorInfo(
        message=record.text,
        error_id=record.full_id,
        category=int(number.value),
        reason=exception.type_names[0].rsplit(".", 1)[-1],
        exception_types=tuple(exception.type_names),
    )


class _Adapter:
    """The engine's sink over the wire's."""

    def __init__(self, sink: Any) -> None:
        self.sink = sink

    def output(self, value: Any) -> None:
        self.sink.output(value)

    def error(self, record: ErrorRecord) -> None:
        self.sink.error(error_info(record))

    def warning(self, text: str) -> None:
        self.sink.warning(text)

    def verbose(self, text: str) -> None:
        self.sink.verbose(text)

    def debug(self, text: str) -> None:
        self.sink.debug(text)

    def information(self, record: InformationRecord) -> None:
        self.sink.information(InformationInfo(str(getattr(record, "text", record))))

    def progress(self, record: ProgressRecord) -> None:
        self.sink.progress(ProgressInfo(str(getattr(record, "activity", "")) or "Processing"))

    def host_write(self, text: str, newline: bool, error: bool = False) -> None:  # noqa: FBT001, FBT002 - the engine's contract
        self.sink.host_write(text, newline=newline, error=error)


class _ConsoleSink:
    """The streams of powershell.exe in a WinRS shell: lines of text."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def output(self, value: Any) -> None:
        if not isinstance(value, str):
            raise UnsupportedError("default formatting of objects on a console")
        self.console.out(value + "\r\n")

    def error(self, record: ErrorInfo) -> None:
        name = record.error_id
        self.console.record("error", f"{record.message}\r\n    + FullyQualifiedErrorId : {name}\r\n")

    def warning(self, text: str) -> None:
        self.console.record("warning", text)

    def verbose(self, text: str) -> None:
        self.console.record("verbose", text)

    def debug(self, text: str) -> None:
        self.console.record("debug", text)

    def information(self, record: InformationInfo) -> None:
        self.console.record("information", str(record.data))

    def progress(self, record: ProgressInfo) -> None:
        """Progress goes to no stream of a redirected console."""

    def host_write(self, text: str, *, newline: bool = True, error: bool = False) -> None:
        write = self.console.err if error else self.console.out
        write(text + ("\r\n" if newline else ""))
