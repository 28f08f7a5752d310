"""powershell.exe in a WinRS shell: a script's streams as console text, and its exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.engine.deep import run_deep
from psnet.lab.engine.execute import file_arguments
from psnet.lab.engine.extent import Source
from psnet.lab.engine.flow import ExitJump, Jump, PipelineFailed, PipelineStopped, ScriptError
from psnet.lab.engine.invoke import PipelineCommand, invoke
from psnet.lab.engine.output import formatted_lines
from psnet.lab.engine.pipeline import link, run
from psnet.lab.engine.report import error_text
from psnet.lab.values import DotNetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.lab.engine.records import ErrorRecord, InformationRecord, ProgressRecord
    from psnet.lab.engine.runspace import Runspace
    from psnet.lab.wire.api import Console, StopSignal

_WIDTH: Final = 79  # of a console of 80 columns that is no screen
FILE_NOT_FOUND: Final = -196608  # what powershell.exe -File returns for a file that is not there


class ConsoleSink:
    """The engine's sink on a console: objects are formatted, records shown where a console shows them."""

    def __init__(self, runspace: Runspace, console: Console) -> None:
        self._runspace = runspace
        self._console = console
        self._pending: list[Any] = []

    def flush(self) -> None:
        """Format the objects that wait."""
        if self._pending:
            values, self._pending = self._pending, []
            for line in formatted_lines(self._runspace, values, _WIDTH):
                self._console.out(f"{line}\r\n")

    def _record(self, stream: str, text: str) -> None:
        self.flush()
        self._console.record(stream, text)

    def output(self, value: Any) -> None:
        """Take an object; consecutive ones are formatted together."""
        self._pending.append(value)

    def error(self, record: ErrorRecord) -> None:
        """Show an error."""
        self._record("error", error_text(record).removesuffix("\r\n"))

    def warning(self, text: str) -> None:
        """Show a warning."""
        self._record("warning", text)

    def verbose(self, text: str) -> None:
        """Show a verbose message."""
        self._record("verbose", text)

    def debug(self, text: str) -> None:
        """Show a debug message."""
        self._record("debug", text)

    def information(self, record: InformationRecord) -> None:
        """Show a record that a console shows, such as Write-Host's."""
        if record.shown:
            self.flush()
            self._console.out(str(record.to_string) + ("\r\n" if record.newline else ""))

    def progress(self, record: ProgressRecord) -> None:
        """Show nothing: a console that is no screen has no progress."""

    def host_write(self, text: str, newline: bool, error: bool = False) -> None:  # noqa: FBT001, FBT002 - the engine's contract
        """Show text for the host."""
        self.flush()
        write = self._console.err if error else self._console.out
        write(text + ("\r\n" if newline else ""))


def run_command(runspace: Runspace, text: str, input_: Iterator[str] | None, console: Console, stop: StopSignal) -> int:
    """Run what -Command or -EncodedCommand gave; the exit code is 1 when its last statement failed."""
    sink = ConsoleSink(runspace, console)
    try:
        code = invoke(runspace, [PipelineCommand(text, is_script=True)], input_, sink, stop)
    except PipelineFailed as failed:
        _finish(runspace, sink)
        sink.error(failed.record)
        return 1
    except PipelineStopped:
        return 1
    _finish(runspace, sink)
    if code is not None:
        return code
    return 0 if runspace.succeeded else 1


def run_file(
    runspace: Runspace, path: str, text: str, arguments: Sequence[str], console: Console, stop: StopSignal
) -> int:
    """Run what -File gave; the exit code is that of ``exit``, 1 after a terminating error, else 0."""
    sink = ConsoleSink(runspace, console)
    runspace.sink, runspace.stop = sink, stop

    def work() -> int:
        with runspace.context():
            return _file(runspace, sink, path, text, arguments)

    try:
        return run_deep(work)
    except PipelineStopped:
        return 1


def _file(runspace: Runspace, sink: ConsoleSink, path: str, text: str, arguments: Sequence[str]) -> int:
    frame = runspace.top_frame(sink.output, Source("", None))
    code = 0
    try:
        command = runspace.script_command(path, text)
        processor = runspace.processor_for(frame, command, None, path, dotted=True)
        processor.prepare(file_arguments(list(arguments)))
        link([processor], sink.output)
        run([processor], None)
    except (ScriptError, DotNetError) as thrown:
        sink.error(runspace.failed_record(thrown, frame))
        code = 1
    except RecursionError:
        sink.error(runspace.failed_record(runspace.overflow(), frame))
        code = 1
    except ExitJump as jump:
        code = int(jump.code)
    except Jump:
        code = 0
    sink.flush()
    return code


def _finish(runspace: Runspace, sink: ConsoleSink) -> None:
    with runspace.context():
        sink.flush()
