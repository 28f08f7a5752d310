"""Arguments written as text: ``name=value other="two words"``."""

from __future__ import annotations

import re
from typing import Any, Final

_PAIR: Final = re.compile(r"\s*([A-Za-z_]\w*)=")


def key_values(text: str) -> dict[str, Any] | None:
    """Return the pairs of a text; None when it is not made of pairs. Quotes and ``{{ }}`` hold spaces together."""
    found: dict[str, Any] = {}
    place = 0
    while place < len(text.rstrip()):
        match = _PAIR.match(text, place)
        if match is None:
            return None
        value, place = _value(text, match.end())
        found[match[1]] = value
    return found


def _value(text: str, place: int) -> tuple[str, int]:
    if place < len(text) and text[place] in "'\"":
        quote = text[place]
        end = text.find(quote, place + 1)
        if end >= 0 and (end + 1 == len(text) or text[end + 1].isspace()):
            return text[place + 1 : end], end + 1
    depth, end = 0, place
    while end < len(text) and (depth or not text[end].isspace()):
        if text.startswith(("{{", "{%"), end):
            depth, end = depth + 1, end + 1
        elif text.startswith(("}}", "%}"), end):
            depth, end = max(0, depth - 1), end + 1
        end += 1
    return text[place:end], end
