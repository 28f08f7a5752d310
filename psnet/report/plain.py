"""A run's progress as plain lines: where there is no terminal, and above the table of a run over many hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet._internal.text import printable
from psnet.fleet import events as ev
from psnet.report.run_counts import RunCounts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psnet.fleet.events import Event


class PlainProgress:
    """The listener that writes a line for each host as it ends."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._tally = RunCounts()

    def handle(self, events: Sequence[Event]) -> None:
        """Write lines."""
        for event in events:
            self._tally.handle([event])
            line = self._line(event)
            if line is not None:
                self._write(printable(line))

    def _line(self, event: Event) -> str | None:
        tally = self._tally
        width = len(str(tally.total))
        place = f"[{tally.done:>{width}}/{tally.total}]"
        if isinstance(event, ev.BatchBegan):
            return f"{tally.batch}: {len(event.hosts)} hosts"
        if isinstance(event, ev.HostFinished):
            return f"{place} {event.host}: {event.status} ({event.seconds:.1f} s)"
        if isinstance(event, ev.HostFailed):
            return f"{place} {event.host}: {event.error.message} ({event.seconds:.1f} s)"
        return None
