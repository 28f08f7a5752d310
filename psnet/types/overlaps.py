"""Which of many prefixes overlap one, without comparing it with each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Network, IPv6Network

T = TypeVar("T")


class PrefixIndex(Generic[T]):
    """Prefixes with what they belong to. Two overlap when one holds the other."""

    def __init__(self, items: Iterable[tuple[IPv4Network | IPv6Network, T]]) -> None:
        self._items = list(items)
        self._exact: dict[tuple[int, int, int], list[int]] = {}
        self._lengths: dict[int, list[int]] = {}
        self._starts: dict[int, list[tuple[int, int]]] = {}
        for position, (prefix, _) in enumerate(self._items):
            start = int(prefix.network_address)
            self._exact.setdefault((prefix.version, prefix.prefixlen, start), []).append(position)
            self._starts.setdefault(prefix.version, []).append((start, position))
        for version, starts in self._starts.items():
            starts.sort()
            self._lengths[version] = sorted({length for kind, length, _ in self._exact if kind == version})

    def overlapping(self, prefix: IPv4Network | IPv6Network) -> list[tuple[IPv4Network | IPv6Network, T]]:
        """Return the prefixes that overlap one, in the order given."""
        version, length, start = prefix.version, prefix.prefixlen, int(prefix.network_address)
        found: set[int] = set()
        for shorter in self._lengths.get(version, ()):
            if shorter > length:
                break
            width = prefix.max_prefixlen - shorter
            found.update(self._exact.get((version, shorter, start >> width << width), ()))
        starts = self._starts.get(version, [])
        first = bisect_left(starts, (start, -1))
        last = bisect_right(starts, (int(prefix.broadcast_address), len(self._items)))
        found.update(position for _, position in starts[first:last])
        return [self._items[position] for position in sorted(found)]
