"""Ports: one, a range, or the set that a firewall filter holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from psnet.types._canonical import Canonical

MAX_PORT = 65535
_RANGE = re.compile(r"\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?")

# The keywords of New-NetFirewallRule -LocalPort and -RemotePort (reference/cmdlets/NetSecurity.yaml).
KEYWORDS = (
    "Any",
    "RPC",
    "RPCEPMap",
    "IPHTTPS",
    "IPHTTPSIn",
    "IPHTTPSOut",
    "PlayToDiscovery",
    "Ply2Disc",
    "Teredo",
    "mDNS",
    "CORTANA_OUT",
)


@dataclass(frozen=True, order=True, slots=True)
class PortRange(Canonical):
    """Ports from ``first`` to ``last``, both included; written ``80`` or ``8000-8010``."""

    first: int
    last: int
    json_schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": "integer", "minimum": 1, "maximum": MAX_PORT},
            {"type": "string", "pattern": r"^\d{1,5}(-\d{1,5})?$"},
        ]
    }

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last <= MAX_PORT:
            raise ValueError(f"ports go from 1 to {MAX_PORT}, the lower one first, not {self}")

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def __len__(self) -> int:
        return self.last - self.first + 1

    def plain(self) -> int | str:
        """Return an integer for one port, else ``first-last``."""
        return self.first if self.first == self.last else str(self)

    @classmethod
    def parse(cls, value: object) -> Self:
        """Accept 80, "80", "8000-8010" and "8000 - 8010"."""
        if isinstance(value, int) and not isinstance(value, bool):
            return cls(value, value)
        match = _RANGE.fullmatch(value) if isinstance(value, str) else None
        if not match:
            raise ValueError(f"a port is a number such as 80 or a range such as 8000-8010, not {value!r}")
        first = int(match[1])
        return cls(first, int(match[2]) if match[2] else first)


@dataclass(frozen=True, slots=True)
class PortSet(Canonical):
    """What a firewall port filter matches: ranges (merged, in order) and keywords such as ``RPC``."""

    ranges: tuple[PortRange, ...] = ()
    keywords: tuple[str, ...] = ()
    json_schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": "integer"},
            {"type": "string"},
            {"type": "array", "items": {"type": ["integer", "string"]}},
        ]
    }

    def __str__(self) -> str:
        return ",".join(self.plain())

    def plain(self) -> list[str]:
        """Return the members as New-NetFirewallRule takes them."""
        return [*(str(item) for item in self.ranges), *self.keywords] or ["Any"]

    @classmethod
    def parse(cls, value: object) -> Self:
        """Accept one spelling or a list of them: 80, "80,443", ["80", "8000-8010", "RPC"], "Any"."""
        items = list(value) if isinstance(value, list | tuple) else [value]
        ranges: list[PortRange] = []
        keywords: set[str] = set()
        for item in items:
            for part in item.split(",") if isinstance(item, str) else [item]:
                word = part.strip().lower() if isinstance(part, str) else part
                known = next((name for name in KEYWORDS if name.lower() == word), None)
                if known:
                    keywords.add(known)
                else:
                    ranges.append(PortRange.parse(part))
        if "Any" in keywords:
            return cls()
        return cls(tuple(_merge(ranges)), tuple(sorted(keywords)))


def _merge(ranges: list[PortRange]) -> list[PortRange]:
    merged: list[PortRange] = []
    for item in sorted(ranges):
        if merged and item.first <= merged[-1].last + 1:
            merged[-1] = PortRange(merged[-1].first, max(merged[-1].last, item.last))
        else:
            merged.append(item)
    return merged
