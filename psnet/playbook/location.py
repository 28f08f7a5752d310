"""A place in a playbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psnet._internal.yaml import Document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file; ``line`` counts from 1. ``keys`` says in which line each argument of the task stands."""

    path: str
    line: int
    keys: Mapping[tuple[str | int, ...], int] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"

    def document(self, values: Any) -> Document:
        """Return a task's arguments as a document whose places are those of the playbook."""
        places: dict[tuple[str | int, ...], tuple[int, int]] = {(): (self.line, 1)}
        places |= {path: (line, 1) for path, line in self.keys.items()}
        return Document(self.path, values, places)
