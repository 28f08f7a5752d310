"""What can be looked at in a script with syntax errors: the statements that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.powershell.syntax import ast
from psnet.powershell.syntax.visit import children, descendants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.powershell.syntax import ParseError

_OUTER = (ast.ScriptBlock, ast.NamedBlock, ast.FunctionDefinition, ast.StatementBlock, ast.TypeDefinition)


def sound_nodes(tree: ast.ScriptBlock, errors: Sequence[ParseError]) -> Iterator[ast.Node]:
    """Yield every node of a tree but those of statements in which an error stands, or which come after one.

    A function that holds an error is entered: what stands in it before the error is sound.
    """
    if not errors:
        yield from descendants(tree)
        return
    first = min(error.start for error in errors)
    pending: list[ast.Node] = [tree]
    while pending:
        node = pending.pop()
        if node.end < first:
            yield from descendants(node)
        elif isinstance(node, _OUTER):
            pending += reversed(children(node))
        elif node.start > first and _recovered(node, errors):
            yield from descendants(node)


def _recovered(node: ast.Node, errors: Sequence[ParseError]) -> bool:
    """Say whether a statement after the first error has none itself: no error in it, and none right before it."""
    return not any(node.start - 1 <= error.start <= node.end or node.start <= error.end <= node.end for error in errors)
