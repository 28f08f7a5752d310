"""The socket: one thread a connection, in a folder that only this user can enter."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import socket
import struct
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from psnet.playbook.daemon.process_exit import on_process_exit
from psnet.playbook.daemon.protocol import receive, send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.playbook.daemon.run import Run

log = logging.getLogger("psnet.playbook")


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """Make a folder of mode 0700 with a short path (a socket's has 107 characters at most), for as long as needed."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    base = runtime if runtime and os.access(runtime, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="psnet-", dir=base))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def serve(run: Run, listener: socket.socket, parent: int) -> None:
    """Answer messages until the run has ended or its parent process has exited."""
    done = threading.Event()

    def parent_exited() -> None:
        run.parent_exited()
        done.set()

    on_process_exit(parent, parent_exited)
    threading.Thread(target=_accept, args=(run, listener, done), daemon=True).start()
    done.wait()


def _accept(run: Run, listener: socket.socket, done: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            if not _own(connection):
                connection.close()
                continue
            threading.Thread(target=_talk, args=(run, connection, done), daemon=True).start()


def _own(connection: socket.socket) -> bool:
    """Say whether the other end is this user's, where the system tells."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    said = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return struct.unpack("3i", said)[1] in (os.getuid(), 0)


def _talk(run: Run, connection: socket.socket, done: threading.Event) -> None:
    with connection, contextlib.suppress(OSError, ValueError):
        while (message := receive(connection)) is not None:
            try:
                send(connection, run.answer(message))
            finally:  # whether or not somebody still listens
                if run.ended:
                    done.set()
