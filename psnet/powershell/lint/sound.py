"""What can be looked at in a script with syntax errors: the statements that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.powershell.syntax import ast
from psnet.powershell.syntax.visit import children, descendants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.powershell.syntax import ParseError

_BRACKETS = frozenset(
    {
        *("MissingEndCurlyBrace", "UnexpectedToken", "MissingEndParenthesisInExpression", "MissingCatchOrFinally"),
        "TerminatorExpectedAtEndOfString",
    }
)
_PARTED = frozenset({"MissingEndParenthesisInFunctionParameterList", "MissingEndParenthesisInExpression"})
_PARTS = (ast.FunctionDefinition, ast.TypeDefinition, ast.ConfigurationDefinition)
_OUTER = (ast.ScriptBlock, ast.NamedBlock, ast.FunctionDefinition, ast.StatementBlock, ast.TypeDefinition)


_STATEMENTS = (
    *(ast.IfStatement, ast.SwitchStatement, ast.ForEachStatement, ast.ForStatement, ast.WhileStatement),
    *(ast.DoWhileStatement, ast.DoUntilStatement, ast.TryStatement, ast.CatchClause),
)


def sound_nodes(tree: ast.ScriptBlock, errors: Sequence[ParseError]) -> Iterator[ast.Node]:
    """Yield every node of a tree with errors but those of statements in which one stands, or which come after one.

    A function that holds an error is entered: what stands in it before the error is sound. Where a closing brace is
    all that is missing, as while somebody writes, so are other statements with blocks.
    """
    unclosed = all(error.error_id == "MissingEndCurlyBrace" for error in errors)
    entered = (*_OUTER, *_STATEMENTS) if unclosed else _OUTER
    first = min(error.start for error in errors)
    pending: list[ast.Node] = [tree]
    while pending:
        node = pending.pop()
        if node.end < first:
            yield from descendants(node)
        elif isinstance(node, entered):
            pending += reversed(children(node))
        elif node.start > first and _recovered(node, errors):
            yield from descendants(node)


def own_errors(tree: ast.ScriptBlock, errors: Sequence[ParseError]) -> list[ParseError]:
    """Return the first error, and each after it that a whole statement without errors parts from the one before.

    What follows an error with no such statement between is mostly its consequence; so are brackets and quotes that
    do not match.
    """
    whole = sorted((n.start, n.end, isinstance(n, _PARTS)) for n in _statements(tree) if not _inside(n, errors))
    found: list[ParseError] = []
    for error in errors:
        if found:
            # Where a parameter list breaks off, the rest of it is read as statements.
            long = found[-1].error_id in _PARTED
            apart = any(found[-1].end <= a and b <= error.start and (part or not long) for a, b, part in whole)
            if not apart or error.error_id in _BRACKETS:
                continue
        found.append(error)
    return found


def _statements(tree: ast.ScriptBlock) -> Iterator[ast.Node]:
    for node in descendants(tree):
        if isinstance(node, (ast.NamedBlock, ast.StatementBlock)):
            yield from node.statements


def _inside(node: ast.Node, errors: Sequence[ParseError]) -> bool:
    return isinstance(node, ast.ErrorStatement) or not _recovered(node, errors)


def _recovered(node: ast.Node, errors: Sequence[ParseError]) -> bool:
    """Say whether a statement after the first error has none itself: no error in it, and none right before it."""
    return not any(node.start - 1 <= error.start <= node.end or node.start <= error.end <= node.end for error in errors)
