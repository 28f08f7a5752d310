"""``# psnet: ignore[rule, ...] reason`` beside what it excuses, or on a line of its own above it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psnet.powershell.syntax import ast, line_and_column
from psnet.powershell.syntax.visit import descendants

from .finding import RULES, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

_COMMENT = re.compile(r"#\s*psnet:\s*ignore(?:\[([^\]\r\n]*)\])?[ \t]*([^\r\n]*)", re.IGNORECASE)
_STRINGS = (ast.StringConstantExpression, ast.ExpandableStringExpression)


@dataclass
class Suppression:
    """One comment; ``line`` is the line that it excuses."""

    at: tuple[int, int]
    line: int
    rules: tuple[str, ...]
    reason: str
    used: set[str] = field(default_factory=set)


def suppressions(text: str, tree: ast.ScriptBlock | None) -> list[Suppression]:
    """Return the comments of a text; what stands in a string is none."""
    found: list[Suppression] = []
    strings = [(node.start, node.end) for node in descendants(tree) if isinstance(node, _STRINGS)] if tree else []
    for match in _COMMENT.finditer(text):
        if any(start <= match.start() < end for start, end in strings):
            continue
        line, column = line_and_column(text, match.start())
        before = text[: match.start()].rpartition("\n")[2]
        rules = tuple(rule.strip() for rule in (match[1] or "").split(",") if rule.strip())
        reason = match[2].strip(" \t-:#")
        found.append(Suppression((line, column), line if before.strip() else line + 1, rules, reason))
    return found


def apply(findings: Iterable[Finding], comments: list[Suppression], path: str) -> list[Finding]:
    """Return the findings that no comment excuses, and what is wrong with the comments."""
    kept: list[Finding] = []
    for finding in findings:
        excuse = next((one for one in comments if one.line == finding.line and finding.rule in one.rules), None)
        if excuse is not None:
            excuse.used.add(finding.rule)
        if excuse is None or not excuse.reason:
            kept.append(finding)
    for comment in comments:
        kept += [Finding(path, *comment.at, "suppression", *said) for said in _wrong(comment)]
    return sorted(kept)


def _wrong(comment: Suppression) -> list[tuple[str, str | None]]:
    if not comment.rules:
        return [("an ignore comment names no rule", "write # psnet: ignore[unknown-command] and the reason")]
    wrong: list[tuple[str, str | None]] = []
    for rule in comment.rules:
        if rule not in RULES:
            wrong.append((f"there is no rule {rule}", f"the rules are {', '.join(RULES)}"))
        elif rule not in comment.used:
            wrong.append((f"nothing here breaks {rule}", "remove the comment"))
    if not comment.reason:
        wrong.append(("an ignore comment without a reason excuses nothing", "write the reason after the bracket"))
    return wrong
