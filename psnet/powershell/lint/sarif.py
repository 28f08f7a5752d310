"""Findings as a SARIF 2.1.0 document, which code hosts and editors show beside the code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from .finding import ANALYZER, RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .finding import Finding

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(findings: Iterable[Finding], version: str) -> dict[str, Any]:
    """Return the document; ``version`` is psnet's. Paths are relative to the working folder where they lie below it."""
    rules = list(RULES)
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "psnet check", "version": version, "rules": [_rule(rule) for rule in rules]}
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, rules.index(finding.rule)) for finding in findings],
            }
        ],
    }


def _rule(rule: str) -> dict[str, Any]:
    made: dict[str, Any] = {"id": rule, "shortDescription": {"text": RULES[rule]}}
    if rule in ANALYZER:
        made["properties"] = {"PSScriptAnalyzer": ANALYZER[rule]}
    return made


def _result(finding: Finding, index: int) -> dict[str, Any]:
    remedy = f" ({finding.remedy})" if finding.remedy else ""
    place = {"startLine": finding.line, "startColumn": finding.column}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": finding.message + remedy},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(finding.path)}, "region": place}}],
    }


def _uri(path: str) -> str:
    """Return a file's place in a document as a URI: below the working folder relative to it."""
    found = Path(path)
    if found.is_absolute() and not found.is_relative_to(Path.cwd()):
        return found.as_uri()
    place = found.relative_to(Path.cwd()) if found.is_absolute() else found
    return quote(place.as_posix(), safe="/", errors="replace")
