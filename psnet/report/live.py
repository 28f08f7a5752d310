"""A run's progress as a live table on a terminal: counts, the hosts under way that fit, the last failures."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Self

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from psnet.report.run_counts import RunCounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from psnet.fleet.events import Event

_GOOD: Final = {"unchanged": "green", "changed": "green", "ok": "green", "healthy": "green", "planned": "yellow"}
_RUNNING: Final = 8
_NARROW: Final = 60


def clock(seconds: float) -> str:
    """Return minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


class LiveProgress:
    """The listener that keeps a table on the terminal; a context manager. Drawing is four times a second at most."""

    def __init__(self, console: Console) -> None:
        self._lock = threading.RLock()  # Ctrl-C draws from within
        self.tally = RunCounts()
        self._live = Live(self, console=console, refresh_per_second=4, transient=True, redirect_stdout=False)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def handle(self, events: Sequence[Event]) -> None:
        """Count; the table follows by itself."""
        with self._lock:
            self.tally.handle(events)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Hide the table while something else is written to the terminal."""
        self._live.stop()
        try:
            yield
        finally:
            self._live.start()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        with self._lock:
            yield progress_view(self.tally, options.max_width, options.size.height)


def progress_view(tally: RunCounts, width: int, height: int) -> Group:
    """Return what is on the terminal for a state of the run."""
    if not tally.command:
        return Group(Text("psnet: starting", style="dim"))
    parts: list[Text | Table] = [_heading(tally), _bar(tally, width), _counts(tally)]
    room = max(0, height - 6)
    failures = list(tally.failures)[-min(len(tally.failures), max(1, room // 2)) :]
    shown = max(0, min(_RUNNING, room - len(failures)))
    if tally.running and shown:
        parts.append(_running(tally, shown))
    for host, why in failures:
        line = Text("  failed  ", style="bold red", no_wrap=True, overflow="ellipsis")
        line.append(f"{host}  ", style="bold")
        line.append(why.splitlines()[0], style="red")
        line.truncate(width, overflow="ellipsis")
        parts.append(line)
    return Group(*parts)


def _heading(tally: RunCounts) -> Text:
    line = Text(f"psnet {tally.command}", style="bold")
    line.append(f"  run {tally.run}", style="dim")
    line.append(f"  {tally.batch}", style="cyan")
    return line


def _bar(tally: RunCounts, width: int) -> Table:
    row = Table.grid(padding=(0, 2))
    spent = time.monotonic() - tally.started
    left = tally.left()
    row.add_row(
        ProgressBar(total=max(1, tally.total), completed=tally.done, width=40 if width > _NARROW else 16),
        Text(f"{tally.done}/{tally.total}", style="bold"),
        Text(f"{tally.rate():.1f} hosts/s"),
        Text(clock(spent), style="dim"),
        Text(f"{clock(left)} left" if left is not None and tally.done < tally.total else "", style="cyan"),
    )
    return row


def _counts(tally: RunCounts) -> Text:
    line = Text(f"{len(tally.running)} running", style="yellow")
    for status, number in sorted(tally.statuses.items()):
        line.append(f"   {number} {status}", style=_GOOD.get(status, "bold red"))
    if tally.changes:
        line.append(f"   {tally.changes} changes made", style="dim")
    return line


def _running(tally: RunCounts, shown: int) -> Table:
    table = Table.grid(padding=(0, 2))
    oldest = sorted(tally.running.items(), key=lambda item: item[1])
    now = time.monotonic()
    for host, since in oldest[:shown]:
        table.add_row(
            Text(f"  {host}"),
            Text(f"{now - since:5.1f} s", style="dim"),
            Text(tally.doing.get(host, "looking"), style="yellow" if host in tally.doing else "dim"),
        )
    if len(oldest) > shown:
        table.add_row(Text(f"  and {len(oldest) - shown} more", style="dim"), Text(), Text())
    return table
