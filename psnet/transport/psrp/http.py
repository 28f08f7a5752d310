"""HTTP/1.1 over one connection (h11): a POST, and the pieces of its answer. Redirects are answers like any other."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import h11

from psnet._internal.version import VERSION
from psnet.transport.budget import MOST_ANSWER
from psnet.transport.exceptions import TransportError
from psnet.transport.psrp.stream import Stream, connect
from psnet.transport.tls import trust_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.transport.settings import ConnectionSettings

_AGENT: Final = f"psnet/{VERSION}".encode()
_REFUSED: Final = 407
_OK: Final = 200
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(slots=True)
class Response:
    """The head of an answer; ``body`` is empty when it went to a sink."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    challenges: list[str] = field(default_factory=list)
    content_type: str = ""


class Connection:
    """A kept connection. One request at a time; closed for good by the first thing that goes wrong on it."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._http = h11.Connection(h11.CLIENT)
        self._stream: Stream | None = None
        self._target = f"/{settings.path}".encode()
        address = f"[{settings.address}]" if ":" in settings.address else settings.address
        self._host = f"{address}:{settings.effective_port}".encode()
        self._extra: list[tuple[bytes, bytes]] = []
        self._ended = False

    @property
    def usable(self) -> bool:
        """Whether another request can be sent."""
        return self._stream is not None and self._stream.usable and self._http.our_state is h11.IDLE

    @property
    def certificate(self) -> bytes:
        """The host's certificate (DER), empty without TLS."""
        return self._stream.certificate if self._stream is not None else b""

    async def open(self) -> None:
        """Connect, through the proxy when there is one; raise TransportError."""
        settings = self._settings
        try:
            async with asyncio.timeout(settings.connect_timeout):
                if settings.proxy:
                    self._stream = await self._through(settings.proxy)
                else:
                    self._stream = Stream(await connect(settings.address, settings.effective_port))
                if settings.scheme == "https":
                    await self._stream.secure(settings, trust_of(settings))
        except TimeoutError:
            self.close()
            raise TransportError("connect-timeout", "no connection in time") from None
        except BaseException:
            self.close()
            raise

    async def _through(self, proxy: str) -> Stream:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        if parts.scheme != "http" or not parts.hostname:
            raise TransportError("proxy", f"{parts.scheme}:// proxies are not supported; give http://host:port")
        stream = Stream(await connect(parts.hostname, parts.port or 3128, whose=f"{parts.hostname}: "))
        extra: list[tuple[bytes, bytes]] = []
        if parts.username:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            extra = [(b"Proxy-Authorization", b"Basic " + base64.b64encode(pair))]
        if self._settings.scheme == "http":
            self._target = self._settings.url.encode()
            self._extra = extra
            return stream
        try:
            http = h11.Connection(h11.CLIENT)
            head = h11.Request(method="CONNECT", target=self._host, headers=[(b"Host", self._host), *extra])
            stream.write(http.send(head) or b"")
            stream.write(http.send(h11.EndOfMessage()) or b"")
            event = http.next_event()
            while event is h11.NEED_DATA:
                http.receive_data(await stream.read())
                event = http.next_event()
        except h11.RemoteProtocolError as error:
            raise TransportError("proxy", str(error)) from error
        if not isinstance(event, h11.Response) or event.status_code != _OK:
            status = getattr(event, "status_code", 0)
            raise TransportError("proxy", f"HTTP {status}" if status else "no answer to CONNECT")
        return stream

    async def post(
        self,
        body: bytes,
        content_type: str,
        authorization: str | None,
        *,
        sink: Callable[[Response, bytes], bool] | None = None,
    ) -> Response:
        """Send a request and return its answer; raise TransportError when there is none.

        ``sink`` takes the pieces of the body as they come (with the answer's head), and says whether it wants them.
        """
        stream = self._stream
        if stream is None:
            raise TransportError("broken", "the connection is closed")
        headers = [
            (b"Host", self._host),
            (b"User-Agent", _AGENT),
            (b"Content-Type", content_type.encode()),
            (b"Content-Length", str(len(body)).encode()),
            *self._extra,
        ]
        if authorization:
            headers.append((b"Authorization", authorization.encode()))
        try:
            head = self._http.send(h11.Request(method="POST", target=self._target, headers=headers)) or b""
            data = self._http.send(h11.Data(data=body)) or b"" if body else b""
            stream.write(head + data + (self._http.send(h11.EndOfMessage()) or b""))
            return await self._answer(stream, sink)
        except BaseException as error:
            self.close()
            if isinstance(error, h11.ProtocolError):
                raise TransportError("broken" if self._ended else "protocol", f"no HTTP: {error}") from error
            raise

    async def _answer(self, stream: Stream, sink: Callable[[Response, bytes], bool] | None) -> Response:
        loop = asyncio.get_running_loop()
        seconds = self._settings.read_timeout
        response: Response | None = None
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(seconds) as patience:
                while True:
                    event = self._http.next_event()
                    if event is h11.NEED_DATA:
                        data = await stream.read()
                        self._ended = not data
                        self._http.receive_data(data)
                        patience.reschedule(loop.time() + seconds)
                    elif isinstance(event, h11.Response):
                        response = _head(event)
                        _check_head(response)
                    elif isinstance(event, h11.Data) and response is not None:
                        size += len(event.data)
                        _check_size(size)
                        if sink is None or not sink(response, bytes(event.data)):
                            parts.append(bytes(event.data))
                    elif isinstance(event, h11.EndOfMessage) and response is not None:
                        break
                    else:
                        raise TransportError("broken", "closed without an answer")
        except TimeoutError:
            raise TransportError("read-timeout", "no answer in time") from None
        response.body = b"".join(parts)
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        else:
            self.close()
        return response

    def close(self) -> None:
        """End the connection at once."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()


def _check_head(response: Response) -> None:
    if response.status in _REDIRECTS:
        raise TransportError("redirect", f"HTTP {response.status}")
    if any(name == b"content-encoding" and value.lower() != b"identity" for name, value in response.headers):
        raise TransportError("protocol", "a compressed body, which was not asked for")


def _check_size(size: int) -> None:
    if size > MOST_ANSWER:
        raise TransportError("budget", f"one answer of more than {MOST_ANSWER:,} bytes")


def _head(event: h11.Response) -> Response:
    headers = list(event.headers)
    challenges = [value.decode("latin-1") for name, value in headers if name == b"www-authenticate"]
    kinds = [value.decode("latin-1") for name, value in headers if name == b"content-type"]
    return Response(event.status_code, headers, challenges=challenges, content_type=kinds[0] if kinds else "")
