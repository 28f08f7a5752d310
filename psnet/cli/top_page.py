"""The page of psnet top: what is known of each host, drawn again as hosts answer and when the terminal changes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.live import Live

    from psnet.report.overview import HostRow

#: Seconds after which the hosts that have not answered are named.
_SLOW: Final = 2.0
_NAMED: Final = 3


class Page:
    """The rows of the last answers; ``live`` is the screen, None where each round is printed."""

    def __init__(self, live: Live | None, title: str) -> None:
        self._live, self._title = live, title
        self.note = ""  #: stands in the heading
        self._rows: dict[str, HostRow] = {}
        self._waiting: dict[str, None] = {}
        self._began, self._when = 0.0, ""
        self._drawn: object = None

    def begin(self, hosts: Sequence[str]) -> None:
        """Begin a round."""
        self._waiting, self._began = dict.fromkeys(hosts), time.monotonic()
        self.follow()

    def seen(self, row: HostRow) -> None:
        """Take what a host answered, from any thread."""
        self._rows[row.host] = row
        self._waiting.pop(row.host, None)

    def complete(self, rows: Sequence[HostRow]) -> None:
        """End a round with the rows of all hosts."""
        self._rows, self._waiting, self._when = {row.host: row for row in rows}, {}, time.strftime("%H:%M:%S")
        self.follow()

    def follow(self) -> None:
        """Draw the page again where the terminal, a row or its heading is another one."""
        if self._live is None:
            return
        width, height = self._live.console.size  # asked for, since Windows has no signal for it
        shown = (width, height, self._heading(), tuple(self._rows.copy().values()))
        if shown != self._drawn:
            self._drawn = shown
            self._live.update(self.overview(height, width), refresh=True)

    def overview(self, height: int = 0, width: int = 0) -> RenderableType:
        """Return the page."""
        from psnet.report.overview import overview

        return overview(tuple(self._rows.copy().values()), self._heading(), height, width)

    def _heading(self) -> str:
        parts = [part for part in (self._when, self._title, self.note) if part]
        waited, names = time.monotonic() - self._began, list(self._waiting.copy())
        if names and (waited > _SLOW or not self._when):
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            parts.append(f"waiting {waited:.0f} s for {', '.join(names[:_NAMED])}{more}")
        return "  ".join(parts)
