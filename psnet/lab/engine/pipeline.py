"""Running a pipeline of processors."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from .flow import StopUpstream
from .processor import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .processor import CommandProcessor


def link(processors: Sequence[CommandProcessor], out: Callable[[Any], None]) -> None:
    """Join processors: each one's output is the next one's input, the last one's goes to ``out``."""
    for left, right in itertools.pairwise(processors):
        left.out = right.process
    processors[-1].out = out


def run(processors: Sequence[CommandProcessor], feed: Callable[[Callable[[Any], None]], None] | None) -> bool:
    """Run linked and prepared processors; say whether none of them reported an error.

    ``feed`` gives the first one its input; without it the first one runs once with ``NOTHING``.
    """
    start = 0
    try:
        try:
            for processor in processors:
                processor.begin()
            if feed is not None:
                feed(processors[0].process)
            else:
                processors[0].process(NOTHING)
        except StopUpstream as stop:
            start = _place(processors, stop)
        at = start
        while at < len(processors):
            try:
                processors[at].end()
            except StopUpstream as stop:
                at = max(at, _place(processors, stop) - 1)
            at += 1
    finally:
        for processor in processors:
            processor.close()
    return not any(processor.failed for processor in processors)


def _place(processors: Sequence[CommandProcessor], stop: StopUpstream) -> int:
    for at, processor in enumerate(processors):
        if processor is stop.requester:
            return at
    raise stop
