"""What the linter says, and the rules it says it by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

RULES: Final = {
    "syntax-error": "the text is no PowerShell; the message begins with PowerShell's own ErrorId",
    "7-only-syntax": "PowerShell 7 reads it, Windows PowerShell 5.1 does not",
    "unknown-command": "no cmdlet, function or alias has that name",
    "unknown-parameter": "the command has no such parameter",
    "ambiguous-parameter": "the abbreviation stands for several parameters",
    "missing-argument": "a parameter's name without its argument",
    "parameter-twice": "the same parameter is given twice",
    "parameter-set": "no parameter set has all the parameters that are given",
    "missing-mandatory": "a mandatory parameter is missing in every parameter set that is left",
    "too-many-arguments": "more positional arguments than the command takes",
    "bad-value": "the value is outside its set or range, is no member of its enumeration, or cannot be converted",
    "not-on-build": "the command is not on the build that --os names",
    "parameter-not-on-build": "the parameter is not on the build that --os names",
    "7-only-command": "the command came after Windows PowerShell 5.1",
    "7-only-parameter": "the parameter came after Windows PowerShell 5.1",
    "5.1-only-command": "PowerShell 7 no longer has the command",
    "missing-mark": "a file without a byte order mark in which Windows PowerShell 5.1 reads other text than UTF-8",
    "suppression": "a `psnet: ignore[...]` comment without a reason, for no known rule, or for nothing",
}


#: PSScriptAnalyzer's names of rules that are the same: they may be used where an excuse names a rule.
ANALYZER: Final = {
    "7-only-syntax": "PSUseCompatibleSyntax",
    "7-only-command": "PSUseCompatibleCommands",
    "7-only-parameter": "PSUseCompatibleCommands",
    "5.1-only-command": "PSUseCompatibleCommands",
    "not-on-build": "PSUseCompatibleCommands",
    "parameter-not-on-build": "PSUseCompatibleCommands",
    "missing-mandatory": "PSUseCmdletCorrectly",
    "missing-mark": "PSUseBOMForUnicodeEncodedFile",
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong in one place; ``line`` and ``column`` count from 1, ``rule`` is a key of ``RULES``."""

    path: str
    line: int
    column: int
    rule: str
    message: str
    remedy: str | None = None

    def __str__(self) -> str:
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{self.path}:{self.line}:{self.column}: {self.rule}: {self.message}{remedy}"

    def data(self) -> dict[str, Any]:
        """Return it as ``--json`` prints it."""
        return {
            "file": self.path,
            "line": self.line,
            "column": self.column,
            "id": self.rule,
            "analyzer": ANALYZER.get(self.rule),
            "message": self.message,
            "remedy": self.remedy,
        }
