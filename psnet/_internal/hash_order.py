"""The order in which .NET Framework's Hashtable enumerates keys that are 32-bit integers, which are their own hashes.

Source: the algorithm of System.Collections.Hashtable (double hashing over a prime number of buckets, enumerated from
the last bucket down), as Microsoft publishes it with .NET.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_PRIMES: Final = (3, 7, 11, 17, 23, 29, 37, 47, 59, 71, 89, 107, 131, 163, 197, 239, 293, 353, 431, 521, 631, 761, 919)
_MULTIPLIER: Final = 101
_LOAD: Final = 0.72
#: Larger tables keep the order of insertion: that many integer keys are not looked at in their order.
_LARGEST: Final = 400


def bucket_order(keys: Sequence[int], capacity: int = 0) -> Sequence[int]:
    """Return the positions of ``keys`` (in the order in which a table made for ``capacity`` got them) as enumerated."""
    return _order(tuple(keys), capacity) if len(keys) <= _LARGEST else range(len(keys))


@cache
def _prime(least: int) -> int:
    return next(prime for prime in _PRIMES if prime >= least)


def _place(buckets: list[int | None], keys: Sequence[int], position: int) -> None:
    seed = keys[position] & 0x7FFFFFFF
    size = len(buckets)
    step = 1 + ((seed * _MULTIPLIER) & 0xFFFFFFFF) % (size - 1)
    at = seed % size
    while buckets[at] is not None:
        at = (at + step) % size
    buckets[at] = position


@lru_cache(maxsize=256)
def _order(keys: tuple[int, ...], capacity: int) -> tuple[int, ...]:
    raw = capacity / _LOAD
    buckets: list[int | None] = [None] * (_prime(int(raw)) if raw > _PRIMES[0] else _PRIMES[0])
    for position in range(len(keys)):
        if position >= min(int(_LOAD * len(buckets)), len(buckets) - 1):
            old, buckets = buckets, [None] * _prime(2 * len(buckets))
            for kept in old:
                if kept is not None:
                    _place(buckets, keys, kept)
        _place(buckets, keys, position)
    return tuple(position for position in reversed(buckets) if position is not None)
