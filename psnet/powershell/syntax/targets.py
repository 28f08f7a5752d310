"""What may stand on the left of an assignment, and where [ref] may stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import ast
from .paths import variable_path
from .type_facts import is_reference, is_void
from .visit import descendants, pure_expression

if TYPE_CHECKING:
    from .parser_base import ParserBase

_ASSIGNABLE: Final = (
    ast.VariableExpression,
    ast.MemberExpression,
    ast.InvokeMemberExpression,
    ast.IndexExpression,
    ast.ArrayLiteral,
    ast.ConvertExpression,
    ast.AttributedExpression,
)
# automatic variable: the types with which it may be assigned
_AUTOMATIC: Final = {
    "_": {"object"},
    "args": {"object[]"},
    "this": {"object"},
    "input": {"object"},
    "pscmdlet": {"psscriptcmdlet"},
    "psboundparameters": {"psboundparametersdictionary"},
    "myinvocation": {"invocationinfo"},
    "psscriptroot": {"string"},
    "pscommandpath": {"string"},
}


def check_target(parser: ParserBase, node: ast.Node, error_id: str, *, simple: bool) -> None:
    """Report what cannot be assigned to; ``simple`` for ``=``, not for ``+=`` or ``++``."""
    if isinstance(node, ast.ArrayLiteral):
        if simple:
            for element in node.elements:
                check_target(parser, element, error_id, simple=True)
        else:
            parser.error(error_id, node)
    elif isinstance(node, ast.ParenExpression):
        expression = pure_expression(node.pipeline)
        if expression is None:
            parser.error(error_id, node.pipeline or node)
        else:
            check_target(parser, expression, error_id, simple=simple)
    elif not isinstance(node, _ASSIGNABLE) or getattr(node, "null_conditional", False):
        parser.error(error_id, node)
    elif isinstance(node, ast.ConvertExpression | ast.AttributedExpression):
        _check_converted(parser, node, error_id, simple=simple)


def _check_converted(
    parser: ParserBase,
    node: ast.ConvertExpression | ast.AttributedExpression,
    error_id: str,
    *,
    simple: bool,
) -> None:
    inner: ast.Node | None = node
    converts = 0
    reference: ast.TypeConstraint | None = None
    last = ""
    while isinstance(inner, ast.ConvertExpression | ast.AttributedExpression):
        if isinstance(inner, ast.ConvertExpression) and inner.type_constraint is not None:
            converts += 1
            last = inner.type_constraint.type_name
            if is_reference(last):
                reference = inner.type_constraint
            elif is_void(last):
                parser.error("VoidTypeConstraintNotAllowed", inner.type_constraint)
        inner = inner.operand
    if reference is not None and converts > 1:
        parser.error("ReferenceNeedsToBeByItselfInTypeConstraint", reference)
        return
    if isinstance(inner, ast.VariableExpression):
        path = variable_path(inner.path)
        expected = None if path.drive or path.scope in {"global", "script"} else _AUTOMATIC.get(path.name.lower())
        if expected is not None and last.lower().rpartition(".")[2] not in expected:
            parser.error("AssignmentStatementToAutomaticNotSupported", node, path.name)
    if inner is not None:
        check_target(parser, inner, error_id, simple=simple)


def check_reference_cast(parser: ParserBase, node: ast.ConvertExpression, parents: list[ast.Node]) -> None:
    """Report [ref] under or over another cast."""
    if node.type_constraint is None or not is_reference(node.type_constraint.type_name):
        return
    double = False
    inner: ast.Node | None = node.operand
    while isinstance(inner, ast.ConvertExpression | ast.AttributedExpression):
        constraint = inner.type_constraint if isinstance(inner, ast.ConvertExpression) else None
        if constraint is not None and is_reference(constraint.type_name):
            double = True
            parser.error("ReferenceNeedsToBeByItselfInTypeSequence", constraint)
        inner = inner.operand
    above = parents[-1] if parents else None
    if double or not isinstance(above, ast.ConvertExpression) or above.type_constraint is None:
        return
    if not is_reference(above.type_constraint.type_name) and not _assigned(node, parents):
        parser.error("ReferenceNeedsToBeLastTypeInTypeConversion", node.type_constraint)


def _assigned(node: ast.Node, parents: list[ast.Node]) -> bool:
    for parent in reversed(parents):
        if isinstance(parent, ast.AssignmentStatement):
            left = parent.left
            return left is not None and any(one is node for one in descendants(left))
        if isinstance(parent, ast.CommandExpression):
            return False
    return False
