"""DSC configurations of Windows PowerShell: the keyword, and the statements that only stand in one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from . import ast
from .class_parser import ClassParser

if TYPE_CHECKING:
    from .tokens import Token

# Windows PowerShell knows a configuration's keywords from the modules that it imports. Here a name that is followed by
# at most one argument and a brace is one: what else could stand there is a command with a script block, and those of
# scripts have a dash in their names.
_QUOTED: Final = r"""'(?:[^']|'')*'|"(?:[^"`]|`.|"")*\""""
_INSIDE: Final = r"(?:[^{}()]|[({][^{}()]*[)}])*"  # what one pair of parentheses or braces may hold
_ARGUMENT: Final = (
    rf"{_QUOTED}|\$[^\s{{}}()]+(?:[({{]{_INSIDE}[)}}][^\s{{}}()]*)*|[@$]?\({_INSIDE}\)(?:\.[\w.]+)?|[\w.$:-]+"
)
_KEYWORD: Final = re.compile(rf"([A-Za-z]\w*)(?:[ \t]+(?:{_ARGUMENT}))?(?:\s|#[^\r\n]*)*\{{")
_BLOCKS: Final = frozenset({"node"})
_NO_KEYWORD: Final = frozenset({"foreach", "where", "if", "switch", "begin", "process", "end"})


class ConfigurationParser(ClassParser):
    """``configuration`` and what stands in it; PowerShell 7 refuses it where the DSC module is missing."""

    _configurations = 0

    def keyword_statement(self, token: Token, attributes: list[ast.Node]) -> tuple[bool, ast.Node | None]:
        """Read what begins with a keyword; the first result says whether the token was one."""
        if token.kind == "Configuration":
            return True, self._configuration_rule(token)
        return super().keyword_statement(token, attributes)

    def pipeline_chain_rule(self) -> ast.Node | None:
        """Read a statement that begins with no keyword of the language: in a configuration it may be a resource."""
        if self._configurations:
            token = self.peek()
            found = _KEYWORD.match(self.lexer.text, token.start)
            if found is not None and found[1].lower() not in _NO_KEYWORD:
                return self._dynamic_rule(found[1])
        return super().pipeline_chain_rule()

    def _configuration_rule(self, keyword: Token) -> ast.Node | None:
        """Read ``configuration name { ... }``."""
        self.skip_newlines()
        name = self.next()
        if name.kind == "LCurly":
            self.error_after("MissingConfigurationName", keyword)
            self.script_block_expression_rule(name)
            return ast.ErrorStatement(keyword.start, keyword.end)
        self.unget(name)
        if name.kind in {"EndOfInput", "Comma"}:
            self.error_after("MissingConfigurationName", name)
            return ast.ErrorStatement(keyword.start, keyword.end)
        node = self.argument_rule("argument", self.next())
        if node is None:
            self.error_after("ParameterRequiresArgument", name, name.text)
            self.error("MissingConfigurationName", name)
        self.skip_newlines()
        opening = self.next()
        if opening.kind != "LCurly":
            self.error_after("MissingCurlyInConfigurationStatement", opening)
            self.unget(opening)
            return ast.ErrorStatement(keyword.start, keyword.end)
        self._configurations += not self.seven
        body = self.script_block_expression_rule(opening)
        if self.seven:
            self.error("UnsupportedConfiguration", keyword)
            return ast.ErrorStatement(keyword.start, body.end)
        self._configurations -= 1
        return ast.ConfigurationDefinition(keyword.start, body.end, node, body)

    def _dynamic_rule(self, keyword: str) -> ast.Node | None:
        """Read ``node`` with statements between braces, or a resource with its properties."""
        token = self.next()
        self.resync(token.start + len(keyword))
        instance: ast.Node | None = None
        if self.peek().kind not in {"LCurly", "NewLine"}:
            instance = self.argument_rule("argument", self.next())
        self.skip_newlines()
        if keyword.lower() in _BLOCKS:
            body, param = self._block_rule()
            end = body.end if body is not None else token.end
            return ast.DynamicKeywordStatement(token.start, end, keyword, instance, None, body, param)
        properties = self.hashtable_rule(self.next())
        return ast.DynamicKeywordStatement(token.start, properties.end, keyword, instance, properties)

    def _block_rule(self) -> tuple[ast.StatementBlock | None, ast.ParamBlock | None]:
        """Read the braces after ``node``: a script block, which may begin with ``param`` (DynamicKeywordBodyMode)."""
        opening = self.next()
        if opening.kind == "LCurly":
            self.skip_newlines()
            param = self.param_block_rule()
            if param is not None:
                return self.statements_until_brace(opening), param
        self.resync(opening.start)
        return self.statement_block_rule(), None
