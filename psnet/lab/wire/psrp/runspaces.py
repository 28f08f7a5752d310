"""The runspaces of a pool: at most ``maximum`` at work, opened when needed, kept for the next pipeline."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.wire.api import RunspaceLike
    from psnet.lab.wire.workers import Workers

    Job = Callable[[RunspaceLike], None]


class Runspaces:
    """Hands runspaces to jobs, first come first served. Lives on the event loop.

    ``opener`` and the jobs run on worker threads; ``post`` brings a call back to the loop; a job whose
    runspace could not be opened gets the exception through its ``failed``.
    """

    def __init__(
        self, workers: Workers, opener: Callable[[], RunspaceLike], post: Callable[[Callable[[], None]], None]
    ) -> None:
        self._workers = workers
        self._opener = opener
        self._post = post
        self._idle: list[RunspaceLike] = []
        self._waiting: deque[tuple[Job, Callable[[Exception], None]]] = deque()
        self._closed = False
        self.minimum = 1
        self.maximum = 1
        self.busy = 0

    @property
    def available(self) -> int:
        """How many more pipelines could start now."""
        return max(0, self.maximum - self.busy)

    def submit(self, job: Job, failed: Callable[[Exception], None]) -> None:
        """Run a job as soon as a runspace is free."""
        self._waiting.append((job, failed))
        self._advance()

    def withdraw(self, job: Job) -> bool:
        """Take a job back that has not started; return whether it was still there."""
        for entry in self._waiting:
            if entry[0] == job:
                self._waiting.remove(entry)
                return True
        return False

    def reset(self) -> bool:
        """Replace idle runspaces by fresh ones; refused while a pipeline runs."""
        if self.busy:
            return False
        self._discard(self._idle)
        self._idle = []
        return True

    def close(self) -> None:
        """Close what is idle now, and the rest as it comes back."""
        self._closed = True
        self._waiting.clear()
        self._discard(self._idle)
        self._idle = []

    def _discard(self, runspaces: list[RunspaceLike]) -> None:
        for runspace in runspaces:
            self._workers.submit(runspace.close)

    def _advance(self) -> None:
        while self._waiting and self.busy < self.maximum:
            job, failed = self._waiting.popleft()
            runspace = self._idle.pop() if self._idle else None
            self.busy += 1
            self._workers.submit(lambda j=job, f=failed, r=runspace: self._work(j, f, r))  # type: ignore[misc]

    def _work(self, job: Job, failed: Callable[[Exception], None], runspace: RunspaceLike | None) -> None:
        try:
            if runspace is None:
                runspace = self._opener()
        except Exception as error:  # noqa: BLE001 - whatever it is, the pipeline reports it
            failed(error)
        else:
            job(runspace)
        finally:
            self._post(lambda: self._returned(runspace))

    def _returned(self, runspace: RunspaceLike | None) -> None:
        self.busy -= 1
        if runspace is not None:
            if self._closed or self.busy + len(self._idle) >= self.maximum:
                self._discard([runspace])
            else:
                self._idle.append(runspace)
        self._advance()
