"""One TCP connection, perhaps through a proxy, perhaps with TLS: bytes in, bytes out."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import hmac
import math
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any, Final

from psnet.transport.exceptions import TransportError
from psnet.transport.tls import tls_cause

if TYPE_CHECKING:
    from psnet.transport.settings import ConnectionSettings
    from psnet.transport.tls import TlsTrust

_HIGH: Final = 1024 * 1024
_NO_ROUTE: Final = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL)
_READ: Final = 65536
_RECORD: Final = 16384  # what a record of TLS holds at most (RFC 8446 section 5.1)


class _Scratch(threading.local):
    """What a loop's sockets are read into, one after the other: asyncio would make 256 kB anew for each read."""

    def __init__(self) -> None:
        self.buffer = bytearray(_READ)


_SCRATCH: Final = _Scratch()


class _Plain(asyncio.BufferedProtocol):
    """What asyncio says about a connection, kept until it is read; reading from it pauses when that grows."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._buffer: list[bytes] = []
        self._size = 0
        self._waiter: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._paused = False
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._late = False
        self.ended = False
        self.error: Exception | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002 - a hint
        return _SCRATCH.buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._buffer.append(bytes(memoryview(_SCRATCH.buffer)[:nbytes]))
        self._size += nbytes
        if self._size > _HIGH and self._transport is not None:
            self._transport.pause_reading()
            self._paused = True
        self._wake()

    def eof_received(self) -> bool:
        self.ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self.error = exc
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def read(self, seconds: float | None = None) -> bytes:
        """Return what came, at least a byte; empty at the end. TransportError when nothing comes within ``seconds``."""
        while not self._buffer and not self.ended:
            self._waiter = self._loop.create_future()
            self._wait_for(seconds)
            try:
                await self._waiter
            finally:
                self._waiter = None
            if self._late and not self._buffer and not self.ended:
                raise TransportError("read-timeout", "no answer in time")
        if not self._buffer and self.error is not None:
            raise TransportError("broken", str(self.error))
        data = b"".join(self._buffer) if len(self._buffer) > 1 else (self._buffer[0] if self._buffer else b"")
        self._buffer.clear()
        self._size = 0
        if self._paused and self._transport is not None:
            self._transport.resume_reading()
            self._paused = False
        return data

    def _wait_for(self, seconds: float | None) -> None:
        """Let the reader wake in so many seconds: one timer for the connection, which looks when it is due by then."""
        self._late = False
        if seconds is None:
            self._due = math.inf
            return
        self._due = self._loop.time() + seconds
        if self._timer is None:
            self._timer = self._loop.call_at(self._due, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._waiter is None or self._due == math.inf:
            return
        if self._loop.time() < self._due:
            self._timer = self._loop.call_at(self._due, self._look)
            return
        self._late = True
        self._wake()

    def write(self, data: bytes) -> None:
        """Send; what a closed connection cannot take any more is told by the next read."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """End the connection at once."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._transport is not None:
            self._transport.abort()
            self._transport = None


async def connect(host: str, port: int, *, whose: str = "") -> _Plain:
    """Open a TCP connection; raise TransportError with the cause ``name``, ``route``, ``closed-port`` or ``proxy``."""
    try:
        _, made = await asyncio.get_running_loop().create_connection(_Plain, host, port)
    except socket.gaierror as error:
        raise TransportError("proxy" if whose else "name", f"{whose}{error.strerror}") from error
    except ExceptionGroup as error:  # several addresses, none of which answers
        raise TransportError("proxy" if whose else "closed-port", f"{whose}{error.exceptions[0]}") from error
    except OSError as error:
        cause = "route" if error.errno in _NO_ROUTE else "closed-port"
        raise TransportError("proxy" if whose else cause, f"{whose}{error.strerror or error}") from error
    return made


class Stream:
    """Bytes to and from a host; ``certificate`` is its certificate (DER), empty without TLS."""

    def __init__(self, plain: _Plain) -> None:
        self._plain = plain
        self._tls: ssl.SSLObject | None = None
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._keep: Any = None
        self.certificate = b""

    @property
    def usable(self) -> bool:
        """Whether nothing says yet that the other side has closed."""
        return not self._plain.ended

    def write(self, data: bytes) -> None:
        """Send bytes."""
        if self._tls is None:
            self._plain.write(data)
            return
        self._tls.write(data)
        self._flush()

    async def read(self, seconds: float | None = None) -> bytes:
        """Return what came, at least a byte; empty at the end. TransportError when nothing comes within ``seconds``."""
        if self._tls is None:
            return await self._plain.read(seconds)
        while True:
            data, closed = self._decrypted(self._tls)
            self._flush()
            if data and self._keep is not None:
                self._keep(self._tls)  # with TLS 1.3 the ticket comes with the first answer
                self._keep = None
            if data or closed:
                return data
            more = await self._plain.read(seconds)
            if not more:
                return b""
            self._incoming.write(more)

    @staticmethod
    def _decrypted(tls: ssl.SSLObject) -> tuple[bytes, bool]:
        """Return what can be read now, and whether the other side has said that nothing more comes."""
        parts: list[bytes] = []
        try:
            while data := tls.read(_RECORD):
                parts.append(data)
        except ssl.SSLWantReadError:
            return b"".join(parts), False
        except ssl.SSLError as error:
            if not parts:
                raise TransportError("broken", str(error)) from error
        return b"".join(parts), True

    async def secure(self, settings: ConnectionSettings, trust: TlsTrust) -> None:
        """Shake hands; raise TransportError when the certificate is not accepted, before anything is sent."""
        address, port = settings.address, settings.effective_port
        try:
            self._tls = trust.context.wrap_bio(
                self._incoming,
                self._outgoing,
                server_hostname=address,
                session=trust.sessions.get((address, port)),
            )
            await self._shake_hands(self._tls)
        except ssl.SSLError as error:
            cause = tls_cause([error])
            raise TransportError(cause, str(getattr(error, "verify_message", "") or error.reason or error)) from error
        self.certificate = self._tls.getpeercert(binary_form=True) or b""
        if settings.fingerprint:
            found = hashlib.sha256(self.certificate).hexdigest()
            if not hmac.compare_digest(found, settings.fingerprint):
                raise TransportError("wrong-pin", f"its certificate has the SHA-256 {found}")
        self._keep = lambda tls: trust.remember_session(address, port, tls)

    async def _shake_hands(self, tls: ssl.SSLObject) -> None:
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                more = await self._plain.read()
                if not more:
                    raise TransportError("tls", "closed during the TLS handshake") from None
                self._incoming.write(more)
            except ssl.SSLError:
                self._flush()  # the alert that says why
                raise
            else:
                self._flush()
                return

    def _flush(self) -> None:
        if self._outgoing.pending:
            self._plain.write(self._outgoing.read())

    def close(self) -> None:
        """End the connection at once."""
        self._plain.close()
