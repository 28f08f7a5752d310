"""The pull server as an ASGI application: bodies with limits, then service.py; the status page beside it."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from psnet.dsc.server import admin
from psnet.dsc.server.paths import BASE, read_path
from psnet.dsc.server.service import PROTOCOL, Answer, refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pydantic import SecretStr
    from starlette.requests import Request

    from psnet.dsc.server.service import Service

log = logging.getLogger("psnet.dsc.server")
_LIMITS: Final = {"register": 256 * 1024, "rotate": 64 * 1024, "action": 64 * 1024, "send": 4 * 1024 * 1024}
#: Within so many seconds a body has to be there.
_BODY_SECONDS: Final = 30
_SAFE: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def create_app(service: Service, token: SecretStr) -> Starlette:
    """Return the application; ``token`` opens the status page, /status.json and /metrics."""
    pages: dict[str, Callable[[], Response]] = {
        "/": lambda: HTMLResponse(admin.page(service.store, service.content)),
        "/status.json": lambda: JSONResponse(_status(service)),
        "/metrics": lambda: Response(admin.metrics(service.store), media_type="text/plain; version=0.0.4"),
    }
    routes = [Route(path, _guarded(service, token, make), methods=["GET"]) for path, make in pages.items()]
    verbs = ["GET", "POST", "PUT"]
    return Starlette(routes=[*routes, Route(f"{BASE}{{rest:path}}", _protocol(service), methods=verbs)])


def _status(service: Service) -> dict[str, object]:
    nodes = admin.node_statuses(service.store)
    return {"counts": admin.counts(nodes), "nodes": [dataclasses.asdict(node) for node in nodes]}


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else "unknown"


def _guarded(
    service: Service, token: SecretStr, make: Callable[[], Response]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        address = _address(request)
        if wait := service.failures.wait(address):
            return Response("too many failures\n", 429, {"Retry-After": str(wait), **_SAFE})
        header = request.headers.get("authorization", "")
        if not admin.has_admin_token(header, token.get_secret_value()):
            if header:
                service.failures.failed(address)
                log.warning("%s: a wrong token for %s", address, request.url.path)
            challenge = {"WWW-Authenticate": 'Basic realm="psnet dsc serve: any name, the token as password"'}
            return Response("the administrator's token is needed\n", 401, {**challenge, **_SAFE})
        response = await run_in_threadpool(make)
        response.headers.update(_SAFE)
        return response

    return answer


def _protocol(service: Service) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        call = read_path(request.scope["path"], request.method)
        if call is None:
            return _response(refused(404, "there is no such path in the protocol"))
        if call.verb != request.method:
            return _response(refused(405, f"this path takes {call.verb}", Allow=call.verb))
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _body(request, _LIMITS.get(call.operation, 0))
        except TimeoutError:
            return _response(refused(408, "the body took too long", Connection="close"))
        if body is None:
            return _response(refused(413, "the body is too long"))
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            return _response(await run_in_threadpool(service.handle, call, headers, body, _address(request)))
        except Exception:  # what a node sees says nothing about the server
            log.exception("%s: %s", _address(request), call.operation)
            return _response(refused(500, "the server failed; its log says why"))

    return answer


async def _body(request: Request, most: int) -> bytes | None:
    """Return the body; None when it is longer than allowed, which is noticed before all of it is read."""
    stated = request.headers.get("content-length", "0")
    if not stated.isdigit() or int(stated) > most:
        return None
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > most:
            return None
    return bytes(data)


def _response(answer: Answer) -> Response:
    headers = {"ProtocolVersion": PROTOCOL, "Cache-Control": "no-store", **answer.headers}
    if answer.content is not None:
        return Response(answer.content, answer.status, headers, media_type="application/octet-stream")
    if answer.data is None:
        return Response(status_code=answer.status, headers=headers)
    return JSONResponse(answer.data, answer.status, headers)
