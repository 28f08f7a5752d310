"""An index of claims that finds conflicting ones without comparing each pair."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psnet.resources import Claim

_Key = tuple[str, str, str | None]


@dataclass(slots=True)
class _Ranges:
    """Ranges of one sort, scope and address, by their first number; ``widest`` bounds how far back one may begin."""

    ranges: list[tuple[int, int, int]] = field(default_factory=list)  # first, place in the order of adding, last
    widest: int = 0

    def add(self, claim: Claim, place: int) -> None:
        insort(self.ranges, (claim.first, place, claim.last))
        self.widest = max(self.widest, claim.last - claim.first)

    def earliest(self, claim: Claim) -> int | None:
        begin = bisect_left(self.ranges, (claim.first - self.widest,))
        end = bisect_right(self.ranges, (claim.last + 1,))
        return min((place for _, place, last in self.ranges[begin:end] if last >= claim.first), default=None)


@dataclass(slots=True)
class ClaimIndex:
    """Claims and who holds them; an address of None stands for every one."""

    _owners: list[str] = field(default_factory=list)
    _ranges: dict[_Key, _Ranges] = field(default_factory=dict)
    _all: dict[tuple[str, str], _Ranges] = field(default_factory=dict)

    def add(self, claim: Claim, owner: str) -> None:
        """Add a claim."""
        place = len(self._owners)
        self._owners.append(owner)
        self._ranges.setdefault((claim.what, claim.scope, claim.address), _Ranges()).add(claim, place)
        self._all.setdefault((claim.what, claim.scope), _Ranges()).add(claim, place)

    def owner(self, claim: Claim) -> str | None:
        """Return who holds the first claim added that meets this one."""
        if claim.address is None:
            groups = [self._all.get((claim.what, claim.scope))]
        else:
            groups = [self._ranges.get((claim.what, claim.scope, each)) for each in (claim.address, None)]
        places = [group.earliest(claim) for group in groups if group is not None]
        return min(((place, self._owners[place]) for place in places if place is not None), default=(0, None))[1]
