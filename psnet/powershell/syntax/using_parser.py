"""Using statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import ast
from .configuration_parser import ConfigurationParser

# directive: may it have an alias, must it

if TYPE_CHECKING:
    from .tokens import Token


_DIRECTIVES: Final = {
    "Namespace": (True, False),
    "Type": (False, True),
    "Module": (True, False),
    "Command": (False, True),
    "Assembly": (False, False),
}


class UsingParser(ConfigurationParser):
    """What may only stand at the top of a script."""

    def keyword_statement(self, token: Token, attributes: list[ast.Node]) -> tuple[bool, ast.Node | None]:
        """Read what begins with a keyword; the first result says whether the token was one."""
        if token.kind == "Using":
            statement = self._using_rule(token)
            self.error("UsingMustBeAtStartOfScript", statement)
            return True, statement
        return super().keyword_statement(token, attributes)

    def using_statements_rule(self) -> list[ast.UsingStatement]:
        """Read the using statements that a script begins with."""
        usings: list[ast.UsingStatement] = []
        while True:
            token = self.peek()
            if token.kind != "Using":
                self.resync(token.start)
                return usings
            self.skip()
            statement = self._using_rule(token)
            self.skip_newlines_and_semicolons()
            if isinstance(statement, ast.UsingStatement):
                usings.append(statement)

    def _using_rule(self, keyword: Token) -> ast.Node:
        directive = self.next()
        if directive.kind not in _DIRECTIVES:
            self.unget(directive)
            self.error_after("MissingUsingStatementDirective", keyword)
            return ast.ErrorStatement(keyword.start, keyword.end)
        item = self.next()
        if item.kind in {"EndOfInput", "NewLine", "Comma", "Semi"}:
            self.error_after("MissingUsingItemName", directive)
            return ast.ErrorStatement(keyword.start, directive.end)
        node = self.argument_rule("argument", item)
        if node is None:
            self.error("InvalidValueForUsingItemName", item, item.text)
            self.sync_on_error(("Semi", "NewLine"), consume=True)
            return ast.ErrorStatement(keyword.start, item.end)
        spec: ast.Node | None = None
        if isinstance(node, ast.Hashtable) and directive.kind == "Module":
            spec = node
        elif not isinstance(node, ast.StringConstantExpression):
            self.error("InvalidValueForUsingItemName", node)
            return ast.ErrorStatement(keyword.start, node.end)
        if directive.kind == "Assembly" and isinstance(node, ast.StringConstantExpression):
            self._check_assembly(node)
        allowed, required = _DIRECTIVES[directive.kind]
        alias: ast.Node | None = None
        end = node.end
        if (allowed or required) and spec is None:
            equals = self.peek()
            if equals.kind == "Equals":
                self.skip()
                alias = self._alias(keyword, equals, directive)
                if isinstance(alias, ast.ErrorStatement):
                    return alias
                end = alias.end
            elif required:
                self.error_after("MissingEqualsInUsingAlias", item)
                return ast.ErrorStatement(keyword.start, node.end, (node,))
        self._statement_end()
        name = None if spec is node else node
        if isinstance(alias, ast.Hashtable):
            spec, alias, name = alias, name, None
        return ast.UsingStatement(keyword.start, end, directive.kind.lower(), name, alias, spec)

    def _alias(self, keyword: Token, equals: Token, directive: Token) -> ast.Node:
        token = self.next()
        if token.kind in {"EndOfInput", "NewLine", "Semi"}:
            self.unget(token)
            self.error_after("MissingNamespaceAlias", equals)
            return ast.ErrorStatement(keyword.start, equals.end)
        if token.kind == "Comma":
            self.error("UnexpectedUnaryOperator", token, token.text)
            return ast.ErrorStatement(keyword.start, token.end)
        alias = self.argument_rule("argument", token)
        if isinstance(alias, ast.StringConstantExpression) or (
            isinstance(alias, ast.Hashtable) and directive.kind == "Module"
        ):
            return alias
        place = alias or token
        self.error("InvalidValueForUsingItemName", place)
        return ast.ErrorStatement(keyword.start, place.end)

    def _statement_end(self) -> None:
        token = self.peek()
        if token.kind in {"NewLine", "Semi"}:
            self.skip()
        elif token.kind != "EndOfInput":
            self.error("MissingStatementTerminator", token)

    def _check_assembly(self, node: ast.StringConstantExpression) -> None:
        """Refuse what the engine would not load: the lab has no assembly files at all."""
        scheme, separator, _ = node.value.partition("://")
        if node.value.startswith("\\\\"):
            self.error("CannotLoadAssemblyFromUncPath", node)
        elif separator and scheme.isalpha() and scheme.lower() != "file":
            self.error("CannotLoadAssemblyWithUriSchema", node)
        else:
            self.error("ErrorLoadingAssembly", node)
