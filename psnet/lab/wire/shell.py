"""Shells and their commands: what WinRS and PSRP have in common."""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from psnet.lab.wire import soap, wsman_faults
from psnet.lab.wire.outbox import Batch, Outbox, stream_elements

if TYPE_CHECKING:
    import asyncio
    from xml.etree import ElementTree as ET

    from psnet.lab.wire.api import SessionInfo
    from psnet.lab.wire.service import HostService

_STATE: Final = soap.RSP + "/CommandState/"
_OVERHEAD: Final = 2048  # of an envelope around its streams
_DEFAULT_ENVELOPE: Final = 153600
_DEFAULT_TIMEOUT: Final = 60.0


class Command:
    """One command of a shell: a WinRS process or a PSRP pipeline."""

    def __init__(self, command_id: str, shell: Shell) -> None:
        self.id = command_id
        self.shell = shell
        self.outbox = Outbox()
        self.running = True

    def stop(self) -> None:
        """Ask it to stop."""

    def finish(self, exit_code: int | None = None) -> None:
        """Note that it has ended."""
        self.running = False
        self.outbox.close(exit_code)
        self.shell.touch()


@dataclass(slots=True)
class Received:
    """Output on its way to a client; ``lost`` puts it back when the client has gone."""

    body: str
    outbox: Outbox
    batch: Batch

    def lost(self) -> None:
        """Put the output back for the next Receive."""
        self.outbox.requeue(self.batch)


class Shell:
    """One shell of a host. Lives on the event loop."""

    final_streams: tuple[str, ...] = ()
    output_streams = "stdout stderr"
    input_streams = "stdin"

    def __init__(self, service: HostService, session: SessionInfo, resource: str, shell_id: str) -> None:
        self.service = service
        self.session = session
        self.resource = resource
        self.id = shell_id
        self.commands: dict[str, Command] = {}
        self.state = "Connected"
        self.name = ""
        self.closed = False
        self.idle_timeout = service.quotas.idle_timeout_ms / 1000
        self.lifetime: float | None = None
        self.connections: set[object] = set()
        self._pending = 0
        self._created = service.loop.time()
        self._touched = self._created
        self._timer: asyncio.TimerHandle | None = None
        self._life: asyncio.TimerHandle | None = None

    def configure(self, body: ET.Element) -> None:
        """Read what a Create asks for; raises WSManFault."""
        shell = body.find(f"{{{soap.RSP}}}Shell")
        if shell is None:
            raise wsman_faults.schema_fault("The Create message has no rsp:Shell.")

        def text(tag: str) -> str:
            return (shell.findtext(f"{{{soap.RSP}}}{tag}") or "").strip()

        self.name = text("Name")
        if idle := text("IdleTimeOut") or text("IdleTimeout"):
            wanted = soap.duration_seconds(idle)
            if wanted < self.service.quotas.min_idle_timeout_ms / 1000:
                raise wsman_faults.idle_timeout_too_short(self.service.quotas.min_idle_timeout_ms)
            self.idle_timeout = wanted
        if lifetime := text("Lifetime"):
            self.lifetime = soap.duration_seconds(lifetime)
            self._life = self.service.loop.call_later(self.lifetime, self.service.remove_shell, self)
        self.output_streams = text("OutputStreams") or self.output_streams
        self.input_streams = text("InputStreams") or self.input_streams
        self._arm(self.idle_timeout)

    def touch(self) -> None:
        """Start the idle time anew."""
        self._touched = self.service.loop.time()

    def _arm(self, delay: float) -> None:
        self._timer = self.service.loop.call_later(delay, self._check_idle)

    def _check_idle(self) -> None:
        """Remove the shell when it was idle for its time; a pending Receive or a command is no idling."""
        now = self.service.loop.time()
        busy = self._pending > 0 or (self.state == "Connected" and any(c.running for c in self.commands.values()))
        left = self.idle_timeout if busy else self._touched + self.idle_timeout - now
        if left > 0.001:
            self._arm(left)
        else:
            self.service.remove_shell(self)

    @property
    def operations(self) -> int:
        """How many operations the shell holds against MaxConcurrentOperationsPerUser."""
        return self._pending + sum(command.running for command in self.commands.values())

    def command(self, command_id: str | None) -> Command:
        """Return a command; raises InvalidSelectors."""
        found = self.commands.get((command_id or "").upper())
        if found is None:
            raise wsman_faults.unknown_command(command_id or "")
        return found

    async def start(self, request: soap.Request) -> str:
        """Start a command; return the answer's body."""
        line = request.body.find(f"{{{soap.RSP}}}CommandLine")
        if line is None:
            raise wsman_faults.schema_fault("The Command message has no rsp:CommandLine.")
        if len(self.commands) >= self.service.quotas.max_concurrent_commands_per_shell:
            raise wsman_faults.too_many_commands()
        self.service.check_operations(self.session.user)
        command_id = (line.get("CommandId") or str(uuid.uuid4())).upper()
        if command_id in self.commands:
            raise wsman_faults.schema_fault(f"The command identifier {command_id} is in use.")
        self.commands[command_id] = self.new_command(command_id, line, request)
        return f"<rsp:CommandResponse><rsp:CommandId>{escape(command_id)}</rsp:CommandId></rsp:CommandResponse>"

    def new_command(self, command_id: str, line: ET.Element, request: soap.Request) -> Command:  # noqa: ARG002 - for subclasses
        """Make and start a command."""
        raise wsman_faults.unknown_action(request.action, self.resource)

    def send(self, request: soap.Request) -> str:
        """Take input."""
        for stream in request.body.iter(f"{{{soap.RSP}}}Stream"):
            self.take_input(
                stream.get("CommandId"),
                stream.get("Name") or "stdin",
                decode_base64(stream.text),
                (stream.get("End") or "").lower() in {"true", "1"},
            )
        return "<rsp:SendResponse/>"

    def take_input(self, command_id: str | None, stream: str, data: bytes, end: bool) -> None:  # noqa: ARG002, FBT001 - for subclasses
        """Take one stream's data."""
        raise wsman_faults.schema_fault(f"The shell has no input stream {stream}.")

    def outbox_of(self, command_id: str | None) -> Outbox:
        """Return where the output of a command (or of the shell itself) waits."""
        if command_id is None:
            raise wsman_faults.schema_fault("The Receive message names no command.")
        return self.command(command_id).outbox

    async def receive(self, request: soap.Request) -> Received:
        """Wait for output."""
        desired = request.body.find(f"{{{soap.RSP}}}Receive/{{{soap.RSP}}}DesiredStream")
        if desired is None:
            raise wsman_faults.schema_fault("The Receive message has no rsp:DesiredStream.")
        if self.state != "Connected":
            raise wsman_faults.stream_disconnected()
        command_id = desired.get("CommandId")
        outbox = self.outbox_of(command_id)
        if outbox.delivered:
            raise wsman_faults.unknown_command(command_id or "")
        timeout = _DEFAULT_TIMEOUT if request.timeout is None else request.timeout
        envelope = min(request.max_envelope or _DEFAULT_ENVELOPE, self.service.quotas.envelope_bytes)
        self._pending += 1
        try:
            batch = await outbox.receive(timeout, max(envelope - _OVERHEAD, 1024))
        finally:
            self._pending -= 1
            self.touch()
        body = stream_elements(batch, command_id, final=self.final_streams)
        if command_id:
            state = "Done" if batch.done else "Running"
            code = ""
            if batch.done and batch.exit_code is not None:
                code = f"<rsp:ExitCode>{batch.exit_code}</rsp:ExitCode>"
            body += f'<rsp:CommandState CommandId="{escape(command_id)}" State="{_STATE}{state}">{code}'
            body += "</rsp:CommandState>"
        return Received(f"<rsp:ReceiveResponse>{body}</rsp:ReceiveResponse>", outbox, batch)

    async def signal(self, request: soap.Request) -> str:
        """Take a signal: terminate, ctrl_c, ctrl_break."""
        signal = request.body.find(f"{{{soap.RSP}}}Signal")
        if signal is None:
            raise wsman_faults.schema_fault("The Signal message has no rsp:Signal.")
        code = (signal.findtext(f"{{{soap.RSP}}}Code") or "").strip().lower()
        name = code.rsplit("/", 1)[-1]
        if name not in {"terminate", "ctrl_c", "ctrl_break"}:
            raise wsman_faults.schema_fault(f"The signal code {code} is not valid.")
        command = self.command(signal.get("CommandId"))
        command.stop()
        if name == "terminate":
            self.release(command)
        return "<rsp:SignalResponse/>"

    def release(self, command: Command) -> None:
        """Forget a command that was terminated."""
        self.commands.pop(command.id, None)
        command.outbox.abort(wsman_faults.operation_aborted())

    def disconnect(self, request: soap.Request) -> str:
        """Refuse: only PSRP shells can be disconnected here, as WinRS clients never do."""
        raise wsman_faults.unknown_action(request.action, request.resource)

    def reconnect(self, request: soap.Request) -> str:
        """Refuse, as above."""
        raise wsman_faults.unknown_action(request.action, request.resource)

    def connect(self, request: soap.Request) -> str:
        """Refuse, as above."""
        raise wsman_faults.unknown_action(request.action, request.resource)

    def close(self) -> None:
        """End everything in the shell."""
        self.closed = True
        for timer in (self._timer, self._life):
            if timer is not None:
                timer.cancel()
        for command in self.commands.values():
            command.stop()
            command.outbox.abort(wsman_faults.operation_aborted())

    def describe(self, *, created: bool = False) -> str:
        """Return rsp:Shell."""
        now = self.service.loop.time()
        items: dict[str, Any] = {
            "ShellId": self.id,
            "Name": self.name or None,
            "ResourceUri": self.resource,
            "Owner": f"{self.service.name}\\{self.session.user}",
            "ClientIP": self.session.client_address,
            "IdleTimeOut": soap.duration(self.idle_timeout),
            "InputStreams": self.input_streams,
            "OutputStreams": self.output_streams,
            "ShellRunTime": _run_time(now - self._created),
            "ShellInactivity": _run_time(0.0 if created or self._pending else now - self._touched),
        }
        if not created:
            items["State"] = self.state
            items["ProcessId"] = "0"
        text = "".join(soap.element(f"rsp:{name}", value) for name, value in items.items() if value is not None)
        return f"<rsp:Shell>{text}</rsp:Shell>"


def _run_time(seconds: float) -> str:
    whole = int(seconds)
    return f"P{whole // 86400}DT{whole // 3600 % 24}H{whole // 60 % 60}M{whole % 60}S"


def decode_base64(text: str | None) -> bytes:
    """Return the bytes of base64 text; raises a schema fault."""
    try:
        return base64.b64decode(text or "", validate=False)
    except binascii.Error as error:
        raise wsman_faults.schema_fault("The stream data is not valid base64.") from error
