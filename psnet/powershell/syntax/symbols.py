"""Type names inside classes: what cannot be found, and assignments that mean a property."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from . import ast
from .paths import variable_path
from .type_facts import type_exists
from .visit import children, descendants, pure_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .parser_base import ParserBase

_NAME: Final = re.compile(r"[^\s\[\],`]+(?:`\d+)?")
_WILDCARDS: Final = frozenset("*?[")


def resolve_symbols(parser: ParserBase, tree: ast.ScriptBlock) -> None:
    """Report unknown types in classes, classes defined twice, and properties assigned without $this."""
    types = [node for node in descendants(tree) if isinstance(node, ast.TypeDefinition)]
    for statement in tree.usings:
        _check_module(parser, statement)
    if types:
        namespaces = tuple(
            using.name.value
            for using in tree.usings
            if using.kind == "namespace" and isinstance(using.name, ast.StringConstantExpression)
        )
        modules = any(using.kind in {"module", "assembly"} for using in tree.usings)
        _Symbols(parser, namespaces, foreign=modules).visit_scope(tree)


def _check_module(parser: ParserBase, statement: ast.UsingStatement) -> None:
    """Refuse a module's name that cannot name one module; whether it is there is not looked up."""
    if statement.kind != "module":
        return
    if isinstance(statement.spec, ast.Hashtable):
        keys = {key.value.lower() for key, _ in statement.spec.pairs if isinstance(key, ast.StringConstantExpression)}
        values = [pure_expression(value) for _, value in statement.spec.pairs]
        if not all(isinstance(value, ast.StringConstantExpression) for value in values):
            parser.error("RequiresArgumentMustBeConstant", statement)
        elif "modulename" not in keys or not keys & {"moduleversion", "requiredversion", "maximumversion"}:
            parser.error("RequiresModuleInvalid", statement)
    elif isinstance(statement.name, ast.StringConstantExpression) and _WILDCARDS & set(statement.name.value):
        parser.error("WildCardModuleNameError", statement)


class _Symbols:
    def __init__(self, parser: ParserBase, namespaces: tuple[str, ...], *, foreign: bool) -> None:
        self.parser = parser
        self.namespaces = namespaces
        self.foreign = foreign
        self.types: list[set[str]] = []
        self.properties: list[dict[str, ast.PropertyMember]] = []
        self.in_type = 0
        self.in_method: list[bool] = [False]

    def visit_scope(self, block: ast.ScriptBlock, *, method: bool = False) -> None:
        """Visit a script block; the types it defines are known in all of it."""
        names: set[str] = set()
        for node in descendants(block, nested_blocks=False):
            if isinstance(node, ast.TypeDefinition):
                if node.name.lower() in names:
                    self.parser.error("MemberAlreadyDefined", node, node.name)
                names.add(node.name.lower())
        self.types.append(names)
        self.in_method.append(method)
        for child in children(block):
            self._visit(child)
        self.in_method.pop()
        self.types.pop()

    def _visit(self, node: ast.Node) -> None:
        if isinstance(node, ast.TypeDefinition):
            self._type(node)
            return
        if isinstance(node, ast.ScriptBlock):
            self.visit_scope(node)
            return
        if isinstance(node, ast.FunctionMember):
            self._method(node)
            return
        if isinstance(node, ast.AssignmentStatement) and self.in_method[-1]:
            self._assignment(node)
        elif isinstance(node, ast.TypeConstraint | ast.TypeExpression):
            self._names(node, attribute=False)
        elif isinstance(node, ast.Attribute):
            self._names(node, attribute=True)
        for child in children(node):
            self._visit(child)

    def _type(self, node: ast.TypeDefinition) -> None:
        self.in_type += 1
        self.properties.append(
            {member.name.lower(): member for member in node.members if isinstance(member, ast.PropertyMember)}
        )
        for child in children(node):
            self._visit(child)
        self.properties.pop()
        self.in_type -= 1

    def _method(self, node: ast.FunctionMember) -> None:
        for child in (*node.attributes, node.returns, *node.parameters):
            if child is not None:
                self._visit(child)
        if node.body is not None:
            self.visit_scope(node.body, method=True)

    # -- types ----------------------------------------------------------------------------------

    def _written(self, node: ast.Node) -> Iterator[tuple[int, str]]:
        """Yield the type names in a constraint with the places where they are written."""
        text = self.parser.lexer.text[node.start : node.end]
        if isinstance(node, ast.Attribute):
            text = text.partition("(")[0]
        for found in _NAME.finditer(text):
            yield node.start + found.start(), found.group()

    def _names(self, node: ast.Attribute | ast.TypeConstraint | ast.TypeExpression, *, attribute: bool) -> None:
        if not self.in_type or self.foreign or ("," in node.type_name and "=" in node.type_name):
            return
        for start, name in self._written(node):
            if name.lower() == "ordered" or any(name.lower() in names for names in self.types):
                continue
            if not type_exists(name, self.namespaces, attribute=attribute):
                error_id = "CustomAttributeTypeNotFound" if attribute else "TypeNotFound"
                self.parser.lexer.report(error_id, start, start + len(name), name)

    # -- properties -----------------------------------------------------------------------------

    def _assignment(self, node: ast.AssignmentStatement) -> None:
        for target in _targets(node.left):
            variable = target
            while isinstance(variable, ast.ConvertExpression):
                variable = variable.operand or variable
            if not isinstance(variable, ast.VariableExpression) or variable_path(variable.path).drive:
                continue
            name = variable.path.lower()
            found = next((table[name] for table in reversed(self.properties) if name in table), None)
            if found is not None:
                error_id = "MissingTypeInStaticPropertyAssignment" if found.static else "MissingThis"
                self.parser.error(error_id, variable, found.name)


def _targets(node: ast.Node | None) -> Iterator[ast.Node]:
    if isinstance(node, ast.ArrayLiteral):
        for element in node.elements:
            yield from _targets(element)
    elif isinstance(node, ast.ParenExpression):
        yield from _targets(pure_expression(node.pipeline))
    elif node is not None:
        yield node
