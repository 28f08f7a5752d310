"""Runs one coroutine in three ways: awaited on an event loop, blocking a thread, or in a greenlet of a fleet's loop.

What a session does is written once, as coroutines that await AsyncCalls and nothing else. ``run_on_loop`` drives one
inside the event loop that runs it; ``run_blocking`` drives one on a plain thread, whose AsyncCalls run on an event loop
that all of a process's threads share. What the coroutine calls between its AsyncCalls (such as the caller's
``on_record``) runs where it is driven.

A fleet's work on a host is plain code that calls sessions. ``run_in_greenlet`` runs one on the event loop: a greenlet
(as SQLAlchemy's asyncio is made) that gives way where it waits, so that thousands of hosts need one thread.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from concurrent.futures import Future
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from greenlet import getcurrent, greenlet

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

    from psnet.transport.policy import Clock

_T = TypeVar("_T")


class AsyncCall:
    """Something to wait for: ``work`` makes the coroutine that does it on an event loop."""

    __slots__ = ("work",)

    def __init__(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        self.work = work

    def __await__(self) -> Generator[AsyncCall, Any, Any]:
        return (yield self)


async def pause(clock: Clock, seconds: float) -> None:
    """Let time pass; a clock of a test's has its own way."""
    if clock.sleep is time.sleep:
        await AsyncCall(lambda: asyncio.sleep(seconds))
    else:
        clock.sleep(seconds)


class _Steps(Generic[_T]):
    """A conversation call by call: ``value`` or ``error`` is what the last call gave, at its end what it returns."""

    def __init__(self, conversation: Coroutine[AsyncCall, Any, _T]) -> None:
        self._conversation = conversation
        self.value: Any = None
        self.error: BaseException | None = None

    def next(self) -> AsyncCall | None:
        """Return what the conversation waits for next; None at its end. What it raises is raised."""
        value, error = self.value, self.error
        self.value, self.error = None, None
        try:
            return self._conversation.send(value) if error is None else self._conversation.throw(error)
        except StopIteration as end:
            self.value = end.value
            return None


async def run_on_loop(conversation: Coroutine[AsyncCall, Any, _T]) -> _T:
    """Return what a conversation returns; its AsyncCalls are awaited here."""
    steps = _Steps(conversation)
    while (call := steps.next()) is not None:
        try:
            steps.value = await call.work()
        except BaseException as failure:  # noqa: BLE001 - thrown into the conversation, which raises it again
            steps.error = failure
    returned: _T = steps.value
    return returned


def run_blocking(conversation: Coroutine[AsyncCall, Any, _T]) -> _T:
    """Return what a conversation returns; this thread waits for its AsyncCalls."""
    steps = _Steps(conversation)
    while (call := steps.next()) is not None:
        try:
            steps.value = wait_for(call.work())
        except BaseException as failure:  # noqa: BLE001 - as above
            steps.error = failure
    returned: _T = steps.value
    return returned


class _Worker(greenlet):
    """Plain code on the event loop; its parent awaits what it waits for."""


async def run_in_greenlet(call: Callable[[], _T]) -> _T:
    """Return what plain code returns; the event loop goes on where it waits (``wait_for``, ``sleep``, ``Latch``)."""
    worker = _Worker(call)
    waited = worker.switch()
    while not worker.dead:
        try:
            value = await waited
        except BaseException as failure:  # noqa: BLE001 - thrown into the code, which raises it again
            waited = worker.throw(failure)
        else:
            waited = worker.switch(value)
    found: _T = waited
    return found


def wait_for(work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine on the event loop and wait for it."""
    current = getcurrent()
    if isinstance(current, _Worker) and current.parent is not None:
        found: _T = current.parent.switch(work)
        return found
    future = asyncio.run_coroutine_threadsafe(work, shared_loop())
    try:
        return future.result()
    except BaseException:
        future.cancel()  # an interrupt of the waiting thread ends the work too
        raise


def sleep(seconds: float) -> None:
    """Let time pass, on a thread or on the event loop."""
    if isinstance(getcurrent(), _Worker):
        wait_for(asyncio.sleep(seconds))
    else:
        time.sleep(seconds)


class Latch:
    """Something to wait for, on a thread or on the event loop; ``set`` may be called anywhere, once."""

    __slots__ = ("_future",)

    def __init__(self) -> None:
        self._future: Future[None] = Future()

    def set(self) -> None:
        """Let those go on that wait."""
        self._future.set_result(None)

    def wait(self) -> None:
        """Block until ``set`` is called."""

        async def waited() -> None:
            await asyncio.wrap_future(self._future)

        if isinstance(getcurrent(), _Worker):
            wait_for(waited())
        else:
            self._future.result()


def shared_loop() -> asyncio.AbstractEventLoop:
    """Return the process's loop for sessions, which runs on a thread of its own as long as the process."""
    with _ONE:
        return _loop()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="psnet-loop", daemon=True).start()
    return loop


_ONE = threading.Lock()  # a cache lets two threads make one each
os.register_at_fork(before=_ONE.acquire, after_in_parent=_ONE.release, after_in_child=_ONE.release)
os.register_at_fork(after_in_child=_loop.cache_clear)  # a fork has the loop and not its thread
