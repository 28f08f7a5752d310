"""The secrets that a run has opened, masked in every output, event and journal."""

from __future__ import annotations

from typing import Any, Final

MASK: Final = "********"
_SHORTEST: Final = 4  # masking shorter texts would garble everything and hide nothing


class Secrets:
    """Texts that are masked wherever psnet shows something. Texts of fewer than four characters are not."""

    def __init__(self) -> None:
        self._texts: set[str] = set()

    def __repr__(self) -> str:
        return f"Secrets({len(self._texts)})"

    def add(self, text: str) -> str:
        """Add a secret, and each of its lines, to what is masked; return it."""
        for part in (text, *text.splitlines()):
            if len(part.strip()) >= _SHORTEST:
                self._texts.add(part.strip())
        return text

    def add_all(self, value: Any) -> None:
        """Remember every text in a value."""
        if isinstance(value, str):
            self.add(value)
        elif isinstance(value, dict):
            for item in value.values():
                self.add_all(item)
        elif isinstance(value, list | tuple):
            for item in value:
                self.add_all(item)

    def contains(self, value: Any) -> bool:
        """Say whether a secret is in a value."""
        return bool(self._texts) and self.masked(value) != value

    def masked(self, value: Any) -> Any:
        """Return a value with every secret in it masked."""
        if not self._texts:
            return value
        if isinstance(value, str):
            for text in sorted(self._texts, key=len, reverse=True):
                value = value.replace(text, MASK)
            return value
        if isinstance(value, dict):
            return {self.masked(key): self.masked(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.masked(item) for item in value]
        return value
