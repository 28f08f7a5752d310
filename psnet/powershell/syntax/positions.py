"""From offsets to lines and columns."""

from __future__ import annotations

from bisect import bisect_right


def line_starts(text: str) -> list[int]:
    """Return the offset at which each line begins; CR, LF and CRLF end a line."""
    starts = [0]
    at = 0
    while True:
        found = _next_break(text, at)
        if found < 0:
            return starts
        at = found + 2 if text.startswith("\r\n", found) else found + 1
        starts.append(at)


def _next_break(text: str, at: int) -> int:
    newline = text.find("\n", at)
    carriage = text.find("\r", at, newline if newline >= 0 else len(text))
    return carriage if carriage >= 0 else newline


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column of an offset, both counted from 1."""
    starts = line_starts(text[: max(offset, 0)])
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
