"""The output of a pipeline, and the Protocol of a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from psnet.transport.records import ErrorRecord, InformationRecord, ProgressRecord, Record


@dataclass(frozen=True, slots=True, repr=False)
class Output:
    """The streams of one finished pipeline.

    ``objects`` are Python values or RemoteObjects (lines of text over WinRS). ``failed`` says that an error ended the
    pipeline, ``stopped`` that it was stopped before its end.
    """

    objects: tuple[Any, ...] = ()
    errors: tuple[ErrorRecord, ...] = ()
    warnings: tuple[str, ...] = ()
    verbose: tuple[str, ...] = ()
    debug: tuple[str, ...] = ()
    information: tuple[InformationRecord, ...] = ()
    progress: tuple[ProgressRecord, ...] = ()
    failed: bool = False
    stopped: bool = False

    @classmethod
    def of_streams(cls, streams: Mapping[str, Sequence[Any]], *, failed: bool, stopped: bool) -> Output:
        """Return the output of a pipeline from its records' values by the names of their streams."""
        return cls(
            objects=tuple(streams.get("output", ())),
            errors=tuple(streams.get("error", ())),
            warnings=tuple(streams.get("warning", ())),
            verbose=tuple(streams.get("verbose", ())),
            debug=tuple(streams.get("debug", ())),
            information=tuple(streams.get("information", ())),
            progress=tuple(streams.get("progress", ())),
            failed=failed,
            stopped=stopped,
        )

    def __repr__(self) -> str:
        parts = {"object": self.objects, "error": self.errors, "warning": self.warnings}
        counted = (f"{len(items)} {word}{'s' * (len(items) != 1)}" for word, items in parts.items() if items)
        ending = ", stopped" if self.stopped else ", failed" if self.failed else ""
        return f"<Output: {', '.join(counted) or 'nothing'}{ending}>"

    def __iter__(self) -> Iterator[Any]:
        return iter(self.objects)

    def __len__(self) -> int:
        return len(self.objects)

    def __getitem__(self, index: int) -> Any:
        return self.objects[index]

    def __bool__(self) -> bool:
        return True

    def lines(self) -> list[str]:
        """Return the lines of the output as text."""
        return [line for item in self.objects if item is not None for line in str(item).split("\n")]


OnRecord: TypeAlias = "Callable[[Record], None]"


@dataclass(frozen=True, slots=True)
class ScriptRun:
    """What a session is asked to run, as ``Session.run`` takes it."""

    script: str
    on_record: OnRecord | None = None
    feed: Iterable[str] | None = None
    reading: bool = False


class Session(Protocol):
    """A logged-on connection to one host; one at a time uses it, save for ``stop``."""

    def run(
        self,
        script: str,
        *,
        on_record: OnRecord | None = None,
        feed: Iterable[str] | None = None,
        reading: bool = False,
    ) -> Output:
        """Run a script as one pipeline.

        ``on_record`` is called with each record as it comes; ``feed`` is the script's input, a string an object.
        ``reading`` says that the script changes nothing, so that it may be run again when its session is lost.
        """

    def put(self, source: Path | bytes, remote: str) -> str:
        """Write a file on the host, whole or not at all; return its SHA-256 in hexadecimal."""

    def get(self, remote: str) -> bytes:
        """Return what a file on the host holds."""

    def stop(self) -> bool:
        """Stop the running pipeline, from any thread; return whether one ran."""

    def close(self) -> None:
        """Give the connection back to the host."""
