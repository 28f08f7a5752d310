"""A backend that knows a few words, to test the wire without an engine.

A script has one command a line: ``out TEXT``, ``num N``, ``err TEXT``, ``warn TEXT``, ``verbose TEXT``,
``debug TEXT``, ``info TEXT``, ``progress TEXT``, ``host TEXT``, ``throw TEXT``, ``sleep SECONDS``,
``input``, ``big COUNT``,
``keep NAME VALUE``, ``show NAME``, ``cmdlet NAME``, ``bug``, ``exit CODE``, ``args``.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from psrpcore._crypto import PSRemotingCrypto
from psrpcore.types import serialize

from psnet.lab import values as lab
from psnet.lab.dotnet import objects
from psnet.lab.wire.api import (
    Account,
    CommandCall,
    Console,
    ErrorInfo,
    InformationInfo,
    InvocationDetails,
    PipelineError,
    PipelineSink,
    PipelineStop,
    ProcessCall,
    ProgramNotFoundError,
    ProgressInfo,
    SessionInfo,
    StopSignal,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ACCOUNTS = (Account("vagrant", "pâss-Wörd 1", certificate="vagrant@localhost"), Account("other", "second"))


@dataclass
class TinyHost:
    name: str
    accounts: Sequence[Account] = ACCOUNTS
    configurations: tuple[str, ...] = ("Microsoft.PowerShell", "Restricted")


def encode(value: Any) -> str:
    def native(item: Any) -> Any:
        if isinstance(item, lab.Array):
            return [native(entry) for entry in item]
        return item

    return ET.tostring(serialize(native(value), PSRemotingCrypto()), encoding="unicode")


def error_info(text: str) -> ErrorInfo:
    return ErrorInfo(
        message=text,
        error_id=f"Tiny.{text.split(maxsplit=1)[0]},Out-Tiny",
        category=5,
        activity="Out-Tiny",
        reason="TinyException",
        target_name="place",
        target_type="String",
        category_message="InvalidArgument: (place:String) [Out-Tiny], TinyException",
        exception_types=("Tiny.TinyException", "System.Exception", "System.Object"),
        target="tärget <1>",
        stack_trace="at <ScriptBlock>, <No file>: line 1",
        invocation=InvocationDetails(
            command="Out-Tiny",
            line_number=1,
            offset_in_line=3,
            line="Out-Tiny",
            position_message="At line:1 char:3",
        ),
    )


@dataclass
class TinyRunspace:
    session: SessionInfo
    backend: TinyBackend
    kept: dict[str, str] = field(default_factory=dict)

    def invoke(
        self, commands: Sequence[CommandCall], input_: Iterator[Any] | None, sink: PipelineSink, stop: StopSignal
    ) -> None:
        for call in commands:
            if not call.is_script:
                if self.session.configuration == "Restricted" and call.text != "Get-Allowed":
                    raise PipelineError(error_info(f"CommandNotFoundException {call.text}"))
                self._command(call, sink)
                continue
            if self.session.configuration == "Restricted":
                raise PipelineError(error_info("ScriptsNotAllowed in this configuration"))
            for line in call.text.splitlines():
                self._line(line, call, input_ or iter(()), sink, stop)

    def _command(self, call: CommandCall, sink: PipelineSink) -> None:
        for parameter in call.parameters:
            value = parameter.value
            if isinstance(value, objects.SecureString):
                value = f"secret {value.secret}"
            if isinstance(value, objects.PSCredential):
                value = f"{value.user_name} {value.password.secret}"
            sink.output(f"{parameter.name}={type(value).__name__}:{value}")
        sink.output(f"ran {call.text}")

    def _line(  # noqa: C901 - a list of words
        self, line: str, call: CommandCall, input_: Iterator[Any], sink: PipelineSink, stop: StopSignal
    ) -> None:
        verb, _, rest = line.strip().partition(" ")
        simple: dict[str, Callable[[str], None]] = {
            "out": sink.output,
            "num": lambda text: sink.output(int(text)),
            "err": lambda text: sink.error(error_info(text)),
            "warn": sink.warning,
            "verbose": sink.verbose,
            "debug": sink.debug,
            "host": sink.host_write,
            "big": lambda text: sink.output("x" * int(text)),
            "show": lambda text: sink.output(self.kept.get(text, "nothing")),
            "cmdlet": self.backend.started,
            "info": lambda text: sink.information(InformationInfo(text, source="tiny", tags=("PSHOST", "two"))),
            "progress": lambda text: sink.progress(ProgressInfo(text, 3, "status", percent=50)),
        }
        if verb in simple:
            simple[verb](rest)
        elif verb == "keep":
            name, _, value = rest.partition(" ")
            self.kept[name] = value
        elif verb == "throw":
            raise PipelineError(error_info(rest))
        elif verb == "sleep":
            if stop.wait(float(rest)):
                raise PipelineStop
        elif verb == "gate":
            self.backend.gate(rest).wait(20)
        elif verb == "input":
            for item in input_:
                sink.output(item)
        elif verb == "args":
            self._command(call, sink)
        elif verb == "bug":
            raise ZeroDivisionError("a bug of the lab")

    def close(self) -> None:
        self.backend.closed_runspaces += 1


@dataclass
class TinyBackend:
    host: TinyHost
    product_version: str = "OS: 10.0.20348 SP: 0.0 Stack: 3.0"
    closed_runspaces: int = 0
    opened_runspaces: int = 0
    away: Callable[[], None] = field(default=lambda: None)
    restarts: int = 0
    sessions: list[SessionInfo] = field(default_factory=list)
    gates: dict[str, threading.Event] = field(default_factory=dict)
    started: Callable[[str], None] = field(default=lambda _name: None)

    @property
    def name(self) -> str:
        return self.host.name

    def accounts(self) -> Sequence[Account]:
        return self.host.accounts

    def gate(self, name: str) -> threading.Event:
        return self.gates.setdefault(name, threading.Event())

    def has_configuration(self, name: str) -> bool:
        return name.lower() in {known.lower() for known in self.host.configurations}

    def open_runspace(self, session: SessionInfo) -> TinyRunspace:
        self.opened_runspaces += 1
        self.sessions.append(session)
        return TinyRunspace(session, self)

    def run_process(  # noqa: C901 - a list of words
        self,
        call: ProcessCall,
        session: SessionInfo,  # noqa: ARG002 - the protocol's signature
        console: Console,
        stop: StopSignal,
    ) -> int:
        if call.program == "upper":
            for data in console.input():
                console.out(data.decode().upper())
            return 0
        if call.program != "powershell.exe":
            raise ProgramNotFoundError(f"no {call.program}")
        if call.file is not None:
            console.out(f"file {call.file} {list(call.arguments)}\r\n")
            return 3
        for line in (call.script or "").splitlines():
            verb, _, rest = line.strip().partition(" ")
            if verb == "out":
                console.out(f"{rest}\r\n")
            elif verb == "err":
                console.record("error", f"{rest}\n    + CategoryInfo")
            elif verb == "warn":
                console.record("warning", rest)
            elif verb == "sleep":
                stop.wait(float(rest))
            elif verb == "exit":
                return int(rest)
        return 0

    def watch(self, started: Callable[[str], None], away: Callable[[], None]) -> None:
        self.started = started
        self.away = away

    def restarted(self) -> None:
        self.restarts += 1

    def version_table(self) -> dict[str, str]:
        return {"PSVersion": "5.1.20348.1", "PSEdition": "Desktop"}

    def encode(self, value: Any) -> str:
        return encode(value)
