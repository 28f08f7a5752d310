"""Text in files as Windows PowerShell's cmdlets write it: CRLF, and the encodings by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.contract.files import decode

from . import net

if TYPE_CHECKING:
    from .runspace import Runspace

_CODECS = {
    "utf8": ("utf-8", b"\xef\xbb\xbf"),
    "utf8bom": ("utf-8", b"\xef\xbb\xbf"),
    "utf8nobom": ("utf-8", b""),
    "unicode": ("utf-16-le", b"\xff\xfe"),
    "bigendianunicode": ("utf-16-be", b"\xfe\xff"),
    "utf32": ("utf-32-le", b"\xff\xfe\x00\x00"),
    "ascii": ("ascii", b""),
    "default": ("cp1252", b""),
    "ansi": ("cp1252", b""),
    "oem": ("cp437", b""),
    "string": ("utf-16-le", b"\xff\xfe"),
    "unknown": ("utf-16-le", b"\xff\xfe"),
}


def codec(runspace: Runspace, encoding: Any, default: str) -> tuple[str, bytes]:
    """Return (Python codec, byte-order mark) for an -Encoding argument."""
    name = (net.to_string(encoding) if encoding is not None else default).lower()
    if runspace.language != "5.1":
        if name == "utf8":
            name = "utf8nobom"
        if name == "default":
            name = "utf8nobom"
    if name not in _CODECS:
        raise net.unsupported(f"-Encoding {name}")
    return _CODECS[name]


def write_lines(
    runspace: Runspace,
    path: str,
    lines: list[str],
    *,
    append: bool = False,
    encoding: Any = None,
    newline: bool = True,
    default: str | None = None,
) -> None:
    """Write lines to a file; ``default`` is the encoding when none is asked for (Out-File's if not given)."""
    fallback = default or ("unicode" if runspace.language == "5.1" else "utf8nobom")
    name, mark = codec(runspace, encoding, fallback)
    files = runspace.host.files
    old = files.find(path)
    before = b""
    if append and old is not None and not old.is_folder:
        before = old.data
        if before.startswith(b"\xff\xfe") and encoding is None:
            name, mark = _CODECS["unicode"]
        elif before.startswith(b"\xef\xbb\xbf") and encoding is None:
            name, mark = _CODECS["utf8"]
    end = "\r\n" if newline else ""
    body = "".join(line + end for line in lines).encode(name, "replace")
    files.write(path, before + body if before else mark + body)


def writable(runspace: Runspace, path: str) -> None:
    """Take the attribute ReadOnly from a file, as -Force does before it is written."""
    found = runspace.host.files.find(path)
    if found is not None and not found.is_folder:
        found.attributes.discard("ReadOnly")


def read_lines(data: bytes) -> list[str]:
    """Return a text's lines without their ends; a last line end starts no further line."""
    text = decode(data)
    if not text:
        return []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines
