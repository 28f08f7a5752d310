"""Where the lab's code says on which rule it stands, and where it refuses without saying so."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LAB: Final = Path(__file__).resolve().parents[2] / "psnet" / "lab"
_ID: Final = r"[a-z0-9][a-z0-9.-]*[a-z0-9]"
#: ``# rule: hns-name-taken`` or ``# rule: one, other``.
_MARKER: Final = re.compile(rf"#.*?\brule: ({_ID}(?:, {_ID})*)")
#: What the host model raises when the simulated host says no.
_REFUSALS: Final = frozenset({"HnsError", "HostRefusal", "win32", "hresult", "DockerError"})


def markers() -> dict[str, list[str]]:
    """Return the places (``file:line``) of every marker in the lab, by rule id."""
    found: dict[str, list[str]] = {}
    for path in sorted(LAB.rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for match in _MARKER.finditer(line):
                for name in match[1].split(", "):
                    found.setdefault(name, []).append(f"{path.relative_to(LAB).as_posix()}:{number}")
    return found


def unmarked_refusals() -> list[str]:
    """Return every refusal of the host model without a marker.

    It stands on the lines of the ``raise``, on those of the branch or function around it, or right above either.
    """
    found = []
    for path in sorted((LAB / "host").rglob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        tree = ast.parse("\n".join(lines))
        for heads, statement in _raises(tree, ()):
            if not any(_marked(lines, first, last) for first, last in [*heads, (statement.lineno, _end(statement))]):
                found.append(f"{path.relative_to(LAB).as_posix()}:{statement.lineno}")
    return found


def _raises(
    node: ast.AST, heads: tuple[tuple[int, int], ...]
) -> Iterator[tuple[tuple[tuple[int, int], ...], ast.Raise]]:
    """Yield each refusal with the first and last line of the heads of the innermost branch and function around it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise) and _refuses(child):
            yield heads, child
        elif isinstance(child, ast.FunctionDef):
            yield from _raises(child, (_head(child),))
        elif isinstance(child, ast.If | ast.For | ast.While | ast.ExceptHandler | ast.With | ast.match_case):
            yield from _raises(child, (*heads[:1], _head(child)))
        else:
            yield from _raises(child, heads)


def _refuses(statement: ast.Raise) -> bool:
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in _REFUSALS
        for node in ast.walk(statement)
    )


def _head(node: ast.AST) -> tuple[int, int]:
    body = node.body  # type: ignore[attr-defined] - every branch and function has one
    first = getattr(node, "lineno", None) or node.pattern.lineno  # type: ignore[attr-defined] - a match_case
    return first, max(first, body[0].lineno - 1)


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _marked(lines: list[str], first: int, last: int) -> bool:
    while first > 1 and lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return any(_MARKER.search(line) for line in lines[first - 1 : last])
