"""The tokenizer's hold on the text: characters, extents, errors, comments and blank space."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from . import chars
from .errors import ParseError
from .messages import message
from .signature import looks_like_signature
from .tokens import COMMAND, Token

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_NESTED = 100  # strings in subexpressions of strings; each level is scanned once more
_PAD = "\0" * 4  # reading a little past the end gives NUL, as the engine's GetChar does


class Nested:
    """The text between the parentheses of a ``$(...)`` in a string, as it is scanned again.

    Doubled quotes count once in it: ``spans`` then tells for each character what it covers of the whole
    text. Without any, ``spans`` is None and the text begins at ``offset``.
    """

    __slots__ = ("offset", "spans", "text")

    def __init__(self, text: str, offset: int, spans: list[tuple[int, int]] | None = None) -> None:
        self.text = text
        self.offset = offset
        self.spans = spans


class Reader:
    """Characters and extents; the scanner classes build on it."""

    def __init__(self, text: str, *, seven: bool) -> None:
        self.text = text
        self.seven = seven
        self.s = text + _PAD
        self.n = len(text)
        self.i = 0
        self.token_start = 0
        self.spans: list[tuple[int, int]] | None = None
        self.offset = 0
        self.depth = 0
        self.mode = COMMAND
        self.allow_signed = False
        self.end_on_ternary = False
        self.want_simple_name = False
        self.in_workflow = False
        self.errors: list[ParseError] = []
        self.seen_errors: set[tuple[str, int, int]] = set()
        self.requires: list[tuple[int, int]] = []
        self.signature_start: int | None = None

    # -- extents --------------------------------------------------------------------------------

    def start_at(self, index: int) -> int:
        """Return the offset in the whole text where the character at an index begins."""
        if self.spans is None:
            return index + self.offset
        if index < len(self.spans):
            return self.spans[index][0]
        last = self.spans[-1][1] if self.spans else 0
        return last + index - len(self.spans)

    def end_at(self, index: int) -> int:
        """Return the offset in the whole text where the characters before an index end."""
        if self.spans is None:
            return index + self.offset
        if 0 < index <= len(self.spans):
            return self.spans[index - 1][1]
        return self.start_at(index)

    def token(self, kind: str, value: Any = None) -> Token:
        """Make a token of what was read since ``token_start``."""
        first, end = self.token_start, self.i
        if self.spans is None:
            offset = self.offset
            return Token(kind, first + offset, end + offset, self.s[first:end], value)
        return Token(kind, self.start_at(first), self.end_at(end), self.s[first:end], value)

    def restore_point(self) -> int:
        """Return the offset to come back to."""
        self.token_start = self.i
        return self.start_at(self.i)

    def resync(self, offset: int) -> None:
        """Go back, or forward, to an offset of the whole text."""
        index = offset - self.offset
        if self.spans is not None:
            starts = [start for start, _ in self.spans]
            index = bisect_left(starts, offset)
            if self.spans and offset > self.spans[-1][0]:
                index = len(self.spans) + max(0, offset - self.spans[-1][1])
        self.i = max(0, min(index, self.n + 1))

    def enter(self, nested: Nested) -> tuple[Any, ...]:
        """Begin to scan a nested text; give the result to ``leave`` afterwards."""
        state = (self.s, self.n, self.i, self.token_start, self.spans, self.offset)
        self.depth += 1
        if self.depth > _MAX_NESTED:
            raise RecursionError
        self.s, self.n, self.i, self.token_start = nested.text + _PAD, len(nested.text), 0, 0
        self.spans, self.offset = nested.spans, nested.offset
        return state

    def leave(self, state: tuple[Any, ...]) -> None:
        """Go on where ``enter`` was called."""
        self.depth -= 1
        self.s, self.n, self.i, self.token_start, self.spans, self.offset = state

    # -- errors ---------------------------------------------------------------------------------

    def report(self, error_id: str, start: int, end: int, *arguments: object) -> None:
        """Note an error, once for each place."""
        key = (error_id, start, end)
        if key not in self.seen_errors:
            self.seen_errors.add(key)
            self.errors.append(ParseError(error_id, start, end, message(error_id, *arguments)))

    def report_at(self, error_id: str, index: int, end: int | None = None, *arguments: object) -> None:
        """Note an error at an index of what is being scanned."""
        last = index + 1 if end is None else end
        self.report(error_id, self.start_at(index), self.end_at(last), *arguments)

    def at_end_of_script(self, end: int) -> bool:
        """Return whether only blank space and comments come after an offset."""
        at = end
        while at < self.n:
            if self.s[at] == "#":
                at = self._line_end(at + 1)
            elif self.s.startswith("<#", at):
                close = self.s.find("#>", at + 2)
                at = self.n if close < 0 else close + 2
            elif chars.is_whitespace(self.s[at]):
                at += 1
            else:
                return False
        return True

    # -- blank space and comments ---------------------------------------------------------------

    def _line_end(self, index: int) -> int:
        while True:
            found = chars.LINE_REST.match(self.s, index)
            index = found.end() if found else index
            if index >= self.n or self.s[index] in "\r\n":
                return min(index, self.n)
            index += 1  # a NUL inside the comment

    def skip_whitespace(self) -> None:
        """Skip blank space, not newlines."""
        found = chars.WHITESPACE.match(self.s, self.i)
        if found:
            self.i = found.end()

    def line_comment(self) -> None:
        """Skip a comment whose ``#`` was read; note ``#requires`` and what looks like a signature."""
        begin = self.i - 1
        end = self._line_end(self.i)
        body = self.s[self.i : end]
        self.i = end
        if looks_like_signature(body + self.s[end]):
            self.signature_start = self.start_at(begin)
        elif not self.depth and body[:8].lower() == "requires" and (begin, end) not in self.requires:
            self.requires.append((begin, end))

    def block_comment(self) -> None:
        """Skip a comment whose ``<#`` was read."""
        begin = self.i - 2
        close = self.s.find("#>", self.i, self.n)
        if close < 0:
            self.i = self.n
            self.report_at("MissingTerminatorMultiLineComment", begin, self.n)
        else:
            self.i = close + 2

    def after_carriage_return(self) -> None:
        """Skip the LF of a CRLF."""
        if self.s[self.i] == "\n":
            self.i += 1

    def skip_newlines(self, *, semicolons: bool) -> None:
        """Skip blank space, comments, newlines and, when told so, semicolons."""
        while True:
            char = self.s[self.i]
            if char == "\n" or (char == ";" and semicolons):
                self.i += 1
            elif char == "\r":
                self.i += 1
                self.after_carriage_return()
            elif char == "#":
                self.i += 1
                self.line_comment()
            elif char == "<" and self.s[self.i + 1] == "#":
                self.i += 2
                self.block_comment()
            elif char == "`":
                follower = self.s[self.i + 1]
                if follower in "\r\n":
                    self.i += 2
                    if follower == "\r":
                        self.after_carriage_return()
                elif follower.isspace() and follower != "\0":
                    self.i += 2
                    self.skip_whitespace()
                else:
                    return
            elif chars.is_whitespace(char):
                self.skip_whitespace()
            else:
                return

    def is_pipe_continuation(self, after: int) -> bool:
        """Return whether the first thing after a newline, comments aside, is ``|`` (7 only)."""
        index = after
        blank = True
        for kind, end in self._line_items(index):
            if kind == "newline":
                if blank:
                    return False
                blank = True
            elif kind == "comment":
                blank = False
            elif kind == "other":
                return self.s[end] == "|"
        return False

    def _line_items(self, index: int) -> Iterator[tuple[str, int]]:
        """Yield what comes after an index: newlines and comments, and the place of what is neither."""
        while index < self.n:
            char = self.s[index]
            if chars.is_whitespace(char):
                index += 1
            elif char in "\r\n":
                index += 2 if self.s.startswith("\r\n", index) else 1
                yield "newline", index
            elif char == "#":
                index = self._line_end(index + 1)
                yield "comment", index
            elif self.s.startswith("<#", index):
                close = self.s.find("#>", index + 2)
                index = self.n if close < 0 else close + 2
                yield "comment", index
            else:
                yield "other", index
                return
