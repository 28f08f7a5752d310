"""Comments that look like the beginning of a signature block: nothing may follow them."""

from __future__ import annotations

from typing import Final

_BEGIN: Final = "sig#beginsignatureblock\n"
_THRESHOLD: Final = 10


def looks_like_signature(comment: str) -> bool:
    """Return whether a comment is close to ``SIG # Begin signature block``; without its ``#``, with its end.

    The engine takes every comment for one whose edit distance, spaces aside, is below 10.
    """
    if len(comment) < len(_BEGIN) - _THRESHOLD:
        return False
    squeezed = "".join(comment[:-1].split()).lower() + comment[-1]
    if abs(len(squeezed) - len(_BEGIN)) > _THRESHOLD:
        return False
    return _distance(squeezed, _BEGIN) < _THRESHOLD


def _distance(first: str, second: str) -> int:
    previous = list(range(len(second) + 1))
    for row, char in enumerate(first, 1):
        current = [row]
        for column, other in enumerate(second, 1):
            if char == other:
                current.append(previous[column - 1])
            else:
                current.append(1 + min(previous[column], current[-1], previous[column - 1]))
        previous = current
    return previous[-1]
