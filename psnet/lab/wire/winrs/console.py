"""The output of a console program: code pages, and powershell.exe's CLIXML on standard error."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from psnet.lab.wire import wsman_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PREFIX: Final = {"warning": "WARNING: ", "verbose": "VERBOSE: ", "debug": "DEBUG: ", "information": ""}
_OPEN: Final = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
_ESCAPED: Final = re.compile(
    r"_x(?=[0-9A-Fa-f]{4}_)|[\x00-\x1f\x7f-\x9f\ud800-\udfff]|[\U00010000-\U0010ffff]", re.IGNORECASE
)


def codec_of(code_page: str | None) -> str:
    """Return Python's name of a Windows code page; raises a schema fault for one that is unknown."""
    page = (code_page or "437").strip()
    name = "utf-8" if page == "65001" else f"cp{page}"
    try:
        codecs.lookup(name)
    except LookupError:
        raise wsman_faults.schema_fault(f"The code page {page} is not installed.") from None
    return name


def clixml_text(text: str) -> str:
    """Escape a string as CLIXML does."""

    def one(found: re.Match[str]) -> str:
        part = found[0]
        if part.lower() == "_x":
            return f"_x005F_{part[1]}"
        units = part.encode("utf-16-be", "surrogatepass")
        return "".join(f"_x{units[i]:02X}{units[i + 1]:02X}_" for i in range(0, len(units), 2))

    return escape(_ESCAPED.sub(one, text))


class ProcessConsole:
    """Streams of one process. ``write`` takes (stream, bytes) and may be called from the process's thread.

    With ``clixml`` (powershell.exe -EncodedCommand without -OutputFormat, its error stream redirected) the
    records of PowerShell's streams go to standard error as CLIXML; otherwise as text where a console
    shows them.
    """

    def __init__(self, write: Callable[[str, bytes], None], codec: str, stdin: Callable[[], Iterator[bytes]]) -> None:
        self._write = write
        self._codec = codec
        self._stdin = stdin
        self._xml_open = False
        self.clixml = False

    def _put(self, stream: str, text: str) -> None:
        if text:
            self._write(stream, text.encode(self._codec, "replace"))

    def out(self, text: str) -> None:
        """Write to standard output."""
        self._put("stdout", text)

    def err(self, text: str) -> None:
        """Write to standard error."""
        self._put("stderr", text)

    def record(self, stream: str, text: str) -> None:
        """Write one record of a PowerShell stream; ``text`` may have several lines."""
        if self.clixml:
            if not self._xml_open:
                self._xml_open = True
                self.err(f"#< CLIXML\r\n{_OPEN}")
            name = "Error" if stream == "error" else stream
            lines = [f"{line}\r\n" for line in text.split("\n")] if stream == "error" else [text]
            for line in lines:
                self.err(f'<S S="{name}">{clixml_text(line.replace(chr(13) * 2, chr(13)))}</S>')
        elif stream == "error":
            self.err("".join(f"{line}\r\n" for line in text.splitlines() or [""]))
        else:
            self.out(f"{_PREFIX.get(stream, '')}{text}\r\n")

    def input(self) -> Iterator[bytes]:
        """Return what the client sends."""
        return self._stdin()

    def close(self) -> None:
        """End the CLIXML document, if one was begun."""
        if self._xml_open:
            self._xml_open = False
            self.err("</Objs>")
