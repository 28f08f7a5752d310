"""Listening sockets that can go away and come back on the same port."""

from __future__ import annotations

import contextlib
import resource
import socket
from typing import TYPE_CHECKING, Final

from psnet.lab.wire.http import HttpConnection

if TYPE_CHECKING:
    import asyncio
    import ssl

    from psnet.lab.wire.endpoint import Endpoint

_BACKLOG: Final = 128
_SPARE_FILES: Final = 512


def allow_files(count: int) -> None:
    """Raise the soft limit of open files, within the hard one, when a big lab needs more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + _SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        ceiling = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (ceiling, hard))


def _bound(address: str, port: int) -> socket.socket:
    # asyncio turns Nagle off where the protocol is named.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind((address, port))
    except BaseException:
        sock.close()
        raise
    return sock


class Listener:
    """One port. While it is down, connections are refused and the port stays ours."""

    def __init__(self, endpoint: Endpoint, address: str, port: int, context: ssl.SSLContext | None) -> None:
        self._endpoint = endpoint
        self._address = address
        self._context = context
        self._server: asyncio.Server | None = None
        self._holder = _bound(address, port)  # bound, never listening: keeps the port while nothing listens
        self.port: int = self._holder.getsockname()[1]

    async def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start listening on one port for each mode."""
        if self._server is None:
            self._server = await loop.create_server(
                lambda: HttpConnection(self._endpoint),
                sock=_bound(self._address, self.port),
                ssl=self._context,
                backlog=_BACKLOG,
            )

    def down(self) -> None:
        """Refuse connections until ``open``."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def close(self) -> None:
        """Give the port back."""
        self.down()
        self._holder.close()
