"""Text in CLIXML: control characters and surrogates as ``_xHHHH_``, then XML's own escapes."""

from __future__ import annotations

import re

from psnet.lab.dotnet.errors import thrown
from psnet.lab.dotnet.strings import joined, units

_ENCODE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]|_(?=[xX])")
_DECODE = re.compile(r"_[xX]([0-9A-Fa-f]{4})_")
_INVALID = re.compile("[\ufffe\uffff]")


def encode(text: str) -> str:
    """Return a text with what XML cannot carry escaped; raises ArgumentException for U+FFFE and U+FFFF."""
    wrong = _INVALID.search(text)
    if wrong:
        code = ord(wrong[0])
        raise thrown("ArgumentException", f"'{wrong[0]}', hexadecimal value 0x{code:04X}, is an invalid character.")
    return _ENCODE.sub(lambda found: f"_x{ord(found[0]):04X}_", units(text))


def decode(text: str) -> str:
    """Return what a text in CLIXML stands for."""
    return joined(_DECODE.sub(lambda found: chr(int(found[1], 16)), text))


def xml_text(text: str) -> str:
    """Return an element's text."""
    return encode(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def xml_attribute(text: str) -> str:
    """Return an attribute's value."""
    return xml_text(text).replace('"', "&quot;")
