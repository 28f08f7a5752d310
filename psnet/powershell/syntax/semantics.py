"""What the engine refuses after the grammar has accepted it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import ast
from .attribute_facts import attribute_facts, place_of
from .class_checks import check_dsc_resource, check_method
from .constants import is_constant
from .flow import Flow
from .number_text import number_text
from .paths import variable_path
from .restricted import check_data_section
from .symbols import resolve_symbols
from .targets import check_reference_cast, check_target
from .type_facts import derives, exception_name, is_void
from .visit import children

if TYPE_CHECKING:
    from collections.abc import Callable

    from .parser_base import ParserBase

_IMPLICIT: Final = frozenset(
    {"lastexitcode", "error", "stacktrace", "outputencoding", "nestedpromptlevel", "pwd", "matches"}
    | {"true", "false", "null"}
)
_MAX_DEPTH: Final = 1000  # of nodes; whatever walks a tree by recursion can rest on it
_INCREMENTS: Final = frozenset({"PlusPlus", "MinusMinus", "PostfixPlusPlus", "PostfixMinusMinus"})


def check(parser: ParserBase, tree: ast.ScriptBlock) -> None:
    """Report what is wrong in a tree."""
    resolve_symbols(parser, tree)
    _Checker(parser, tree).visit(tree)


class _Checker:
    """Walks a tree; ``parents`` are the nodes above the one that is looked at."""

    def __init__(self, parser: ParserBase, tree: ast.ScriptBlock) -> None:
        self.parser = parser
        self.parents: list[ast.Node] = []
        self.members: list[ast.Node | None] = []
        self.unset: set[int] = set()
        self.namespaces = tuple(
            using.name.value
            for using in tree.usings
            if using.kind == "namespace" and isinstance(using.name, ast.StringConstantExpression)
        )

    def visit(self, node: ast.Node) -> None:
        """Check a node and all below it."""
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node)
        scope = isinstance(node, ast.ScriptBlock) and not (
            self.parents and isinstance(self.parents[-1], ast.FunctionMember)
        )
        member = isinstance(node, ast.FunctionMember | ast.PropertyMember)
        if scope or member:
            self.members.append(node if member else None)
        self.parents.append(node)
        if len(self.parents) > _MAX_DEPTH:
            raise RecursionError
        for child in children(node):
            self.visit(child)
        self.parents.pop()
        if scope or member:
            self.members.pop()

    def above(self, level: int) -> ast.Node | None:
        """Return the node some levels above (1: the parent)."""
        return self.parents[-level] if len(self.parents) >= level else None

    # -- parameters and attributes --------------------------------------------------------------

    def duplicates(self, parameters: tuple[ast.Parameter, ...] | None) -> None:
        """Report parameters that occur twice or are of type void."""
        seen: set[str] = set()
        for parameter in parameters or ():
            if parameter.variable is not None:
                name = parameter.variable.path.lower()
                if name in seen:
                    self.parser.error("DuplicateFormalParameter", parameter.variable, name)
                seen.add(name)
            for one in parameter.attributes:
                if isinstance(one, ast.TypeConstraint) and is_void(one.type_name):
                    self.parser.error("VoidTypeConstraintNotAllowed", one)
                    break

    def param_block(self, node: ast.ParamBlock) -> None:
        self.duplicates(node.parameters)

    def function(self, node: ast.FunctionDefinition) -> None:
        if node.parameters and node.body is not None and node.body.param is not None:
            self.parser.error("OnlyOneParameterListAllowed", node.body.param)
        else:
            self.duplicates(node.parameters)
        if node.is_workflow and self.parser.seven:
            self.parser.error("WorkflowNotSupportedInPowerShellCore", node)

    def parameter(self, node: ast.Parameter) -> None:
        method = isinstance(self.above(1), ast.FunctionMember)
        typed = False
        for one in node.attributes:
            if not isinstance(one, ast.TypeConstraint):
                continue
            if one.type_name.lower() == "ordered":
                self.parser.error("OrderedAttributeOnlyOnHashLiteralNode", one)
            elif method:
                if typed:
                    self.parser.error("MultipleTypeConstraintsOnMethodParam", one)
                typed = True

    def attribute(self, node: ast.Attribute) -> None:
        parent = self.above(1)
        in_class = isinstance(parent, ast.TypeDefinition | ast.PropertyMember | ast.FunctionMember) or (
            isinstance(parent, ast.Parameter) and isinstance(self.members[-1], ast.FunctionMember)
        )
        plain = "ParameterAttributeArgumentNeedsToBeConstant"
        error_id = plain if in_class else plain + "OrScriptBlock"
        if in_class:
            self._declared(node, parent)
        seen: set[str] = set()
        for argument in node.named:
            name = argument.name.lower()
            if name in seen:
                self.parser.error("DuplicateNamedArgument", argument, argument.name)
            elif argument.value is not None and not is_constant(argument.value, in_class=in_class):
                self.parser.error(error_id, argument.value)
            seen.add(name)
        for value in node.positional:
            if not is_constant(value, in_class=in_class):
                self.parser.error(error_id, value)

    def _declared(self, node: ast.Attribute, parent: ast.Node | None) -> None:
        facts = attribute_facts(node.type_name)
        if facts is None:
            return
        places, properties = facts
        if place_of(parent) not in places:
            self.parser.error("AttributeNotAllowedOnDeclaration", node, node.type_name)
        for argument in node.named:
            if argument.name.lower() not in properties:
                self.parser.error("PropertyNotFoundForAttribute", argument, argument.name)

    # -- statements -----------------------------------------------------------------------------

    def switch(self, node: ast.SwitchStatement) -> None:
        if "parallel" in node.flags:
            self.parser.error("KeywordParameterReservedForFutureUse", node)

    def _in_workflow(self) -> bool:
        return any(isinstance(one, ast.FunctionDefinition) and one.is_workflow for one in self.parents)

    def foreach(self, node: ast.ForEachStatement) -> None:
        if (node.parallel or node.throttle is not None) and not self._in_workflow():
            self.parser.error("KeywordParameterReservedForFutureUse", node)
        if node.throttle is not None and not node.parallel:
            self.parser.error("ThrottleLimitRequiresParallelFlag", node)

    def data(self, node: ast.DataStatement) -> None:
        check_data_section(self.parser, node)

    def try_statement(self, node: ast.TryStatement) -> None:
        for index, first in enumerate(node.catches):
            for second in node.catches[index + 1 :]:
                if not first.types:
                    self.parser.error_before("EmptyCatchNotLast", second)
                    break
                self._shadowed(first, second)

    def _shadowed(self, first: ast.CatchClause, second: ast.CatchClause) -> None:
        for earlier in first.types:
            base = exception_name(earlier.type_name, self.namespaces)
            for later in second.types:
                name = exception_name(later.type_name, self.namespaces)
                if base and name and derives(name, base):
                    self.parser.error("ExceptionTypeAlreadyCaught", later, later.type_name)

    def jump(self, node: ast.BreakStatement | ast.ContinueStatement) -> None:
        label: str | None = ""
        if node.label is not None:
            label = node.label.value if isinstance(node.label, ast.StringConstantExpression) else None
        self._leaving_finally(node, label)
        if label:
            self._label_exists(node, label.lower())

    def _label_exists(self, node: ast.Node, label: str) -> None:
        for parent in reversed(self.parents):
            if isinstance(parent, ast.FunctionMember):
                self.parser.error("LabelNotFound", node, label)
                return
            if isinstance(parent, ast.FunctionDefinition):
                return
            if isinstance(parent, _LOOPS) and (parent.label or "").lower() == label:
                return

    def _leaving_finally(self, node: ast.Node, label: str | None) -> None:
        below: ast.Node = node
        for parent in reversed(self.parents):
            if isinstance(parent, ast.NamedBlock | ast.TrapStatement | ast.ScriptBlock):
                return
            if isinstance(parent, _LABELED) and label is not None:
                own = (parent.label or "").lower()
                if not label or own == label.lower():
                    return
            if isinstance(parent, ast.TryStatement) and parent.finally_block is below:
                self.parser.error("ControlLeavingFinally", node)
                return
            below = parent

    def return_statement(self, node: ast.ReturnStatement) -> None:
        self._leaving_finally(node, None)
        member = self.members[-1] if self.members else None
        if not isinstance(member, ast.FunctionMember):
            return
        void = member.returns is None or is_void(member.returns.type_name)
        if void and node.pipeline is not None:
            self.parser.error("VoidMethodHasReturn", node)
        elif not void and node.pipeline is None:
            self.parser.error("NonVoidMethodMissingReturnValue", node)

    def block_statement(self, node: ast.BlockStatement) -> None:
        if not self._in_workflow():
            self.parser.lexer.report("UnexpectedKeyword", node.start, node.start + len(node.kind), node.kind)

    def using(self, node: ast.UsingStatement) -> None:
        if node.kind in {"type", "command"} or node.alias is not None:
            self.parser.error("UsingStatementNotSupported", node)

    # -- classes --------------------------------------------------------------------------------

    def type_definition(self, node: ast.TypeDefinition) -> None:
        check_dsc_resource(self.parser, node)

    def method(self, node: ast.FunctionMember) -> None:
        flow = Flow(node)
        self.unset |= flow.unset
        self.duplicates(node.parameters)
        check_method(self.parser, node, returns=flow.returns)

    def property(self, node: ast.PropertyMember) -> None:
        if node.type_constraint is not None and is_void(node.type_constraint.type_name):
            self.parser.error("TypeNotAllowedForProperty", node.type_constraint)

    # -- expressions ----------------------------------------------------------------------------

    def assignment(self, node: ast.AssignmentStatement) -> None:
        if node.left is not None:
            check_target(self.parser, node.left, "InvalidLeftHandSide", simple=node.operator == "Equals")

    def unary(self, node: ast.UnaryExpression) -> None:
        if node.operator in _INCREMENTS and node.operand is not None:
            check_target(self.parser, node.operand, "OperatorRequiresVariableOrProperty", simple=False)

    def convert(self, node: ast.ConvertExpression) -> None:
        name = node.type_constraint.type_name.lower() if node.type_constraint else ""
        if name == "ordered" and not isinstance(node.operand, ast.Hashtable):
            self.parser.error("OrderedAttributeOnlyOnHashLiteralNode", node)
        check_reference_cast(self.parser, node, self.parents)

    def attributed(self, node: ast.AttributedExpression) -> None:
        inner: ast.Node | None = node.operand
        while isinstance(inner, ast.AttributedExpression | ast.ConvertExpression):
            inner = inner.operand
        if not isinstance(inner, ast.VariableExpression) and node.attribute is not None:
            self.parser.error("UnexpectedAttribute", node.attribute)

    def using_expression(self, node: ast.UsingExpression) -> None:
        inner = node.expression
        while inner is not None and not isinstance(inner, ast.VariableExpression):
            if isinstance(inner, ast.MemberExpression) and isinstance(inner.member, ast.StringConstantExpression):
                inner = inner.object
            elif isinstance(inner, ast.IndexExpression) and inner.index is not None:
                if not is_constant(inner.index):
                    self.parser.error("InvalidUsingExpression", inner.index)
                    return
                inner = inner.target
            else:
                self.parser.error("InvalidUsingExpression", inner)
                return

    def variable(self, node: ast.VariableExpression) -> None:
        parent = self.above(1)
        if node.splatted and not isinstance(parent, ast.Command | ast.UsingExpression):
            in_list = isinstance(parent, ast.ArrayLiteral) and isinstance(self.above(2), ast.Command)
            self.parser.error("SplattingNotPermitted" + ("InArgumentList" if in_list else ""), node)
        name = variable_path(node.path).name.lower()
        if id(node) in self.unset and name not in _IMPLICIT:
            self.parser.error("VariableNotLocal", node, node.path)
        if name == "this" and node.path.lower() == "this":
            member = self.members[-1] if self.members else None
            if isinstance(member, ast.FunctionMember | ast.PropertyMember) and member.static:
                self.parser.error("NonStaticMemberAccessInStaticMember", node)

    def hashtable(self, node: ast.Hashtable) -> None:
        seen: set[str] = set()
        for key, _ in node.pairs:
            if isinstance(key, ast.ConstantExpression | ast.StringConstantExpression):
                value = key.value
                text = (value if isinstance(value, str) else number_text(value)).lower()
                if text in seen:
                    self.parser.error("DuplicateKeyInHashLiteral", key, key.value)
                seen.add(text)


_LOOPS: Final = (
    ast.ForStatement,
    ast.ForEachStatement,
    ast.WhileStatement,
    ast.DoWhileStatement,
    ast.DoUntilStatement,
)
_LABELED: Final = (*_LOOPS, ast.SwitchStatement)
_HANDLERS: Final[dict[type[ast.Node], Callable[[_Checker, Any], None]]] = {
    ast.ParamBlock: _Checker.param_block,
    ast.FunctionDefinition: _Checker.function,
    ast.Parameter: _Checker.parameter,
    ast.Attribute: _Checker.attribute,
    ast.SwitchStatement: _Checker.switch,
    ast.ForEachStatement: _Checker.foreach,
    ast.DataStatement: _Checker.data,
    ast.TryStatement: _Checker.try_statement,
    ast.BreakStatement: _Checker.jump,
    ast.ContinueStatement: _Checker.jump,
    ast.ReturnStatement: _Checker.return_statement,
    ast.BlockStatement: _Checker.block_statement,
    ast.UsingStatement: _Checker.using,
    ast.TypeDefinition: _Checker.type_definition,
    ast.FunctionMember: _Checker.method,
    ast.PropertyMember: _Checker.property,
    ast.AssignmentStatement: _Checker.assignment,
    ast.UnaryExpression: _Checker.unary,
    ast.ConvertExpression: _Checker.convert,
    ast.AttributedExpression: _Checker.attributed,
    ast.UsingExpression: _Checker.using_expression,
    ast.VariableExpression: _Checker.variable,
    ast.Hashtable: _Checker.hashtable,
}
