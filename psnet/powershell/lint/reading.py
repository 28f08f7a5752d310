"""The text of a script as the PowerShell that has to run it reads the file.

Without a mark (BOM) Windows PowerShell 5.1 reads the system's ANSI code page, which is Windows-1252 on an en-US host;
PowerShell 7 reads UTF-8. Source: about_Character_Encoding.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from psnet._internal.text_files import read_data

if TYPE_CHECKING:
    from pathlib import Path

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_REQUIRES_7: Final = re.compile(
    r"^[ \t]*#requires\b[^\r\n]*-v(?:ersion)?[ \t:]+([0-9.]+)", re.IGNORECASE | re.MULTILINE
)


_REQUIRES_CORE: Final = re.compile(r"(?im)^[ \t]*#requires\b[^\r\n]*-psedition[ \t:]+core\b")
_MANIFEST_7: Final = re.compile(
    r"(?im)^[ \t]*(?:PowerShellVersion[ \t]*=[ \t]*['\"](?:[6-9]|\d\d)\b"
    r"|CompatiblePSEditions[ \t]*=[ \t]*(?:@\([ \t]*)?['\"]Core['\"][ \t)]*$)"
)
#: What an author tells readers at the head: ``# Requires PowerShell 7``, ``.NOTES PowerShell 6+ is needed``.
_COMMENTS: Final = re.compile(r"<#.*?#>|^[ \t]*#[^\r\n]*", re.DOTALL | re.MULTILINE)
_HEAD: Final = 3000
_SEVEN: Final = re.compile(r"(?i)powershell(?:[ \t]+core)?[^\r\n]{0,16}[67]|\bpwsh\b")
_SHELL_7: Final = (
    r"powershell(?:[ \t]+core)?[ \t]*(?:version[ \t]*|v\.?[ \t]*)?:?[ \t]*(?:>=?|at least)?"
    r"[ \t]*[67](?:\.[\dx]+)*(?![\d.])"
)
_NEEDED_7: Final = re.compile(
    r"(?i)\b(?:requires?|requirements?|needs?|prerequisites?|minimum|must (?:be )?run (?:in|on|with|under))\b"
    rf"[^\r\n.;]{{0,30}}\b{_SHELL_7}(?![ \t]*(?:and|or|/|,)[ \t]*(?:windows )?(?:powershell )?v?5)"
    rf"|\b{_SHELL_7}[^\r\n.;]{{0,20}}\b(?:required|needed|only)\b"
)
#: ``PowerShell 7+``, or ``pwsh -File ...`` as an example: that says 7 where nothing speaks of Windows PowerShell.
_MEANT_7: Final = re.compile(
    rf"(?i)\b{_SHELL_7}[ \t]*(?:\+|(?:or|and)[ \t]+(?:later|newer|higher|above|up)\b)"
    r"|^[# \t]*(?:PS[^>\r\n]*>[ \t]*|[>$][ \t]*)?pwsh(?:\.exe)?[ \t]+-",
    re.MULTILINE,
)
_MEANT_5: Final = re.compile(
    r"(?i)\bwindows[ \t]+powershell\b|\bpowershell(?:\.exe)?[ \t]+(?:v?5|-)|\b5\.[01x]\b|\bPS5"
)
_CULTURE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Za-z]{2}|-\d{3})?")
_MARKS_OF_FILES: Final = re.compile(r"\{%[-+]?\s*\w+.*?%\}|<%[=#-]?\s.*?%>")
_MARKS_OF_LINES: Final = re.compile(r"\{\{[-\s]*[.$a-zA-Z_][^{}]*\}\}|@@\w+@@|~[A-Z_]+~|\$\{\{|<#=.*?#>")
_ANSIBLE: Final = re.compile(r"(?im)^[ \t]*#[ \t]*(?:ansiblerequires\b|requires[ \t]+-modules?[ \t]+ansible\.)")


@dataclass(frozen=True, slots=True)
class Source:
    """A script's text; ``ansi`` is what Windows PowerShell 5.1 reads instead, where a missing mark changes the text.

    ``local`` says that it was in some system's ANSI code page, which is read here as Windows-1252.
    """

    text: str
    ansi: str | None = None
    local: bool = False

    @property
    def plain(self) -> str:
        """The text with a letter for everything that is not ASCII."""
        return "".join(letter if letter.isascii() else "x" for letter in self.text)


def is_file(path: Path) -> bool:
    """Say whether there is a file: none of a name that no file can have, nor behind a link that leads nowhere."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def read_source(path: Path) -> Source:
    """Return the text of a file; raise InputError when it cannot be opened. No content makes it fail."""
    return decoded(read_data(path))


def decoded(raw: bytes) -> Source:
    """Return the text of some bytes: by their mark; without one UTF-8 where they are UTF-8, else Windows-1252."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return Source(raw.decode(encoding, errors="replace"))
    if raw[1:2] == b"\0" and raw[:1] != b"\0":
        return Source(raw.decode("utf-16-le", errors="replace"))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return Source(_ansi(raw), local=True)
    return Source(text, None if text.isascii() else _ansi(raw))


def read_script(path: Path) -> str:
    """Return a script's text; raise InputError when the file cannot be opened."""
    return read_source(path).text


def carried_by_ansible(text: str) -> bool:
    """Say whether a script is an Ansible module: Ansible reads it as UTF-8 and gives it its helpers."""
    return _ANSIBLE.search(text) is not None


def is_template(text: str, place: int) -> bool:
    """Say whether a text that is no PowerShell at a place is one from which another tool makes a script.

    That is: Jinja's or EPS's marks anywhere, those of Go, GitHub and others on the line.
    """
    return _MARKS_OF_FILES.search(text) is not None or fills_in(text, place)


def fills_in(text: str, place: int) -> bool:
    """Say whether the line of a place has marks (``{{Name}}``, ``@@NAME@@``) that another tool replaces."""
    line = text[text.rfind("\n", 0, place) + 1 : (text.find("\n", place) + 1) or len(text)]
    return _MARKS_OF_LINES.search(line) is not None


def localized(path: Path) -> bool:
    """Say whether a file holds the texts of a culture (``de-DE/Net.psd1``, ``de/Net.psd1``).

    Import-LocalizedData reads it, with .NET's StreamReader: as UTF-8 where there is no mark.
    Source: ImportLocalizedData.GetScript of PowerShell.
    """
    return path.suffix.lower() == ".psd1" and _CULTURE.fullmatch(path.parent.name) is not None


def needed_language(text: str, language: Literal["5.1", "7"]) -> Literal["5.1", "7"]:
    """Return the language that a script is for.

    ``#Requires -Version 7.2``, ``#!/usr/bin/env pwsh`` and, without #Requires, a comment at its head such as "requires
    PowerShell 7" say 7.
    """
    if (text.startswith("#!") and "pwsh" in text.partition("\n")[0]) or _REQUIRES_CORE.search(text):
        return "7"
    wanted = _REQUIRES_7.search(text)
    if wanted is None and _SEVEN.search(text, 0, _HEAD) and _says_seven(text[:_HEAD]):
        return "7"
    return "7" if wanted is not None and int(wanted[1].split(".")[0] or 0) >= 6 else language


def _says_seven(head: str) -> bool:
    comments = "\n".join(comment[0] for comment in _COMMENTS.finditer(head))
    if _NEEDED_7.search(comments):
        return True
    return _MEANT_7.search(comments) is not None and _MEANT_5.search(comments) is None


def for_seven(manifest: str) -> bool:
    """Say whether a module's manifest wants PowerShell 7: by PowerShellVersion, or CompatiblePSEditions Core alone."""
    return _MANIFEST_7.search(manifest) is not None


def _ansi(raw: bytes) -> str:
    """Return bytes as Windows-1252, in which Windows gives the five that it does not define their own code points."""
    return "".join(bytes([byte]).decode("cp1252") if byte not in _UNDEFINED else chr(byte) for byte in raw)


_UNDEFINED: Final = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})
