# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaking to psnet: a process of its own, one a run of ansible-playbook, over a Unix socket of this user's.

The first action starts it. It ends with this run. No part of psnet is imported here.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import multiprocessing
import os
import socket
import struct
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError

from ansible import constants as C
from ansible import context

VERSION = 2
PATIENCE = 60.0
_HEAD = struct.Struct(">I")
_talks: dict[int, socket.socket] = {}
_begun: list[subprocess.Popen[bytes]] = []  # what was started beforehand, until somebody waits for it
_WITHOUT = ("listhosts", "listtasks", "listtags", "syntax")


def ask(message: dict[str, Any], hosts: list[str] | None = None) -> dict[str, Any]:
    """Send a message and return the answer; raise AnsibleError when psnet has none to give."""
    connection = _connection(hosts or [])
    try:
        _send(connection, message)
        answer = _receive(connection)
    except OSError as error:
        _talks.pop(os.getpid(), None)
        raise AnsibleError(f"psnet ended: {error}") from None
    if answer is None:
        _talks.pop(os.getpid(), None)
        raise AnsibleError("psnet ended before it answered; PSNET_DAEMON_LOG=FILE keeps its log")
    if "error" in answer:
        raise AnsibleError(answer["error"])
    return answer


def tell(message: dict[str, Any], seconds: float = 2.0) -> dict[str, Any] | None:
    """Send a message over a connection of its own, if psnet runs; return the answer, None for none in time."""
    path = _ready()
    if path is None:
        return None
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(seconds)
            connection.connect(path)
            _send(connection, message)
            return _receive(connection)
    except (OSError, ValueError):
        return None


def _connection(hosts: list[str]) -> socket.socket:
    known = _talks.get(os.getpid())  # a fork does not share its parent's
    if known is not None:
        return known
    path = _ready() or _started(hosts)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(path)
    except OSError as error:
        raise AnsibleError(f"psnet is gone: {error}; PSNET_DAEMON_LOG=FILE keeps its log") from None
    _talks.clear()
    _talks[os.getpid()] = connection
    return connection


def _folder() -> Path:
    """Return the folder of this run that ansible-core made for its temporary files; it is this user's alone."""
    return Path(C.DEFAULT_LOCAL_TMP)


def _ready() -> str | None:
    try:
        return (_folder() / "psnet-ready").read_text(encoding="utf-8")
    except OSError:
        return None


def _started(hosts: list[str]) -> str:
    """Start psnet, or wait for whoever is starting it; return the socket's path."""
    with (_folder() / "psnet-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = _ready()
        if path is not None:
            return path
        path = _start()
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(path)
            _send(connection, _hello(hosts))
            answer = _receive(connection) or {"error": "psnet ended before it answered"}
        if "error" in answer:
            raise AnsibleError(answer["error"])
        (_folder() / "psnet-ready").write_text(path, encoding="utf-8")
        return path


def _hello(hosts: list[str]) -> dict[str, Any]:
    given = context.CLIARGS
    return {
        "op": "hello",
        "version": VERSION,
        "playbook": " ".join(map(str, given.get("args") or ())),
        "inventory": ",".join(map(str, given.get("inventory") or ())),
        "hosts": hosts,
        "options": {
            "check": bool(given.get("check")),
            "limit": given.get("subset"),
            "tags": list(given.get("tags") or ()),
        },
    }


def python() -> str:
    """Return the Python that has psnet: PSNET_PYTHON, else the one that runs Ansible."""
    given = os.environ.get("PSNET_PYTHON")
    if given:
        return given
    if find_spec("psnet") is None:
        raise AnsibleError(
            f"{sys.executable} has no psnet: pip install psnet beside ansible-core, or name a Python that has it in "
            "PSNET_PYTHON"
        )
    return sys.executable


def begin() -> None:
    """Start psnet while Ansible still reads its inventory and the plays: the first who needs it waits for less.

    Only in a run of psnet play, whose callback asks it first, and only where tasks are to be carried out.
    """
    ours = os.environ.get("ANSIBLE_STDOUT_CALLBACK", "").startswith("psnet.windows_containers.")
    command = Path(sys.argv[0]).name.startswith("ansible-playbook") and os.environ.get("PSNET_RUN")
    if not (ours and command) or _begun or _ready() or any(context.CLIARGS.get(name) for name in _WITHOUT):
        return
    with contextlib.suppress(AnsibleError, OSError):  # told when it is needed
        _begun.append(_launched())


def _start() -> str:
    process = _begun.pop() if _begun else _launched()
    told, said = _told()
    until = time.monotonic() + PATIENCE
    while not told.exists():
        if process.poll() is not None or time.monotonic() > until:
            words = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            reason = words[-1] if words else f"exit code {process.returncode}"
            raise AnsibleError(f"psnet could not be started ({python()}): {reason}")
        time.sleep(0.01)
    return told.read_text(encoding="utf-8")


def _told() -> tuple[Path, Path]:
    """Return the files in which psnet says where its socket is, and what went wrong."""
    return _folder() / "psnet-socket", _folder() / "psnet-error"


def _launched() -> subprocess.Popen[bytes]:
    parent = os.getppid() if multiprocessing.parent_process() is not None else os.getpid()
    told, said = _told()
    command = [python(), "-m", "psnet.playbook.daemon", "--parent", str(parent), "--tell", str(told)]
    if os.environ.get("PSNET_RUN"):
        command += ["--run", os.environ["PSNET_RUN"]]
    with said.open("wb") as errors:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
        )


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    body = json.dumps(message, ensure_ascii=False).encode()
    connection.sendall(_HEAD.pack(len(body)) + body)


def _receive(connection: socket.socket) -> dict[str, Any] | None:
    head = _exactly(connection, _HEAD.size)
    body = _exactly(connection, _HEAD.unpack(head)[0]) if head is not None else None
    return json.loads(body) if body is not None else None


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    parts = []
    while length:
        part = connection.recv(min(length, 1 << 16))
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
