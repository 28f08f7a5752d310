"""HTTP/1.1 over one connection (httptools): a POST, and the pieces of its answer. Redirects are answers like others."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import httptools

from psnet._internal.version import VERSION
from psnet.transport.budget import MOST_ANSWER
from psnet.transport.exceptions import TransportError
from psnet.transport.psrp.stream import Stream, connect
from psnet.transport.tls import trust_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.transport.settings import ConnectionSettings

_AGENT: Final = f"psnet/{VERSION}".encode()
_OK: Final = 200
#: Bytes that may come before an answer's head is whole.
_MOST_HEAD: Final = 65_536
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(slots=True)
class Response:
    """The head of an answer; ``body`` is empty when it went to a sink."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    challenges: list[str] = field(default_factory=list)
    content_type: str = ""


class AnswerParser:
    """One answer, put together by what httptools calls while it is fed; ``sink`` may take the pieces of its body."""

    def __init__(self, sink: Callable[[Response, bytes], bool] | None = None, *, tunnel: bool = False) -> None:
        self.response: Response | None = None
        self.done = self.kept = False
        self._parser = httptools.HttpResponseParser(self)
        self._sink, self._tunnel = sink, tunnel
        self._headers: list[tuple[bytes, bytes]] = []
        self._parts: list[bytes] = []
        self._size = self._before = 0
        self._framed = False

    def feed(self, data: bytes) -> None:
        """Take bytes in, nothing at the end of all; raise TransportError for what is no answer, or too much of one."""
        if not data:
            self._end()
            return
        if self.response is None:
            self._before += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError as error:
            cause = error.__context__
            raise cause if cause is not None else error from None
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            raise TransportError("protocol", f"no HTTP: {error}") from error
        if self.response is None and self._before > _MOST_HEAD:
            raise TransportError("protocol", "no HTTP: a head without an end")

    def _end(self) -> None:
        if self.response is None or self._framed:
            raise TransportError("broken", "closed without an answer")
        self.on_message_complete()
        self.kept = False

    def on_message_begin(self) -> None:
        """Refuse a second answer."""
        if self.done:
            raise TransportError("protocol", "no HTTP: more than was asked for")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Store a header."""
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Make the answer's head."""
        status = self._parser.get_status_code()
        if status < _OK:  # an interim answer; the one that counts follows
            self._headers.clear()
            return
        self._framed = any(name in (b"content-length", b"transfer-encoding") for name, _ in self._headers)
        self.response = _head(status, self._headers)
        if not self._tunnel:
            _check_head(self.response)
        elif status == _OK:
            self.done = True  # what follows is the host's

    def on_body(self, data: bytes) -> None:
        """Give a piece of the body to the sink, or keep it."""
        self._size += len(data)
        _check_size(self._size)
        response = self.response
        if response is not None and (self._sink is None or not self._sink(response, data)):
            self._parts.append(data)

    def on_message_complete(self) -> None:
        """Say that the answer is whole."""
        if self.response is not None:
            self.response.body = b"".join(self._parts)
            self.kept = self._parser.should_keep_alive()
            self.done = True


class Connection:
    """A kept connection. One request at a time; closed for good by the first thing that goes wrong on it."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._idle = True
        self._stream: Stream | None = None
        self._target = f"/{settings.path}".encode()
        address = f"[{settings.address}]" if ":" in settings.address else settings.address
        self._host = f"{address}:{settings.effective_port}".encode()
        self._extra: list[tuple[bytes, bytes]] = []

    @property
    def usable(self) -> bool:
        """Whether another request can be sent."""
        return self._stream is not None and self._stream.usable and self._idle

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
                    await self._stream.secure(settings, trust_for(settings))
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
        lines = [b"CONNECT %b HTTP/1.1" % self._host, *(b"%b: %b" % pair for pair in [(b"Host", self._host), *extra])]
        stream.write(b"\r\n".join((*lines, b"", b"")))
        answer = AnswerParser(tunnel=True)
        try:
            while not answer.done:
                answer.feed(await stream.read())
        except TransportError as error:
            raise TransportError("proxy", error.said) from error
        status = answer.response.status if answer.response is not None else 0
        if status != _OK:
            raise TransportError("proxy", f"HTTP {status}")
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
        lines = [
            b"POST %b HTTP/1.1" % self._target,
            b"Host: " + self._host,
            b"User-Agent: " + _AGENT,
            b"Content-Type: " + content_type.encode("latin-1"),
            b"Content-Length: %d" % len(body),
            *(b"%b: %b" % pair for pair in self._extra),
        ]
        if authorization:
            lines.append(b"Authorization: " + authorization.encode("latin-1"))
        self._idle = False
        try:
            stream.write(b"\r\n".join((*lines, b"", body)))
            return await self._answer(stream, sink)
        except BaseException:
            self.close()
            raise

    async def _answer(self, stream: Stream, sink: Callable[[Response, bytes], bool] | None) -> Response:
        seconds = self._settings.read_timeout
        answer = AnswerParser(sink)
        while not answer.done:
            answer.feed(await stream.read(seconds))
        if answer.kept:
            self._idle = True
        else:
            self.close()
        assert answer.response is not None  # noqa: S101 - what is done has a head
        return answer.response

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


def _head(status: int, headers: list[tuple[bytes, bytes]]) -> Response:
    challenges = [value.decode("latin-1") for name, value in headers if name == b"www-authenticate"]
    kinds = [value.decode("latin-1") for name, value in headers if name == b"content-type"]
    return Response(status, headers, challenges=challenges, content_type=kinds[0] if kinds else "")
