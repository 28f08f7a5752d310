"""Where the streams of running code go."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from .records import ErrorRecord, InformationalRecord, InformationRecord, ProgressRecord


class Sink(Protocol):
    """What a runspace reports to."""

    def output(self, value: Any) -> None:
        """Take one output object."""

    def error(self, record: ErrorRecord) -> None:
        """Take an error."""

    def warning(self, text: str) -> None:
        """Take a warning."""

    def verbose(self, text: str) -> None:
        """Take a verbose message."""

    def debug(self, text: str) -> None:
        """Take a debug message."""

    def information(self, record: InformationRecord) -> None:
        """Take an information record."""

    def progress(self, record: ProgressRecord) -> None:
        """Take a progress record."""

    def host_write(self, text: str, newline: bool, error: bool = False) -> None:
        """Take text written to the host."""


def ignore(_: Any) -> None:
    """Take anything and do nothing."""


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams besides the output; the ``*_lists`` belong to -ErrorVariable and its like."""

    error: Callable[[ErrorRecord], None] = ignore
    warning: Callable[[InformationalRecord], None] = ignore
    verbose: Callable[[InformationalRecord], None] = ignore
    debug: Callable[[InformationalRecord], None] = ignore
    information: Callable[[InformationRecord], None] = ignore
    progress: Callable[[ProgressRecord], None] = ignore
    error_lists: tuple[list[Any], ...] = ()
    warning_lists: tuple[list[Any], ...] = ()
    information_lists: tuple[list[Any], ...] = ()

    def changed(self, **changes: Any) -> Streams:
        """Return streams with some of them going elsewhere."""
        return replace(self, **changes)


@dataclass(slots=True)
class Collector:
    """A sink that keeps everything, for tests and for callers without streaming."""

    values: list[Any] = field(default_factory=list)
    errors: list[ErrorRecord] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    verboses: list[str] = field(default_factory=list)
    debugs: list[str] = field(default_factory=list)
    informations: list[Any] = field(default_factory=list)
    progresses: list[Any] = field(default_factory=list)
    host: list[str] = field(default_factory=list)

    def output(self, value: Any) -> None:
        """Keep an output object."""
        self.values.append(value)

    def error(self, record: ErrorRecord) -> None:
        """Keep an error."""
        self.errors.append(record)

    def warning(self, text: str) -> None:
        """Keep a warning."""
        self.warnings.append(text)

    def verbose(self, text: str) -> None:
        """Keep a verbose message."""
        self.verboses.append(text)

    def debug(self, text: str) -> None:
        """Keep a debug message."""
        self.debugs.append(text)

    def information(self, record: InformationRecord) -> None:
        """Keep an information record."""
        self.informations.append(record)

    def progress(self, record: ProgressRecord) -> None:
        """Keep a progress record."""
        self.progresses.append(record)

    def host_write(self, text: str, newline: bool, error: bool = False) -> None:  # noqa: ARG002 - the contract
        """Keep what was written to the host."""
        self.host.append(text + ("\n" if newline else ""))
