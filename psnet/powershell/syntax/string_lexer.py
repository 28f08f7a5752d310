"""Strings: quoted, here-strings, what is nested in them, and escapes."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Any, Final

from . import chars
from .reader import Nested, Reader
from .tokens import EXPRESSION, Token

_ESCAPES: Final = {"0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LITERAL_RUN: Final = re.compile(f"[^{chars.SINGLE_QUOTES}\\x00]+")
_EXPANDABLE_RUN: Final = re.compile(f"[^{chars.DOUBLE_QUOTES}$`\\x00]+")
_HERE_RUN: Final = re.compile(r"[^$`\r\n\x00]+")
_HEX: Final = re.compile(r"[0-9A-Fa-f]{0,7}")
_SUBEXPRESSION_RUN: Final = re.compile(f"[^(){chars.DOUBLE_QUOTES}`\\x00]+")


class Pieces:
    """What an expandable string consists of, while it is read.

    ``value`` are texts with escapes resolved and nested parts as written; ``parts`` the literal texts and
    the tokens of nested parts in order.
    """

    __slots__ = ("literal", "nested", "parts", "value")

    def __init__(self) -> None:
        self.value: list[str] = []
        self.parts: list[Any] = []
        self.literal: list[str] = []
        self.nested = False

    def add(self, text: str) -> None:
        """Add literal text."""
        self.value.append(text)
        self.literal.append(text)

    def add_nested(self, written: str, token: Token) -> None:
        """Add a nested variable or subexpression."""
        self.value.append(written)
        self.flush()
        self.parts.append(token)
        self.nested = True

    def flush(self) -> None:
        """Close the literal text that was being collected."""
        if self.literal:
            self.parts.append("".join(self.literal))
            self.literal = []


class StringLexer(Reader, ABC):
    """Scans strings; ``scan_variable`` comes from the class built on it."""

    @abstractmethod
    def scan_variable(self, *, splatted: bool, in_string: bool) -> Token:
        """Scan a variable whose ``$`` or ``@`` was read."""

    # -- escapes --------------------------------------------------------------------------------

    def backtick(self, char: str) -> str:
        """Return what an escape stands for; the escape's character was read."""
        if self.seven:
            if char == "e":
                return "\x1b"
            if char == "u":
                return self._unicode_escape()
        return _ESCAPES.get(char, char)

    def _unicode_escape(self) -> str:
        begin = self.i - 2
        if self.s[self.i] != "{":
            self.report_at("InvalidUnicodeEscapeSequence", begin, self.i)
            return "\uffff"
        self.i += 1
        found = _HEX.match(self.s, self.i)
        digits = found.group() if found else ""
        if len(digits) == 7:
            self.i += 6
            self.report_at("TooManyDigitsInUnicodeEscapeSequence", self.i)
            return "\uffff"
        self.i += len(digits)
        if self.s[self.i] != "}":
            missing = "MissingUnicodeEscapeSequenceTerminator" if len(digits) == 6 else None
            self.report_at(missing or "InvalidUnicodeEscapeSequence", self.i)
            return "\uffff"
        self.i += 1
        if not digits:
            self.report_at("InvalidUnicodeEscapeSequence", begin, self.i)
            return "\uffff"
        code = int(digits, 16)
        if code > 0x10FFFF:
            self.report_at("InvalidUnicodeEscapeSequenceValue", begin + 3, self.i - 1)
            return "\uffff"
        return chr(code)

    # -- quoted strings -------------------------------------------------------------------------

    def scan_literal(self) -> str:
        """Read to the end of a single-quoted string whose quote was read."""
        begin = self.i - 1
        out: list[str] = []
        while True:
            run = _LITERAL_RUN.match(self.s, self.i)
            if run:
                out.append(run.group())
                self.i = run.end()
            char = self.s[self.i]
            if char == "\0":
                if self.i >= self.n:
                    self.report_at("TerminatorExpectedAtEndOfString", begin, self.n, "'")
                    return "".join(out)
                out.append(char)
                self.i += 1
                continue
            self.i += 1
            if self.s[self.i] not in chars.SINGLE_QUOTES:
                return "".join(out)
            out.append(self.s[self.i])
            self.i += 1

    def literal_string(self) -> Token:
        """Scan a single-quoted string."""
        value = self.scan_literal()
        return self.token("StringLiteral", value)

    def scan_expandable(self, pieces: Pieces) -> None:
        """Read to the end of a double-quoted string whose quote was read."""
        begin = self.i - 1
        while True:
            run = _EXPANDABLE_RUN.match(self.s, self.i)
            if run:
                pieces.add(run.group())
                self.i = run.end()
            char = self.s[self.i]
            if char == "\0" and self.i >= self.n:
                self.report_at("TerminatorExpectedAtEndOfString", begin, self.n, '"')
                return
            self.i += 1
            if char == "$":
                if not self.scan_dollar(pieces, here=False):
                    pieces.add("$")
            elif char == "`":
                pieces.add(self.escape_or_backtick())
            elif char == "\0":
                pieces.add(char)
            elif self.s[self.i] in chars.DOUBLE_QUOTES:
                pieces.add(self.s[self.i])
                self.i += 1
            else:
                return

    def escape_or_backtick(self) -> str:
        """Read an escape whose backtick was read; a backtick before NUL stands for itself."""
        follower = self.s[self.i]
        if follower == "\0":
            return "`"
        self.i += 1
        return self.backtick(follower)

    def expandable_string(self) -> Token:
        """Scan a double-quoted string."""
        pieces = Pieces()
        self.scan_expandable(pieces)
        return self.expandable_token("StringExpandable", pieces)

    def expandable_token(self, kind: str, pieces: Pieces) -> Token:
        """Make the token of a string with its parts."""
        token = self.token(kind, "".join(pieces.value))
        if pieces.nested:
            pieces.flush()
            token.pieces = pieces.parts
        return token

    # -- what is nested -------------------------------------------------------------------------

    def scan_dollar(self, pieces: Pieces, *, here: bool) -> bool:
        """Read a variable or a subexpression whose ``$`` was read; False when it is neither."""
        begin = self.i - 1
        follower = self.s[self.i]
        if follower not in "({" and not chars.is_variable_start(follower):
            return False
        saved = self.token_start, self.mode
        self.mode = EXPRESSION
        self.token_start = begin
        if follower == "(":
            self.i += 1
            token = self._subexpression(here=here)
        else:
            token = self.scan_variable(splatted=False, in_string=True)
        self.token_start, self.mode = saved
        pieces.add_nested(self.s[begin : self.i], token)
        return True

    def _subexpression(self, *, here: bool) -> Token:
        """Read to the parenthesis that closes a ``$(``; only parentheses are counted, as the engine does."""
        begin = self.token_start
        doubled: list[int] = []
        depth = 1
        while depth:
            run = _SUBEXPRESSION_RUN.match(self.s, self.i)
            if run:
                self.i = run.end()
            char = self.s[self.i]
            if char == "\0" and self.i >= self.n:
                self.report_at("IncompleteDollarSubexpressionReference", begin, self.n)
                break
            self.i += 1
            if char == "(":
                depth += 1
            elif char == ")":
                depth -= 1
            elif char != "\0" and not here and self.s[self.i] in chars.DOUBLE_QUOTES:
                doubled.append(self.i - 1)
                self.i += 1
        token = self.token("SubExpression")
        token.sub = self._nested_text(begin, doubled)
        return token

    def _nested_text(self, begin: int, doubled: list[int]) -> Nested:
        """Return the text read since an index; of two characters at each place in doubled, the second."""
        if not doubled and self.spans is None:
            return Nested(self.s[begin : self.i], self.start_at(begin))
        out: list[str] = []
        spans: list[tuple[int, int]] = []
        pairs = set(doubled)
        index = begin
        while index < self.i:
            last = index + 1 if index in pairs else index
            out.append(self.s[last])
            spans.append((self.start_at(index), self.end_at(last + 1)))
            index = last + 1
        return Nested("".join(out), spans[0][0], spans)

    # -- here-strings ---------------------------------------------------------------------------

    def _here_header(self, quote: str) -> bool:
        """Read the rest of a here-string's first line; False after an error."""
        begin = self.i - 2
        self.skip_whitespace()
        char = self.s[self.i]
        if char in "\r\n":
            self.i += 1
            if char == "\r":
                self.after_carriage_return()
            return True
        if char == "\0" and self.i >= self.n:
            self.report_at("TerminatorExpectedAtEndOfString", begin, self.n, quote + "@")
            return False
        self.report_at("UnexpectedCharactersAfterHereStringHeader", self.i)
        while True:
            char = self.s[self.i]
            if char == quote and self.s[self.i + 1] == "@":
                self.i += 2
                return False
            if char in "\r\n" or (char == "\0" and self.i >= self.n):
                return False
            self.i += 1

    def _here_footer(self, quotes: str, pieces: Pieces, false_footer: list[int]) -> bool:
        """Look for the footer at the beginning of a line; what is read instead goes into the string."""
        if self.s[self.i] in quotes and self.s[self.i + 1] == "@":
            self.i += 2
            return True
        begin = self.i
        self.skip_whitespace()
        pieces.add(self.s[begin : self.i])
        if self.i > begin and self.s[self.i] in quotes and self.s[self.i + 1] == "@":
            if not false_footer:
                false_footer.append(self.i)
            pieces.add(self.s[self.i : self.i + 2])
            self.i += 2
        return False

    def here_string(self, quotes: str, quote: str) -> Token:
        """Scan a here-string whose ``@`` and quote were read."""
        expandable = quote == '"'
        kind = "HereStringExpandable" if expandable else "HereStringLiteral"
        header = self.i - 2
        if not self._here_header(quote):
            return self.token(kind, "")
        pieces = Pieces()
        false_footer: list[int] = []
        if not self._here_footer(quotes, pieces, false_footer):
            self._here_body(quotes, pieces, false_footer, (header, expandable))
        return self.expandable_token(kind, pieces)

    def _here_body(self, quotes: str, pieces: Pieces, false_footer: list[int], what: tuple[int, bool]) -> None:
        header, expandable = what
        while True:
            run = _HERE_RUN.match(self.s, self.i)
            if run:
                pieces.add(run.group())
                self.i = run.end()
            char = self.s[self.i]
            if char == "\0" and self.i >= self.n:
                if false_footer:
                    self.report_at("WhitespaceBeforeHereStringFooter", false_footer[0], self.n)
                else:
                    self.report_at("TerminatorExpectedAtEndOfString", header, self.n, quotes[0] + "@")
                return
            self.i += 1
            if char in "\r\n":
                newline = char
                if char == "\r" and self.s[self.i] == "\n":
                    self.i += 1
                    newline = "\r\n"
                if self.s[self.i] in quotes and self.s[self.i + 1] == "@":
                    self.i += 2
                    return
                pieces.add(newline)
                self._here_footer(quotes, pieces, false_footer)
            elif char == "$" and expandable:
                if not self.scan_dollar(pieces, here=True):
                    pieces.add("$")
            elif char == "`" and expandable:
                pieces.add(self.escape_or_backtick())
            else:
                pieces.add(char)
