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


def run_deep(work: Callable[[], _Result]) -> _Result:
    """Run something on a deep stack and return its result or raise what it raised."""
    if threading.current_thread().name == _MARK:
        return work()
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _FRAMES))
    box: list[Any] = []
    failed: list[BaseException] = []
    context = copy_context()

    def body() -> None:
        try:
            box.append(context.run(work))
        except BaseException as error:  # noqa: BLE001 - it is raised again in the caller's thread
            failed.append(error)

    with _LOCK:
        before = threading.stack_size(_STACK)
        try:
            thread = threading.Thread(target=body, name=_MARK, daemon=True)
            thread.start()
        finally:
            threading.stack_size(before)
    thread.join()
    if failed:
        raise failed[0]
    return box[0]  # type: ignore[no-any-return]
