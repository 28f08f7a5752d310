"""Just enough of WSMan and PSRP for a client to open a pool and start a pipeline, which then does its harm."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

from psrpcore import PSRPPayload, StreamType
from psrpcore.types import PSRPMessageType

from psnet.lab.hostile.psrp_modes import MODES, Pipeline
from psnet.lab.wire import soap, wsman_faults
from psnet.lab.wire.psrp.pool import LabPool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.hostile.connection import Connection

_LINGER: Final = 0.5  # seconds that a Receive without output waits, whatever the client allows
_VERSIONS: Final = {"PSVersion": "5.1.20348.1", "WSManStackVersion": "3.0"}
_RUNNING: Final = f"{soap.RSP}/CommandState/Running"


class Shell:
    """One host's pool; every connection to it speaks to the same one."""

    def __init__(self, mode: str) -> None:
        self._mode = mode
        self._opening: list[bytes] = []
        self._pool: LabPool | None = None
        self._pipelines: dict[str, Iterator[bytes | None]] = {}

    async def serve(self, connection: Connection) -> None:
        """Answer requests until the client goes."""
        while True:
            request = await connection.request()
            if "authorization" not in request.headers:
                await connection.send(
                    b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="WSMAN"\r\nContent-Length: 0\r\n\r\n'
                )
                continue
            status, body = 200, b""
            asked = soap.read_request(soap.parse(request.body))
            try:
                body = await self._answer(asked)
            except wsman_faults.WSManFault as fault:
                status, body = 500, soap.fault_response(fault, asked.message_id, "HOSTILE")
            if self._mode == "other-answer" and asked.verb == "Receive" and self._pipelines:
                body = body.replace(asked.message_id.encode(), f"uuid:{uuid4()}".encode())
            head = (
                f"HTTP/1.1 {status} OK\r\nContent-Type: application/soap+xml;charset=UTF-8\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            await connection.send(head.encode() + body)

    async def _answer(self, request: soap.Request) -> bytes:
        if request.verb == "Create":
            return self._create(request)
        if request.verb == "Receive":
            return await self._receive(request)
        if request.verb == "Command":
            return self._command(request)
        if request.verb == "Signal":
            return soap.response(request, "<rsp:SignalResponse/>")
        if request.verb == "Send":
            return soap.response(request, "<rsp:SendResponse/>")
        return soap.response(request, "")

    def _create(self, request: soap.Request) -> bytes:
        shell = request.body.find(f"{{{soap.RSP}}}Shell")
        creation = request.body.find(f".//{{{soap.PWSH}}}creationXml")
        if shell is None or creation is None:
            raise wsman_faults.unknown_resource(request.resource)
        self._opening = []
        self._pool = LabPool(_VERSIONS, lambda _pipeline, _kind, fragments: self._opening.extend(fragments))
        self._pool.receive_data(PSRPPayload(base64.b64decode(creation.text or ""), StreamType.default, None))
        while self._pool.next_event() is not None:
            pass
        shell_id = shell.get("ShellId") or str(uuid4()).upper()
        return soap.response(
            request,
            f"<x:ResourceCreated><a:Address>{soap.ANONYMOUS}</a:Address><a:ReferenceParameters>"
            f"<w:ResourceURI>{request.resource}</w:ResourceURI><w:SelectorSet>"
            f'<w:Selector Name="ShellId">{shell_id}</w:Selector></w:SelectorSet></a:ReferenceParameters>'
            f"</x:ResourceCreated><rsp:Shell><rsp:ShellId>{shell_id}</rsp:ShellId><rsp:InputStreams>stdin pr"
            "</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams></rsp:Shell>",
        )

    def _command(self, request: soap.Request) -> bytes:
        line = request.body.find(f"{{{soap.RSP}}}CommandLine")
        command = (line.get("CommandId") if line is not None else None) or str(uuid4())
        pool = self._pool.runspace_pool_id if self._pool is not None else uuid4()
        mode = MODES.get(self._mode, MODES["cycle"])
        self._pipelines[command.upper()] = mode(Pipeline(pool, UUID(command)))
        return soap.response(
            request, f"<rsp:CommandResponse><rsp:CommandId>{command}</rsp:CommandId></rsp:CommandResponse>"
        )

    async def _receive(self, request: soap.Request) -> bytes:
        wanted = request.body.find(f".//{{{soap.RSP}}}DesiredStream")
        command = wanted.get("CommandId") if wanted is not None else None
        if command is None:
            return await self._of_pool(request)
        chunk = next(self._pipelines.get(command.upper(), iter(())), b"")
        if not chunk:
            await asyncio.sleep(_LINGER)
            raise wsman_faults.timed_out()
        return self._received(request, chunk, command)

    async def _of_pool(self, request: soap.Request) -> bytes:
        if self._mode == "endless-pool" and self._pool is not None:
            state = '<Obj RefId="0"><MS><I32 N="RunspaceState">1</I32></MS></Obj>'
            talk = Pipeline(self._pool.runspace_pool_id, UUID(int=0))
            return self._received(request, talk.message(PSRPMessageType.RunspacePoolState, state) * 500, None)
        if not self._opening:
            await asyncio.sleep(_LINGER)
            raise wsman_faults.timed_out()
        chunk, self._opening = b"".join(self._opening), []
        return self._received(request, chunk, None)

    @staticmethod
    def _received(request: soap.Request, chunk: bytes, command: str | None) -> bytes:
        owner = f' CommandId="{command}"' if command else ""
        state = f'<rsp:CommandState{owner} State="{_RUNNING}"/>' if command else ""
        return soap.response(
            request,
            f'<rsp:ReceiveResponse><rsp:Stream Name="stdout"{owner}>{base64.b64encode(chunk).decode()}</rsp:Stream>'
            f"{state}</rsp:ReceiveResponse>",
        )
