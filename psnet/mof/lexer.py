"""MOF text -> tokens, with the place of each."""

from __future__ import annotations

import re
from typing import NamedTuple

from psnet.mof.errors import MofSyntaxError


class Token(NamedTuple):
    """A token; ``kind`` is word, alias, string, char, integer, real, end, or the punctuation itself."""

    kind: str
    value: str | int
    start: int


# Reals need a digit on both sides of the point, as DSP0004 has it, so that 1E+20.0 is no number at all.
_TOKEN = re.compile(
    r"""
    (?P<skip>(?:[ \t\r\n\f\v\ufeff]+|//[^\n]*|/\*.*?\*/)+)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<alias>\$[A-Za-z_]\w*)
  | (?P<string>"[^"\\\n\0]*(?:\\.[^"\\\n\0]*)*")
  | (?P<punctuation>[{}\[\]();,=:])
  | (?P<real>[+-]?[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?(?![\w.]))
  | (?P<hex>[+-]?0[xX][0-9a-fA-F]+(?![\w.]))
  | (?P<binary>[+-]?[01]+[bB](?![\w.]))
  | (?P<integer>[+-]?(?:0|[1-9][0-9]*|0[0-7]+)(?![\w.]))
  | (?P<char>'(?:[^'\\\n\0]|\\[^xX\n]|\\[xX][0-9a-fA-F]{1,4})')
  | (?P<pragma>\#pragma\b)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:[xX]([0-9a-fA-F]{1,4})|(.))", re.DOTALL)
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


class Source:
    """A MOF text and its name; turns offsets into lines and columns."""

    def __init__(self, text: str, path: str = "<mof>") -> None:
        self.text = text
        self.path = path

    def place(self, offset: int) -> tuple[int, int]:
        """Return (line, column) of an offset, from 1."""
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)

    def error(self, message: str, offset: int) -> MofSyntaxError:
        """Return the error for a place."""
        line, column = self.place(offset)
        return MofSyntaxError(message, line, column, self.path)

    def tokens(self) -> list[Token]:
        """Return all tokens and an end token; raise MofSyntaxError at the first thing that is none."""
        text = self.text
        match = _TOKEN.match
        found: list[Token] = []
        append = found.append
        at, size = 0, len(text)
        while at < size:
            hit = match(text, at)
            if hit is None:
                raise self._not_a_token(at)
            kind, raw, start = hit.lastgroup or "", hit.group(), at
            at = hit.end()
            if kind == "skip":
                continue
            if kind == "punctuation":
                append(Token(raw, raw, start))
            elif kind == "string":
                append(Token("string", self._unescape(raw[1:-1], start + 1), start))
            elif kind == "char":
                append(Token("char", self._char(raw[1:-1], start + 1), start))
            elif kind in {"integer", "hex", "binary"}:
                append(Token("integer", _integer(kind, raw), start))
            else:
                append(Token(kind, raw, start))
        append(Token("end", "", size))
        return found

    def _unescape(self, raw: str, start: int) -> str:
        if "\\" not in raw:
            return raw

        def one(hit: re.Match[str]) -> str:
            code, letter = hit.groups()
            if code:
                return chr(int(code, 16))
            if letter not in _ESCAPES:
                raise self.error(f"\\{letter} is no escape sequence of MOF", start + hit.start())
            return _ESCAPES[letter]

        return _ESCAPE.sub(one, raw)

    def _char(self, raw: str, start: int) -> str:
        value = self._unescape(raw, start)
        if len(value) != 1 or ord(value) > 0xFFFF:  # noqa: PLR2004 - a char16 holds one UTF-16 unit
            raise self.error(f"'{raw}' is not one 16-bit character", start)
        return value

    def _not_a_token(self, at: int) -> MofSyntaxError:
        text = self.text
        if text.startswith("/*", at):
            return self.error("a comment /* is not closed", at)
        char = text[at]
        if char == '"':
            nul = text.find("\0", at)
            line_end = text.find("\n", at)
            if nul != -1 and (line_end == -1 or nul < line_end):
                return self.error("a NUL character stands in a string", nul)
            return self.error("a string is not closed on its line", at)
        if char == "'":
            return self.error("a character literal is not one character between single quotes", at)
        if char == "\0":
            return self.error("a NUL character; a UTF-16 text needs its byte order mark", at)
        if char.isdigit() or char in "+-.":
            word = re.compile(r"[\w.+-]+").match(text, at)
            return self.error(f"{word.group() if word else char} is no number of MOF", at)
        return self.error(f"{char!r} has no meaning here", at)


def _integer(kind: str, raw: str) -> int:
    if kind == "hex":
        return int(raw, 16)
    if kind == "binary":
        return int(raw[:-1], 2)
    digits = raw.lstrip("+-")
    if len(digits) > 1 and digits[0] == "0":
        return int(raw, 8)
    return int(digits) * (-1 if raw[0] == "-" else 1) if len(digits) <= 40 else _huge(raw)  # noqa: PLR2004


def _huge(raw: str) -> int:
    # Far beyond any CIM type; Python refuses to read numbers of thousands of digits, so keep the sign only.
    return -(10**40) if raw[0] == "-" else 10**40


def decode(data: bytes, path: str = "<mof>") -> str:
    """Return a MOF file's text: UTF-16 with byte order mark, or UTF-8 with or without one."""
    encoding = "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MofSyntaxError(f"the byte at offset {error.start} is no {encoding[:6]} text", line, 1, path) from None
