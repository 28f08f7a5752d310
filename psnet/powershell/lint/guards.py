"""Where a script has asked which PowerShell or system it is on: what stands there is for that one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from psnet.powershell.syntax import ast
from psnet.powershell.syntax.visit import descendants, pure_expression

from .literals import UNKNOWN, literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_VERSION: Final = re.compile(
    r"(?i)\$(?:\{)?(?:psversiontable|psedition|iscoreclr|islinux|ismacos|iswindows)|\.psversion\b|\$host\.version\b"
)
_ASKED: Final = re.compile(  # also whether there is such a command or type, or what parameters it has
    _VERSION.pattern + r"|\bget-host\b|\b(?:get-command|gcm)\b|-as\s*\[type\]"
)
_TESTING: Final = re.compile(r"(?i)(?:\w+:)?(?:test|is|confirm|assert|get)")
_LEAVING: Final = (ast.ThrowStatement, ast.ExitStatement, ast.ReturnStatement)
_DEEP: Final = 3
_FUNCTIONS: Final = (ast.FunctionDefinition, ast.ScriptBlockExpression)
#: Rules that say something about another version than the one that runs.
RULES: Final = frozenset({"7-only-command", "7-only-parameter", "5.1-only-command"})


def guarded(tree: ast.ScriptBlock, text: str, asking: Iterable[str] = ()) -> list[tuple[int, int]]:
    """Return the (start, end) of what runs only after the script has asked for its PowerShell, system or commands.

    ``asking`` are functions of other files that ask (``askers``).
    """
    held = set(_answers(tree, text))
    functions = "|".join(re.escape(name) for name in sorted({*asking, *askers(tree, text)}))
    asked = _ASKED.pattern
    asked += rf"|(?<![\w-])(?:{functions})(?![\w-])" if functions else ""
    for _ in range(_DEEP):
        pattern = re.compile(asked + (rf"|\$(?:{'|'.join(map(re.escape, sorted(held)))})\b" if held else ""))
        more = set(_flags(tree, text, pattern)) - held
        if not more:
            break
        held |= more
    return list(_guarded(tree, text, pattern))


def askers(tree: ast.ScriptBlock, text: str) -> set[str]:
    """Return the functions of a script, in lower case, that test which PowerShell or system they are on."""
    return {
        node.name.rpartition(":")[2].lower()
        for node in descendants(tree)
        if isinstance(node, ast.FunctionDefinition)
        and _TESTING.match(node.name)
        and _VERSION.search(text, node.start, node.end)
    }


def _answers(tree: ast.ScriptBlock, text: str) -> Iterator[str]:
    """Yield the variables that hold an answer: ``$core = $PSVersionTable.PSEdition -eq 'Core'``."""
    for node in descendants(tree):
        if isinstance(node, ast.AssignmentStatement) and isinstance(node.left, ast.VariableExpression):
            right = node.right
            if (
                right is not None
                and not any(isinstance(one, _FUNCTIONS) for one in descendants(right))
                and _ASKED.search(text, right.start, right.end)
            ):
                yield node.left.path


def _flags(tree: ast.ScriptBlock, text: str, asked: re.Pattern[str]) -> Iterator[str]:
    """Yield the variables that are given a constant where the script has asked: ``if (...) { $parallel = $false }``."""
    for node in descendants(tree):
        if isinstance(node, ast.IfStatement) and any(asked.search(text, c.start, c.end) for c, _ in node.clauses):
            for one in descendants(node):
                if isinstance(one, ast.AssignmentStatement) and isinstance(one.left, ast.VariableExpression):
                    value = literal(pure_expression(one.right))
                    if value is not UNKNOWN and value is not None:
                        yield one.left.path


def _guarded(node: ast.Node, text: str, asked: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for each in descendants(node):
        if isinstance(each, ast.IfStatement):
            asks = any(asked.search(text, condition.start, condition.end) for condition, _ in each.clauses)
        elif isinstance(each, ast.SwitchStatement):
            asks = each.on is not None and asked.search(text, each.on.start, each.on.end) is not None
        else:
            continue
        if asks:
            leaves = any(isinstance(one, _LEAVING) for one in descendants(each))
            yield each.start, _end_of_block(node, each, len(text)) if leaves else each.end


def _end_of_block(tree: ast.Node, node: ast.Node, end: int) -> int:
    """Return where the function that holds a node ends, the script's end for none."""
    around = [one for one in descendants(tree) if isinstance(one, _FUNCTIONS) and one.start <= node.start < one.end]
    return min((one.end for one in around), default=end)
