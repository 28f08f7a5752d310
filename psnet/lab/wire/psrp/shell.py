"""A PSRP shell: one runspace pool over WSMan."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import dataclasses
import logging
import struct
from collections import deque
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from xml.etree import ElementTree as ET

import psrpcore
from psrpcore import types as ps

from psnet.lab.wire import soap, wsman_faults
from psnet.lab.wire.outbox import Outbox
from psnet.lab.wire.psrp.convert import to_lab
from psnet.lab.wire.psrp.pipeline import Pipeline
from psnet.lab.wire.psrp.pool import LabPool
from psnet.lab.wire.psrp.runspaces import Runspaces
from psnet.lab.wire.shell import Shell, decode_base64

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.wire.api import SessionInfo
    from psnet.lab.wire.service import HostService
    from psnet.lab.wire.shell import Command

log = logging.getLogger(__name__)

_STOP_WAIT: Final = 10.0  # seconds that a Signal waits for the pipeline to heed it
_MALFORMED: Final = (
    psrpcore.PSRPCoreError, struct.error, ValueError, KeyError, AttributeError, TypeError, ET.ParseError,
)  # fmt: skip


class PsrpShell(Shell):
    """One pool. Lives on the event loop; ``post`` is the way back from worker threads."""

    output_streams = "stdout"
    input_streams = "stdin pr"

    def __init__(
        self,
        service: HostService,
        session: SessionInfo,
        request: soap.Request,
        shell_id: str,
        configuration: str,
    ) -> None:
        session = dataclasses.replace(session, configuration=configuration)
        super().__init__(service, session, request.resource, shell_id)
        self.encode = service.backend.encode
        self.pool = LabPool(service.backend.version_table(), self._emit)
        self.outbox = Outbox(linger=0.0)
        self.runspaces = Runspaces(service.workers, self._open_runspace, self.post)
        self._posts: deque[Callable[[], None]] = deque()
        self._scheduled = False
        self._captured: list[bytes] | None = None
        creation = request.body.find(f".//{{{soap.PWSH}}}creationXml")
        if creation is None:
            raise wsman_faults.schema_fault("The Create message of a PowerShell session has no creationXml.")
        self._take(decode_base64(creation.text))

    def _open_runspace(self) -> Any:
        return self.service.backend.open_runspace(self.session)

    @property
    def has_information_stream(self) -> bool:
        """Whether the client speaks protocol 2.3."""
        theirs = self.pool.their_capability
        return theirs is not None and theirs.protocolversion >= ps.PSVersion("2.3")

    def post(self, call: Callable[[], None]) -> None:
        """Run a call on the event loop, in the order of posting; safe on any thread."""
        self._posts.append(call)
        if not self._scheduled:
            self._scheduled = True
            with contextlib.suppress(RuntimeError):  # the lab is going down
                self.service.loop.call_soon_threadsafe(self._flush)

    def _flush(self) -> None:
        self._scheduled = False
        while self._posts:
            call = self._posts.popleft()
            try:
                call()
            except Exception:
                log.exception("%s: a call posted to the event loop failed", self.service.name)

    def _emit(self, pipeline_id: UUID | None, message_type: ps.PSRPMessageType, fragments: list[bytes]) -> None:
        if self._captured is not None and message_type in {
            ps.PSRPMessageType.SessionCapability,
            ps.PSRPMessageType.RunspacePoolInitData,
        }:
            self._captured += fragments
            return
        outbox = self.outbox
        if pipeline_id is not None:
            command = self.commands.get(str(pipeline_id).upper())
            if command is None:
                return
            outbox = command.outbox
        for fragment in fragments:
            outbox.put("stdout", fragment)
        if message_type == ps.PSRPMessageType.ApplicationPrivateData:
            outbox.split()  # Windows reports the pool as opened in an answer of its own

    def _take(self, data: bytes) -> None:
        """Feed what the client sent to the protocol and do what it asks for."""
        try:
            self.pool.receive_data(psrpcore.PSRPPayload(data, psrpcore.StreamType.default, None))
            while (event := self.pool.next_event()) is not None:
                self._on_event(event)
        except _MALFORMED as error:
            raise wsman_faults.schema_fault(f"The PowerShell remoting data is not valid: {error}") from error

    def _on_event(self, event: Any) -> None:
        pipeline = self.commands.get(str(event.pipeline_id).upper()) if event.pipeline_id else None
        match event:
            case psrpcore.InitRunspacePoolEvent():
                self.runspaces.minimum = self.pool.min_runspaces
                self.runspaces.maximum = self.pool.max_runspaces
                arguments = event.application_arguments or {}
                self.session = dataclasses.replace(
                    self.session, application_arguments={str(k): to_lab(v) for k, v in arguments.items()}
                )
            case psrpcore.CreatePipelineEvent() if isinstance(pipeline, Pipeline):
                pipeline.start(event.pipeline)
            case psrpcore.GetCommandMetadataEvent() if isinstance(pipeline, Pipeline):
                raise wsman_faults.unsupported("GET_COMMAND_METADATA; run Get-Command instead")
            case psrpcore.PipelineInputEvent() if isinstance(pipeline, Pipeline):
                pipeline.input.put(to_lab(event.data))
            case psrpcore.EndOfPipelineInputEvent() if isinstance(pipeline, Pipeline):
                pipeline.input.end()
            case psrpcore.SetMaxRunspacesEvent():
                self._answer(event.ci, event.count >= self.runspaces.minimum)
                self.runspaces.maximum = self.pool.max_runspaces
            case psrpcore.SetMinRunspacesEvent():
                self._answer(event.ci, 1 <= event.count <= self.runspaces.maximum)
                self.runspaces.minimum = self.pool.min_runspaces
            case psrpcore.GetAvailableRunspacesEvent():
                self._answer(event.ci, ps.PSInt64(self.runspaces.available))
            case psrpcore.ResetRunspaceStateEvent():
                self._answer(event.ci, self.runspaces.reset())

    def _answer(self, call_id: int, response: Any) -> None:
        self.pool.runspace_availability_response(call_id, response)

    def new_command(self, command_id: str, line: ET.Element, request: soap.Request) -> Command:  # noqa: ARG002
        """Start on a pipeline; the first fragment of its description is the command's argument."""
        try:
            pipeline = Pipeline(command_id, self)
        except ValueError as error:
            raise wsman_faults.schema_fault(f"The CommandId {command_id} is not a GUID.") from error
        psrpcore.ServerPipeline(self.pool, pipeline.uuid)
        self.commands[command_id] = pipeline
        try:
            self._take(decode_base64(line.findtext(f"{{{soap.RSP}}}Arguments")))
        except wsman_faults.WSManFault:
            self.commands.pop(command_id, None)
            self.pool.pipeline_table.pop(pipeline.uuid, None)
            raise
        return pipeline

    def take_input(self, command_id: str | None, stream: str, data: bytes, end: bool) -> None:  # noqa: ARG002, FBT001
        """Take fragments, of the pool or of a pipeline."""
        if command_id is not None:
            self.command(command_id)
        self._take(data)

    def outbox_of(self, command_id: str | None) -> Outbox:
        """Return the pool's own output or a pipeline's."""
        return self.outbox if command_id is None else self.command(command_id).outbox

    async def signal(self, request: soap.Request) -> str:
        """Stop a pipeline and wait until it has stopped, as Windows does."""
        answer = await super().signal(request)
        signal = request.body.find(f"{{{soap.RSP}}}Signal")
        command = self.commands.get((signal.get("CommandId") or "").upper()) if signal is not None else None
        if isinstance(command, Pipeline):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(request.timeout or _STOP_WAIT, _STOP_WAIT)):
                    await command.ended.wait()
        return answer

    def disconnect(self, request: soap.Request) -> str:
        """Leave the pool to itself; its pipelines go on."""
        element = request.body.find(f"{{{soap.RSP}}}Disconnect")
        idle = element.findtext(f"{{{soap.RSP}}}IdleTimeOut") if element is not None else None
        if idle:
            self.idle_timeout = soap.duration_seconds(idle)
        self.state = "Disconnected"
        self.pool.state = ps.RunspacePoolState.Disconnected
        for outbox in (self.outbox, *(command.outbox for command in self.commands.values())):
            outbox.abort(wsman_faults.stream_disconnected())
        self.touch()
        return ""

    def reconnect(self, request: soap.Request) -> str:  # noqa: ARG002 - the verb's signature
        """Take the pool up again, by the client that had it."""
        self.state = "Connected"
        self.pool.state = ps.RunspacePoolState.Opened
        return ""

    def connect(self, request: soap.Request) -> str:
        """Take the pool (or one of its pipelines) up as a new client."""
        element = request.body.find(f"{{{soap.RSP}}}Connect")
        if element is None:
            raise wsman_faults.schema_fault("The Connect message has no rsp:Connect.")
        if command_id := element.get("CommandId"):
            self.command(command_id)
            return "<rsp:ConnectResponse/>"
        if self.state == "Connected" and self.connections:
            raise wsman_faults.not_disconnected(self.id)
        self.pool.state = ps.RunspacePoolState.Disconnected
        self.pool.connect()
        self.outbox = Outbox(linger=0.0)
        self._captured = []
        try:
            self.pool.prepare_message(self.pool.our_capability)
            xml = element.find(f"{{{soap.PWSH}}}connectXml")
            self._take(decode_base64(xml.text if xml is not None else ""))
            fragments = b"".join(self._captured)
        finally:
            self._captured = None
        if self.pool.state != ps.RunspacePoolState.Opened:
            raise wsman_faults.schema_fault("The connectXml does not ask for the pool.")
        self.state = "Connected"
        return (
            f'<rsp:ConnectResponse><pwsh:connectResponseXml xmlns:pwsh="{soap.PWSH}">'
            f"{base64.b64encode(fragments).decode()}</pwsh:connectResponseXml></rsp:ConnectResponse>"
        )

    def release(self, command: Command) -> None:
        """Forget a pipeline."""
        super().release(command)
        with contextlib.suppress(ValueError):
            self.pool.pipeline_table.pop(UUID(command.id), None)

    def close(self) -> None:
        """Stop the pipelines and close the runspaces."""
        super().close()
        self.outbox.abort(wsman_faults.operation_aborted())
        self.runspaces.close()
