"""Trying again: how often, how long to wait, and what may be repeated at all.

Safe to repeat are opening a session, a script that only reads, and a request that cannot have reached the host. The
answer to a Receive that got lost is asked for again with the same MessageID: WinRM replays it, so a pipeline goes on
where the connection broke and nothing is run twice.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, TypeVar

import requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.transport.policy import Clock, RetryPolicy

_T = TypeVar("_T")
log = logging.getLogger("psnet.transport.retry")

LOST: Final = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


def repeat(
    work: Callable[[], _T], policy: RetryPolicy, clock: Clock, *, again: Callable[[Exception], bool], what: str
) -> _T:
    """Return what ``work`` returns, trying again while ``again`` says that its error may pass."""
    pauses = policy.pauses(clock.draw)
    for attempt in range(1, policy.attempts + 1):
        try:
            return work()
        except Exception as error:
            if attempt == policy.attempts or not again(error):
                raise
            pause = next(pauses)
            log.info("%s: try %d failed (%s); again in %.1f s", what, attempt, type(error).__name__, pause)
            clock.sleep(pause)
    raise AssertionError("attempts is at least 1")


def resend(
    send: Callable[[], _T],
    policy: RetryPolicy,
    clock: Clock,
    *,
    reset: Callable[[], None],
    what: str,
) -> _T:
    """Return the answer to one and the same request, sent again over a new connection while the old ones break.

    ``reset`` forgets what belongs to a connection (such as its encryption). After ``resume_within`` seconds the last
    error is raised.
    """
    pauses = policy.pauses(clock.draw)
    deadline: float | None = None
    while True:
        try:
            return send()
        except LOST as error:
            deadline = clock.now() + policy.resume_within if deadline is None else deadline
            pause = next(pauses)
            if clock.now() + pause > deadline:
                raise
            log.info("%s: the connection broke (%s); asking again in %.1f s", what, type(error).__name__, pause)
            clock.sleep(pause)
            reset()
