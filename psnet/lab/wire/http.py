"""HTTP/1.1 as far as WSMan needs it, by hand on asyncio.

By hand, because NTLM belongs to the TCP connection, the peer's certificate is needed, and faults need
``transport.abort()``: none is in reach through a web framework.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.wire.auth import Authenticator
    from psnet.lab.wire.service import HostService

log = logging.getLogger(__name__)

MAX_HEAD: Final = 65536
MAX_BODY: Final = 16 << 20
_REASONS: Final = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    411: "Length Required",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@dataclass(slots=True)
class HttpRequest:
    """One request; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class HttpResponse:
    """One answer. ``lost`` is called when the peer was gone before it could be written."""

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)
    close: bool = False
    lost: Callable[[], None] | None = None

    def encode(self) -> bytes:
        """Return the bytes to send."""
        head = [
            f"HTTP/1.1 {self.status} {_REASONS.get(self.status, 'Unknown')}",
            "Server: Microsoft-HTTPAPI/2.0",
        ]
        head += [f"{name}: {value}" for name, value in self.headers]
        head += [f"Content-Length: {len(self.body)}"]
        if self.close:
            head.append("Connection: close")
        return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + self.body


class Application(Protocol):
    """What answers requests."""

    def opened(self, connection: HttpConnection) -> None:
        """Take note of a new connection (which may be aborted at once)."""

    def closed(self, connection: HttpConnection) -> None:
        """Take note that a connection has gone."""

    async def respond(self, connection: HttpConnection, request: HttpRequest) -> HttpResponse | None:
        """Answer a request; None when the connection was aborted instead."""


class _BadRequestError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class HttpConnection(asyncio.Protocol):
    """One TCP connection; answers its requests one after the other."""

    __slots__ = ("_application", "_buffer", "_pending", "_task", "auth", "service", "transport")

    def __init__(self, application: Application) -> None:
        self._application = application
        self._buffer = bytearray()
        self._pending: tuple[str, str, dict[str, str], int] | None = None
        self._task: asyncio.Task[None] | None = None
        self.transport: asyncio.Transport | None = None
        self.auth: Authenticator = None  # type: ignore[assignment] # set with the first request
        self.service: HostService | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_server promises
        self.transport = transport
        self._application.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Cancel the request under way."""
        if self._task is not None:
            self._task.cancel()
        self.transport = None
        self._application.closed(self)

    @property
    def is_open(self) -> bool:
        """Whether the peer can still be written to."""
        return self.transport is not None and not self.transport.is_closing()

    @property
    def is_tls(self) -> bool:
        """Whether this is HTTPS."""
        return self.transport is not None and self.transport.get_extra_info("ssl_object") is not None

    @property
    def peer_certificate(self) -> bytes | None:
        """The client's certificate (DER), if it gave one."""
        tls = self.transport.get_extra_info("ssl_object") if self.transport else None
        return tls.getpeercert(binary_form=True) if isinstance(tls, ssl.SSLObject) else None

    @property
    def peer_address(self) -> str:
        """The client's address."""
        name = self.transport.get_extra_info("peername") if self.transport else None
        return str(name[0]) if name else ""

    def abort(self) -> None:
        """Cut the connection without a word (RST)."""
        if self.transport is not None:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Collect bytes; start on a request when it is whole."""
        self._buffer += data
        if self._task is None:
            self._advance()

    def _advance(self) -> None:
        try:
            request = self._next_request()
        except _BadRequestError as error:
            self._write(HttpResponse(error.status, close=True))
            return
        if request is not None:
            self._task = asyncio.get_running_loop().create_task(self._serve(request))

    def _next_request(self) -> HttpRequest | None:
        if self._pending is None:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                if self._buffer[:1] == b"\x16":  # a TLS handshake on the plain port
                    raise _BadRequestError(400)
                if len(self._buffer) > MAX_HEAD:
                    raise _BadRequestError(413)
                return None
            self._pending = _read_head(bytes(self._buffer[:end]))
            del self._buffer[: end + 4]
            if self._pending[2].get("expect", "").lower() == "100-continue" and self.transport is not None:
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        method, path, headers, length = self._pending
        if len(self._buffer) < length:
            return None
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        self._pending = None
        return HttpRequest(method, path, headers, body)

    async def _serve(self, request: HttpRequest) -> None:
        try:
            response = await self._application.respond(self, request)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("an unexpected error while answering %s %s", request.method, request.path)
            response = HttpResponse(500, close=True)
        if response is not None:
            if request.headers.get("connection", "").lower() == "close":
                response.close = True
            self._write(response)
        self._task = None
        if self._buffer and self.is_open:
            self._advance()

    def _write(self, response: HttpResponse) -> None:
        if not self.is_open or self.transport is None:
            if response.lost is not None:
                response.lost()
            return
        self.transport.write(response.encode())
        if response.close:
            self.transport.close()


def _read_head(head: bytes) -> tuple[str, str, dict[str, str], int]:
    lines = head.decode("latin-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise _BadRequestError(400)
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise _BadRequestError(400)
        headers[name.lower()] = value.strip()
    if "transfer-encoding" in headers:
        raise _BadRequestError(411)
    length = headers.get("content-length", "0")
    if not length.isdigit():
        raise _BadRequestError(400)
    if int(length) > MAX_BODY:
        raise _BadRequestError(413)
    return parts[0], parts[1], headers, int(length)
