"""Retries: how often, how long to wait, and what may be repeated at all.

Safe to repeat are opening a session, a script that only reads, and a request that cannot have reached the host. The
answer to a Receive that got lost is asked for again with the same MessageID: WinRM replays it, so a pipeline goes on
where the connection broke and nothing is run twice.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from psnet.transport.async_bridge import pause, run_blocking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from psnet.transport.policy import Clock, RetryPolicy

_T = TypeVar("_T")
log = logging.getLogger("psnet.transport.retry")


async def repeating(
    work: Callable[[], Awaitable[_T]],
    policy: RetryPolicy,
    clock: Clock,
    *,
    again: Callable[[Exception], bool],
    what: str,
) -> _T:
    """Return what ``work`` returns, trying again while ``again`` says that its error may pass."""
    pauses = policy.pauses(clock.draw)
    for attempt in range(1, policy.attempts + 1):
        try:
            return await work()
        except Exception as error:
            if attempt == policy.attempts or not again(error):
                raise
            seconds = next(pauses)
            log.info("%s: try %d failed (%s); again in %.1f s", what, attempt, type(error).__name__, seconds)
        await pause(clock, seconds)
    raise AssertionError("attempts is at least 1")


async def resending(
    send: Callable[[], Awaitable[_T]],
    policy: RetryPolicy,
    clock: Clock,
    *,
    lost: Callable[[Exception], bool],
    reset: Callable[[], None],
    what: str,
) -> _T:
    """Return the answer to one and the same request, sent again over a new connection while the old ones break.

    ``lost`` says whether an error is a broken connection's; ``reset`` forgets what belongs to a connection (such as
    its encryption). After ``resume_within`` seconds the last error is raised.
    """
    pauses = policy.pauses(clock.draw)
    deadline: float | None = None
    while True:
        try:
            return await send()
        except Exception as error:
            if not lost(error):
                raise
            deadline = clock.now() + policy.resume_within if deadline is None else deadline
            seconds = next(pauses)
            if clock.now() + seconds > deadline:
                raise
            log.info("%s: the connection broke (%s); asking again in %.1f s", what, type(error).__name__, seconds)
        await pause(clock, seconds)
        reset()


def repeat(
    work: Callable[[], _T], policy: RetryPolicy, clock: Clock, *, again: Callable[[Exception], bool], what: str
) -> _T:
    """Do as ``repeating``, on this thread."""

    async def once() -> _T:
        return work()

    return run_blocking(repeating(once, policy, clock, again=again, what=what))


def resend(
    send: Callable[[], _T],
    policy: RetryPolicy,
    clock: Clock,
    *,
    lost: Callable[[Exception], bool],
    reset: Callable[[], None],
    what: str,
) -> _T:
    """Do as ``resending``, on this thread."""

    async def once() -> _T:
        return send()

    return run_blocking(resending(once, policy, clock, lost=lost, reset=reset, what=what))
