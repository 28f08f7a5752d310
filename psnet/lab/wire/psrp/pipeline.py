"""One PSRP pipeline: its commands, its input, its run on a worker thread, its streams."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from psrpcore import types as ps

from psnet.errors import PsnetError
from psnet.lab.wire.api import CommandCall, ErrorInfo, Parameter, PipelineError, PipelineStop
from psnet.lab.wire.psrp import records
from psnet.lab.wire.psrp.convert import to_lab
from psnet.lab.wire.shell import Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.wire.api import InformationInfo, InvocationDetails, ProgressInfo, RunspaceLike
    from psnet.lab.wire.psrp.shell import PsrpShell

log = logging.getLogger(__name__)

_END: Final = object()
_STREAMS: Final = ("Error", "Warning", "Verbose", "Debug", "Information")
_STOPPED: Final = ErrorInfo(
    message="The pipeline has been stopped.",
    error_id="PipelineStopped",
    category=int(ps.ErrorCategory.OperationStopped),
    reason="PipelineStoppedException",
    exception_types=(
        "System.Management.Automation.PipelineStoppedException",
        "System.Management.Automation.RuntimeException",
        "System.SystemException",
        "System.Exception",
        "System.Object",
    ),
)


class PipelineInput:
    """Objects that the client sends, as a blocking iterator for the pipeline's thread."""

    def __init__(self) -> None:
        self._items: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._ended = False

    def put(self, value: Any) -> None:
        """Add an object."""
        self._items.put(value)

    def end(self) -> None:
        """Say that no more follows."""
        self._items.put(_END)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self._ended:
            raise StopIteration
        value = self._items.get()
        if value is _END:
            self._ended = True
            raise StopIteration
        return value


def command_calls(pipeline: Any) -> tuple[CommandCall, ...]:
    """Return the commands of psrpcore's PowerShell object."""
    calls = []
    for command in pipeline.commands:
        merges = {name: getattr(command, f"merge_{name.lower()}") for name in _STREAMS}
        if command.merge_my == ps.PipelineResultTypes.Error:
            merges["Error"] = command.merge_to
        calls.append(
            CommandCall(
                text="".join(command.command_text),  # psrpcore's own string type stays outside
                is_script=bool(command.is_script),
                parameters=tuple(
                    Parameter(str(name) if name is not None else None, to_lab(value))
                    for name, value in command.parameters
                ),
                use_local_scope=command.use_local_scope,
                end_of_statement=bool(command.end_of_statement),
                merge=frozenset(n for n, to in merges.items() if to == ps.PipelineResultTypes.Output),
                discard=frozenset(n for n, to in merges.items() if to == ps.PipelineResultTypes.Null),
                merge_previous=bool(command.merge_unclaimed),
            )
        )
    return tuple(calls)


class Pipeline(Command):
    """One pipeline. The run itself is on a worker thread; everything else belongs to the event loop."""

    shell: PsrpShell

    def __init__(self, command_id: str, shell: PsrpShell) -> None:
        super().__init__(command_id, shell)
        self.uuid = UUID(command_id)
        self.input = PipelineInput()
        self.ended = asyncio.Event()
        self._stop = threading.Event()
        self._calls: tuple[CommandCall, ...] = ()
        self._started = False
        self._no_input = True

    def start(self, metadata: Any) -> None:
        """Queue the pipeline that the client has described."""
        self._calls = command_calls(metadata)
        self._started = True
        self._no_input = bool(metadata.no_input)
        options = int(metadata.remote_stream_options)
        host = metadata.host
        if host is None or host.UseRunspaceHost:
            host = self.shell.pool.host
        sink = Sink(self, options, writes_host=host is not None and not host.IsHostNull)
        if metadata.is_nested:
            self._fail(PsnetError("unsupported: a nested pipeline"))
            return
        self._job = lambda runspace: self._run(runspace, sink)
        self.shell.runspaces.submit(self._job, self._fail)

    def stop(self) -> None:
        """Stop it; one that still waits for a runspace never starts."""
        if not self.running:
            return
        self._stop.set()
        self.input.end()
        if not self._started or self.shell.runspaces.withdraw(self._job):
            self._end(ps.PSInvocationState.Stopped, _STOPPED)

    def finish(self, exit_code: int | None = None) -> None:
        """Close the output; psrpcore's table forgets the pipeline."""
        super().finish(exit_code)
        self.shell.pool.pipeline_table.pop(self.uuid, None)
        self.ended.set()

    def _run(self, runspace: RunspaceLike, sink: Sink) -> None:
        if self._stop.is_set():
            self._end(ps.PSInvocationState.Stopped, _STOPPED)
            return
        try:
            runspace.invoke(self._calls, None if self._no_input else iter(self.input), sink, self._stop)
        except PipelineStop:
            self._end(ps.PSInvocationState.Stopped, _STOPPED)
        except PipelineError as error:
            self._end(ps.PSInvocationState.Failed, error.record)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client must hear of it
            self._fail(error)
        else:
            self._end(ps.PSInvocationState.Completed, None)

    def _fail(self, error: Exception) -> None:
        """Report what is no PowerShell error: mostly something that the lab does not know."""
        if not isinstance(error, PsnetError):
            log.error("%s: a pipeline failed inside the lab", self.shell.service.name, exc_info=error)
        name = type(error).__name__
        info = ErrorInfo(
            message=str(error) or name,
            error_id=f"PsnetLab.{name}",
            category=int(ps.ErrorCategory.NotImplemented),
            reason=name,
            exception_types=("System.NotSupportedException", "System.Exception", "System.Object"),
        )
        self._end(ps.PSInvocationState.Failed, info)

    def _end(self, state: ps.PSInvocationState, info: ErrorInfo | None) -> None:
        target = None
        if info is not None and info.target is not None:
            target = self._target(info.target)
        data = records.state(self.shell.pool, state, info, target)
        self.post(ps.PSRPMessageType.PipelineState, data)
        self.shell.post(self.finish)

    def _target(self, target: Any) -> str | None:
        """Return an error's target as CLIXML; one that the lab cannot send is left out, for the error must arrive."""
        try:
            return self.shell.encode(target)
        except PsnetError as refused:
            log.warning("%s: the target of an error is left out: %s", self.shell.service.name, refused)
            return None

    def post(self, message_type: ps.PSRPMessageType, data: bytes) -> None:
        """Send a message of this pipeline from any thread."""
        self.shell.post(lambda: self.shell.pool.send(message_type, data, self.uuid))


class Sink:
    """FairLock what a pipeline reports into messages, on the pipeline's own thread."""

    def __init__(self, pipeline: Pipeline, options: int, *, writes_host: bool) -> None:
        self._pipeline = pipeline
        self._shell = pipeline.shell
        self._pool = pipeline.shell.pool
        self._options = options
        self._writes_host = writes_host

    def output(self, value: Any) -> None:
        """Send an output object."""
        self._pipeline.post(ps.PSRPMessageType.PipelineOutput, self._shell.encode(value).encode())

    def error(self, record: ErrorInfo) -> None:
        """Send a non-terminating error."""
        target = self._shell.encode(record.target) if record.target is not None else None
        data = records.error(self._pool, record, target, extended=bool(self._options & 1))
        self._pipeline.post(ps.PSRPMessageType.ErrorRecord, data)

    def _message(self, kind: Any, bit: int, text: str, invocation: InvocationDetails | None) -> None:
        details = invocation if self._options & bit else None
        data = records.message_record(self._pool, kind, text, details)
        self._pipeline.post(ps.PSRPMessageType[kind.__name__], data)

    def warning(self, text: str, invocation: InvocationDetails | None = None) -> None:
        """Send a warning."""
        self._message(ps.WarningRecord, 2, text, invocation)

    def debug(self, text: str, invocation: InvocationDetails | None = None) -> None:
        """Send a debug message."""
        self._message(ps.DebugRecord, 4, text, invocation)

    def verbose(self, text: str, invocation: InvocationDetails | None = None) -> None:
        """Send a verbose message."""
        self._message(ps.VerboseRecord, 8, text, invocation)

    def information(self, record: InformationInfo) -> None:
        """Send an information record, when the client's protocol knows them (2.3)."""
        if self._shell.has_information_stream:
            data = records.information(self._pool, record, self._shell.encode(record.data))
            self._pipeline.post(ps.PSRPMessageType.InformationRecord, data)

    def progress(self, record: ProgressInfo) -> None:
        """Send a progress record."""
        self._pipeline.post(ps.PSRPMessageType.ProgressRecord, records.progress(self._pool, record))

    def host_write(self, text: str, *, newline: bool = True, error: bool = False) -> None:
        """Ask the client's host, if it has one, to write."""
        if not self._writes_host:
            return
        method = ps.HostMethodIdentifier.WriteErrorLine if error else ps.HostMethodIdentifier.WriteLine2
        if not newline and not error:
            method = ps.HostMethodIdentifier.Write1
        pipeline = self._pipeline.uuid

        def call() -> None:
            self._pool.host_call(method, [text], pipeline)

        self._shell.post(call)
