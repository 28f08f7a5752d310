"""A WinRS shell: processes with standard streams."""

from __future__ import annotations

import dataclasses
import logging
import queue
import threading
from typing import TYPE_CHECKING

from psnet.lab.wire import soap, wsman_faults
from psnet.lab.wire.shell import Command, Shell
from psnet.lab.wire.winrs.cmd import CONTROL_C, Cmd
from psnet.lab.wire.winrs.cmdline import split_arguments
from psnet.lab.wire.winrs.console import ProcessConsole, codec_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree import ElementTree as ET

    from psnet.lab.wire.api import SessionInfo
    from psnet.lab.wire.service import HostService

log = logging.getLogger(__name__)


class Process(Command):
    """One process of a shell; it runs on a worker thread."""

    shell: WinRSShell

    def __init__(self, command_id: str, shell: WinRSShell, line: str) -> None:
        super().__init__(command_id, shell)
        self._line = line
        self._stop = threading.Event()
        self._stdin: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._stdin_ended = False

    def take(self, data: bytes, *, end: bool) -> None:
        """Take standard input."""
        if self._stdin_ended:
            raise wsman_faults.schema_fault("The standard input of the command is closed.")
        if data:
            self._stdin.put(data)
        if end:
            self._stdin_ended = True
            self._stdin.put(None)

    def _input(self) -> Iterator[bytes]:
        while (data := self._stdin.get()) is not None:
            yield data

    def stop(self) -> None:
        """Stop the process, as Ctrl+C does."""
        self._stop.set()
        self._stdin.put(None)

    def run(self) -> None:
        """Run to the end, on a worker thread."""
        loop, service = self.shell.service.loop, self.shell.service

        def write(stream: str, data: bytes) -> None:
            loop.call_soon_threadsafe(self.outbox.put, stream, data)

        console = ProcessConsole(write, self.shell.codec, self._input)
        code = 1
        try:
            code = Cmd(service.backend, self.shell.session, console, self._stop).run(self._line)
        except Exception as error:
            log.exception("%s: a process failed inside the lab", service.name)
            console.err(f"{error}\r\n")
        if self._stop.is_set():
            code = CONTROL_C
        try:
            loop.call_soon_threadsafe(self.finish, code)
        except RuntimeError:
            log.debug("%s: the lab went down before a process had ended", service.name)


class WinRSShell(Shell):
    """One text shell.

    Its commands count against the user's operations until the shell is deleted, terminated or not, as
    note 118 of [MS-WSMV] says of Windows.
    """

    final_streams = ("stdout", "stderr")

    def __init__(self, service: HostService, session: SessionInfo, request: soap.Request, shell_id: str) -> None:
        variables = {
            element.get("Name", ""): element.text or "" for element in request.body.iter(f"{{{soap.RSP}}}Variable")
        }
        directory = request.body.findtext(f".//{{{soap.RSP}}}WorkingDirectory")
        session = dataclasses.replace(session, environment=variables, working_directory=directory)
        super().__init__(service, session, request.resource, shell_id)
        options = {name.lower(): value for name, value in request.options.items()}
        self.codec = codec_of(options.get("winrs_codepage"))
        self._started = 0

    @property
    def operations(self) -> int:
        """Every command that was ever started counts."""
        return self._pending + self._started

    def new_command(self, command_id: str, line: ET.Element, request: soap.Request) -> Command:
        """Start a process."""
        program = (line.findtext(f"{{{soap.RSP}}}Command") or "").strip()
        arguments = [element.text or "" for element in line.findall(f"{{{soap.RSP}}}Arguments")]
        options = {name.lower(): value for name, value in request.options.items()}
        if not program:
            raise wsman_faults.schema_fault("The Command message names no command.")
        if options.get("winrs_skip_cmd_shell", "").lower() in {"true", "1"}:
            program = split_arguments(program)[0] if program.startswith('"') else program
            program = f'"{program}"'
        process = Process(command_id, self, " ".join([program, *arguments]))
        self._started += 1
        self.service.workers.submit(process.run)
        return process

    def take_input(self, command_id: str | None, stream: str, data: bytes, end: bool) -> None:  # noqa: FBT001
        """Take standard input of a process."""
        command = self.command(command_id)
        if stream != "stdin" or not isinstance(command, Process):
            raise wsman_faults.schema_fault(f"The shell has no input stream {stream}.")
        command.take(data, end=end)
