"""A WSMan client for one host: requests and responses over one kept connection, with a logon on each new one."""

from __future__ import annotations

import asyncio
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, TypeVar

from psnet.transport.exceptions import TransportError
from psnet.transport.psrp.http import Connection, Response
from psnet.transport.psrp.logon import SOAP, Logon, fixed_header
from psnet.transport.psrp.responses import ResponseReader, WsmanResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.transport.budget import Meter
    from psnet.transport.psrp.envelopes import Request
    from psnet.transport.settings import ConnectionSettings

_T = TypeVar("_T")
_STATUSES: Final = {401: "password", 403: "access", 407: "proxy"}
_OK, _UNAUTHORIZED, _SERVER_ERROR = 200, 401, 500
_TOKEN_KINDS: Final = frozenset({"negotiate", "kerberos"})


class WsmanClient:
    """The connection of one session. Used by one task at a time, on one event loop."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._connection: Connection | None = None
        self._logon: Logon | None = None
        self._fixed = fixed_header(settings)
        # a ticket may have to be fetched from a domain controller, which blocks
        self._blocks = settings.auth in _TOKEN_KINDS and bool(find_spec("gssapi") or find_spec("sspilib"))

    async def exchange(self, request: Request, meter: Meter | None = None) -> WsmanResponse:
        """Return the answer to a request, within what is left of the meter's time.

        Raises WsmanFault when the host refuses, TransportError when there is no answer, SpnegoError when no logon can
        be made.
        """
        if meter is None:
            return await self._exchanged(request, None)
        meter.count_request()
        try:
            async with asyncio.timeout(meter.left()):
                return await self._exchanged(request, meter)
        except TimeoutError:
            raise meter.timeout_error() from None

    async def _exchanged(self, request: Request, meter: Meter | None) -> WsmanResponse:
        reading = _Reading(meter)
        response = await self._post(request.data, reading)
        if response.status not in (_OK, _SERVER_ERROR) or (response.status == _SERVER_ERROR and not reading.any):
            self.close()
            raise TransportError(_STATUSES.get(response.status, "http"), f"HTTP {response.status}")
        answer = reading.reader.end()
        if answer.relates_to != request.message_id:
            self.close()
            raise TransportError("protocol", "the answer to another request")
        return answer

    async def _post(self, data: bytes, reading: _Reading) -> Response:
        try:
            ended = self._logon is not None and self._logon.ends()
            if self._connection is None or not self._connection.usable or ended:
                self.close()
                self._connection = Connection(self._settings)
                await self._connection.open()
                if self._fixed is None:
                    first = await self._log_on(self._connection, data, reading)
                    if first is not None:
                        return first
            connection = self._connection
            logon = self._logon
            if logon is not None and logon.encrypts:
                kind, body = logon.encrypt(data)
                response = await connection.post(body, kind, None)
                self._decrypt(logon, response, reading)
                return response
            return await connection.post(data, SOAP, self._fixed, sink=reading.take)
        except BaseException:
            self.close()
            raise

    async def _log_on(self, connection: Connection, data: bytes, reading: _Reading) -> Response | None:
        """Exchange tokens. Without encryption the request itself goes with the last one: its answer is returned."""
        logon = await self._off(partial(Logon, self._settings, connection.certificate))
        token = await self._off(logon.step)
        first = self._settings.auth != "kerberos"  # NTLM's first token is never the last
        while True:
            if token is None:
                raise TransportError("password", "the host refused the logon")
            whole, first = logon.accepts_message and (logon.complete or not first), False
            response = await connection.post(
                data if whole else b"", SOAP, logon.header(token), sink=reading.take if whole else None
            )
            theirs = logon.token(response.challenges)
            if response.status == _UNAUTHORIZED and theirs is None:
                if not whole and logon.switch_scheme(response.challenges) and connection.usable:
                    first = True
                    continue
                raise TransportError("password", "HTTP 401")
            if response.status not in (_OK, _UNAUTHORIZED, _SERVER_ERROR):
                raise TransportError(_STATUSES.get(response.status, "http"), f"HTTP {response.status}")
            if theirs is not None and not logon.complete:
                token = await self._off(
                    partial(logon.step, theirs)
                )  # the last of them proves that the host is the host
                if token is not None:
                    continue
            if response.status == _UNAUTHORIZED:
                raise TransportError("password", "HTTP 401")
            logon.check_delegation()
            self._logon = logon
            return response if whole else None

    async def _off(self, function: Callable[[], _T]) -> _T:
        """Call a function, beside the event loop when it may block."""
        return await asyncio.to_thread(function) if self._blocks else function()

    @staticmethod
    def _decrypt(logon: Logon, response: Response, reading: _Reading) -> None:
        if not response.body or response.status not in (_OK, _SERVER_ERROR):
            return
        if not response.content_type.lower().startswith("multipart/"):
            raise TransportError("protocol", "a body without the encryption that was asked for")
        reading.take(response, logon.decrypt(response.content_type, response.body))

    def close(self) -> None:
        """End the connection; the next request opens another."""
        connection, self._connection, self._logon = self._connection, None, None
        if connection is not None:
            connection.close()


class _Reading:
    """Reads an answer as it comes, and counts it."""

    def __init__(self, meter: Meter | None) -> None:
        self.reader = ResponseReader()
        self.any = False
        self._meter = meter

    def take(self, response: Response, data: bytes) -> bool:
        """Take a piece of a body; one that is no SOAP is left alone."""
        if response.status not in (_OK, _SERVER_ERROR):
            return False
        if self._meter is not None:
            self._meter.count_received(len(data))
        self.any = True
        self.reader.feed(data)
        return True
