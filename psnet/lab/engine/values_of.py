"""The value of a statement where an expression is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.powershell.syntax import ast

from . import net

if TYPE_CHECKING:
    from psnet.powershell.syntax.ast import Node

    from .frame import Frame


def pure_expression(node: Node) -> Node | None:
    """Return the expression that a statement is, None when it is more than that."""
    if isinstance(node, ast.Pipeline):
        if len(node.elements) != 1 or node.background:
            return None
        node = node.elements[0]
    if isinstance(node, ast.CommandExpression) and not node.redirections:
        return node.expression
    return None


def statement_value(frame: Frame, node: Node) -> Any:
    """Return what a statement gives: an expression's value as it is, else its output collapsed."""
    expression = pure_expression(node)
    if expression is not None:
        return frame.value(expression)
    if type(node) in frame.expressions:
        return frame.value(node)
    return net.collapse(frame.captured(lambda: frame.execute(node)))


def label_of(frame: Frame, node: Node | None) -> str | None:
    """Return the label that a jump names."""
    if node is None:
        return None
    if isinstance(node, ast.StringConstantExpression):
        return node.value
    return net.to_string(frame.value(node))
