"""How long and how often an address may hold a connection of the pull server."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import TYPE_CHECKING

import pytest
import uvicorn
from starlette.applications import Starlette

from psnet.dsc.server.connections import limited_protocol, serve
from psnet.dsc.server.run import listen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pull_server import Running


@pytest.fixture
def port() -> Iterator[int]:
    protocol = limited_protocol(most=2, head_seconds=0.2)
    config = uvicorn.Config(Starlette(), log_config=None, lifespan="off", ws="none", http=protocol)
    with listen("127.0.0.1", 0) as sock:
        server = uvicorn.Server(config)
        thread = threading.Thread(target=serve, args=(server, sock), daemon=True)
        thread.start()
        yield sock.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def connect(port: int) -> socket.socket:
    found = socket.create_connection(("127.0.0.1", port), timeout=10)
    found.settimeout(10)
    return found


def answered(connection: socket.socket) -> bool:
    """Ask, and say whether the whole answer came."""
    connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    came = b""
    while not came.endswith(b"Not Found"):
        part = connection.recv(4096)
        if not part:
            return False
        came += part
    return came.startswith(b"HTTP/1.1 404")


def ended(connection: socket.socket) -> bool:
    """Say whether the server ends a connection without an answer."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("sent", [b"", b"GET / HTT", b"GET / HTTP/1.1\r\nHost: a\r\nX: "])
def test_a_head_that_does_not_come_whole_ends_the_connection(port: int, sent: bytes) -> None:
    with connect(port) as connection:
        connection.sendall(sent)
        assert ended(connection)


def test_the_head_of_a_second_request_has_its_limit_too(port: int) -> None:
    with connect(port) as connection:
        assert answered(connection)
        connection.sendall(b"GET / HTT")
        assert ended(connection)


def test_one_connection_too_many_is_closed_and_the_others_are_served(port: int) -> None:
    with connect(port) as first, connect(port) as second:
        assert answered(first)
        assert answered(second)
        with connect(port) as third:
            assert ended(third)
    with connect(port) as later:
        assert answered(later)


def test_answers_do_not_wait_for_acknowledgements() -> None:
    """asyncio turns Nagle off only for sockets whose protocol is named (selector_events, _set_nodelay)."""
    with listen("127.0.0.1", 0) as sock:
        assert sock.proto == socket.IPPROTO_TCP


def test_a_handshake_and_a_body_have_their_limits(
    start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psnet.dsc.server.connections.HANDSHAKE_SECONDS", 0.3)
    monkeypatch.setattr("psnet.dsc.server.app._BODY_SECONDS", 0.3)
    server = start(most_failures=10_000)
    port = int(server.url.split(":")[2].split("/")[0])
    with connect(port) as connection:
        assert ended(connection)
    trusted = ssl.create_default_context(cafile=str(server.ca))
    with connect(port) as plain, trusted.wrap_socket(plain, server_hostname="localhost") as connection:
        path = server.node().node()
        began = f"PUT /PSDSCPullServer.svc{path} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{{"
        connection.sendall(began.encode())
        said = connection.recv(4096)
    assert said.split()[1] == b"408", said
