r"""What somebody else wrote, for each kind of output: the only places where such a text becomes part of one.

Everything that cannot be seen, moves a cursor, turns a line or has no place in a format is shown as ``\uXXXX``.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any, Final

#: C0, DEL, C1, line and paragraph separators, what changes the direction, what nobody sees, and lone surrogates.
UNPRINTABLE: Final = (
    "\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_UNPRINTABLE = re.compile(f"[{UNPRINTABLE}]")
_IN_LINES = re.compile(f"(?![\n\t])[{UNPRINTABLE}]")
#: A text of JSON, or a bracket outside of one.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}]')
#: What stands before the host in a URL; a password may hold any sign, so up to the last @.
_LOGON = re.compile(r"(://)\S*@")
_NO_FILE_NAME = re.compile(r'[<>:"/\\|?*%]|^\.+|[. ]$')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)", re.IGNORECASE)


class Untrusted(str):
    """A text that a host, a module or a file of facts said: data, and never a template, an expression or a path."""

    __slots__ = ()


def untrusted(value: Any) -> Any:
    """Return a value with every text in it, however deep, as ``Untrusted``."""
    if isinstance(value, str):
        return value if isinstance(value, Untrusted) else Untrusted(value)
    if isinstance(value, dict):
        return {key: untrusted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [untrusted(item) for item in value]
    return value


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - the last code of four digits


def printable(text: str) -> str:
    r"""Return a text as one line: logs, labels of metrics, messages about one value."""
    return _UNPRINTABLE.sub(_shown, text)


def printable_lines(text: str) -> str:
    """Return a text of several lines for a terminal; line ends and tabs stay."""
    return _IN_LINES.sub(_shown, text)


def without_logon(text: str) -> str:
    """Return a text with the user and the password of every URL in it as ``***``."""
    return _LOGON.sub(r"\1***@", text)


def markup(text: str) -> str:
    """Return a text for an element or an attribute of XML, SVG or HTML; only characters that XML 1.0 has are in it."""
    return escape(printable_lines(text), quote=True)


def dot_text(text: str) -> str:
    """Return a text for a quoted string of Graphviz, which reads backslashes and entities in one."""
    return printable(text.replace("\n", " ")).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def mermaid_text(text: str) -> str:
    """Return a text for a quoted label of Mermaid: as its entities, and nothing that Markdown would read."""
    return "".join(
        character if character.isalnum() or character in " ./:,-+~_()→" else f"#{ord(character)};"
        for character in printable(text.replace("\n", " "))
    )


def json_text(written: str) -> str:
    r"""Return a JSON document, as written already, with what is unprintable in its strings as JSON's own ``\uXXXX``."""
    return _IN_LINES.sub(lambda found: json.dumps(found[0])[1:-1], written)


def file_name(text: str) -> str:
    """Return a text as a name of one file on every system: what has no place in one is written as in a URL."""

    def quoted(found: re.Match[str]) -> str:
        return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))

    name = _NO_FILE_NAME.sub(quoted, _UNPRINTABLE.sub(quoted, text.replace("%", "%25")).replace("%", "\0"))
    name = name.replace("\0", "%") or "%"
    return f"%{ord(name[0]):02X}{name[1:]}" if _DEVICES.match(name) else name


def argument_fault(text: str) -> str | None:
    """Return why a text cannot be one argument of a program that Windows PowerShell 5.1 starts; None when it can.

    5.1 puts an argument with spaces between quotes and leaves what is inside as it is (PowerShell RFC0059 lists it).
    """
    if not text:
        return "it is empty"
    if '"' in text:
        return "Windows PowerShell 5.1 does not escape a quote in it"
    if text.endswith("\\") and re.search(r"\s", text):
        return "the backslash at its end would escape the closing quote"
    return "it has a character that nobody sees" if _UNPRINTABLE.search(text) else None


def too_deep(text: str | bytes, levels: int) -> bool:
    """Say whether JSON goes deeper than some levels, without reading it as JSON: Python's reader recurses in C."""
    depth = 0
    for found in _BRACKETS.finditer(text if isinstance(text, str) else text.decode("utf-8", "replace")):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > levels:
            return True
    return False
