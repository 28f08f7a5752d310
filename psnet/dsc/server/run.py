"""From a folder and a listening address to a running server."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from psnet.dsc.server.app import create_app
from psnet.dsc.server.connections import MOST_FROM_ONE_ADDRESS, limited_protocol, serve
from psnet.dsc.server.content import Content
from psnet.dsc.server.keys import Keys
from psnet.dsc.server.limits import FailureLimit
from psnet.dsc.server.paths import BASE
from psnet.dsc.server.seal import Sealer, stored_secret
from psnet.dsc.server.service import Service
from psnet.dsc.server.store import open_store
from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.applications import Starlette

log = logging.getLogger("psnet.dsc.server")
_PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class ServerFolder:
    """The folder of a server: what it offers, and under ``private`` what only its owner may read."""

    path: Path
    database: str | None = None

    @property
    def private(self) -> Path:
        """Where the server key, the token and the default database are."""
        return self.path / _PRIVATE

    @property
    def token_file(self) -> Path:
        """The file with the administrator's token."""
        return self.private / "admin.token"

    @property
    def url(self) -> str:
        """The database's URL."""
        if self.database is not None:
            return self.database
        return f"sqlite:///{(self.private / 'server.sqlite').resolve()}"

    def keys(self) -> Keys:
        """Open the registration keys, making the server key and the database when they are new."""
        sealer = Sealer(stored_secret(self.private / "seal.key"))
        return Keys(open_store(self.url), sealer)

    def app(self, *, skew: int = 300, most_failures: int = 20, failure_seconds: int = 300) -> Starlette:
        """Return the application over this folder."""
        keys = self.keys()
        failures = FailureLimit(most_failures, failure_seconds)
        service = Service(keys.store, keys, Content(self.path), failures, skew)
        return create_app(service, stored_secret(self.token_file))


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files: the server's certificate (with its chain) and key."""

    certificate: Path
    key: Path


def listen(address: str, port: int) -> socket.socket:
    """Return a listening socket; InputError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        # asyncio turns Nagle off where the protocol is named: else each answer takes a delayed acknowledgement longer.
        found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((address, port))
        found.listen(512)
    except OSError as error:
        raise InputError(
            f"{address}:{port} cannot be listened on: {error.strerror or error}", remedy="choose another --listen"
        ) from None
    return found


def make_server(app: Starlette, tls: Tls, *, connections: int = MOST_FROM_ONE_ADDRESS) -> uvicorn.Server:
    """Return a server over TLS; InputError for certificate and key that do not fit.

    ``connections`` is how many an address may hold at once.

    No access log is written: a path holds an AgentId, which is what a node proves itself with.
    """
    config = uvicorn.Config(
        app,
        ssl_certfile=str(tls.certificate),
        ssl_keyfile=str(tls.key),
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        http=limited_protocol(connections),
        limit_concurrency=1000,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=3,
    )
    logging.getLogger("uvicorn.access").disabled = True
    try:
        config.load()
    except OSError as error:  # ssl.SSLError is one too
        raise InputError(
            f"{tls.certificate} and {tls.key} cannot be used: {error.strerror or error}",
            remedy="give the PEM files of a certificate and of the key that belongs to it",
        ) from None
    return uvicorn.Server(config)


@contextlib.contextmanager
def running(
    app: Starlette, tls: Tls, address: str = "127.0.0.1", port: int = 0, *, connections: int = MOST_FROM_ONE_ADDRESS
) -> Iterator[str]:
    """Serve in a thread; yield the ServerURL that nodes are given."""
    with listen(address, port) as sock:
        server = make_server(app, tls, connections=connections)
        thread = threading.Thread(target=serve, args=(server, sock), name="psnet-dsc-server", daemon=True)
        thread.start()
        try:
            yield f"https://{address}:{sock.getsockname()[1]}{BASE}"
        finally:
            server.should_exit = True
            thread.join()
