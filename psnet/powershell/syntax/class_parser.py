"""Classes and enums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import ast
from .block_parser import BlockParser
from .paths import variable_path
from .tokens import COMMAND, EXPRESSION, KEYWORD_KINDS, SIGNATURE, Token

if TYPE_CHECKING:
    from .parser_base import Extent


class ClassParser(BlockParser):
    """Type definitions and their members."""

    def keyword_statement(self, token: Token, attributes: list[ast.Node]) -> tuple[bool, ast.Node | None]:
        """Read what begins with a keyword; the first result says whether the token was one."""
        if token.kind == "Class":
            return True, self._class_rule(token, attributes)
        if token.kind == "Enum":
            return True, self._enum_rule(token, attributes)
        return super().keyword_statement(token, attributes)

    # -- classes --------------------------------------------------------------------------------

    def _class_rule(self, keyword: Token, attributes: list[ast.Node]) -> ast.Node:
        self.skip_newlines()
        name = self.simple_name_token()
        if name is None:
            self.error_after("MissingNameAfterKeyword", keyword, keyword.text)
            return ast.ErrorStatement(keyword.start, keyword.end)
        self.skip_newlines()
        with self.in_mode(SIGNATURE):
            bases = self._bases()
            opening = self.next()
            if opening.kind != "LCurly":
                self.unget(opening)
                last: Extent = bases[-1] if bases else name
                self.error_after("MissingTypeBody", last, keyword.text)
                return ast.ErrorStatement(keyword.start, last.end, tuple(bases))
            members: list[ast.Node] = []
            stray: list[ast.Node] = []
            while True:
                member, on_error = self._member_definition(name.text)
                if member is None and not on_error:
                    break
                if member is not None:
                    members.append(member)
                stray += on_error
            closing = self.next()
            end = closing.end
            if closing.kind != "RCurly":
                self.unget(closing)
                self.error_after("MissingEndCurlyBrace", opening)
                end = (members[-1] if members else opening).end
        start = attributes[0].start if attributes else keyword.start
        own = tuple(one for one in attributes if isinstance(one, ast.Attribute))
        definition = ast.TypeDefinition(start, end, "class", name.text, own, tuple(bases), tuple(members))
        if stray:
            return ast.ErrorStatement(start, end, tuple(stray))
        return definition

    def _bases(self) -> list[ast.TypeConstraint]:
        bases: list[ast.TypeConstraint] = []
        separator = self.peek()
        if separator.kind != "Colon":
            return bases
        self.skip()
        self.skip_newlines()
        while True:
            base = self.type_name_rule(assemblies=False)
            if base is None:
                self.error_after("TypeNameExpected", separator)
                return bases
            bases.append(ast.TypeConstraint(base.start, base.end, base.text()))
            self.skip_newlines()
            separator = self.peek()
            if separator.kind != "Comma":
                return bases
            self.skip()
            self.skip_newlines()

    def _member_definition(self, class_name: str) -> tuple[ast.Node | None, list[ast.Node]]:
        """Read one member; the second result holds what was read in vain."""
        head = _Head()
        while True:
            self.skip_newlines()
            attribute = self.attribute_rule()
            if attribute is not None:
                head.see(attribute)
                if isinstance(attribute, ast.Attribute):
                    head.attributes.append(attribute)
                elif head.type_constraint is None:
                    head.type_constraint = attribute
                else:
                    self.error("TooManyTypes", attribute)
                continue
            token = self.peek()
            head.start = token.start if head.start is None else head.start
            if token.kind not in {"Hidden", "Static"}:
                break
            if token.kind in head.words:
                self.error("DuplicateQualifier", token, token.text)
            head.words.add(token.kind)
            head.last = token
            self.skip()
        if token.kind == "Variable":
            self.skip()
            return self._property(head, token)
        if token.kind == "Identifier" or token.kind in KEYWORD_KINDS:
            self.skip()
            method = self._method(head, token, class_name)
            if method is None:
                self.sync_on_error(("RCurly",), consume=False)
                return None, head.read()
            return method, []
        if head.last is not None:
            self.error_after("IncompleteMemberDefinition", head.last)
            return None, head.read()
        return None, []

    def _property(self, head: _Head, token: Token) -> tuple[ast.Node | None, list[ast.Node]]:
        default: ast.Node | None = None
        if self.peek().kind == "Equals":
            self.skip()
            self.skip_newlines()
            default = self.expression_rule()
        end = self._member_end(default or token)
        if not token.value:
            return None, head.read()
        return (
            ast.PropertyMember(
                head.start or 0,
                end,
                variable_path(token.value).name,
                "Static" in head.words,
                "Hidden" in head.words,
                tuple(head.attributes),
                head.type_constraint,
                default,
            ),
            [],
        )

    def _member_end(self, last: Extent, *, report: bool = True) -> int:
        """Take what ends a property; return where the property ends (a semicolon belongs to it)."""
        token = self.peek()
        if token.kind not in {"NewLine", "Semi", "RCurly"} and report:
            self.error_after("MissingPropertyTerminator", last)
        self.skip_newlines_and_semicolons()
        return token.end if token.kind == "Semi" else last.end

    # -- methods --------------------------------------------------------------------------------

    def _method(self, head: _Head, name: Token, class_name: str) -> ast.Node | None:
        failed: Extent | None = None
        closing: Token | None = None
        parameters: list[ast.Parameter] | None = []
        if self.peek().kind == "LParen":
            parameters, closing, failed = self.function_parameters()
        else:
            self.error_after("MissingMethodParameterList", name)
        constructor = name.text.lower() == class_name.lower()
        own_base = constructor and "Static" not in head.words
        base: tuple[Token, int] | None = None
        arguments: list[ast.Node] = []
        if own_base:
            base, arguments, base_failed = self._base_call()
            failed = base_failed or failed
        opening, failed = self.function_body_opening(closing or name, failed)
        if failed is not None:
            return None
        first = self._base_statement(base, arguments) if own_base else None
        with self.in_mode(COMMAND):
            body = self.script_block_rule(opening, is_filter=False, first=first)
        return ast.FunctionMember(
            name.start if head.start is None else head.start,
            body.end,
            name.text,
            constructor,
            "Static" in head.words,
            "Hidden" in head.words,
            tuple(head.attributes),
            head.type_constraint,
            tuple(parameters or ()),
            body,
            name.start,
            name.end,
        )

    def _base_call(self) -> tuple[tuple[Token, int] | None, list[ast.Node], Extent | None]:
        """Read ``: base(...)``; return the word with the call's end, the arguments, what went wrong."""
        self.skip_newlines()
        with self.in_mode(SIGNATURE):
            colon = self.peek()
            if colon.kind != "Colon":
                return None, [], None
            self.skip()
            self.skip_newlines()
            word = self.peek()
            if word.kind != "Base":
                self.error_after("MissingBaseCtorCall", colon)
                return None, [], colon
            self.skip()
            self.skip_newlines()
            opening = self.peek()
            if opening.kind != "LParen":
                self.error_after("MissingMethodParameterList", word)
                return None, [], word
            self.skip()
            arguments, end = self.argument_list_rule(opening)
            self.skip_newlines()
            return (word, end), arguments, None

    @staticmethod
    def _base_statement(base: tuple[Token, int] | None, arguments: list[ast.Node]) -> ast.Node:
        word, whole = ((0, 0), (0, 0))
        if base is not None:
            word = (base[0].start, base[0].end)
            whole = (base[0].start, base[1])
        call = ast.BaseCtorInvokeMemberExpression(
            *whole,
            ast.VariableExpression(*word, "this"),
            ast.StringConstantExpression(*word, "BareWord", ".ctor"),
            arguments=tuple(arguments),
        )
        return ast.CommandExpression(*whole, call)

    # -- enums ----------------------------------------------------------------------------------

    def _enum_rule(self, keyword: Token, attributes: list[ast.Node]) -> ast.Node:
        self.skip_newlines()
        name = self.simple_name()
        if name is None:
            self.error_after("MissingNameAfterKeyword", keyword, keyword.text)
            return ast.ErrorStatement(keyword.start, keyword.end)
        bases: list[ast.TypeConstraint] = []
        with self.in_mode(SIGNATURE):
            colon = self.peek()
            if colon.kind == "Colon":
                self.skip()
                self.skip_newlines()
                base = self.type_name_rule(assemblies=False)
                if base is None:
                    self.error_after("TypeNameExpected", colon)
                else:
                    bases.append(ast.TypeConstraint(base.start, base.end, base.text()))
                    if base.text().lower().removeprefix("system.") not in _INTEGERS:
                        self.error("InvalidUnderlyingType", base, base.text())
            self.skip_newlines()
            opening = self.next()
            if opening.kind != "LCurly":
                self.unget(opening)
                self.error_after("MissingTypeBody", name, keyword.text)
                return ast.ErrorStatement(keyword.start, name.end)
            members: list[ast.Node] = []
            while True:
                member = self._enum_member()
                if member is None:
                    break
                members.append(member)
            closing = self.next()
            if closing.kind != "RCurly":
                self.unget(closing)
                self.error_after("MissingEndCurlyBrace", opening)
        start = attributes[0].start if attributes else keyword.start
        own = tuple(one for one in attributes if isinstance(one, ast.Attribute))
        return ast.TypeDefinition(start, closing.end, "enum", name.value, own, tuple(bases), tuple(members))

    def _enum_member(self) -> ast.Node | None:
        self.skip_newlines()
        name = self.simple_name()
        if name is None:
            return None
        last: Extent = name
        default: ast.Node | None = None
        missing = False
        with self.in_mode(EXPRESSION):
            equals = self.peek()
            if equals.kind == "Equals":
                self.skip()
                default = self.expression_rule()
                missing = default is None
                if default is None:
                    self.error_after("ExpectedValueExpression", equals, "=")
                last = default or equals
        end = self._member_end(last, report=not missing)
        return ast.PropertyMember(name.start, end, name.value, static=True, default=default)


_INTEGERS = frozenset(
    {"byte", "sbyte", "int16", "short", "uint16", "ushort", "int", "int32", "uint", "uint32", "long"}
    | {"int64", "ulong", "uint64"}
)


class _Head:
    """Attributes, the type and the qualifiers before a member's name."""

    def __init__(self) -> None:
        self.start: int | None = None
        self.attributes: list[ast.Node] = []
        self.type_constraint: ast.TypeConstraint | None = None
        self.words: set[str] = set()
        self.last: Extent | None = None

    def see(self, attribute: ast.Node) -> None:
        """Note an attribute's place."""
        self.start = attribute.start if self.start is None else self.start
        self.last = attribute

    def read(self) -> list[ast.Node]:
        """Return what was read."""
        return [*self.attributes, *([self.type_constraint] if self.type_constraint else [])]
