"""A first-in, first-out lock that the pipelines of one host share, so that the host's model needs no locks of its own.

A pipeline yields it between statements when another waits, and while it waits for input: several pipelines make
progress side by side, as they do on Windows.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.wire.api import StopSignal


class FairLock:
    """A first-in, first-out lock. It belongs to no thread: any thread may release it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self) -> None:
        """Wait for the lock."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        gate.acquire()

    def release(self) -> None:
        """Release the lock to the thread that waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def yield_lock(self) -> None:
        """Let one waiting thread run first; returns at once when none waits."""
        if self._waiting:
            self.release()
            self.acquire()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock while the block runs."""
        self.acquire()
        try:
            yield
        finally:
            self.release()


class YieldingStop:
    """A stop signal that yields the lock whenever the engine asks whether to stop."""

    def __init__(self, stop: StopSignal, lock: FairLock) -> None:
        self._stop = stop
        self._lock = lock

    def is_set(self) -> bool:
        """Return whether the pipeline should stop."""
        self._lock.yield_lock()
        return self._stop.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait with the lock released."""
        self._lock.release()
        try:
            return self._stop.wait(timeout)
        finally:
            self._lock.acquire()


def iterate_unlocked(items: Iterator[Any], lock: FairLock) -> Iterator[Any]:
    """Yield items; the lock is released while waiting for each."""
    while True:
        lock.release()
        try:
            item = next(items)
        except StopIteration:
            return
        finally:
            lock.acquire()
        yield item
