"""Limits by client address: TLS handshakes, the time for a request's head, and connections at once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import socket

    import uvicorn

log = logging.getLogger("psnet.dsc.server")

HANDSHAKE_SECONDS: Final = 10
HEAD_SECONDS: Final = 10
MOST_FROM_ONE_ADDRESS: Final = 256


class HandshakeLimitLoop(asyncio.SelectorEventLoop):
    """An event loop whose servers end a TLS handshake after ``HANDSHAKE_SECONDS``; uvicorn has no setting for that."""

    async def create_server(self, *arguments: Any, **options: Any) -> asyncio.Server:
        """Make a server as asyncio does, with the time limit when it speaks TLS."""
        if options.get("ssl") is not None:
            options.setdefault("ssl_handshake_timeout", HANDSHAKE_SECONDS)
        return await super().create_server(*arguments, **options)


class LimitedProtocol(H11Protocol):
    """uvicorn's HTTP protocol: a head that is not whole in time ends a connection, as does one connection too many."""

    most: ClassVar[int]
    head_seconds: ClassVar[float]
    counts: ClassVar[Counter[str]]
    _address: str | None = None
    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count a connection of an address; close it when there are too many."""
        super().connection_made(transport)
        address = self.client[0] if self.client else "unknown"
        if self.counts[address] >= self.most:
            log.warning("%s: more than %d connections at once", address, self.most)
            transport.abort()
            return
        self.counts[address] += 1
        self._address = address
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count a connection no more."""
        if self._address is not None:
            self.counts[self._address] -= 1
            if not self.counts[self._address]:
                del self.counts[self._address]
            self._address = None
        self._head_is_there()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Handle received bytes; they may contain the beginning of the next request's head."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._head_is_there()
        elif self.conn.trailing_data[0]:
            self._wait_for_head()

    def _wait_for_head(self) -> None:
        if self._head is None:
            self._head = self.loop.call_later(self.head_seconds, self._too_slow)

    def _head_is_there(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _too_slow(self) -> None:
        log.warning("%s: the head of a request took more than %g seconds", self._address, self.head_seconds)
        self.transport.abort()


def limited_protocol(most: int = MOST_FROM_ONE_ADDRESS, head_seconds: float = HEAD_SECONDS) -> type[LimitedProtocol]:
    """Return the protocol with limits: connections at once from one address, seconds for the head of a request."""

    class Limited(LimitedProtocol):
        counts: ClassVar[Counter[str]] = Counter()

    Limited.most, Limited.head_seconds = most, head_seconds
    return Limited


def serve(server: uvicorn.Server, listener: socket.socket) -> None:
    """Run a server on a listening socket until it is told to stop."""
    with asyncio.Runner(loop_factory=HandshakeLimitLoop) as runner, contextlib.suppress(KeyboardInterrupt):
        runner.run(server.serve(sockets=[listener]))
