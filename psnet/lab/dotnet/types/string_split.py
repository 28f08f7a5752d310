"""String.Split."""

from __future__ import annotations

from typing import Any

from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.errors import argument_range
from psnet.lab.dotnet.registry import method
from psnet.lab.dotnet.strings import (
    units,
)
from psnet.lab.dotnet.types.strings import _STRING
from psnet.lab.values import Array, EnumValue


def _parts(text: str, marks: list[str], count: int, options: int) -> Array:
    """Return the parts between marks (white space when there is none), at most ``count`` of them."""
    if count == 0:
        return Array([], _STRING)
    out: list[str] = []
    start = place = 0
    remove, trim = bool(options & 1), bool(options & 2)

    def kept(part: str) -> str | None:
        part = part.strip() if trim else part
        return None if remove and not part else part

    while place < len(text):
        mark = next((each for each in marks if each and text.startswith(each, place)), None)
        if not marks and text[place].isspace():
            mark = text[place]
        if mark is None:
            place += 1
            continue
        if count > 0 and len(out) >= count - 1:
            break
        part = kept(text[start:place])
        if part is not None:
            out.append(part)
        place += len(mark)
        start = place
    rest = text[start:]
    if remove and count > 0 and len(out) == count - 1:
        rest = _skip(rest, marks)
    last = kept(rest)
    return Array([*out, last] if last is not None else list(out), _STRING)


def _skip(text: str, marks: list[str]) -> str:
    """Return a rest without the marks before it, which empty parts stood between."""
    while text:
        mark = next((each for each in marks if each and text.startswith(each)), None)
        if mark is None:
            return text
        text = text[len(mark) :]
    return text


@method(_STRING, "string[] Split(Params char[] separator)")
def _split(text: str, marks: Array | None) -> Array:
    return _parts(text, list(marks or []), -1, 0)


@method(_STRING, "string[] Split(char[] separator, int count)")
def _split_count(text: str, marks: Array | None, count: int) -> Array:
    _count(count)
    return _parts(text, list(marks or []), count, 0)


@method(_STRING, "string[] Split(char[] separator, System.StringSplitOptions options)")
def _split_options(text: str, marks: Array | None, options: EnumValue) -> Array:
    return _parts(text, list(marks or []), -1, options.value)


@method(_STRING, "string[] Split(char[] separator, int count, System.StringSplitOptions options)")
def _split_both(text: str, marks: Array | None, count: int, options: EnumValue) -> Array:
    _count(count)
    return _parts(text, list(marks or []), count, options.value)


@method(_STRING, "string[] Split(string[] separator, System.StringSplitOptions options)")
def _split_texts(text: str, marks: Array | None, options: EnumValue) -> Array:
    return _parts(text, list(marks or []), -1, options.value)


@method(_STRING, "string[] Split(string[] separator, int count, System.StringSplitOptions options)")
def _split_texts_both(text: str, marks: Array | None, count: int, options: EnumValue) -> Array:
    _count(count)
    return _parts(text, list(marks or []), count, options.value)


def _count(count: int) -> None:
    if count < 0:
        raise argument_range("count", "Count cannot be less than zero.")


# .NET Core added overloads that take one string; Windows PowerShell turns such a string into characters.
_MODERN_SPLITS = (
    "string[] Split(string separator)",
    "string[] Split(string separator, System.StringSplitOptions options)",
    "string[] Split(string separator, int count)",
    "string[] Split(string separator, int count, System.StringSplitOptions options)",
)


def split_text(text: str, mark: str, *rest: Any) -> Array:
    """Return what .NET Core's Split of one separator string gives; .NET Framework takes its characters."""
    count = next((each for each in rest if not isinstance(each, EnumValue)), -1)
    options = next((each.value for each in rest if isinstance(each, EnumValue)), 0)
    if not modern():
        return _parts(text, list(units(mark)), count, options)
    return _parts(text, [mark], count, options) if mark else Array([text], _STRING)


method(_STRING, *_MODERN_SPLITS)(split_text)
