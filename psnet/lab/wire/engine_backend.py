"""The lab's engine and host model as a backend of the wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.clixml import serialize_element
from psnet.lab.cmdlets import lab_registry
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.flow import PipelineFailed, PipelineStopped
from psnet.lab.engine.invoke import PipelineCommand, invoke
from psnet.lab.engine.processor_cmdlet import CmdletProcessor
from psnet.lab.engine.runspace import Runspace
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.values import Hashtable, PSObject
from psnet.lab.wire import engine_console
from psnet.lab.wire.api import (
    Account,
    ErrorInfo,
    PipelineError,
    PipelineStop,
    ProcessCall,
    ProgramNotFoundError,
)
from psnet.lab.wire.engine_records import EngineSink, error_info
from psnet.lab.wire.fair_lock import FairLock, YieldingStop, iterate_unlocked
from psnet.lab.wire.faults import CmdletFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from psnet.lab.host.model import Host
    from psnet.lab.wire.api import (
        Backend,
        CommandCall,
        Console,
        LabHostLike,
        PipelineSink,
        SessionInfo,
        StopSignal,
    )

DEFAULT_CONFIGURATION: Final = "Microsoft.PowerShell"
_SMA: Final = "System.Management.Automation"
_OBJECT_NOT_FOUND: Final = 13
_PARSER_ERROR: Final = 17


@dataclass(frozen=True, slots=True)
class SessionConfiguration:
    """A session configuration; with ``visible`` it is a restricted (JEA) endpoint.

    A restricted one is in no-language mode: scripts are refused, and only the named commands run.
    """

    name: str
    visible: frozenset[str] | None = None

    def check(self, commands: Sequence[CommandCall]) -> None:
        """Raise PipelineError for what a restricted endpoint refuses."""
        if self.visible is None:
            return
        allowed = {command.lower() for command in self.visible}
        for call in commands:
            if call.is_script:
                raise PipelineError(_SCRIPTS_NOT_ALLOWED)
            if call.text.lower() not in allowed:
                raise PipelineError(_command_not_found(call.text))


_SCRIPTS_NOT_ALLOWED: Final = ErrorInfo(
    message="The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.",
    error_id="ScriptsNotAllowed",
    category=_PARSER_ERROR,
    reason="ParseException",
    category_message="ParserError: (:) [], ParseException",
    exception_types=(
        f"{_SMA}.ParseException",
        f"{_SMA}.RuntimeException",
        "System.SystemException",
        "System.Exception",
        "System.Object",
    ),
)


def _command_not_found(name: str) -> ErrorInfo:
    return ErrorInfo(
        message=f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable "
        "program. Check the spelling of the name, or if a path was included, verify that the path is correct and try "
        "again.",
        error_id="CommandNotFoundException",
        category=_OBJECT_NOT_FOUND,
        reason="CommandNotFoundException",
        target_name=name,
        target_type="String",
        category_message=f"ObjectNotFound: ({name}:String) [], CommandNotFoundException",
        exception_types=(
            f"{_SMA}.CommandNotFoundException",
            f"{_SMA}.RuntimeException",
            "System.SystemException",
            "System.Exception",
            "System.Object",
        ),
        target=name,
    )


class EngineBackend:
    """One simulated host behind the wire."""

    def __init__(
        self,
        host: LabHostLike | Host,
        *,
        accounts: Sequence[Account] | None = None,
        configurations: Sequence[SessionConfiguration] = (),
    ) -> None:
        self.host: Any = host
        self.host_lock = FairLock()
        self._accounts = accounts
        known = (SessionConfiguration(DEFAULT_CONFIGURATION), *configurations)
        self._configurations = {item.name.lower(): item for item in known}
        self._started: Callable[[str], None] | None = None
        tasks = getattr(host, "tasks", None)
        if tasks is not None:
            tasks.run_file = self._run_task
        manager = getattr(host, "lcm", None)
        if manager is not None:
            manager.gate.host_lock = self.host_lock

    @property
    def name(self) -> str:
        """The computer's name."""
        return str(self.host.name)

    @property
    def product_version(self) -> str:
        """What Identify answers."""
        return f"OS: {self.host.os.version} SP: 0.0 Stack: 3.0"

    def accounts(self) -> Sequence[Account]:
        """Return who may log on: the given accounts, else the local administrator."""
        if self._accounts is not None:
            return self._accounts
        return (Account("Administrator", self.host.password, certificate="Administrator@localhost"),)

    def has_configuration(self, name: str) -> bool:
        """Return whether a session configuration exists."""
        return name.lower() in self._configurations

    def open_runspace(self, session: SessionInfo) -> EngineRunspace:
        """Return a new runspace."""
        return EngineRunspace(self, session, self._configurations[session.configuration.lower()], self._started)

    def run_process(self, call: ProcessCall, session: SessionInfo, console: Console, stop: StopSignal) -> int:
        """Run powershell.exe; other programs are not there."""
        if call.script is None and call.file is None:
            raise ProgramNotFoundError(call.program)
        runspace = WatchedRunspace(self.host, self._started)
        offering = YieldingStop(stop, self.host_lock)
        _ = session
        with self.host_lock.hold():
            if call.file is not None:
                return self._run_file(runspace, call, console, offering)
            text = call.script or ""
            # Standard input is awaited only by a script that reads it: clients of WinRS seldom close it.
            lines = iterate_unlocked(_lines(console), self.host_lock) if "$input" in text.lower() else None
            return engine_console.run_command(runspace, text, lines, console, offering)

    def _run_file(self, runspace: Runspace, call: ProcessCall, console: Console, stop: StopSignal) -> int:
        path = str(call.file)
        item = self.host.files.find(path)
        if item is None or item.is_folder or not path.lower().endswith(".ps1"):
            console.err(
                f"The argument '{path}' to the -File parameter does not exist. Provide the path to an existing "
                "'.ps1' file as an argument to the -File parameter.\r\n"
            )
            return engine_console.FILE_NOT_FOUND
        text = bytes(item.data).decode("utf-8-sig", "replace")
        return engine_console.run_file(runspace, path, text, call.arguments, console, stop)

    def version_table(self) -> dict[str, str]:
        """Return $PSVersionTable of Windows PowerShell 5.1."""
        build = f"{self.host.os.build}.{self.host.os.revision}"
        return {
            "PSVersion": f"5.1.{build}",
            "PSEdition": "Desktop",
            "BuildVersion": f"10.0.{build}",
            "CLRVersion": "4.0.30319.42000",
            "WSManStackVersion": "3.0",
            "PSRemotingProtocolVersion": "2.3",
            "SerializationVersion": "1.1.0.1",
        }

    def _run_task(self, path: str, up: Callable[[], bool]) -> None:
        """Run a scheduled task's script in turn with the pipelines of sessions, unless the host restarted meanwhile."""
        with self.host_lock.hold():
            if up():
                self.host.run_file(path)

    def watch(self, started: Callable[[str], None], away: Callable[[], None]) -> None:
        """Report cmdlets as they begin, and the uplink that is re-bound."""
        self._started = started
        self.host.links.rebound = lambda adapter: away() if adapter == self.host.links.adapters[0].name else None

    def restarted(self) -> None:
        """Let the host restart."""
        self.host.reboot()

    def encode(self, value: Any) -> str:
        """Return a value as CLIXML, to the depth 1 of remoting."""
        return serialize_element(value, 1)


def backend_maker(
    *,
    accounts: Sequence[Account] | None = None,
    configurations: Sequence[SessionConfiguration] = (),
) -> Callable[[LabHostLike], Backend]:
    """Return what makes backends with these accounts and session configurations, for ``LabServer(backend=...)``."""
    return lambda host: EngineBackend(host, accounts=accounts, configurations=configurations)


def _lines(console: Console) -> Iterator[str]:
    """Yield the lines of standard input, which end with its end."""
    rest = b""
    for chunk in console.input():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode("utf-8", "replace")
    if rest:
        yield rest.removesuffix(b"\r").decode("utf-8", "replace")


class WatchedRunspace(Runspace):
    """A runspace that says when a cmdlet begins; the one who is told may make it fail."""

    def __init__(self, host: Any, started: Callable[[str], None] | None) -> None:
        super().__init__(host, registry=lab_registry(host))
        self._started = started

    def processor_for(self, *args: Any, **kwargs: Any) -> Any:
        """Return the processor of a command, watched when it is a cmdlet's."""
        processor = super().processor_for(*args, **kwargs)
        if self._started is not None and isinstance(processor, CmdletProcessor):
            _watch(processor, self._started)
        return processor


def _watch(processor: CmdletProcessor, started: Callable[[str], None]) -> None:
    drain = processor._drain  # noqa: SLF001 - the one place that all of a cmdlet's work goes through
    state = {"begun": False, "failed": False}

    def watched(call: Any) -> None:
        if state["failed"]:
            return
        if state["begun"]:
            drain(call)
            return
        state["begun"] = True

        def first() -> Any:
            try:
                started(processor.spec.name)
            except CmdletFault as planned:
                state["failed"] = True
                fault = planned.fault
                raise HostRefusal(fault.error_id, fault.message, fault.category) from planned
            return call()

        drain(first)

    processor._drain = watched  # type: ignore[method-assign] # noqa: SLF001 - as above


class EngineRunspace:
    """One runspace of the engine; pipelines of one host take turns."""

    def __init__(
        self,
        backend: EngineBackend,
        session: SessionInfo,
        configuration: SessionConfiguration,
        started: Callable[[str], None] | None,
    ) -> None:
        self._backend = backend
        self._session = session
        self._configuration = configuration
        with backend.host_lock.hold():
            self.runspace = WatchedRunspace(backend.host, started)
            self.runspace.state.top.put("PSSenderInfo", _sender(session, backend.name))

    def close(self) -> None:
        """Nothing is held."""

    def invoke(
        self, commands: Sequence[CommandCall], input_: Iterator[Any] | None, sink: PipelineSink, stop: StopSignal
    ) -> None:
        """Run one pipeline to its end."""
        self._configuration.check(commands)
        lock = self._backend.host_lock
        items = iterate_unlocked(input_, lock) if input_ is not None else None
        engine_sink = EngineSink(sink, self._session.user, self._backend.name, _discarded(commands))
        try:
            with lock.hold():
                invoke(self.runspace, _calls(commands), items, engine_sink, YieldingStop(stop, lock))
        except PipelineFailed as failed:
            raise PipelineError(error_info(failed.record)) from failed
        except PipelineStopped:
            raise PipelineStop from None


def _calls(commands: Sequence[CommandCall]) -> list[PipelineCommand]:
    if any(call.merge_previous for call in commands):
        raise UnsupportedError("a PSRP command that claims the errors of those before it")
    return [
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


def _discarded(commands: Sequence[CommandCall]) -> frozenset[str]:
    """Return the streams that all commands discard; one that only some discard is refused."""
    kinds = {call.discard for call in commands}
    if len(kinds) > 1:
        raise UnsupportedError("a PSRP pipeline of which some commands discard a stream")
    return next(iter(kinds), frozenset())


def _sender(session: SessionInfo, computer: str) -> PSObject:
    arguments: Mapping[str, Any] = session.application_arguments
    return PSObject.of(
        {
            "ConnectedUser": f"{computer}\\{session.user}",
            "RunAsUser": f"{computer}\\{session.user}",
            "ConnectionString": f"http://{computer}:5985/wsman?PSVersion=5.1",
            "ConfigurationName": session.configuration,
            "ApplicationArguments": Hashtable(arguments.items()),
        },
        f"{_SMA}.Remoting.PSSenderInfo",
        "System.Object",
        kind="Property",
    )
