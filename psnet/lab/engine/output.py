"""Objects as text: the default formatting of the console, Out-String and redirections."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.format import format_objects
from psnet.lab.format.cells import line_text
from psnet.lab.format.freeze import frozen
from psnet.lab.values import EnumValue

from . import net
from .report import error_text

if TYPE_CHECKING:
    from .runspace import Runspace


#: Columns that the formatter uses of a console that has 80: one is kept free.
WIDTH: Final = 79


def formatted_lines(runspace: Runspace, values: list[Any], width: int = WIDTH) -> list[str]:
    """Return the lines that Out-Default shows for objects."""
    if all(_plain(value) for value in values):
        lines: list[str] = []
        for value in values:
            if value is not None:
                lines.extend(_text_lines(line_text(value)))
        return lines

    _ = runspace
    return list(format_objects(values, width))


def _plain(value: Any) -> bool:
    base = net.unwrap(value)
    return base is None or isinstance(base, str | int | float | Decimal | EnumValue)


def _text_lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")


class Console:
    """A sink that keeps what a console shows, in order."""

    def __init__(self, runspace: Runspace, width: int = 80) -> None:
        self.runspace = runspace
        self.width = width
        self.pending: list[Any] = []
        self.text: list[str] = []
        self.errors: list[Any] = []
        self.warnings: list[str] = []
        self.verboses: list[str] = []
        self.transcript: list[str] | None = None
        self.transcript_path = ""

    def flush(self) -> None:
        """Format what waits."""
        if self.pending:
            values, self.pending = self.pending, []
            self._show("".join(f"{line}\n" for line in formatted_lines(self.runspace, values, self.width - 1)))

    def _show(self, text: str) -> None:
        self.text.append(text)
        if self.transcript is not None:
            self.transcript.append(text)

    def transcribe(self, path: str) -> None:
        """Begin to keep what is shown, errors too, for a transcript in a file."""
        self.flush()
        self.transcript_path = path
        self.transcript = []

    def transcribed(self) -> str:
        """End to keep what is shown, and return it."""
        self.flush()
        kept, self.transcript = self.transcript or [], None
        return "".join(kept)

    def finished(self) -> list[str]:
        """Return the lines."""
        with self.runspace.context():
            self.flush()
        text = "".join(self.text)
        return text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []

    def output(self, value: Any) -> None:
        """Take an output object, as it is now."""
        with self.runspace.context():
            self.pending.append(frozen(value))

    def error(self, record: Any) -> None:
        """Take an error."""
        self.errors.append(record)
        if self.transcript is not None:
            self.flush()
            self.transcript.append(error_text(record).replace("\r\n", "\n"))

    def warning(self, text: str) -> None:
        """Show a warning."""
        self.warnings.append(text)
        self._line(f"WARNING: {text}")

    def verbose(self, text: str) -> None:
        """Show a verbose message."""
        self.verboses.append(text)
        self._line(f"VERBOSE: {text}")

    def debug(self, text: str) -> None:
        """Show a debug message."""
        self._line(f"DEBUG: {text}")

    def information(self, record: Any) -> None:
        """Show an information record that is to be shown."""
        if record.shown:
            self.flush()
            self._show(str(record.to_string) + ("\n" if record.newline else ""))

    def progress(self, record: Any) -> None:
        """A console that is not a screen shows no progress."""

    def host_write(self, text: str, newline: bool, error: bool = False) -> None:
        """Show text for the host."""
        self.flush()
        if not error:
            self._show(text + ("\n" if newline else ""))

    def _line(self, text: str) -> None:
        self.flush()
        self._show(f"{text}\n")
