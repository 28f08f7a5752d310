"""The controller's REST API (``/networking/v1/``): JSON over TLS, ETags, asynchronous operations ([MS-NCNBI])."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import requests
from urllib3.exceptions import NewConnectionError

from psnet.errors import AuthenticationError, CertificateError, HostError, RemoteError, UnreachableError
from psnet.sdn.kinds import INSIDE, SDN_KINDS
from psnet.sdn.state import ControllerState, canonical, read_controller

if TYPE_CHECKING:
    from psnet.sdn.model import Controller

log = logging.getLogger("psnet.sdn")
_PREFIX: Final = "/networking/v1"
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
_NOT_FOUND: Final = 404
_REFUSED: Final = 400
_PENDING: Final = 202


class RestRefusedError(RemoteError):
    """The controller refused a request; ``status`` is the HTTP status, ``error_id`` its code."""

    def __init__(self, message: str, *, status: int, error_id: str, host: str) -> None:
        super().__init__(message, error_id=error_id, host=host, step="calling the Network Controller")
        self.status = status


@dataclass(slots=True)
class RestClient:
    """Requests to one controller; redirects are not followed and the proxy environment is not read."""

    controller: Controller
    host: str
    _http: requests.Session | None = field(default=None, repr=False)
    _live: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Begin with the controller's own address."""
        self._live = self.controller.addresses

    def get(self, path: str) -> Any | None:
        """Return what is at a resourceRef; None when nothing is."""
        answer = self._send("GET", path)
        return None if answer.status_code == _NOT_FOUND else _json(answer)

    def put(self, path: str, body: dict[str, Any], etag: str | None) -> None:
        """Create or replace a resource and wait until the controller took it; ``etag`` is its present version."""
        headers = {"Content-Type": "application/json; charset=UTF-8"} | ({"If-Match": etag} if etag else {})
        self._finish(self._send("PUT", path, data=json.dumps(body).encode(), headers=headers))

    def delete(self, path: str, etag: str | None) -> None:
        """Delete a resource and wait until it is gone."""
        self._finish(self._send("DELETE", path, headers={"If-Match": etag} if etag else {}))

    def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            self._http.close()

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        answer = self._answer(method, path, options)
        if answer.status_code in (401, 403):
            raise AuthenticationError(
                f"the controller refused the credentials (HTTP {answer.status_code})",
                host=self.host,
                step="calling the Network Controller",
                remedy="give user and password, or certificate_file and certificate_key_file, of a REST client",
            )
        if answer.status_code >= _REFUSED and not (method in ("GET", "DELETE") and answer.status_code == _NOT_FOUND):
            raise _refusal(answer, self.host)
        return answer

    def _answer(self, method: str, path: str, options: dict[str, Any]) -> requests.Response:
        """Return the answer of the first address that gives one.

        Another address is asked when a connection could not be had, and for what only reads: a node that goes down
        while it answers a change may have made it.
        """
        whole = path.startswith("https://")
        for place, base in enumerate(self._live):
            url = path if whole else f"{base}{_PREFIX}{quote(path)}"
            try:
                answer = self._session().request(method, url, timeout=(30, 60), allow_redirects=False, **options)
            except requests.exceptions.SSLError as error:
                raise CertificateError(
                    f"the certificate of {base} was not accepted: {error}",
                    host=self.host,
                    step="calling the Network Controller",
                    remedy="give ca_file: the PEM of the authority that signed it",
                ) from None
            except requests.RequestException as error:
                if place + 1 < len(self._live) and not whole and (method == "GET" or _not_sent(error)):
                    log.warning("%s: %s does not answer; another node is asked", self.host, base)
                    continue
                raise UnreachableError(
                    f"{base} does not answer",
                    host=self.host,
                    step="calling the Network Controller",
                    remedy="check the url, and that this machine may reach it",
                ) from error
            self._live = (*self._live[place:], *self._live[:place])
            return answer
        raise AssertionError("a controller has an address")

    def _finish(self, answer: requests.Response) -> None:
        """Poll the operation of a 202 at its Location until it is over."""
        deadline = time.monotonic() + self.controller.timeout
        pause = _FIRST_PAUSE
        while answer.status_code == _PENDING:
            location = answer.headers.get("Location")
            if not location:
                return
            if not location.startswith(tuple(f"{item}/" for item in self.controller.addresses)):
                raise HostError("the controller sent the client to another address", host=self.host)
            if time.monotonic() > deadline:
                raise HostError(
                    f"the operation is not over after {self.controller.timeout} seconds", host=self.host, step="waiting"
                )
            time.sleep(_wait(answer, pause))
            pause = min(pause * 2, _LONGEST_PAUSE)
            answer = self._send("GET", location)

    def _session(self) -> requests.Session:
        if self._http is not None:
            return self._http
        made = requests.Session()
        made.trust_env = False
        made.headers["Accept"] = "application/json"
        made.verify = self.controller.ca_file or True
        if self.controller.certificate_file and self.controller.certificate_key_file:
            made.cert = (self.controller.certificate_file, self.controller.certificate_key_file)
        if self.controller.user and self.controller.password:
            from pypsrp.negotiate import HTTPNegotiateAuth  # noqa: PLC0415 - it loads the security libraries

            secret = self.controller.password.read().get_secret_value()
            made.auth = HTTPNegotiateAuth(username=self.controller.user, password=secret, service="HTTP")
        self._http = made
        return made


def _not_sent(error: requests.RequestException) -> bool:
    """Say whether a request failed before any of it was sent."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(error, requests.exceptions.ConnectTimeout) or isinstance(reason, NewConnectionError)


def _wait(answer: requests.Response, pause: float) -> float:
    """Return how long to wait: Retry-After where the controller sends it ([MS-NCNBI] 1.3.2.1: at least 15 seconds)."""
    try:
        return float(answer.headers["Retry-After"])
    except (KeyError, ValueError):
        return pause


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        raise HostError(
            f"{answer.url} answered something that is no JSON", step="calling the Network Controller"
        ) from None


def _refusal(answer: requests.Response, host: str) -> RestRefusedError:
    try:
        error = answer.json().get("error") or {}
    except (ValueError, AttributeError):
        error = {}
    message = str(error.get("message") or answer.reason or "no reason given")
    code = str(error.get("code") or f"HTTP {answer.status_code}")
    return RestRefusedError(message, status=answer.status_code, error_id=code, host=host)


def read_all(client: RestClient) -> ControllerState:
    """Read every collection, one GET each (and one more for each further page)."""
    found: dict[str, list[Any]] = {}
    for cls in (item for item in SDN_KINDS.values() if item.kind not in INSIDE):
        items: list[Any] = []
        path: str | None = f"/{cls.collection}"
        while path:
            known = tuple(f"{item}/" for item in client.controller.addresses)
            if path.startswith("https://") and not path.startswith(known):
                raise HostError("the controller sent the client to another address", host=client.host)
            page = canonical(client.get(path) or {})
            items += page.get("value") or []
            path = page.get("nextLink") or None
        found[cls.collection] = items
    return read_controller(client.controller.base, found)
