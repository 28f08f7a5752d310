"""Waiting for the end of a process that is not a child."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK: Final = 0.5


def on_process_exit(pid: int, act: Callable[[], None]) -> None:
    """Call something, on a thread of its own, when a process has ended (a zombie has)."""
    try:
        descriptor = os.pidfd_open(pid)
    except (AttributeError, OSError):
        threading.Thread(target=_look, args=(pid, act), daemon=True).start()
        return
    threading.Thread(target=_wait, args=(descriptor, act), daemon=True).start()


def _wait(descriptor: int, act: Callable[[], None]) -> None:
    with contextlib.suppress(OSError):
        select.select([descriptor], [], [])
    act()


def _look(pid: int, act: Callable[[], None]) -> None:
    with contextlib.suppress(OSError):
        while True:
            os.kill(pid, 0)
            time.sleep(_LOOK)
    act()
