"""Values that can be read off the text: constants, and lists of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.powershell.syntax import ast
from psnet.powershell.syntax.visit import pure_expression, statements_of

if TYPE_CHECKING:
    from collections.abc import Sequence

UNKNOWN: Final = object()
_VARIABLES: Final = {"true": True, "false": False, "null": None}


def literal(node: ast.Node | None) -> Any:
    """Return the value of an expression, UNKNOWN when only a run could tell; a list stands for an array."""
    if isinstance(node, (ast.StringConstantExpression, ast.ConstantExpression)):
        return node.value
    if isinstance(node, ast.VariableExpression) and not node.splatted:
        return _VARIABLES.get(node.path.lower(), UNKNOWN)
    if isinstance(node, ast.ArrayLiteral):
        return [literal(item) for item in node.elements]
    if isinstance(node, ast.ArrayExpression) and node.body is not None:
        return _array(statements_of(node.body))
    if isinstance(node, ast.ParenExpression):
        inner = pure_expression(node.pipeline)
        return literal(inner) if inner is not None else UNKNOWN
    if isinstance(node, ast.UnaryExpression) and node.operator == "Minus":
        value = literal(node.operand)
        return -value if isinstance(value, int) and not isinstance(value, bool) else UNKNOWN
    return UNKNOWN


def _array(statements: Sequence[ast.Node]) -> Any:
    found: list[Any] = []
    for statement in statements:
        value = literal(pure_expression(statement))
        if value is UNKNOWN:
            return UNKNOWN
        found += value if isinstance(value, list) else [value]
    return found


def elements(value: Any) -> list[Any]:
    """Return what is known of a value: its elements, or itself."""
    return [item for item in (value if isinstance(value, list) else [value]) if item is not UNKNOWN]


def text_of(node: ast.Node | None) -> str | None:
    """Return the text of a constant, None for what only a run could tell."""
    value = literal(node)
    return value if isinstance(value, str) else None


def beginning(node: ast.Node | None) -> str:
    """Return the text with which an expression such as ``('HKLM:' + $key)`` begins, empty for none."""
    while isinstance(node, (ast.ParenExpression, ast.BinaryExpression)):
        node = pure_expression(node.pipeline) if isinstance(node, ast.ParenExpression) else node.left
    text = getattr(node, "value", None)
    return text if isinstance(text, str) else ""
