"""Interactive calls: a long call shows that it is running, and Ctrl-C stops the pipeline on the host."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from psnet._internal.terminal import console

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_PATIENCE = 0.6  #: seconds before a call says that it runs


def is_interactive() -> bool:
    """Say whether a person types: Python's or IPython's prompt, or a notebook."""
    if hasattr(sys, "ps1"):
        return True
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def interruptible(work: Callable[[], T], stop: Callable[[], object], label: str) -> T:
    """Do a piece of work; at a prompt on a thread of its own, so that Ctrl-C reaches ``stop``.

    Returns and raises what the work does; after Ctrl-C KeyboardInterrupt, when the work has ended.
    """
    if not is_interactive() or threading.current_thread() is not threading.main_thread():
        return work()
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where it was asked for
            done.set_exception(error)

    try:
        threading.Thread(target=run, name="psnet-prompt", daemon=True).start()
        return _wait(done, label)
    except KeyboardInterrupt:
        stop()
        done.exception()
        raise


def _wait(done: Future[T], label: str) -> T:
    try:
        return done.result(_PATIENCE)
    except TimeoutError:
        if done.done():
            raise  # the work's own
    screen = console(stderr=True, soft_wrap=False)
    if not screen.is_terminal:
        return done.result()
    with screen.status(f"{label} (Ctrl-C stops it)"):
        return done.result()
