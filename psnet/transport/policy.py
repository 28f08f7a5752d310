"""Retry policy: attempts and pauses; and the clock that they use."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator  # noqa: TC003 - a dataclass's and a model's annotations
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from psnet._internal.model import Model


class RetryPolicy(Model):
    """How often something safe is tried, and the pauses between: ``base`` seconds, doubled each time up to ``cap``.

    Each pause is cut by up to half at random, so that a fleet does not come back all at once. ``resume_within`` is for
    how many seconds a pipeline whose connection broke is asked for.
    """

    attempts: Annotated[int, Field(ge=1, le=100)] = 4
    base: Annotated[float, Field(ge=0, le=3600)] = 0.5
    cap: Annotated[float, Field(ge=0, le=3600)] = 8.0
    resume_within: Annotated[float, Field(ge=0, le=86_400)] = 30.0

    def pauses(self, draw: Callable[[], float]) -> Iterator[float]:
        """Yield pauses without end, in seconds; ``draw`` returns numbers from 0 to 1."""
        pause = self.base
        while True:
            yield min(pause, self.cap) * (1 - draw() / 2)
            pause = min(pause * 2, self.cap)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance, so that tests need neither."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    draw: Callable[[], float] = random.random
