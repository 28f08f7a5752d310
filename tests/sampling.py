"""Large tables of cases: a fixed sample in make test, all of them under the marker sweep in make test-all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence


def every(step: int, cases: Iterable[Any], *, first: int = 0) -> list[Any]:
    """Return all cases; those that are not each ``step``-th are for the sweep."""
    return [swept(case, when=(place - first) % step != 0) for place, case in enumerate(cases)]


def one_of_each(kind: Callable[[Any], Hashable], cases: Sequence[Any]) -> list[Any]:
    """Return all cases; those whose kind another case has are for the sweep.

    Of the cases of a kind another place is taken from kind to kind, so that what varies inside kinds is sampled too.
    """
    kinds: dict[Hashable, list[int]] = {}
    for place, case in enumerate(cases):
        kinds.setdefault(kind(case), []).append(place)
    kept = {places[number % len(places)] for number, places in enumerate(kinds.values())}
    return [swept(case, when=place not in kept) for place, case in enumerate(cases)]


def each_value(cases: Iterable[tuple[Hashable, ...]]) -> list[Any]:
    """Return all cases of a table of combinations; those kept show each value of each column at least once.

    Of the cases left the one with the most values not shown yet is taken next, until none has any.
    """
    table = list(cases)
    shown: set[tuple[int, Hashable]] = set()
    kept: set[int] = set()

    def new(place: int) -> int:
        return len(set(enumerate(table[place])) - shown)

    while (best := max(range(len(table)), key=new, default=None)) is not None and new(best):
        kept.add(best)
        shown |= set(enumerate(table[best]))
    return [swept(case, when=place not in kept) for place, case in enumerate(table)]


def examples(many: int) -> int:
    """Return how many examples hypothesis draws: so many in the sweep, a quarter of them in make test."""
    return many if settings.get_current_profile_name() == "whole" else many // 4


def swept(case: Any, *, when: bool = True) -> Any:
    """Return a case (a tuple stands for several parameters) marked as the sweep's."""
    if not when:
        return case
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.sweep)
