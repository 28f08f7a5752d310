"""What a caller may choose, and what a compilation gives back."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psnet.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from psnet._internal.yaml import Document
    from psnet.mof.model import Instance

_ENCODINGS = {"utf-16": codecs.BOM_UTF16_LE, "utf-8": b"", "utf-8-bom": codecs.BOM_UTF8}


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """Choices; the defaults give the same bytes for the same input, wherever and whenever it is compiled.

    ``author``, ``host`` and ``date`` go to the header and the footer. ``timezone`` (an IANA name) is what a
    time without zone is local to, and ``document`` (configuration or meta) what is compiled; both when the
    declaration does not say. ``certificates`` is a folder in which a CertificateID (thumbprint) is looked up.
    """

    author: str = "psnet"
    host: str = "psnet"
    date: str = "01/01/2000 00:00:00"
    timezone: str = "UTC"
    document: str = "configuration"
    allow_plain_text: bool = False
    certificates: Path | None = None
    source: Document | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class MofDocument:
    """One document; ``text`` has CRLF line ends."""

    file: str
    text: str = field(repr=False)
    instances: tuple[Instance, ...] = field(repr=False)

    def encode(self, encoding: str = "utf-16") -> bytes:
        """Return the file's bytes: utf-16 (little endian with BOM, as 5.1 writes), utf-8 or utf-8-bom."""
        if encoding not in _ENCODINGS:
            raise InputError(f"{encoding} is no encoding for MOF", remedy=f"choose one of {', '.join(_ENCODINGS)}")
        codec = "utf-16-le" if encoding == "utf-16" else "utf-8"
        return _ENCODINGS[encoding] + self.text.encode(codec)


@dataclass(frozen=True, slots=True)
class CompileResult:
    """The documents, in the order of their file names, and what the engine would warn of."""

    documents: tuple[MofDocument, ...]
    warnings: tuple[str, ...] = ()
