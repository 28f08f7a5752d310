"""Texts that are no PowerShell at all although a file's name says so: batch files, VBScript, SQL, C#, markup, JSON."""

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
}
_LINES: Final = {
    language: [re.compile(rf"(?im)^[ \t]*(?:{mark})") for mark in marks] for language, marks in _MARKS.items()
}
#: What speaks for PowerShell all the same.
_POWERSHELL: Final = re.compile(r"(?im)^[ \t]*(?:\$[\w:]+[ \t]*[-+*/]?=|param[ \t]*\(|\[cmdletbinding\b)")
#: Commands of other languages, which PowerShell reads as calls.
WORDS: Final = frozenset({"rem", "setlocal", "endlocal", "goto", "dim"})
_MARKUP: Final = re.compile(r"\s*<(?:[?!]|/?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>)")
_JSON: Final = re.compile(r"\s*[{\[]\s*\"[^\"\r\n]*\"\s*[:,]")
_FEWEST: Final = 2


def other_language(text: str) -> str | None:
    """Return the language that a text which does not parse is in, None where nothing certain speaks for one.

    That is: two kinds of lines that this language has and PowerShell has not, outside of here-strings and comments,
    and no assignment to a variable; or a text that begins as markup or as JSON.
    """
    if _MARKUP.match(text):
        return "markup"
    if _JSON.match(text):
        return "JSON"
    bare = _HERE.sub("", text)
    if _POWERSHELL.search(bare) is not None:
        return None
    for language, marks in _LINES.items():
        if sum(mark.search(bare) is not None for mark in marks) >= _FEWEST:
            return language
    return None
