"""``#requires`` lines: what a script asks of the host that runs it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from . import ast
from .constants import is_constant
from .reader import Nested
from .visit import pure_expression

if TYPE_CHECKING:
    from .command_parser import CommandParser

_VERSION: Final = re.compile(r"\d+(\.\d+){0,3}")
_EDITIONS: Final = frozenset({"core", "desktop"})
_KEYS: Final = {
    "modulename": "name",
    "moduleversion": "version",
    "requiredversion": "required_version",
    "maximumversion": "maximum_version",
    "guid": "guid",
}


def read_requires(parser: CommandParser, tree: ast.ScriptBlock) -> ast.ScriptBlock:
    """Return the tree with what its ``#requires`` lines ask for."""
    if not parser.lexer.requires:
        return tree
    lines = _Lines(parser)
    for start, end in sorted(parser.lexer.requires):
        lines.read(start + 1, end)
    return replace(tree, requires=lines.result())


class _Lines:
    """What was asked for so far."""

    def __init__(self, parser: CommandParser) -> None:
        self.parser = parser
        self.found: dict[str, Any] = {}
        self.editions: list[str] = []
        self.modules: list[ast.ModuleSpecification] = []
        self.assemblies: list[str] = []
        self.snapins: list[str] = []
        self.elevated = False

    def result(self) -> ast.Requires:
        return ast.Requires(
            version=self.found.get("version"),
            editions=tuple(self.editions),
            modules=tuple(self.modules),
            elevated=self.elevated,
            shell_id=self.found.get("shellid"),
            snapins=tuple(self.snapins),
            assemblies=tuple(self.assemblies),
        )

    def read(self, start: int, end: int) -> None:
        """Read one line as the command that it is written like."""
        parser = self.parser
        state = parser.lexer.enter(Nested(parser.lexer.text[start:end], start))
        try:
            command = parser.command_rule()
        finally:
            parser.forget_lookahead()
            parser.lexer.leave(state)
        if command is None:
            return
        head = command.elements[0]
        if not isinstance(head, ast.StringConstantExpression) or head.value.lower() != "requires":
            parser.error("ScriptRequiresInvalidFormat", command)
        elements = list(command.elements[1:])
        snapin = any(
            isinstance(one, ast.CommandParameter) and "pssnapin".startswith(one.name.lower()) for one in elements
        )
        while elements:
            element = elements.pop(0)
            if not isinstance(element, ast.CommandParameter):
                parser.error("ScriptRequiresInvalidFormat", element)
                continue
            argument = element.argument
            if argument is None and elements:
                argument = elements.pop(0)
            self._parameter(element, argument, snapin=snapin)

    def _parameter(self, node: ast.CommandParameter, argument: ast.Node | None, *, snapin: bool) -> None:
        name = node.name.lower()
        error = self.parser.error
        if "runasadministrator".startswith(name):
            self.elevated = True
            if argument is not None:
                error("ParameterCannotHaveArgument", node, node.name)
            return
        if argument is None:
            error("ParameterRequiresArgument", node, node.name)
            return
        if not is_constant(argument, attribute=False, requires=True):
            error("RequiresArgumentMustBeConstant", argument)
            return
        value = _value(argument)
        values = value if isinstance(value, list) else [value]
        if "shellid".startswith(name):
            self._once("shellid", node, argument, value)
        elif "pssnapin".startswith(name):
            if isinstance(value, str):
                self.snapins.append(value)
            else:
                error("RequiresInvalidStringArgument", argument, "pssnapin")
        elif "psedition".startswith(name):
            if self.editions:
                error("ParameterAlreadyBound", node, "psedition")
            else:
                self._add_editions(argument, values)
        elif "version".startswith(name):
            self._version(node, argument, value, snapin=snapin)
        elif "assembly".startswith(name):
            for one in values:
                if not isinstance(one, str):
                    error("RequiresInvalidStringArgument", argument, "assembly")
                elif one not in self.assemblies:
                    self.assemblies.append(one)
        elif "modules".startswith(name):
            for one in values:
                if not self._module(argument, one):
                    return
        else:
            error("ScriptRequiresInvalidFormat", node)

    def _once(self, key: str, node: ast.Node, argument: ast.Node, value: Any) -> None:
        if key in self.found:
            self.parser.error("ParameterAlreadyBound", node, key)
        elif isinstance(value, str):
            self.found[key] = value
        else:
            self.parser.error("RequiresInvalidStringArgument", argument, key)

    def _add_editions(self, argument: ast.Node, values: list[Any]) -> None:
        for one in values:
            if not isinstance(one, str):
                self.parser.error("RequiresInvalidStringArgument", argument, "psedition")
                continue
            if one.lower() not in _EDITIONS:
                self.parser.error("RequiresPSEditionInvalid", argument)
            if one.lower() in {edition.lower() for edition in self.editions}:
                self.parser.error("RequiresPSEditionValueIsAlreadySpecified", argument)
            else:
                self.editions.append(one)

    def _version(self, node: ast.CommandParameter, argument: ast.Node, value: Any, *, snapin: bool) -> None:
        text = value if isinstance(value, str) else self.parser.lexer.text[argument.start : argument.end]
        if not _VERSION.fullmatch(text):
            self.parser.error("RequiresVersionInvalid", argument)
            return
        version = text if "." in text else text + ".0"
        key = "snapin version" if snapin else "version"
        if self.found.setdefault(key, version) != version:
            self.parser.error("ParameterAlreadyBound", node, "version")

    def _module(self, argument: ast.Node, value: Any) -> bool:
        """Take a module's name or specification; False when it is none."""
        fields: dict[str, str] = {"name": value} if isinstance(value, str) else {}
        if isinstance(value, dict):
            for key, one in value.items():
                if key.lower() not in _KEYS:
                    break
                fields[_KEYS[key.lower()]] = str(one)
            else:
                versions = {"version", "required_version", "maximum_version"} & set(fields)
                exact = "required_version" in versions and len(versions) > 1
                if "name" in fields and versions and not exact:
                    self.modules.append(ast.ModuleSpecification(**fields))
                    return True
        elif fields:
            self.modules.append(ast.ModuleSpecification(**fields))
            return True
        self.parser.error("RequiresModuleInvalid", argument)
        return False


def _value(node: ast.Node | None) -> Any:
    """Return a constant's value: text, a number, a list or a dict."""
    if isinstance(node, ast.StringConstantExpression | ast.ConstantExpression):
        return node.value
    if isinstance(node, ast.ArrayLiteral):
        return [_value(one) for one in node.elements]
    if isinstance(node, ast.Hashtable):
        return {str(_value(key)): _value(pure_expression(value)) for key, value in node.pairs}
    if isinstance(node, ast.ParenExpression):
        return _value(pure_expression(node.pipeline))
    return None
