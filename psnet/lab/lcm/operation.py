"""One operation of the Local Configuration Manager at a time, and its cancellation."""

from __future__ import annotations

import contextlib
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from psnet.lab.lcm.refusals import busy

if TYPE_CHECKING:
    from collections.abc import Iterator


class FairLockProtocol(Protocol):
    """The lock that the pipelines of a host share (psnet.lab.wire.fair_lock)."""

    def acquire(self) -> None:
        """Wait for the lock."""

    def release(self) -> None:
        """Release the lock to the thread that waits longest."""

    def yield_lock(self) -> None:
        """Let one waiting thread run before this one."""


@dataclass(slots=True)
class Operation:
    """What runs: named as its cmdlet."""

    name: str
    thread: int = field(default_factory=threading.get_ident)
    cancelled: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)


class OperationLock:
    """Admits one operation at a time. ``host_lock`` is set by the wire; callers of ``operating`` hold it then."""

    def __init__(self) -> None:
        self.host_lock: FairLockProtocol | None = None
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
    def operating(self, name: str, *, force: bool = False) -> Iterator[Operation]:
        """Run an operation from ``enter`` to ``leave``."""
        operation = self.enter(name, force=force)
        try:
            yield operation
        finally:
            self.leave(operation)

    def wait(self, operation: Operation) -> None:
        """Wait for an operation's end with the lock released."""
        with self.unlocked():
            operation.done.wait()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock, where there is one."""
        if self.host_lock is None:
            yield
            return
        self.host_lock.acquire()
        try:
            yield
        finally:
            self.host_lock.release()

    @contextmanager
    def unlocked(self) -> Iterator[None]:
        """Release the lock for a while, so that others run."""
        if self.host_lock is None:
            yield
            return
        self.host_lock.release()
        try:
            yield
        finally:
            self.host_lock.acquire()


class Stop:
    """The stop signal of an operation: its own cancellation, and its client's stop."""

    def __init__(self, gate: OperationLock, operation: Operation, client: Any = None) -> None:
        self._gate = gate
        self._operation = operation
        self._client = client

    def is_set(self) -> bool:
        """Return whether to stop; yields the lock to others."""
        if self._client is not None:
            if self._client.is_set():
                return True
        elif self._gate.host_lock is not None:
            self._gate.host_lock.yield_lock()
        return self._operation.cancelled.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the cancellation with the lock released."""
        with self._gate.unlocked(), contextlib.suppress(TypeError):
            return self._operation.cancelled.wait(timeout)
        return self._operation.cancelled.is_set()
