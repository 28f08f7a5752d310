"""Identifiers that Windows draws at random: here drawn from the host's name and seed, so that runs repeat."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID


class Ids:
    """Draws GUIDs and MAC addresses; every draw differs, every run with the same seed draws the same."""

    def __init__(self, key: str, drawn: int = 0) -> None:
        self.key = key
        self.drawn = drawn

    def _bytes(self) -> bytes:
        self.drawn += 1
        return hashlib.blake2b(f"{self.key}/{self.drawn}".encode(), digest_size=16).digest()

    def guid(self) -> str:
        """Return a random-looking GUID in lower case without braces."""
        return str(UUID(bytes=self._bytes(), version=4))

    def mac(self, prefix: str = "00-15-5D") -> str:
        """Return a MAC address, by default from Microsoft's range for virtual adapters."""
        return "-".join([prefix, *(f"{byte:02X}" for byte in self._bytes()[:3])])

    def number(self, low: int, high: int) -> int:
        """Return an integer between low and high, both included."""
        return low + int.from_bytes(self._bytes()[:8], "big") % (high - low + 1)

    def hex(self, digits: int) -> str:
        """Return that many hexadecimal digits."""
        text = ""
        while len(text) < digits:
            text += self._bytes().hex()
        return text[:digits]

    def to_dict(self) -> dict[str, Any]:
        """Return the state of the draw."""
        return {"key": self.key, "drawn": self.drawn}
