"""PowerShell's wildcard patterns: ``* ? [a-c]`` and the backtick that takes a character literally."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from psnet.lab.dotnet.errors import runtime_error

if TYPE_CHECKING:
    from psnet.lab.values import DotNetError


def has_wildcards(pattern: str) -> bool:
    """Say whether a text has wildcard characters that are not escaped."""
    place = 0
    while place < len(pattern):
        if pattern[place] == "`":
            place += 1
        elif pattern[place] in "*?[":
            return True
        place += 1
    return False


@lru_cache(maxsize=1024)
def compile_wildcard(pattern: str, *, ignore_case: bool = True) -> regex.Pattern[str]:
    """Return a wildcard pattern as a regular expression; raises WildcardPatternException for an open bracket."""
    out: list[str] = []
    place = 0
    while place < len(pattern):
        char = pattern[place]
        if char == "`" and place + 1 < len(pattern):
            place += 1
            out.append(regex.escape(pattern[place]))
        elif char == "*":
            out.append(".*")
        elif char == "?":
            out.append(".")
        elif char == "[":
            place = _bracket(pattern, place, out)
        else:
            out.append(regex.escape(char))
        place += 1
    flags = regex.DOTALL | (regex.IGNORECASE if ignore_case else 0)
    return regex.compile("".join(out), flags)


def _bracket(pattern: str, start: int, out: list[str]) -> int:
    """Append a character class, and return the place of its closing bracket."""
    place = start + 1
    members: list[str] = []
    while place < len(pattern) and (pattern[place] != "]" or not members):
        char = pattern[place]
        if char == "`" and place + 1 < len(pattern):
            place += 1
            members.append(pattern[place])
        elif char == "-" and members and place + 1 < len(pattern) and pattern[place + 1] != "]":
            members.append("-range-")
        else:
            members.append(char)
        place += 1
    if place >= len(pattern):
        raise _invalid(pattern)
    parts: list[str] = []
    for member in members:
        parts.append("-" if member == "-range-" else regex.escape(member, special_only=False))
    out.append(f"[{''.join(parts)}]")
    return place


def _invalid(pattern: str) -> DotNetError:
    message = f"The specified wildcard character pattern is not valid: {pattern}"
    error = runtime_error("RuntimeException", message)
    error.error_id = "WildcardPattern_Invalid"
    return error


def is_match(pattern: str, text: str, *, ignore_case: bool = True) -> bool:
    """Say whether a text matches a wildcard pattern as a whole."""
    return compile_wildcard(pattern, ignore_case=ignore_case).fullmatch(text) is not None


def escape(text: str) -> str:
    """Return ``WildcardPattern.Escape``."""
    return "".join(f"`{char}" if char in "*?[]`" and char != "`" else char for char in text)


def like(text: str, pattern: str) -> bool:
    """Say whether a pattern of ``*``, ``?`` and ``[a-z]`` takes a text, without regard to case."""
    return is_match(pattern, text)
