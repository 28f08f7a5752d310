"""Texts that are no PowerShell although a file's name says so: other languages, and what a console has printed."""

from __future__ import annotations

import re
from typing import Final

#: Strings and comments in which another language may stand.
_HERE: Final = re.compile(r"@(['\"])[ \t]*\r?\n.*?\r?\n\1@|<#.*?#>", re.DOTALL)
#: What begins a line of that language, and no line of PowerShell.
_MARKS: Final = {
    "a batch file": (
        *(r"rem\b", r"@echo[ \t]+off\b", r"setlocal\b", r"goto[ \t]+:?\w+[ \t]*$", r":\w+[ \t]*$"),
        *(r"set[ \t]+(?:/[ap][ \t]+)?\"?\w+=", r"if[ \t]+(?:not[ \t]+)?(?:exist|errorlevel|defined)\b"),
    ),
    "VBScript": (
        *(r"set[ \t]+\w+[ \t]*=[ \t]*(?:\w+\.)?(?:create|get)object\b", r"dim[ \t]+\w+", r"option[ \t]+explicit\b"),
        *(r"on[ \t]+error[ \t]+(?:resume|goto)\b", r"end[ \t]+(?:sub|if|function)\b", r"if[ \t].*[ \t]then[ \t]*$"),
        *(r"wscript\.(?:echo|quit|sleep)\b", r"next[ \t]*$"),
    ),
    "SQL": (
        *(r"go;?[ \t]*$", r"use[ \t]+\[?\w+\]?;?[ \t]*$", r"(?:create|alter|drop)[ \t]+(?:table|user|login|view|proc)"),
        *(r"insert[ \t]+into\b", r"delete[ \t]+from\b", r"select[ \t]+.*[ \t]from[ \t]", r"--(?!%)[ \t]*\w"),
    ),
    "C#": (
        *(
            r"using[ \t]+[A-Z][\w.]*;[ \t]*$",
            r"namespace[ \t]+[\w.]+[ \t]*\{?[ \t]*$",
            r"(?:public|private|internal)[ \t]",
        ),
        r"\w[\w.<>\[\]]*[ \t]+\w+[ \t]*=.*;[ \t]*//",
    ),
    "Groovy or JavaScript": (
        *(r"//", r"(?:def|var|let|const)[ \t]+\w+[ \t]*=", r"import[ \t]+[\w.]+;?[ \t]*$"),
        r"(?:string|int)[ \t]+\w+[ \t]*=",
    ),
    "Python": (
        *(r"(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+\w+(?:,[ \t]*\w+)*[ \t]*$", r"def[ \t]+\w+\(.*\):"),
        *(r"(?:if|elif|for|while|with)\b[^(){}]*:[ \t]*$", r"print\(", r"else:[ \t]*$"),
    ),
    "Markdown": (r"[-*][ \t]+\*?\*?[A-Z][a-z]+[ \t]", r"\d+\.[ \t]+\*?\*?[A-Z][a-z]+[ \t]"),
}
_LINES: Final = {
    language: [re.compile(rf"(?im)^[ \t]*(?:{mark})") for mark in marks] for language, marks in _MARKS.items()
}
#: What speaks for PowerShell all the same.
_POWERSHELL: Final = re.compile(r"(?im)^[ \t]*(?:\$[\w:]+[ \t]*[-+*/]?=|param[ \t]*\(|\[cmdletbinding\b)")
#: Commands of other languages, which PowerShell reads as calls.
WORDS: Final = frozenset({"rem", "setlocal", "endlocal", "goto", "dim"})
_PROMPT: Final = r"PS[ \t]+[A-Z]:\\[^>\r\n]*>"
#: A prompt, or the line below the names of a table's columns.
_CONSOLE: Final = re.compile(rf"(?im)^[ \t]*(?:{_PROMPT}|-{{3,}}(?:[ \t]+-{{2,}})+[ \t]*$)")
_PROMPTED: Final = re.compile(rf"(?i)[ \t]*{_PROMPT}")
_FENCE: Final = re.compile(r"(?m)^[ \t]*```")
_BEGINNINGS: Final = {
    "markup": re.compile(r"\s*<(?:[?!]|/?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>)"),
    "JSON": re.compile(r"\s*[{\[]\s*\"[^\"\r\n]*\"\s*[:,]"),
    "rich text": re.compile(r"\s*\{\\rtf\d"),
}
_FEWEST: Final = 2


def remedy(text: str) -> str | None:
    """Return what to do with a text that does not parse, None where nothing certain says that it is no PowerShell."""
    bare = _HERE.sub("", text)
    if _CONSOLE.search(bare) is not None:
        return "it reads like what a console has printed: make that a comment"
    language = _language(text, bare)
    return f"it reads like {language}: give it that language's ending" if language else None


def prompted(text: str, place: int) -> bool:
    """Say whether the line of a place begins with a prompt as a console has it, which was copied too."""
    return _PROMPTED.match(text, text.rfind("\n", 0, place) + 1) is not None


def _language(text: str, bare: str) -> str | None:
    """Return a text's language, None for PowerShell.

    Another one is told by two lines that it has and PowerShell has not, outside of here-strings and comments
    (``bare``), with no assignment to a variable; or by how the text begins.
    """
    if _FENCE.search(bare) is not None:
        return "Markdown"
    begins = next((language for language, mark in _BEGINNINGS.items() if mark.match(text)), None)
    if begins is not None or _POWERSHELL.search(bare) is not None:
        return begins
    return next((one for one, marks in _LINES.items() if sum(len(m.findall(bare)) for m in marks) >= _FEWEST), None)
