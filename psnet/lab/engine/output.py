"""Objects as text: the default formatting of the console, Out-String and redirections."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.format import format_objects
from psnet.lab.format.cells import line_text
from psnet.lab.values import EnumValue

from . import net

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

    def flush(self) -> None:
        """Format what waits."""
        if self.pending:
            values, self.pending = self.pending, []
            self.text.extend(f"{line}\n" for line in formatted_lines(self.runspace, values, self.width - 1))

    def finished(self) -> list[str]:
        """Return the lines."""
        with self.runspace.context():
            self.flush()
        text = "".join(self.text)
        return text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []

    def output(self, value: Any) -> None:
        """Take an output object."""
        self.pending.append(value)

    def error(self, record: Any) -> None:
        """Take an error."""
        self.errors.append(record)

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
            self.text.append(str(record.to_string) + ("\n" if record.newline else ""))

    def progress(self, record: Any) -> None:
        """A console that is not a screen shows no progress."""

    def host_write(self, text: str, newline: bool, error: bool = False) -> None:
        """Show text for the host."""
        self.flush()
        if not error:
            self.text.append(text + ("\n" if newline else ""))

    def _line(self, text: str) -> None:
        self.flush()
        self.text.append(f"{text}\n")
