"""A linter for PowerShell that needs no PowerShell: what is certain from the text and the cmdlet facts."""

from __future__ import annotations

from .finding import ANALYZER, RULES, Finding
from .linter import lint_file, lint_files, lint_text
from .reading import read_script
from .sources import rendered_templates, script_files

__all__ = [
    "ANALYZER",
    "RULES",
    "Finding",
    "lint_file",
    "lint_files",
    "lint_text",
    "read_script",
    "rendered_templates",
    "script_files",
]
