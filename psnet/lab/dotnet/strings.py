"""Strings as .NET counts and compares them: UTF-16 units, linguistic and ordinal order."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from psnet.lab.values import Char


def units(text: str) -> str:
    """Return a text with every character beyond the BMP as its two surrogate halves."""
    if not text or max(text) <= "\uffff":
        return text
    return "".join(char if char <= "\uffff" else _halves(char) for char in text)


def _halves(char: str) -> str:
    code = ord(char) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


def joined(text: str) -> str:
    """Return a text whose surrogate pairs are whole characters again."""
    if not any("\ud800" <= char <= "\udbff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def length(text: str) -> int:
    """Return ``String.Length``."""
    return len(text) + sum(char > "\uffff" for char in text)


def char_at(text: str, place: int) -> Char:
    """Return the UTF-16 unit at a place, which the caller has checked."""
    return Char(units(text)[place])


def slice_units(text: str, start: int, end: int | None = None) -> str:
    """Return the UTF-16 units of a text from start up to end."""
    return joined(units(text)[start:end])


def upper(text: str) -> str:
    """Return ``ToUpperInvariant()``: one character stays one."""
    return "".join(up if len(up := char.upper()) == 1 else char for char in text)


def lower(text: str) -> str:
    """Return ``ToLowerInvariant()``: one character stays one."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


@lru_cache(maxsize=8192)
def _weights(text: str) -> tuple[Any, Any, Any, Any]:
    """Return linguistic weights: letters, accents, case, and what is ignored at first."""
    primary: list[tuple[int, str]] = []
    accents: list[str] = []
    cases: list[int] = []
    ignored: list[tuple[int, str]] = []
    for char in unicodedata.normalize("NFD", text):
        category = unicodedata.category(char)
        if category == "Mn":
            if accents:
                accents[-1] += char
            continue
        if category in {"Cc", "Cf"} and char not in "\t\n\v\f\r":
            continue
        if char in "-'":
            ignored.append((len(primary), char))
            continue
        base = char.lower()
        kind = 4 if category[0] == "L" else 3 if category[0] == "N" else 1 if char in "\t\n\v\f\r " else 2
        primary.append((kind, _symbol(base) if kind < 3 else base.replace("ß", "ss")))
        accents.append("")
        cases.append(int(char != base))
    return primary, accents, cases, ignored


_SYMBOLS = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"


def _symbol(char: str) -> str:
    place = _SYMBOLS.find(char)
    return chr(place) if place >= 0 else chr(64) + char


def linguistic(left: str, right: str, *, ignore_case: bool) -> int:
    """Return how two texts compare under the invariant culture: -1, 0 or 1."""
    if left == right:
        return 0
    mine, theirs = _weights(left), _weights(right)
    for level, (one, other) in enumerate(zip(mine, theirs, strict=True)):
        if level == 2 and ignore_case:
            continue
        if one != other:
            return -1 if one < other else 1
    return 0


def equal(left: str, right: str, *, ignore_case: bool) -> bool:
    """Say whether two texts are equal to PowerShell's -eq or -ceq."""
    if left == right:
        return True
    if ignore_case:
        if left.isascii() and right.isascii():
            return left.upper() == right.upper()
        return upper(left) == upper(right) or linguistic(left, right, ignore_case=True) == 0
    return not (left.isascii() and right.isascii()) and linguistic(left, right, ignore_case=False) == 0


def ordinal(left: str, right: str, *, ignore_case: bool = False) -> int:
    """Return how two texts compare by their UTF-16 units."""
    one, other = (units(upper(text)) if ignore_case else units(text) for text in (left, right))
    return (one > other) - (one < other)


def compare_by(left: str, right: str, comparison: int) -> int:
    """Return how two texts compare under a StringComparison."""
    if comparison >= 4:
        return ordinal(left, right, ignore_case=comparison == 5)
    return linguistic(left, right, ignore_case=bool(comparison % 2))
