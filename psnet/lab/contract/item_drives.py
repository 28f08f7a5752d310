"""A drive of items that is no file system, as a host offers it to the engine: WSMan:, Cert:."""

from __future__ import annotations

from typing import Any, Protocol


class ItemDrive(Protocol):
    """A tree of items; ``parts`` are a path's names below the drive, without regard to case."""

    def item(self, parts: list[str]) -> Any | None:
        """Return the item at a path, None when there is none."""

    def children(self, parts: list[str]) -> list[str] | None:
        """Return the names below an item, None when it can have none."""

    def change(self, parts: list[str], value: Any, *, force: bool) -> None:
        """Set an item's value."""
