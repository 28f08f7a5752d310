"""Which expressions the engine takes for constants (arguments of attributes and of #requires)."""

# ruff: noqa: SIM905 - tables of words read best as words

from __future__ import annotations

from . import ast
from .paths import variable_path
from .type_facts import primitive
from .visit import pure_expression

_FOLDABLE = frozenset("Exclaim Multiply Divide Rem Plus Minus Not Bnot And Or Xor Band Bor Bxor Shl Shr".split())
_SAFE_TYPES = frozenset({"object", "guid", "version", "uri", "timespan", "bigint", "regex"})
_ENUM_LIKE = frozenset("MaxValue MinValue Epsilon NaN PositiveInfinity NegativeInfinity".lower().split())


def is_constant(
    node: ast.Node | None, *, attribute: bool = True, in_class: bool = False, requires: bool = False
) -> bool:
    """Return whether the value of a node is known when a script is read."""

    def constant(inner: ast.Node | None) -> bool:
        return is_constant(inner, attribute=attribute, in_class=in_class, requires=requires)

    if isinstance(node, ast.ConstantExpression | ast.StringConstantExpression):
        return True
    if isinstance(node, ast.VariableExpression):
        return variable_path(node.path).name.lower() in {"true", "false", "null"}
    if isinstance(node, ast.TypeExpression):
        return attribute or primitive(node.type_name) is not None
    if isinstance(node, ast.ScriptBlockExpression):
        return attribute and not in_class
    if isinstance(node, ast.ArrayLiteral):
        return (attribute or requires) and all(map(constant, node.elements))
    if isinstance(node, ast.Hashtable):
        return requires and all(constant(key) and constant(value) for key, value in node.pairs)
    if isinstance(node, ast.ParenExpression):
        return constant(pure_expression(node.pipeline))
    if isinstance(node, ast.Pipeline | ast.CommandExpression):
        return constant(pure_expression(node))
    if isinstance(node, ast.SubExpression):
        body = node.body
        return body is not None and not body.traps and len(body.statements) == 1 and constant(body.statements[0])
    if isinstance(node, ast.UsingExpression):
        return constant(node.expression)
    if isinstance(node, ast.BinaryExpression):
        return node.operator in _FOLDABLE and constant(node.left) and constant(node.right)
    if isinstance(node, ast.UnaryExpression):
        return node.operator in _FOLDABLE and constant(node.operand)
    if isinstance(node, ast.ConvertExpression):
        name = node.type_constraint.type_name.lower() if node.type_constraint else ""
        safe = primitive(name) is not None or name.removeprefix("system.") in _SAFE_TYPES
        return safe and constant(node.operand)
    if isinstance(node, ast.MemberExpression):
        return _is_literal_field(node)
    return False


def _is_literal_field(node: ast.MemberExpression) -> bool:
    """Return whether ``[type]::Name`` can name a constant field or an enum's value."""
    if not node.static or not isinstance(node.object, ast.TypeExpression):
        return False
    if not isinstance(node.member, ast.StringConstantExpression):
        return False
    kind = primitive(node.object.type_name)
    return kind is None or node.member.value.lower() in _ENUM_LIKE
