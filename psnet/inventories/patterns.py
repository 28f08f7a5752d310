"""Host patterns and ranges as Ansible has them."""

from __future__ import annotations

import fnmatch
import re
import string
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANGE: Final = re.compile(r"^(.*?)\[(\d+|[A-Za-z]):(\d+|[A-Za-z])(?::(\d+))?\](.*)$")
# a number with zeros before it is a part of names: web[01:03] is web01, web02, web03
_SLICE: Final = re.compile(r"^(.+)\[(?:(-?(?:0|[1-9]\d*))|(0|[1-9]\d*):(-?(?:0|[1-9]\d*))?)\]$")


class Named(Protocol):
    """What a pattern chooses among."""

    @property
    def name(self) -> str:
        """The host's name."""

    @property
    def groups(self) -> Sequence[str]:
        """The groups that it is in."""


H = TypeVar("H", bound=Named)


def expand_range(text: str) -> list[str]:
    """Return the names that ``web[01:40]`` or ``db-[a:f]`` stands for.

    Leading zeros are kept, ends are included, ``[00:98:2]`` counts in steps.
    """
    match = _RANGE.match(text)
    if not match:
        if "[" in text or "]" in text:
            raise ValueError(f"{text!r} is no range: write web[01:40], web[00:98:2] or db-[a:f]")
        return [text]
    head, first, last, step, tail = match.groups()
    if first.isdigit() != last.isdigit():
        raise ValueError(f"{text!r} counts from a number to a letter")
    letters = string.ascii_letters
    low, high = (int(first), int(last)) if first.isdigit() else (letters.index(first), letters.index(last))
    if high < low or int(step or 1) < 1:
        raise ValueError(f"{text!r} counts backwards: write the lower one first")
    values = range(low, high + 1, int(step or 1))
    words = [str(value).zfill(len(first)) if first.isdigit() else letters[value] for value in values]
    return [head + word + rest for word in words for rest in expand_range(tail)]


def choose(pattern: str, hosts: Sequence[H]) -> list[H]:
    """Return the hosts, in their order, that ``web:&prod:!canary`` names: unions, then intersections, then exclusions.

    A part is a host, a group, a wildcard, ``~`` and a regular expression that a name starts with, or any of them with
    ``[0]``, ``[-1]``, ``[0:2]`` (the ends included) or ``[1:]`` for some of its hosts. Raises ValueError.
    """
    parts = [part.strip() for part in re.split(r"[:,](?![^\[]*\])", pattern) if part.strip()]
    plain = [part for part in parts if part[0] not in "&!"]
    chosen = {host.name for part in plain for host in _part(part, hosts)} if plain else {host.name for host in hosts}
    for part in parts:
        if part[0] == "&":
            chosen &= {host.name for host in _part(part[1:], hosts)}
    for part in parts:
        if part[0] == "!":
            chosen -= {host.name for host in _part(part[1:], hosts)}
    return [host for host in hosts if host.name in chosen]


def _part(word: str, hosts: Sequence[H]) -> Sequence[H]:
    if word.startswith("~"):
        return _matching(word, hosts)
    sliced = _SLICE.match(word)
    if sliced:
        found = _matching(sliced[1], hosts)
        if found:
            return _some(found, sliced[2], sliced[3], sliced[4])
    if _RANGE.match(word):
        names = set(expand_range(word))
        return [host for host in hosts if names.intersection((host.name, *host.groups))]
    return _matching(word, hosts)


def _some(found: Sequence[H], one: str | None, first: str | None, last: str | None) -> Sequence[H]:
    if one is not None:
        index = int(one)
        return found[index : index + 1 or None]
    end = None if last is None else int(last) + 1 or None
    return found[int(first or 0) : end]


def _matching(word: str, hosts: Sequence[H]) -> Sequence[H]:
    if word in ("all", "*"):
        return hosts
    if word.startswith("~"):
        try:
            regex = re.compile(word[1:])
        except re.error as error:
            raise ValueError(f"{word} is no regular expression: {error}") from None
        return [host for host in hosts if any(regex.match(name) for name in (host.name, *host.groups))]
    return [host for host in hosts if any(fnmatch.fnmatchcase(name, word) for name in (host.name, *host.groups))]
