"""One connection to a hostile host: raw bytes out, requests in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

_MOST: Final = 4 * 1024 * 1024


class DisconnectedError(Exception):
    """The client has closed."""


@dataclass(slots=True)
class Request:
    """A request; header names are in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes


class Connection:
    """What a mode is given; ``elsewhere`` is the URL of a host that nobody asked for."""

    def __init__(self, reader: StreamReader, writer: StreamWriter, elsewhere: str = "") -> None:
        self._reader = reader
        self._writer = writer
        self.elsewhere = elsewhere

    async def request(self) -> Request:
        """Return the next request; raise DisconnectedError at the end."""
        try:
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *rest = head.split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (item.partition(":") for item in rest if item)}
            length = int(headers.get("content-length", "0"))
            body = await self._reader.readexactly(min(length, _MOST))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, ValueError):
            raise DisconnectedError from None
        return Request(line, headers, body)

    async def send(self, data: bytes) -> None:
        """Send bytes; raise DisconnectedError when nobody takes them any more."""
        if self._writer.is_closing() or self._reader.at_eof():
            raise DisconnectedError
        try:
            self._writer.write(data)
            await self._writer.drain()
            await asyncio.sleep(0)  # drain gives no way while there is room, so that a lost connection stays unseen
        except OSError:
            raise DisconnectedError from None

    async def gone(self) -> None:
        """Say nothing more until the client closes."""
        try:
            while await self._reader.read(65536):
                pass
        except OSError:
            return
