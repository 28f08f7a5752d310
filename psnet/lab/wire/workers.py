"""Threads for pipelines: as many as are busy, up to a bound; idle ones go away."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)


class Workers:
    """Runs jobs on daemon threads, at most ``limit``; a thread without work ends after ``idle`` seconds."""

    def __init__(self, limit: int = 512, idle: float = 5.0) -> None:
        self._limit = limit
        self._idle = idle
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._waiting = 0
        self._queued = 0
        self._closed = False

    def submit(self, job: Callable[[], None]) -> None:
        """Run a job soon."""
        with self._lock:
            if self._closed:
                return
            self._queued += 1
            if self._queued > self._waiting and len(self._threads) < self._limit:
                thread = threading.Thread(target=self._run, name="psnet-lab-pipeline", daemon=True)
                self._threads.add(thread)
                thread.start()
        self._jobs.put(job)

    def _run(self) -> None:
        me = threading.current_thread()
        while True:
            with self._lock:
                self._waiting += 1
            try:
                job = self._jobs.get(timeout=self._idle)
            except queue.Empty:
                job = None
            with self._lock:
                self._waiting -= 1
                if job is None:
                    if self._queued and not self._closed:
                        continue  # a job was counted on this thread just as it gave up waiting
                    self._threads.discard(me)
                    return
                self._queued -= 1
            try:
                job()
            except Exception:
                log.exception("a job of the lab failed")

    def close(self, timeout: float = 5.0) -> int:
        """Let every thread end; return how many had not after ``timeout`` seconds."""
        with self._lock:
            self._closed = True
            threads = list(self._threads)
        with contextlib.suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()
        for _ in threads:
            self._jobs.put(None)
        deadline = time.monotonic() + timeout
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return sum(thread.is_alive() for thread in threads)
