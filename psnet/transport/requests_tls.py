"""The HTTP adapter of a session: TLS as the settings say, a time for connecting, and a host's budget."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import weakref
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from psnet.transport.budget import MOST_ANSWER
from psnet.transport.exceptions import TransportError

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableSet

    from psnet.transport.budget import Meter
    from psnet.transport.settings import ConnectionSettings

_VERSIONS: Final = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
_BLOCK: Final = 65536
_MOST_TAGS: Final = 40_000  # of one answer's XML; WSMan's own has some hundreds
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class _Plain(HTTPConnection):
    """A connection that another thread can end, whatever it waits for."""

    twin: socket.socket | None = None
    ready = False

    def connect(self) -> None:
        """Connect, TLS and all."""
        super().connect()
        self.ready = True

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        self.twin = made.dup()
        return made

    def close(self) -> None:
        """Close the socket and cancel its timer."""
        super().close()
        twin, self.twin = self.twin, None
        if twin is not None:
            twin.close()


class _Secure(_Plain, HTTPSConnection):
    """The same with TLS."""


class Adapter(HTTPAdapter):
    """Opens connections for one session; a pinned certificate is compared before anything is sent.

    ``meter`` counts what comes, compressed answers and redirects are refused, and a request that outlives the meter's
    time is cut off.
    """

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._open: MutableSet[_Plain] = weakref.WeakSet()
        self.meter: Meter | None = None
        key = settings.certificate_key_password
        self._tls: dict[str, Any] = {
            "ssl_minimum_version": _VERSIONS[settings.minimum_tls],
            **({"assert_fingerprint": settings.fingerprint} if settings.fingerprint else {}),
            **({"key_password": key.get_secret_value()} if key else {}),
        }
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool of direct connections."""
        super().init_poolmanager(*args, **{**kwargs, **self._tls})

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make the pool of connections through a proxy; the host's TLS is the same inside the tunnel."""
        return super().proxy_manager_for(proxy, **kwargs, **self._tls)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """Return a pool whose connections can be ended from outside."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        if not isinstance(pool.ConnectionCls, partial):
            pool.ConnectionCls = partial(self._connection, _Secure if pool.scheme == "https" else _Plain)
        return pool

    @property
    def connected(self) -> bool:
        """Whether a connection stands on which the next request can go: hosts close those that lie idle."""
        return any(connection.is_connected for connection in self._open)

    def _connection(self, kind: type[_Plain], **kwargs: Any) -> _Plain:
        made = kind(**kwargs)
        self._open.add(made)
        return made

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request and read its answer; a single time-out is the one for reading."""
        if isinstance(kwargs.get("timeout"), int | float):
            kwargs["timeout"] = (self._settings.connect_timeout, kwargs["timeout"])
        meter = self.meter
        if meter is not None:
            meter.count_request()
        with self._in_time(meter):
            response = self._answered(request, args, kwargs)
        # read when it is asked for: until then requests_ntlm finds the connection's certificate in it
        response.iter_content = lambda *_args, **_kwargs: iter([self._body(response, meter)])  # type: ignore[method-assign]
        return response

    def _answered(self, request: Any, args: Any, kwargs: Any) -> requests.Response:
        try:
            response = super().send(request, *args, **{**kwargs, "stream": True})
        except requests.ReadTimeout as error:
            if any(not connection.ready for connection in self._open):  # the TLS handshake was not answered
                raise requests.ConnectTimeout(error) from error
            raise
        said = ""
        if response.status_code in _REDIRECTS:
            said = f"HTTP {response.status_code}"
        elif response.headers.get("Content-Encoding", "identity").lower() != "identity":
            said = "a compressed body, which was not asked for"
        if said:
            response.close()
            raise TransportError("redirect" if said.startswith("HTTP") else "protocol", said)
        return response

    def _body(self, response: requests.Response, meter: Meter | None) -> bytes:
        parts: list[bytes] = []
        size = 0
        try:
            with self._in_time(meter):
                while part := response.raw.read(_BLOCK, decode_content=False):
                    size += len(part)
                    if size > MOST_ANSWER:
                        raise TransportError("budget", f"one answer of more than {MOST_ANSWER:,} bytes")
                    if meter is not None:
                        meter.count_received(len(part))
                    parts.append(part)
        except urllib3.exceptions.HTTPError as error:  # it broke in the middle
            response.close()
            raise requests.ConnectionError(error) from error
        except BaseException:
            response.close()
            raise
        body = b"".join(parts)
        if body.count(b"<") > _MOST_TAGS or b"<!DOCTYPE" in body:
            raise TransportError("protocol", "XML with too many elements, or a document type, which SOAP forbids")
        return body

    @contextlib.contextmanager
    def _in_time(self, meter: Meter | None) -> Iterator[None]:
        left = meter.left() if meter is not None else None
        if meter is None or left is None:
            yield
            return
        late = threading.Event()

        def cut() -> None:
            late.set()
            for connection in list(self._open):
                if connection.twin is not None:
                    with contextlib.suppress(OSError):
                        connection.twin.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(left, cut)
        timer.daemon = True
        timer.start()
        try:
            yield
            if late.is_set():  # http.client takes the end of a head that is cut off for its end
                raise meter.timeout_error()
        except Exception as error:
            if late.is_set():
                raise meter.timeout_error() from error
            raise
        finally:
            timer.cancel()


def adapter_of(session: Any) -> Adapter | None:
    """Return psnet's adapter of a session of requests, None when it has another or none yet."""
    found = session.get_adapter("https://") if session is not None else None
    return found if isinstance(found, Adapter) else None


def log_on(session: requests.Session, settings: ConnectionSettings) -> None:
    """Let a new connection log on by a request of its own where the first real one must not carry the logon.

    requests-credssp takes an answer to the last token that is a fault (a shell that is gone, a quota) for a refusal.
    """
    adapter = adapter_of(session)
    if settings.auth == "credssp" and settings.scheme == "https" and adapter is not None and not adapter.connected:
        session.post(settings.url, data=b"", timeout=settings.read_timeout)


def prepare(session: requests.Session, settings: ConnectionSettings) -> requests.Session:
    """Give a session of requests, made by a WinRM library, psnet's adapter and nothing from the environment.

    One that has it already is left alone: its connections may carry a logon.
    """
    if adapter_of(session) is not None:
        return session
    session.trust_env = False  # reading the proxy settings for each request costs 2 to 3 ms
    session.headers["Accept-Encoding"] = "identity"
    if settings.fingerprint:
        session.verify = False  # the pin says more than an authority: this certificate and no other
    adapter = Adapter(settings)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
