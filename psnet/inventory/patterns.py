"""Host patterns and ranges as Ansible has them."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANGE = re.compile(r"^(.*?)\[(\d+):(\d+)(?::(\d+))?\](.*)$")


def expand_range(text: str) -> list[str]:
    """Return the names that ``web[01:40]`` stands for; leading zeros are kept, ends are included."""
    match = _RANGE.match(text)
    if not match:
        if "[" in text or "]" in text:
            raise ValueError(f"{text!r} is no range: write web[01:40] or web[00:98:2]")
        return [text]
    head, first, last, step, tail = match.groups()
    if int(last) < int(first) or int(step or 1) < 1:
        raise ValueError(f"{text!r} counts backwards: write the lower number first")
    numbers = range(int(first), int(last) + 1, int(step or 1))
    return [head + str(number).zfill(len(first)) + rest for number in numbers for rest in expand_range(tail)]


def matches(pattern: str, name: str, groups: Sequence[str]) -> bool:
    """Say whether ``web:&prod:!canary`` takes a host: unions, then intersections, then exclusions."""
    parts = [part for part in re.split(r"[:,](?![^\[]*\])", pattern) if part]
    plain = [part for part in parts if part[0] not in "&!"]
    chosen = not plain or any(_one(part, name, groups) for part in plain)
    needed = all(_one(part[1:], name, groups) for part in parts if part[0] == "&")
    refused = any(_one(part[1:], name, groups) for part in parts if part[0] == "!")
    return chosen and needed and not refused


def _one(word: str, name: str, groups: Sequence[str]) -> bool:
    if word in ("all", "*"):
        return True
    if word.startswith("~"):
        return any(re.search(word[1:], candidate) for candidate in (name, *groups))
    return any(
        fnmatch.fnmatchcase(candidate, expanded)
        for expanded in (expand_range(word) if _RANGE.match(word) else [word])
        for candidate in (name, *groups)
    )
