"""What a pipeline gave back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ErrorText:
    """An error record: PowerShell's message, FullyQualifiedErrorId and category."""

    message: str
    error_id: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """The streams of one finished pipeline. ``failed`` says that an error ended it."""

    objects: tuple[Any, ...] = ()
    errors: tuple[ErrorText, ...] = ()
    warnings: tuple[str, ...] = ()
    verbose: tuple[str, ...] = ()
    failed: bool = False

    def lines(self) -> list[str]:
        """Return the output as text."""
        return [str(item) for item in self.objects if item is not None]


class Session(Protocol):
    """A logged-on connection to one host; one at a time uses it."""

    def run(self, script: str) -> Output:
        """Run a script as one pipeline."""

    def close(self) -> None:
        """Give the connection back to the host."""
