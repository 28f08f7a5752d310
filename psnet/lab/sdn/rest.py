"""The controller's REST interface: ``https://host/networking/v1/...`` as [MS-NCNBI] has it.

GET one or a collection, PUT to create or replace (``If-Match`` takes the ETag), DELETE (202 with ``Location`` and
``Azure-AsyncOperation``). The optional ``Retry-After`` is left out: a client may ask again whenever it likes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from psnet.lab.sdn.documents import to_json
from psnet.lab.sdn.errors import SdnError, not_found
from psnet.lab.sdn.resource_paths import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.provisioning import Operation

PREFIX: Final = "/networking/v1/"
_JSON: Final = "application/json; charset=utf-8"


def make_app(controller: Controller) -> Starlette:
    """Return the application that answers for a controller."""
    rest = Rest(controller)
    return Starlette(routes=[Route("/{path:path}", rest.answer, methods=["GET", "PUT", "DELETE", "POST", "PATCH"])])


class Rest:
    """Requests to a controller, answered."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    async def answer(self, request: Request) -> Response:
        """Answer one request; what the controller refuses becomes its error body."""
        path = f"/{request.path_params['path']}"
        body = await request.body()
        try:
            if not f"{path}/".lower().startswith(PREFIX):
                raise not_found(path)
            response = await run_in_threadpool(self._act, request, path[len(PREFIX) - 1 :], body)
        except SdnError as error:
            response = _reply(error.status, error.body())
        response.headers["Server"] = "Microsoft-HTTPAPI/2.0"
        response.headers.setdefault("x-ms-request-id", self._controller.ids.guid())
        client = request.headers.get("x-ms-client-request-id")
        if client and request.headers.get("x-ms-return-client-request-id", "").lower() in ("1", "true"):
            response.headers["x-ms-client-request-id"] = client
        return response

    def _act(self, request: Request, path: str, body: bytes) -> Response:
        base = f"{request.url.scheme}://{request.headers['host']}{PREFIX}"
        parts = [part for part in path.split("/") if part]
        if request.method == "GET" and len(parts) == 2 and parts[0].lower() in ("operations", "operationresults"):
            return self._operation(parts, base)
        if request.method == "GET":
            return self._get(path)
        if request.method == "PUT":
            return self._put(path, request.headers, body, base)
        if request.method == "DELETE":
            return self._delete(path, request.headers, base)
        raise SdnError(405, "MethodNotAllowed", f"{request.method} is not allowed on {path}.")

    def _get(self, path: str) -> Response:
        place = place_of(path)
        if place.collection:
            return _reply(200, {"value": [to_json(item) for item in self._controller.collection(path)], "nextLink": ""})
        found = self._controller.get(path)
        return _reply(200, to_json(found), {"ETag": found["Etag"]})

    def _put(self, path: str, headers: Mapping[str, str], body: bytes, base: str) -> Response:
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise SdnError(415, "UnsupportedMediaType", "The content type of a PUT is application/json; charset=UTF-8.")
        try:
            given = json.loads(body.decode())
        except ValueError:
            raise SdnError(400, "InvalidRequestContent", "The request's body is no JSON.") from None
        existed = self._controller.find(path) is not None
        operation = self._controller.put(path, given, headers.get("if-match"))
        made = self._controller.show(path)
        more = {"ETag": made["Etag"], "Azure-AsyncOperation": f"{base}operations/{operation.id}"}
        return _reply(200 if existed else 201, to_json(made), {**more, "x-ms-request-id": operation.id})

    def _delete(self, path: str, headers: Mapping[str, str], base: str) -> Response:
        operation = self._controller.delete(path, headers.get("if-match"))
        return Response(status_code=204) if operation is None else _accepted(operation, base)

    def _operation(self, parts: list[str], base: str) -> Response:
        operation = self._controller.operation(parts[1])
        if operation is None:
            raise not_found("/".join(parts))
        failure = {"error": {"code": operation.code, "message": operation.message, "details": []}}
        if parts[0].lower() == "operations":
            return _reply(200, {"status": operation.status, **(failure if operation.failed() else {})})
        if operation.status == "InProgress":
            return _accepted(operation, base)
        if operation.failed():
            return _reply(500, failure)
        return Response(status_code=200) if operation.deletes else self._get(operation.path)


def _accepted(operation: Operation, base: str) -> Response:
    headers = {
        "Location": f"{base}operationResults/{operation.id}",
        "Azure-AsyncOperation": f"{base}operations/{operation.id}",
        "x-ms-request-id": operation.id,
    }
    return Response(status_code=202, headers=headers)


def _reply(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, dict(headers or {}), media_type=_JSON)
