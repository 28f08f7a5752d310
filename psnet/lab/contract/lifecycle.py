"""What is started and stopped, as a context manager."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType


class Startable(ABC):
    """A server that runs inside a ``with`` block, or from ``start`` to ``stop``."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @abstractmethod
    def start(self) -> None:
        """Start; returns when the server answers."""

    @abstractmethod
    def stop(self) -> None:
        """Stop, and release what was opened."""
