"""Text that somebody else wrote, as one line that changes nothing but what is read."""

from __future__ import annotations

import re
from typing import Final

#: C0, DEL, C1, line and paragraph separators, what changes the direction, what nobody sees, and lone surrogates.
UNPRINTABLE: Final = (
    "\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
)
_UNPRINTABLE = re.compile(f"[{UNPRINTABLE}]")


def printable(text: str) -> str:
    r"""Return a text with everything that cannot be seen, or that moves a cursor or turns a line, as ``\uXXXX``."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
