"""Running deep: a thread with a stack and a recursion limit that PowerShell's own call depth fits into."""

from __future__ import annotations

import sys
import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Result = TypeVar("_Result")
_STACK: Final = 512 * 1024 * 1024
_FRAMES: Final = 120_000
_MARK: Final = "psnet-engine"
_LOCK: Final = threading.Lock()


class _RecursionLimit:
    """Python's recursion limit, raised while anything runs deep.

    It counts for every thread of the process, and others have not such a stack: what they read too deep (JSON of a
    stranger's) has to end in RecursionError, not in the end of the process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self._before = 0

    def raise_(self) -> None:
        """Raise it for one more."""
        with self._lock:
            if not self._running:
                self._before = sys.getrecursionlimit()
                sys.setrecursionlimit(max(self._before, _FRAMES))
            self._running += 1

    def lower(self) -> None:
        """Give it back with the last that ran."""
        with self._lock:
            self._running -= 1
            if not self._running:
                sys.setrecursionlimit(self._before)


_LIMIT: Final = _RecursionLimit()


def run_deep(work: Callable[[], _Result]) -> _Result:
    """Run something on a deep stack and return its result or raise what it raised."""
    if threading.current_thread().name == _MARK:
        return work()
    box: list[Any] = []
    failed: list[BaseException] = []
    context = copy_context()

    def body() -> None:
        try:
            box.append(context.run(work))
        except BaseException as error:  # noqa: BLE001 - it is raised again in the caller's thread
            failed.append(error)
        finally:
            _LIMIT.lower()

    thread = threading.Thread(target=body, name=_MARK, daemon=True)
    _LIMIT.raise_()
    with _LOCK:
        before = threading.stack_size(_STACK)
        try:
            thread.start()
        except BaseException:
            _LIMIT.lower()
            raise
        finally:
            threading.stack_size(before)
    thread.join()
    if failed:
        raise failed[0]
    return box[0]  # type: ignore[no-any-return]
