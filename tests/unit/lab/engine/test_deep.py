"""What runs deep has a stack of its own; the recursion limit that it needs is nobody else's afterwards."""

from __future__ import annotations

import json
import sys
import threading

import pytest

from psnet.lab.engine.deep import run_deep


def depth(levels: int) -> int:
    return 0 if levels == 0 else 1 + depth(levels - 1)


def test_the_limit_holds_while_something_runs_deep_and_is_given_back() -> None:
    before = sys.getrecursionlimit()
    assert run_deep(lambda: depth(before * 3)) == before * 3
    assert sys.getrecursionlimit() == before
    with pytest.raises(RecursionError):
        json.loads("[" * 200_000)


def test_the_last_of_several_gives_it_back() -> None:
    before, going, done = sys.getrecursionlimit(), threading.Event(), []
    first = threading.Thread(target=lambda: done.append(run_deep(lambda: going.wait(20))))
    first.start()
    while sys.getrecursionlimit() == before:
        going.wait(0.001)
    assert run_deep(lambda: depth(before * 2)) == before * 2
    assert sys.getrecursionlimit() > before
    going.set()
    first.join()
    assert (done, sys.getrecursionlimit()) == ([True], before)


def test_what_it_raises_is_raised_and_the_limit_is_given_back() -> None:
    before = sys.getrecursionlimit()
    with pytest.raises(ZeroDivisionError):
        run_deep(lambda: 1 // 0)
    assert sys.getrecursionlimit() == before
