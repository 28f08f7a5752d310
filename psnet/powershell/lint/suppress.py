"""``# psnet: ignore[rule, ...] reason`` beside what it excuses, or on a line of its own above it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psnet.powershell.syntax import ast, line_and_column
from psnet.powershell.syntax.visit import descendants

from .finding import ANALYZER, RULES, Finding
from .literals import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    if _COMMENT.search(text) is None:
        return found
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
        spelt = {finding.rule, ANALYZER.get(finding.rule)}
        excuse = next((one for one in comments if one.line == finding.line and spelt.intersection(one.rules)), None)
        if excuse is not None:
            excuse.used |= spelt.intersection(excuse.rules)  # type: ignore[arg-type]
        if excuse is None or not excuse.reason:
            kept.append(finding)
    for comment in comments:
        kept += [Finding(path, *comment.at, "suppression", *said) for said in _wrong(comment)]
    return sorted(kept)


def attributed(findings: Iterable[Finding], tree: ast.ScriptBlock | None, starts: list[int]) -> list[Finding]:
    """Return the findings that no SuppressMessage attribute of the script or function around them excuses."""
    found = list(findings)
    excuses = list(_attributes(tree)) if tree is not None and found else []
    if not excuses:
        return found

    def excused(finding: Finding) -> bool:
        place = starts[finding.line - 1] + finding.column - 1
        spelt = {finding.rule.lower(), ANALYZER.get(finding.rule, "").lower()}
        return any(start <= place <= end and rule in spelt for start, end, rule in excuses)

    return [finding for finding in found if not excused(finding)]


def _attributes(tree: ast.ScriptBlock) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, rule in lower case) of the SuppressMessage attributes of param blocks."""
    for node in descendants(tree):
        if isinstance(node, ast.ScriptBlock) and node.param is not None:
            for attribute in node.param.attributes:
                name = attribute.type_name.lower() if isinstance(attribute, ast.Attribute) else ""
                if name.removesuffix("attribute").endswith("suppressmessage") and attribute.positional:  # type: ignore[attr-defined]
                    yield node.start, node.end, (text_of(attribute.positional[0]) or "").lower()  # type: ignore[attr-defined]


def _wrong(comment: Suppression) -> list[tuple[str, str | None]]:
    if not comment.rules:
        return [("an ignore comment names no rule", "write # psnet: ignore[unknown-command] and the reason")]
    wrong: list[tuple[str, str | None]] = []
    for rule in comment.rules:
        if rule not in RULES and rule not in ANALYZER.values():
            wrong.append((f"there is no rule {rule}", f"the rules are {', '.join(RULES)}"))
        elif rule not in comment.used:
            wrong.append((f"nothing here breaks {rule}", "remove the comment"))
    if not comment.reason:
        wrong.append(("an ignore comment without a reason excuses nothing", "write the reason after the bracket"))
    return wrong
