"""The restricted language of data sections."""

# ruff: noqa: SIM905 - tables of words read best as words

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import ast
from .type_facts import primitive
from .visit import children

if TYPE_CHECKING:
    from .parser_base import ParserBase

_FORBIDDEN: Final[dict[type[ast.Node], str]] = {
    ast.ScriptBlock: "ScriptBlockNotSupportedInDataSection",
    ast.ScriptBlockExpression: "ScriptBlockNotSupportedInDataSection",
    ast.ParamBlock: "ParameterDeclarationNotSupportedInDataSection",
    ast.Attribute: "AttributeNotSupportedInDataSection",
    ast.AttributedExpression: "AttributeNotSupportedInDataSection",
    ast.FunctionDefinition: "FunctionDeclarationNotSupportedInDataSection",
    ast.TrapStatement: "TrapStatementNotSupportedInDataSection",
    ast.SwitchStatement: "SwitchStatementNotSupportedInDataSection",
    ast.DataStatement: "DataSectionStatementNotSupportedInDataSection",
    ast.ForEachStatement: "ForeachStatementNotSupportedInDataSection",
    ast.DoWhileStatement: "DoWhileStatementNotSupportedInDataSection",
    ast.DoUntilStatement: "DoWhileStatementNotSupportedInDataSection",
    ast.ForStatement: "ForWhileStatementNotSupportedInDataSection",
    ast.WhileStatement: "ForWhileStatementNotSupportedInDataSection",
    ast.TryStatement: "TryStatementNotSupportedInDataSection",
    ast.BreakStatement: "FlowControlStatementNotSupportedInDataSection",
    ast.ContinueStatement: "FlowControlStatementNotSupportedInDataSection",
    ast.ReturnStatement: "FlowControlStatementNotSupportedInDataSection",
    ast.ExitStatement: "FlowControlStatementNotSupportedInDataSection",
    ast.ThrowStatement: "FlowControlStatementNotSupportedInDataSection",
    ast.AssignmentStatement: "AssignmentStatementNotSupportedInDataSection",
    ast.MergingRedirection: "RedirectionNotSupportedInDataSection",
    ast.FileRedirection: "RedirectionNotSupportedInDataSection",
    ast.MemberExpression: "PropertyReferenceNotSupportedInDataSection",
    ast.InvokeMemberExpression: "MethodCallNotSupportedInDataSection",
    ast.IndexExpression: "ArrayReferenceNotSupportedInDataSection",
    ast.BlockStatement: "ParallelAndSequenceBlockNotSupportedInDataSection",
}
_BINARY: Final = frozenset(
    "DotDot Format Join Imatch Inotmatch Ireplace Isplit Cmatch Cnotmatch Creplace Csplit As".split()
)
_UNARY: Final = frozenset("MinusMinus PlusPlus PostfixPlusPlus PostfixMinusMinus Join Isplit Csplit".split())
_VARIABLES: Final = frozenset({"psculture", "psuiculture", "true", "false", "null"})


def check_data_section(parser: ParserBase, statement: ast.DataStatement) -> None:
    """Report what a data section may not contain."""
    allowed: set[str] | None = {"convertfrom-stringdata"}
    for name in statement.allowed:
        if not isinstance(name, ast.StringConstantExpression):
            allowed = None
            break
        if allowed is not None:
            allowed.add(name.value.lower())
    if statement.body is not None:
        _check(parser, statement.body, allowed)


def _check(parser: ParserBase, node: ast.Node, allowed: set[str] | None) -> None:
    _check_one(parser, node, allowed)
    for child in children(node):
        _check(parser, child, allowed)


def _check_one(parser: ParserBase, node: ast.Node, allowed: set[str] | None) -> None:
    error_id = _FORBIDDEN.get(type(node))
    if error_id is not None:
        parser.error(error_id, node)
    elif isinstance(node, ast.TypeConstraint | ast.TypeExpression):
        if primitive(node.type_name.removesuffix("[]")) in {None, "Object"}:
            parser.error("TypeNotAllowedInDataSection", node, node.type_name)
    elif isinstance(node, ast.VariableExpression):
        if node.path.lower() not in _VARIABLES:
            parser.error("VariableReferenceNotSupportedInDataSection", node)
    elif isinstance(node, ast.BinaryExpression):
        if node.operator in _BINARY:
            parser.lexer.report("OperatorNotSupportedInDataSection", node.op_start, node.op_end)
    elif isinstance(node, ast.UnaryExpression):
        if node.operator in _UNARY:
            parser.error("OperatorNotSupportedInDataSection", node)
    elif isinstance(node, ast.Command):
        _check_command(parser, node, allowed)


def _check_command(parser: ParserBase, node: ast.Command, allowed: set[str] | None) -> None:
    if node.invocation == "Dot":
        parser.error("DotSourcingNotSupportedInDataSection", node)
        return
    if allowed is None:
        return
    head = node.elements[0]
    if not isinstance(head, ast.StringConstantExpression):
        called = node.invocation == "Ampersand"
        error_id = "OperatorNotSupportedInDataSection" if called else "CmdletNotInAllowedListForDataSection"
        parser.error(error_id, node)
    elif head.value.lower() not in allowed:
        parser.error("CmdletNotInAllowedListForDataSection", node, head.value)
