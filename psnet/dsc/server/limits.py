"""A rate limit for failed authentications, by client address."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_ADDRESSES: Final = 10_000


class FailureLimit:
    """Counts failures by address; an address with ``most`` of them within ``seconds`` is refused for a while.

    What was refused while the limit was reached does not count again, so a node behind a wrong key comes back.
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self.seconds = seconds
        self._clock = clock
        self._failures: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, address: str) -> int:
        """Return after how many whole seconds the address may try again; 0 for now."""
        with self._lock:
            found = self._recent(address)
            if len(found) < self.most:
                return 0
            return max(1, int(found[0] + self.seconds - self._clock() + 0.999))

    def failed(self, address: str) -> None:
        """Count a failure."""
        with self._lock:
            if len(self._failures) >= _MOST_ADDRESSES and address not in self._failures:
                self._failures.pop(next(iter(self._failures)))
            found = self._recent(address)
            self._failures[address] = found
            found.append(self._clock())

    def _recent(self, address: str) -> deque[float]:
        found = self._failures.get(address, deque())
        while found and found[0] + self.seconds <= self._clock():
            found.popleft()
        if not found:
            self._failures.pop(address, None)
        return found
