"""Stop a run early: first no new hosts, then no running pipelines."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NO_NEW_HOSTS, STOP_PIPELINES, LEAVE = 1, 2, 3
_SAID = {
    NO_NEW_HOSTS: "stopping: hosts under way finish; Ctrl-C again stops their pipelines",
    STOP_PIPELINES: "stopping the pipelines on the hosts; Ctrl-C again leaves at once",
}


class Stop:
    """A request to end a run, from any thread; each ``request`` is more urgent than the one before."""

    def __init__(self) -> None:
        self.level = 0
        self._wakes: list[Callable[[], None]] = []

    def request(self) -> int:
        """Ask for the end: no new hosts, then stopped pipelines, then leaving at once; return which it is."""
        self.level = min(self.level + 1, LEAVE)
        for wake in tuple(self._wakes):
            wake()
        return self.level

    @contextlib.contextmanager
    def waking(self, wake: Callable[[], None]) -> Iterator[None]:
        """Call ``wake`` at each ask."""
        self._wakes.append(wake)
        try:
            yield
        finally:
            self._wakes.remove(wake)

    @contextlib.contextmanager
    def on_interrupt(self, say: Callable[[str], None]) -> Iterator[None]:
        """Let Ctrl-C ask; ``say`` tells the user what it does. Only the main thread has signals."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def asked(*_: object) -> None:
            level = self.request()
            if level in _SAID:
                say(_SAID[level])

        before = signal.signal(signal.SIGINT, asked)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
