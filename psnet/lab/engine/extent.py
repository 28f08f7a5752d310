"""Where in which text something was written."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from psnet.powershell.syntax import line_starts

if TYPE_CHECKING:
    from psnet.powershell.syntax.ast import Node


class Source:
    """One script text; ``file`` is its full path or None, ``namespaces`` those that it uses."""

    def __init__(self, text: str, file: str | None = None) -> None:
        self.text = text
        self.file = file
        self.namespaces: tuple[str, ...] = ()

    @cached_property
    def starts(self) -> list[int]:
        """Offsets of the lines."""
        return line_starts(self.text)

    def line_of(self, offset: int) -> int:
        """Return the line of an offset, from 1."""
        return bisect_right(self.starts, offset)

    def line_text(self, line: int) -> str:
        """Return a line without its end."""
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return self.text[self.starts[line - 1] : end].rstrip("\r\n")

    def whole_line(self, line: int) -> str:
        """Return a line with its end."""
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return self.text[self.starts[line - 1] : end]

    def slice(self, node: Node) -> str:
        """Return what a node was written as."""
        return self.text[node.start : node.end]


@dataclass(frozen=True, slots=True)
class Extent:
    """A part of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """The first line, from 1."""
        return self.source.line_of(self.start)

    @property
    def column(self) -> int:
        """The first column, from 1."""
        return self.start - self.source.starts[self.line - 1] + 1

    @property
    def text(self) -> str:
        """What is written there."""
        return self.source.text[self.start : self.end]

    @property
    def line_text(self) -> str:
        """The whole first line."""
        return self.source.line_text(self.line)

    @property
    def whole_line(self) -> str:
        """The whole first line with its end."""
        return self.source.whole_line(self.line)

    def position_message(self) -> str:
        """Return PowerShell's ``At line:1 char:1`` message."""
        where = f"{self.source.file}:{self.line}" if self.source.file else f"line:{self.line}"
        line = self.line_text
        before = line[: self.column - 1]
        width = min(self.end - self.start, len(line) - len(before)) or 1
        return f"At {where} char:{self.column}\n+ {line}\n+ {' ' * len(before)}{'~' * width}"
