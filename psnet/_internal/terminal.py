"""Terminal output: control characters in foreign texts are shown, never sent."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.segment import Segment
from rich.text import Text

from psnet._internal.text import json_text, printable, printable_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import ConsoleOptions, RenderableType


class SafeConsole(Console):
    """A rich console that shows control characters of what it prints; its own colours and cursor moves stay."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render, then show what is unprintable."""
        for segment in super().render(renderable, options):
            safe = segment.text if segment.control else printable_lines(segment.text)
            yield segment if safe == segment.text else Segment(safe, segment.style)


def console(*, stderr: bool = False, soft_wrap: bool = True, **more: Any) -> Console:
    """Return the console for results, or for errors."""
    return SafeConsole(stderr=stderr, soft_wrap=soft_wrap, highlight=False, **more)


def echo(text: str = "", *, err: bool = False, end: str = "\n", style: str = "") -> None:
    """Write a text for people."""
    if style:
        console(stderr=err).print(Text(text, style), end=end)
        return
    stream = sys.stderr if err else sys.stdout
    stream.write(printable_lines(text) + end)
    stream.flush()


def echo_json(written: str) -> None:
    """Write a JSON document, or one line of JSON."""
    sys.stdout.write(json_text(written) + "\n")
    sys.stdout.flush()


def echo_document(text: str, *, end: str = "") -> None:
    """Write what is a file's content: as it is to a pipe or a file, as text for people to a terminal."""
    sys.stdout.write((printable_lines(text) if sys.stdout.isatty() else text) + end)
    sys.stdout.flush()


class LineFormatter(logging.Formatter):
    """Writes each record as one line of its own; what follows it (an exception) is indented, so no line is forged."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Return the line."""
        return printable(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and an exception's under it."""
        first, *more = super().format(record).split("\n")
        return "\n".join([first, *(f"    {printable_lines(line)}" for line in more)])


def log_to(handler: logging.Handler, level: int, form: str = "%(asctime)s %(levelname)s %(name)s: %(message)s") -> None:
    """Have the log of this process written, a record a line."""
    handler.setFormatter(LineFormatter(form))
    logging.basicConfig(level=level, handlers=[handler])
