"""What a hostile host does with HTTP, before any WSMan: one function a mode, which writes until it is cut off."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from psnet.lab.hostile.connection import Connection

Mode = Callable[["Connection"], Awaitable[None]]

_SOAP: Final = "Content-Type: application/soap+xml;charset=UTF-8"
_BLOCK: Final = b" " * 65536
_PAUSE: Final = 0.2  # seconds between the bytes of a slow answer
_INFLATED: Final = 1536 * 1024 * 1024
_DEEP: Final = 1_000_000


async def silent(connection: Connection) -> None:
    """Take the request and never answer."""
    await connection.gone()


async def no_handshake(connection: Connection) -> None:
    """Accept the connection and never answer the TLS handshake."""
    await connection.gone()


async def slow_handshake(connection: Connection) -> None:
    """Send the head of a TLS record and then a byte now and then."""
    await connection.send(b"\x16\x03\x03\x40\x00")
    while True:
        await asyncio.sleep(_PAUSE)
        await connection.send(b"\x02")


async def endless_head(connection: Connection) -> None:
    """Send header lines without end."""
    await connection.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await connection.send(b"X-Filler: " + b"a" * 4000 + b"\r\n")


async def endless_line(connection: Connection) -> None:
    """Send a status line without end."""
    await connection.send(b"HTTP/1.1 200 ")
    while True:
        await connection.send(b"O" * 65536)


async def endless_body(connection: Connection) -> None:
    """Send a chunked body of blanks without end."""
    await connection.send(f"HTTP/1.1 200 OK\r\n{_SOAP}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    while True:
        await connection.send(b"10000\r\n" + _BLOCK + b"\r\n")


async def huge_length(connection: Connection) -> None:
    """Send a body of a terabyte."""
    await connection.send(f"HTTP/1.1 200 OK\r\n{_SOAP}\r\nContent-Length: {1 << 40}\r\n\r\n".encode())
    while True:
        await connection.send(_BLOCK)


async def slow_body(connection: Connection) -> None:
    """Send a byte now and then, so that no read ever times out."""
    await connection.send(f"HTTP/1.1 200 OK\r\n{_SOAP}\r\nContent-Length: 1000000\r\n\r\n".encode())
    while True:
        await connection.send(b" ")
        await asyncio.sleep(_PAUSE)


async def slow_head(connection: Connection) -> None:
    """Send a byte of the head now and then."""
    await connection.send(b"HTTP/1.1 200 OK\r\nX-Filler: ")
    while True:
        await connection.send(b"a")
        await asyncio.sleep(_PAUSE)


async def inflating_body(connection: Connection) -> None:
    """Send 1.5 MB that inflate to 1.5 GB, as the answer to the first request."""
    bomb = _bomb()
    head = f"HTTP/1.1 200 OK\r\n{_SOAP}\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    await connection.send(head.encode() + bomb)
    await connection.gone()


async def inflating_refusal(connection: Connection) -> None:
    """Send the same with 401, which a client reads before it has logged on."""
    bomb = _bomb()
    head = (
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\nContent-Type: text/html\r\n"
        f"Content-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    )
    await connection.send(head.encode() + bomb)
    await connection.gone()


async def endless_logon(connection: Connection) -> None:
    """Answer 401 to every request, with the same offer."""
    answer = (
        b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\n"
        b'WWW-Authenticate: Basic realm="WSMAN"\r\nContent-Length: 0\r\n\r\n'
    )
    while True:
        await connection.send(answer)
        await connection.request()


async def redirect(connection: Connection) -> None:
    """Send the client, and its password with it, elsewhere."""
    answer = (
        f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {connection.elsewhere}\r\nContent-Length: 0\r\n\r\n".encode()
    )
    while True:
        await connection.send(answer)
        await connection.request()


async def no_http(connection: Connection) -> None:
    """Send bytes that are no HTTP."""
    await connection.send(bytes(range(256)) * 64)
    await connection.gone()


async def cut_body(connection: Connection) -> None:
    """Send half a body, and close the connection."""
    await connection.send(f"HTTP/1.1 200 OK\r\n{_SOAP}\r\nContent-Length: 4096\r\n\r\n<s:Envelope".encode())


async def html(connection: Connection) -> None:
    """Send a page with a 200, as a captive portal does."""
    page = b"<html><body onload=alert(1)>Welcome\x1b[2J to the guest network</body></html>"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n"
    while True:
        await connection.send(head.encode() + page)
        await connection.request()


async def entities(connection: Connection) -> None:
    """Send a document type whose entities stand for 10^9 words."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    await _soap(connection, f'<!DOCTYPE x [<!ENTITY e0 "word">{levels}]><x>&e9;</x>'.encode())


async def deep_xml(connection: Connection) -> None:
    """Send a million elements in one another."""
    await _soap(connection, b"<a>" * _DEEP)


async def _soap(connection: Connection, body: bytes) -> None:
    await connection.send(f"HTTP/1.1 200 OK\r\n{_SOAP}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    await connection.gone()


@cache
def _bomb() -> bytes:
    """Return gzip of zeros: one member, many times, as gzip allows."""
    member = gzip.compress(bytes(16 * 1024 * 1024), 9)
    return member * (_INFLATED // (16 * 1024 * 1024))


#: Modes that act before TLS, in place of the handshake.
RAW: Final[dict[str, Mode]] = {"no-handshake": no_handshake, "slow-handshake": slow_handshake}
#: Modes that act on the first request.
HTTP: Final[dict[str, Mode]] = {
    "silent": silent,
    "endless-head": endless_head,
    "endless-line": endless_line,
    "endless-body": endless_body,
    "huge-length": huge_length,
    "slow-head": slow_head,
    "slow-body": slow_body,
    "inflating-body": inflating_body,
    "inflating-refusal": inflating_refusal,
    "endless-logon": endless_logon,
    "redirect": redirect,
    "no-http": no_http,
    "cut-body": cut_body,
    "html": html,
    "entities": entities,
    "deep-xml": deep_xml,
}
