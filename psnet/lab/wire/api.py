"""The interface between the wire and its backend.

The wire knows HTTP, WSMan, WinRS and PSRP; it knows no PowerShell. A ``Backend`` is one host: its accounts,
its session configurations, its runspaces and its console programs. ``psnet.lab.wire.engine_backend`` joins
the lab's engine and host model; the tests of the wire use a tiny backend of their own.

Values that pass through are those of ``psnet.lab.values``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from psnet.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Account:
    """A user who may log on; ``certificate`` is the UPN or common name of its certificate.

    One that is no administrator logs on and is denied access, as the default session configurations do.
    """

    user: str
    password: str = field(repr=False)
    domain: str | None = None
    certificate: str | None = None
    administrator: bool = True


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """Who opened a session, how, and with what."""

    user: str
    configuration: str = "Microsoft.PowerShell"
    authentication: str = "Negotiate"
    client_address: str = "127.0.0.1"
    application_arguments: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    no_profile: bool = False
    working_directory: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a command; ``name`` is None for a positional one."""

    name: str | None
    value: Any


@dataclass(frozen=True, slots=True)
class CommandCall:
    """One element of a pipeline as PSRP sends it: a script or the name of a command, with its arguments.

    ``merge`` names the streams (Error, Warning, Verbose, Debug, Information) that go to the output;
    ``merge_previous`` says that the errors of the commands before it go into its input.
    """

    text: str
    is_script: bool
    parameters: tuple[Parameter, ...] = ()
    use_local_scope: bool | None = None
    end_of_statement: bool = False
    merge: frozenset[str] = frozenset()
    discard: frozenset[str] = frozenset()
    merge_previous: bool = False


@dataclass(frozen=True, slots=True)
class InvocationDetails:
    """Where a record came from, as PowerShell's InvocationInfo has it."""

    command: str = ""
    script_name: str = ""
    line_number: int = 0
    offset_in_line: int = 0
    line: str = ""
    position_message: str = ""
    history_id: int = 1
    pipeline_length: int = 0
    pipeline_position: int = 0


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """An error record. ``category`` is the number of System.Management.Automation.ErrorCategory."""

    message: str
    error_id: str
    category: int = 0
    activity: str = ""
    reason: str = ""
    target_name: str = ""
    target_type: str = ""
    category_message: str = ""
    exception_types: tuple[str, ...] = ("System.Exception", "System.Object")
    h_result: int = -2146233087
    target: Any = None
    details: str | None = None
    recommended_action: str | None = None
    stack_trace: str | None = None
    invocation: InvocationDetails | None = None


@dataclass(frozen=True, slots=True)
class InformationInfo:
    """A record of the information stream; ``ticks`` counts 100 ns since 0001-01-01 UTC (None: now)."""

    data: Any
    source: str = ""
    tags: tuple[str, ...] = ()
    user: str = ""
    computer: str = ""
    ticks: int | None = None
    process_id: int = 0
    managed_thread_id: int = 0


@dataclass(frozen=True, slots=True)
class ProgressInfo:
    """A progress record; percent -1 and seconds -1 mean unknown."""

    activity: str
    activity_id: int = 0
    status: str = ""
    current_operation: str | None = None
    parent_id: int = -1
    percent: int = -1
    seconds: int = -1
    completed: bool = False


class PipelineSink(Protocol):
    """Where a pipeline reports; every method may be called from the pipeline's own thread only."""

    def output(self, value: Any) -> None:
        """Take one output object."""

    def error(self, record: ErrorInfo) -> None:
        """Take one non-terminating error."""

    def warning(self, text: str, invocation: InvocationDetails | None = None) -> None:
        """Take one warning."""

    def verbose(self, text: str, invocation: InvocationDetails | None = None) -> None:
        """Take one verbose message."""

    def debug(self, text: str, invocation: InvocationDetails | None = None) -> None:
        """Take one debug message."""

    def information(self, record: InformationInfo) -> None:
        """Take one information record."""

    def progress(self, record: ProgressInfo) -> None:
        """Take one progress record."""

    def host_write(self, text: str, *, newline: bool = True, error: bool = False) -> None:
        """Take text that the script wrote to its host."""


class StopSignal(Protocol):
    """Tells a running pipeline to stop; ``threading.Event`` is one."""

    def is_set(self) -> bool:
        """Return whether the pipeline should stop."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set; return whether it is."""


class RunspaceLike(Protocol):
    """One runspace. Calls come from worker threads, one at a time."""

    def invoke(
        self, commands: Sequence[CommandCall], input_: Iterator[Any] | None, sink: PipelineSink, stop: StopSignal
    ) -> None:
        """Run one pipeline to its end; ``input_`` is None when the client said that there is none.

        Raises ``PipelineError`` for a terminating error and ``PipelineStop`` when ``stop`` was heeded; any
        other exception reaches the client as a failed pipeline that names it.
        """

    def close(self) -> None:
        """Release what the runspace holds."""


class Console(Protocol):
    """The three streams of a console program."""

    def out(self, text: str) -> None:
        """Write to standard output."""

    def err(self, text: str) -> None:
        """Write to standard error."""

    def record(self, stream: str, text: str) -> None:
        """Write a line of a PowerShell stream: error, warning, verbose, debug or information."""

    def input(self) -> Iterator[bytes]:
        """Return what the client sends to standard input, until it closes it."""


@dataclass(frozen=True, slots=True)
class ProcessCall:
    """A program to start in a WinRS shell.

    ``script`` is the text when the program is powershell.exe, or ``file`` the path when -File was used (then
    ``arguments`` are the script's); any other program has neither.
    """

    program: str
    arguments: tuple[str, ...] = ()
    script: str | None = None
    file: str | None = None
    no_profile: bool = False
    working_directory: str = ""


class LabHostLike(Protocol):
    """A host that a backend can be made of."""

    @property
    def name(self) -> str:
        """The computer's name, unique in a lab."""


class Backend(Protocol):
    """One host behind the wire."""

    @property
    def name(self) -> str:
        """The computer's name."""

    @property
    def product_version(self) -> str:
        """What Identify answers, such as ``OS: 10.0.20348 SP: 0.0 Stack: 3.0``."""

    def accounts(self) -> Sequence[Account]:
        """Return who may log on now."""

    def has_configuration(self, name: str) -> bool:
        """Return whether a session configuration of this name exists (any case)."""

    def open_runspace(self, session: SessionInfo) -> RunspaceLike:
        """Return a new runspace of the session's configuration."""

    def run_process(self, call: ProcessCall, session: SessionInfo, console: Console, stop: StopSignal) -> int:
        """Run a program to its end and return its exit code; raises ``ProgramNotFoundError``."""

    def version_table(self) -> dict[str, str]:
        """Return $PSVersionTable as a pool announces it; dotted numbers become System.Version."""

    def watch(self, started: Callable[[str], None], away: Callable[[], None]) -> None:
        """Call ``started`` with a cmdlet's name as it begins, on its thread (it may raise CmdletFault).

        Call ``away`` when the adapter that carries the connection is re-bound, which cuts the connection.
        """

    def restarted(self) -> None:
        """Let the host restart: what does not survive a reboot goes. Called on the event loop."""

    def encode(self, value: Any) -> str:
        """Return a value as one CLIXML element (no Objs around it), to the depth that remoting uses."""


class PipelineError(Exception):
    """A terminating error ended a pipeline."""

    def __init__(self, record: ErrorInfo) -> None:
        super().__init__(record.message)
        self.record = record


class PipelineStop(Exception):  # noqa: N818 - being stopped is no error
    """A pipeline heeded its stop signal."""


class ProgramNotFoundError(LabError):
    """The host has no such program."""
