"""A script without what only its readers need: comments, indentation, empty lines. Its tree is the same (a test)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

#: Where a line may be part of a text or of a comment that spans several.
_SPANS: Final = re.compile(r"@['\"]\s*$|<#", re.MULTILINE)
_KEPT: Final = re.compile(r"#requires\b", re.IGNORECASE)


@lru_cache(maxsize=256)
def compacted(script: str) -> str:
    """Return a script's lines without indentation, and without those that are empty or comments.

    One with here-strings or block comments is returned as it is. Texts that span lines are not told apart: psnet's
    templates have none, and its literals never contain a line break.
    """
    if _SPANS.search(script):
        return script
    lines = (line.strip() for line in script.split("\n"))
    return "\n".join(line for line in lines if line and (line[0] != "#" or _KEPT.match(line))) + "\n"
