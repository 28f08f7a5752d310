"""Where a script has asked which PowerShell or system it is on: what stands there is for that one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from psnet.powershell.syntax import ast
from psnet.powershell.syntax.visit import descendants

if TYPE_CHECKING:
    from collections.abc import Iterator

_ASKED: Final = re.compile(
    r"(?i)\$(?:\{)?(?:psversiontable|psedition|iscoreclr|islinux|ismacos|iswindows)|\.psversion\b"
)
_LEAVING: Final = (ast.ThrowStatement, ast.ExitStatement, ast.ReturnStatement)
_FUNCTIONS: Final = (ast.FunctionDefinition, ast.ScriptBlockExpression)
#: Rules that say something about another version than the one that runs.
RULES: Final = frozenset({"7-only-command", "7-only-parameter", "5.1-only-command"})


def guarded(tree: ast.ScriptBlock, text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of what runs only after the script has asked for its PowerShell or its system."""
    return list(_guarded(tree, text, len(text)))


def _guarded(node: ast.Node, text: str, end: int) -> Iterator[tuple[int, int]]:
    for each in descendants(node):
        if isinstance(each, ast.IfStatement):
            asked = any(_ASKED.search(text, condition.start, condition.end) for condition, _ in each.clauses)
        elif isinstance(each, ast.SwitchStatement):
            asked = each.on is not None and _ASKED.search(text, each.on.start, each.on.end) is not None
        else:
            continue
        if asked:
            leaves = any(isinstance(one, _LEAVING) for one in descendants(each))
            yield each.start, _end_of_block(node, each, end) if leaves else each.end


def _end_of_block(tree: ast.Node, node: ast.Node, end: int) -> int:
    """Return where the function that holds a node ends, the script's end for none."""
    around = [one for one in descendants(tree) if isinstance(one, _FUNCTIONS) and one.start <= node.start < one.end]
    return min((one.end for one in around), default=end)
