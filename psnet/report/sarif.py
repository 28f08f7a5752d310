"""What is wrong with site files as a SARIF 2.1.0 document, which code hosts show beside the lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from psnet._internal.text import printable_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psnet.errors import Problem
    from psnet.resources import Finding

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}
#: The rule of what makes a file no site at all.
FORM: Final = "site-form"


def site_sarif(problems: Iterable[Problem], findings: Iterable[tuple[Finding, str]], version: str) -> dict[str, Any]:
    """Return the document: errors of form, and findings with the file that each was found in."""
    results = [_problem(item) for item in problems] + [_finding(item, path) for item, path in findings]
    rules = sorted({str(item["ruleId"]) for item in results})
    for item in results:
        item["ruleIndex"] = rules.index(item["ruleId"])
    driver = {"name": "psnet lint", "version": version, "rules": [{"id": rule} for rule in rules]}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _problem(item: Problem) -> dict[str, Any]:
    key = f"{item.key}: " if item.key else ""
    return _result(FORM, "error", f"{key}{item.message}", item.remedy, item.path, (item.line, item.column))


def _finding(item: Finding, path: str) -> dict[str, Any]:
    where, _, line = (item.where or f"{path}:1").rpartition(":")
    text = f"{item.resource}: {item.reason}" if item.resource else item.reason
    return _result(
        item.id, _LEVELS[item.severity], text, item.remedy, where, (int(line) if line.isdigit() else 1, None)
    )


def _result(
    rule: str, level: str, text: str, remedy: str | None, path: str, place: Sequence[int | None]
) -> dict[str, Any]:
    region = {name: number for name, number in zip(("startLine", "startColumn"), place, strict=True) if number}
    message = printable_lines(text + (f" ({remedy})" if remedy else ""))
    location = {"artifactLocation": {"uri": uri_of(path)}, "region": region or {"startLine": 1}}
    return {"ruleId": rule, "level": level, "message": {"text": message}, "locations": [{"physicalLocation": location}]}


def uri_of(path: str) -> str:
    """Return a file's place in a document as a URI: below the working folder relative to it."""
    found = Path(path)
    if found.is_absolute() and not found.is_relative_to(Path.cwd()):
        return found.as_uri()
    place = found.relative_to(Path.cwd()) if found.is_absolute() else found
    return quote(place.as_posix(), safe="/", errors="replace")
