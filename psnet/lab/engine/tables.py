"""Which function evaluates which node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.powershell.syntax import ast

from . import (
    assign,
    classes,
    command_eval,
    expressions,
    loops,
    members,
    statements,
    switch,
    trycatch,
    variables,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .frame import Frame


def _configuration_definition(frame: Frame, node: ast.ConfigurationDefinition) -> None:
    from .configurations import configuration_definition  # noqa: PLC0415 - loads the compiler of MOF; few need it

    configuration_definition(frame, node)


def _dynamic_statement(frame: Frame, node: ast.DynamicKeywordStatement) -> None:
    from .configurations import dynamic_statement  # noqa: PLC0415 - as above

    dynamic_statement(frame, node)


EXPRESSIONS: Final[Mapping[type[Any], Callable[..., Any]]] = {
    ast.ConstantExpression: expressions.constant,
    ast.StringConstantExpression: expressions.string_constant,
    ast.ExpandableStringExpression: expressions.expandable_string,
    ast.VariableExpression: variables.variable_expression,
    ast.MemberExpression: members.member_expression,
    ast.InvokeMemberExpression: members.invoke_member,
    ast.BaseCtorInvokeMemberExpression: classes.base_constructor,
    ast.IndexExpression: expressions.index_expression,
    ast.Hashtable: expressions.hashtable,
    ast.ArrayLiteral: expressions.array_literal,
    ast.ArrayExpression: expressions.array_expression,
    ast.SubExpression: expressions.sub_expression,
    ast.ParenExpression: expressions.paren_expression,
    ast.ScriptBlockExpression: expressions.script_block_expression,
    ast.BinaryExpression: expressions.binary,
    ast.UnaryExpression: expressions.unary,
    ast.TernaryExpression: expressions.ternary,
    ast.TypeExpression: expressions.type_expression,
    ast.ConvertExpression: expressions.convert_expression,
    ast.AttributedExpression: expressions.attributed_expression,
    ast.AssignmentStatement: expressions.assignment_value,
    ast.UsingExpression: statements.refuse("$using:"),
}

STATEMENTS: Final[Mapping[type[Any], Callable[..., Any]]] = {
    ast.Pipeline: command_eval.pipeline_statement,
    ast.CommandExpression: command_eval.expression_statement,
    ast.PipelineChain: command_eval.pipeline_chain,
    ast.AssignmentStatement: assign.assign_statement,
    ast.IfStatement: statements.if_statement,
    ast.SwitchStatement: switch.switch_statement,
    ast.ForStatement: loops.for_statement,
    ast.ForEachStatement: loops.foreach_statement,
    ast.WhileStatement: loops.while_statement,
    ast.DoWhileStatement: loops.do_while_statement,
    ast.DoUntilStatement: loops.do_until_statement,
    ast.TryStatement: trycatch.try_statement,
    ast.TrapStatement: lambda _, __: None,
    ast.BreakStatement: statements.break_statement,
    ast.ContinueStatement: statements.continue_statement,
    ast.ReturnStatement: statements.return_statement,
    ast.ExitStatement: statements.exit_statement,
    ast.ThrowStatement: statements.throw_statement,
    ast.FunctionDefinition: statements.function_definition,
    ast.DataStatement: statements.data_statement,
    ast.StatementBlock: statements.block_statement,
    ast.TypeDefinition: classes.type_definition,
    ast.BlockStatement: statements.refuse("workflow block"),
    ast.ConfigurationDefinition: _configuration_definition,
    ast.DynamicKeywordStatement: _dynamic_statement,
}
