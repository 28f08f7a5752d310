"""JSON that is not quite JSON: what JavaScriptSerializer (5.1) and Newtonsoft (7) read all the same.

Both read names and strings in single quotes and names without quotes; Newtonsoft also comments and commas before the
end of an object or a list. The text is rewritten as plain JSON.
"""

from __future__ import annotations

import json
import re
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)|(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<double>"(?:[^"\\]|\\.)*")|(?P<single>'(?:[^'\\]|\\.)*')"""
    r"""|(?P<mark>[{}\[\]:,])|(?P<word>[^\s{}\[\]:,"'/]+)""",
    re.DOTALL,
)
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_WORDS: Final = {"true", "false", "null", "NaN", "Infinity", "-Infinity"}


def plain(text: str, *, modern: bool) -> str | None:
    """Return the text as plain JSON, None when it is not even that."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return None
        at = match.end()
        kind = str(match.lastgroup)
        if kind == "comment" and not modern:
            return None
        if kind not in {"space", "comment"}:
            found.append((kind, match[0]))
    out: list[str] = []
    for place, (kind, word) in enumerate(found):
        after = found[place + 1][1] if place + 1 < len(found) else ""
        if kind == "single":
            out.append(json.dumps(_unquoted(word)))
        elif kind == "word" and after == ":":
            out.append(json.dumps(word))
        elif kind == "word" and word not in _WORDS and not _NUMBER.fullmatch(word):
            return None
        elif word == "," and after in {"}", "]"}:
            if not modern:
                return None
        else:
            out.append(word)
    return "".join(out)


def _unquoted(word: str) -> str:
    inner = word[1:-1].replace('"', '\\"').replace("\\'", "'")
    return str(json.loads(f'"{inner}"', strict=False))
