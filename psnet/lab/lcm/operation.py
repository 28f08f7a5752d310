"""One operation at a time: who has the Local Configuration Manager, and how it is taken away from them."""

from __future__ import annotations

import contextlib
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from psnet.lab.lcm.refusals import busy

if TYPE_CHECKING:
    from collections.abc import Iterator


class TurnsLike(Protocol):
    """The turn that pipelines of a host take (psnet.lab.wire.turns)."""

    def acquire(self) -> None:
        """Wait for the turn."""

    def release(self) -> None:
        """Hand it on."""

    def offer(self) -> None:
        """Let another go first."""


@dataclass(slots=True)
class Operation:
    """What runs: named as its cmdlet."""

    name: str
    thread: int = field(default_factory=threading.get_ident)
    cancelled: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)


class Gate:
    """Lets one operation in. ``turns`` is set by the wire; callers of ``entered`` have the turn then."""

    def __init__(self) -> None:
        self.turns: TurnsLike | None = None
        self._lock = threading.Lock()
        self._running: Operation | None = None

    @property
    def running(self) -> Operation | None:
        """The operation that runs."""
        return self._running

    def enter(self, name: str, *, force: bool = False) -> Operation:
        """Begin an operation; raises the Busy refusal, or with ``force`` cancels the one that runs and waits for it."""
        operation = Operation(name)
        while True:
            with self._lock:
                running = self._running
                if running is None:
                    self._running = operation
                    return operation
            if not force or running.thread == operation.thread:
                raise busy(name, running.name)
            running.cancelled.set()
            self.wait(running)

    def leave(self, operation: Operation) -> None:
        """End an operation."""
        with self._lock:
            self._running = None
        operation.done.set()

    @contextmanager
    def entered(self, name: str, *, force: bool = False) -> Iterator[Operation]:
        """Run an operation from ``enter`` to ``leave``."""
        operation = self.enter(name, force=force)
        try:
            yield operation
        finally:
            self.leave(operation)

    def wait(self, operation: Operation) -> None:
        """Wait for an operation's end without the turn."""
        with self.without_turn():
            operation.done.wait()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Have the turn, where there are turns."""
        if self.turns is None:
            yield
            return
        self.turns.acquire()
        try:
            yield
        finally:
            self.turns.release()

    @contextmanager
    def without_turn(self) -> Iterator[None]:
        """Do without the turn for a while, so that others go on."""
        if self.turns is None:
            yield
            return
        self.turns.release()
        try:
            yield
        finally:
            self.turns.acquire()


class Stop:
    """The stop signal of an operation: its own cancellation, and its client's stop."""

    def __init__(self, gate: Gate, operation: Operation, client: Any = None) -> None:
        self._gate = gate
        self._operation = operation
        self._client = client

    def is_set(self) -> bool:
        """Return whether to stop; lets others have the turn."""
        if self._client is not None:
            if self._client.is_set():
                return True
        elif self._gate.turns is not None:
            self._gate.turns.offer()
        return self._operation.cancelled.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the cancellation without the turn."""
        with self._gate.without_turn(), contextlib.suppress(TypeError):
            return self._operation.cancelled.wait(timeout)
        return self._operation.cancelled.is_set()
