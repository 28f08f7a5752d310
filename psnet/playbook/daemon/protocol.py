"""The socket's protocol: JSON objects, each after its length in four bytes, answered by one of the same form.

| ``op`` | asks | answer |
|---|---|---|
| ``hello`` | begin the run: ``version`` ``playbook`` ``inventory`` ``hosts`` ``options`` | ``run`` |
| ``task`` | carry out ``item`` on ``host``; ``ahead`` may go with it | ``result``, ``unreachable``, or what it takes |
| ``check`` | say what is wrong with ``tasks`` before they run | ``problems`` |
| ``stats`` | a playbook has ended; ``counts`` are Ansible's | ``recap`` |
| ``stop`` | stop what runs on ``host`` | |
| ``bye`` | end the run | |
| ``interrupt`` | stop what runs, and end the run | ``recap`` |

A task takes ``needs``, names of variables, or ``reaches``, names of other hosts: it is sent again with ``variables``,
or with ``reached``, which has for each of these hosts what ``target`` is for its own.

An item has ``key`` (the task and the number of its item), ``module``, ``args``, ``title``, ``where``. An answer may be
``error``: text for the user.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import socket

#: Both ends must be of the same one.
VERSION: Final = 2
_HEAD: Final = struct.Struct(">I")
_LONGEST: Final = 1 << 28


def receive(connection: socket.socket) -> dict[str, Any] | None:
    """Return the next message; None when the other end is gone. Raises ValueError for what is none."""
    head = _exactly(connection, _HEAD.size)
    if head is None:
        return None
    (length,) = _HEAD.unpack(head)
    if length > _LONGEST:
        raise ValueError("a message is too long")
    body = _exactly(connection, length)
    message = json.loads(body) if body is not None else None
    if message is not None and not isinstance(message, dict):
        raise ValueError("a message is a JSON object")
    return message


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send a message."""
    body = json.dumps(message, ensure_ascii=False, default=str).encode()
    connection.sendall(_HEAD.pack(len(body)) + body)


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    parts: list[bytes] = []
    while length:
        part = connection.recv(min(length, 1 << 16))
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
