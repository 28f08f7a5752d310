"""PSRP messages and their fragments (MS-PSRP 2.2.1, 2.2.4) without sockets.

What a client sends again and again is made once, by psrpcore, and kept as a template: the capability and the pool's
description, a pipeline with one script or command, a line of input, the end of input. Only ids and text differ.
"""

from __future__ import annotations

import struct
import uuid
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from psrpcore import ClientPowerShell, ClientRunspacePool
from psrpcore.types import RemoteStreamOptions, RunspacePoolState

from psnet.transport.clixml import write_string
from psnet.transport.exceptions import TransportError

if TYPE_CHECKING:
    from collections.abc import Iterator

SESSION_CAPABILITY: Final = 0x00010002
APPLICATION_PRIVATE_DATA: Final = 0x00021009
RUNSPACEPOOL_STATE: Final = 0x00021005
PIPELINE_OUTPUT: Final = 0x00041004
ERROR_RECORD: Final = 0x00041005
PIPELINE_STATE: Final = 0x00041006
DEBUG_RECORD: Final = 0x00041007
VERBOSE_RECORD: Final = 0x00041008
WARNING_RECORD: Final = 0x00041009
PROGRESS_RECORD: Final = 0x00041010
INFORMATION_RECORD: Final = 0x00041011

_FRAGMENT: Final = struct.Struct(">QQBI")  # object, number, flags, length
_MESSAGE: Final = struct.Struct("<II16s16s")  # destination, type, pool, pipeline
_START, _END = 1, 2
_TO_SERVER: Final = 2
_BOM: Final = b"\xef\xbb\xbf"
_POOL: Final = uuid.UUID("11111111-2222-3333-4444-555555555555")
_MARK: Final = "psnet-the-text"


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its type (MS-PSRP 2.2.1), the pipeline that it is about (all zero: the pool), its CLIXML."""

    kind: int
    pipeline: uuid.UUID
    data: str


class Assembler:
    """Puts fragments together, as they come; ``most`` bounds the bytes of all objects that are not whole yet."""

    def __init__(self, most: int = 0) -> None:
        self._most = most
        self._parts: dict[int, list[bytes]] = {}
        self._sizes: dict[int, int] = {}
        self._waiting = 0

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield the messages that are whole now; raise ValueError for what is no PSRP."""
        at, end = 0, len(data)
        while at < end:
            if end - at < _FRAGMENT.size:
                raise ValueError("a fragment of PSRP without its header")
            number, _, flags, length = _FRAGMENT.unpack_from(data, at)
            at += _FRAGMENT.size
            blob = data[at : at + length]
            at += length
            if len(blob) < length:
                raise ValueError("a fragment of PSRP that is cut short")
            if flags & _START:
                self._drop(number)
                self._parts[number], self._sizes[number] = [], 0
            if number not in self._parts:
                raise ValueError("a fragment of PSRP without its beginning")
            self._parts[number].append(blob)
            self._sizes[number] += length
            self._waiting += length
            if self._most and self._waiting > self._most:
                raise TransportError("budget", f"an object of more than {self._most:,} bytes (budget: object_bytes)")
            if flags & _END:
                yield _message(b"".join(self._drop(number)))

    def _drop(self, number: int) -> list[bytes]:
        self._waiting -= self._sizes.pop(number, 0)
        return self._parts.pop(number, [])


def _message(data: bytes) -> Message:
    if len(data) < _MESSAGE.size:
        raise ValueError("a message of PSRP without its header")
    _, kind, _, pipeline = _MESSAGE.unpack_from(data)
    body = data[_MESSAGE.size :].removeprefix(_BOM)
    return Message(kind, uuid.UUID(bytes_le=pipeline), body.decode("utf-8"))


def fragments(number: int, message: bytes, size: int) -> list[bytes]:
    """Return a message cut into fragments of at most ``size`` bytes, their headers included."""
    room = size - _FRAGMENT.size
    last = max(len(message) - 1, 0) // room
    return [
        _FRAGMENT.pack(number, index, _START * (index == 0) | _END * (index == last), len(part)) + part
        for index in range(last + 1)
        for part in (message[index * room : (index + 1) * room],)
    ]


def creation(pool: uuid.UUID) -> bytes:
    """Return what opens a pool: capability and description, as objects 1 and 2."""
    return _creation().replace(_POOL.bytes_le, pool.bytes_le)


@cache
def _creation() -> bytes:
    client = ClientRunspacePool(runspace_pool_id=_POOL)
    client.open()
    payload = client.data_to_send()
    assert payload is not None  # noqa: S101 - a pool that opens has something to say
    return bytes(payload.data)


def pipeline(pool: uuid.UUID, name: uuid.UUID, text: str, *, script: bool, feeds: bool) -> bytes:
    """Return the message that runs ``text``, a script or the name of a command; ``feeds`` says that input follows."""
    kind, before, after = _pipeline(script, feeds)
    return _MESSAGE.pack(_TO_SERVER, kind, pool.bytes_le, name.bytes_le) + before + _written(text) + after


@lru_cache(maxsize=4)  # a fleet's hosts are sent the same few scripts
def _written(text: str) -> bytes:
    return escape(write_string(text)).encode("utf-8", "replace")


@cache
def _pipeline(script: bool, feeds: bool) -> tuple[int, bytes, bytes]:  # noqa: FBT001 - a cache's key
    client = _opened()
    shell = ClientPowerShell(
        client,
        no_input=not feeds,
        remote_stream_options=RemoteStreamOptions.AddInvocationInfoToErrorRecord,
        redirect_shell_error_to_out=False,
    )
    if script:
        shell.add_script(_MARK)
    else:
        shell.add_command(_MARK)
    shell.start()
    kind, xml = _made(client)
    # the object's own text is a copy of the script that no server reads
    xml = xml.replace(f"<ToString>{_MARK}</ToString>".encode(), b"")
    before, after = xml.split(_MARK.encode())
    return kind, before, after


def line(pool: uuid.UUID, name: uuid.UUID, text: str) -> bytes:
    """Return the message that gives a pipeline one text as input."""
    kind, before, after = _line()
    written = escape(write_string(text)).encode("utf-8", "replace")  # not kept: it may be a file's content
    return _MESSAGE.pack(_TO_SERVER, kind, pool.bytes_le, name.bytes_le) + before + written + after


def end_of_input(pool: uuid.UUID, name: uuid.UUID) -> bytes:
    """Return the message that ends a pipeline's input."""
    kind, data = _end_of_input()
    return _MESSAGE.pack(_TO_SERVER, kind, pool.bytes_le, name.bytes_le) + data


@cache
def _line() -> tuple[int, bytes, bytes]:
    client = _opened()
    shell = ClientPowerShell(client, no_input=False)
    shell.add_command("x")
    shell.start()
    client.data_to_send()
    shell.send(_MARK)
    kind, xml = _made(client)
    before, after = xml.split(_MARK.encode())
    return kind, before, after


@cache
def _end_of_input() -> tuple[int, bytes]:
    client = _opened()
    shell = ClientPowerShell(client, no_input=False)
    shell.add_command("x")
    shell.start()
    client.data_to_send()
    shell.send_eof()
    return _made(client)


def _opened() -> ClientRunspacePool:
    client = ClientRunspacePool(runspace_pool_id=_POOL)
    client.open()
    client.data_to_send()
    client.state = RunspacePoolState.Opened
    return client


def _made(client: ClientRunspacePool) -> tuple[int, bytes]:
    """Return the type and the CLIXML of the one message that psrpcore has ready."""
    payload = client.data_to_send()
    assert payload is not None  # noqa: S101 - it was told to send something
    whole = payload.data[_FRAGMENT.size :]
    return _MESSAGE.unpack_from(whole)[1], bytes(whole[_MESSAGE.size :])
