"""Where HTTP meets WSMan: paths, logon, message encryption, and the faults that concern a connection."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from psnet.lab.wire import encryption
from psnet.lab.wire.auth import Authenticator, Identity, Verdict
from psnet.lab.wire.http import HttpConnection, HttpRequest, HttpResponse
from psnet.lab.wire.service import LogonRequired

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psnet.lab.wire.faults import Fault
    from psnet.lab.wire.ntlm import NtlmStore
    from psnet.lab.wire.service import Answer, HostService

log = logging.getLogger(__name__)

SOAP_TYPE: Final = "application/soap+xml;charset=UTF-8"


class _DroppedError(Exception):
    """The connection was cut on purpose."""


class _UnauthorizedError(Exception):
    """The request is answered with 401 on purpose."""


class Endpoint:
    """Answers the requests of one listener for its hosts; ``routes`` maps lower-case paths to them.

    ``cut`` takes a host's name and seconds; ``channel_binding`` is that of the listener's certificate.
    """

    def __init__(
        self,
        routes: Mapping[str, HostService],
        store: NtlmStore,
        cut: Callable[[str, float], None],
        channel_binding: bytes | None,
    ) -> None:
        self._routes = routes
        self._store = store
        self._cut = cut
        self._binding = channel_binding
        self.away: set[str] = set()

    def opened(self, connection: HttpConnection) -> None:
        """Nothing is known of a connection until its first request names a path."""

    def closed(self, connection: HttpConnection) -> None:
        """Forget a connection."""
        if connection.service is not None:
            connection.service.connection_closed(connection)

    async def respond(self, connection: HttpConnection, request: HttpRequest) -> HttpResponse | None:
        """Answer one HTTP request."""
        service = self._routes.get(request.path.partition("?")[0].rstrip("/").lower())
        if service is None:
            return HttpResponse(404, close=True)
        if connection.service is not service:
            if connection.service is not None:
                return HttpResponse(400, close=True)
            connection.service = service
            connection.auth = Authenticator(service.backend, service.policy, self._store, self._binding)
            service.connection_opened(connection)
        if service.away:
            connection.abort()
            return None
        if request.method != "POST":
            return HttpResponse(405, close=True)
        service.stats.requests += 1
        service.stats.bytes_in += len(request.body)
        try:
            response = await self._authenticated(connection, service, request)
        except _DroppedError:
            connection.abort()
            return None
        except (_UnauthorizedError, LogonRequired):
            response = _unauthorized(connection.auth.refuse())
        service.stats.bytes_out += len(response.body)
        return response

    async def _authenticated(
        self, connection: HttpConnection, service: HostService, request: HttpRequest
    ) -> HttpResponse:
        if "wsmanidentify" in request.headers and "authorization" not in request.headers:
            identity: Identity | None = Identity("", "Basic")  # WSMANIDENTIFY: unauthenticated
            verdict = Verdict(identity)
        else:
            verdict = connection.auth.check(request.headers.get("authorization", ""), connection.peer_certificate)
            identity = verdict.identity
        if identity is None:
            service.stats.operations["Logon"] += 1
            await self._fate(service, "Logon", [])
            return _unauthorized(verdict)
        tokens = [("WWW-Authenticate", challenge) for challenge in verdict.challenges]
        if not request.body:
            service.stats.operations["Logon"] += 1
            await self._fate(service, "Logon", [])
            return HttpResponse(200, headers=tokens)
        response = await self._message(connection, service, request, identity)
        response.headers += tokens
        return response

    async def _message(
        self, connection: HttpConnection, service: HostService, request: HttpRequest, identity: Identity
    ) -> HttpResponse:
        content_type = request.headers.get("content-type", "")
        sealed = encryption.is_encrypted(content_type)
        if sealed:
            if identity.context is None:
                return HttpResponse(400, close=True)
            try:
                data = encryption.decrypt(identity.context, request.body)
            except encryption.DecryptionError as error:
                log.warning("%s: %s", service.name, error)
                return HttpResponse(400, close=True)
        elif not connection.is_tls and identity.user and not self._plain_allowed(service, identity):
            log.info("%s: an unencrypted message was refused (AllowUnencrypted is false)", service.name)
            return HttpResponse(500, close=True)
        else:
            data = request.body
        after: list[Fault] = []

        async def fate(verb: str) -> None:
            await self._fate(service, verb, after)

        answer = await service.answer(data, identity, connection, fate)
        if after:
            raise _DroppedError
        return _http(answer, identity, content_type if sealed else "")

    @staticmethod
    def _plain_allowed(service: HostService, identity: Identity) -> bool:
        policy = service.policy
        return policy.allow_unencrypted or (identity.method == "Basic" and policy.basic_over_http)

    async def _fate(self, service: HostService, operation: str, after: list[Fault]) -> None:
        """Apply the faults that are due; those that strike after the request go to ``after``."""
        if not service.injector:
            return
        for fault in service.injector.for_request(operation):
            service.stats.injected += 1
            log.info("%s: fault %s strikes %s", service.name, fault.action, operation)
            if fault.action == "slow":
                await asyncio.sleep(fault.seconds)
            elif fault.action == "unauthorized":
                raise _UnauthorizedError
            elif fault.action in {"timeout", "quota"}:
                raise fault.as_wsman_fault()
            elif fault.action == "hang":
                await asyncio.sleep(fault.seconds)
                raise _DroppedError
            elif fault.action in {"cut", "reboot"}:
                if fault.action == "reboot":
                    service.restart()
                self._cut(service.name, fault.seconds)
                raise _DroppedError
            elif fault.when == "after":
                after.append(fault)
            else:
                raise _DroppedError


def _unauthorized(verdict: Verdict) -> HttpResponse:
    return HttpResponse(401, headers=[("WWW-Authenticate", challenge) for challenge in verdict.challenges])


def _http(answer: Answer, identity: Identity, sealed_as: str) -> HttpResponse:
    content_type, body = SOAP_TYPE, answer.data
    if sealed_as and identity.context is not None:
        content_type, body = encryption.encrypt(identity.context, answer.data, encryption.protocol_of(sealed_as))
    lost = answer.received.lost if answer.received else None
    return HttpResponse(500 if answer.fault else 200, body, [("Content-Type", content_type)], lost=lost)
