"""Pipelines of one host take turns, so that the host's model needs no locks of its own.

A pipeline hands its turn on between statements when another waits, and while it waits for input: several of them
go on side by side, as they do on Windows.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.wire.api import StopSignal


class Turns:
    """One turn, handed on in the order of asking. Belongs to no thread: whoever has it may release it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self) -> None:
        """Wait for the turn."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        gate.acquire()

    def release(self) -> None:
        """Hand the turn to the one who waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def offer(self) -> None:
        """Let one other go first, if one waits."""
        if self._waiting:
            self.release()
            self.acquire()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the turn while the block runs."""
        self.acquire()
        try:
            yield
        finally:
            self.release()


class OfferingStop:
    """A stop signal that offers the turn whenever the engine asks whether to stop."""

    def __init__(self, stop: StopSignal, turns: Turns) -> None:
        self._stop = stop
        self._turns = turns

    def is_set(self) -> bool:
        """Return whether the pipeline should stop."""
        self._turns.offer()
        return self._stop.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait without the turn."""
        self._turns.release()
        try:
            return self._stop.wait(timeout)
        finally:
            self._turns.acquire()


def patient(items: Iterator[Any], turns: Turns) -> Iterator[Any]:
    """Yield items; wait for each without the turn."""
    while True:
        turns.release()
        try:
            item = next(items)
        except StopIteration:
            return
        finally:
            turns.acquire()
        yield item
