"""Member access, method calls and indexes."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from . import ast
from .chars import WHITESPACE
from .tokens import TYPE_NAME, UNARY, Token
from .type_parser import TypeName, TypeParser

if TYPE_CHECKING:
    from .parser_base import Extent


class MemberParser(TypeParser):
    """What follows an operand without a space between."""

    @abstractmethod
    def unary_rule(self, *, ternary: bool = False) -> ast.Node | None:
        """Read an operand with its unary operators and casts."""

    @abstractmethod
    def primary_rule(self, *, members: bool = True) -> ast.Node | None:
        """Read a literal, a variable or something in brackets, with the member accesses after it."""

    @abstractmethod
    def script_block_expression_rule(self, opening: Token) -> ast.ScriptBlockExpression:
        """Read a script block whose brace was read."""

    def member_chain(self, access: Token | None, expression: ast.Node) -> ast.Node:
        """Read the accesses from one whose operator was read on."""
        while access is not None:
            self.skip_newlines()
            if access.kind in {"LBracket", "QuestionLBracket"}:
                expression = self._element_rule(expression, access)
            else:
                expression = self._member_rule(expression, access)
            access = self.next_member_access(allow_bracket=True)
        return expression

    def _member_name(self) -> ast.Node | None:
        name = self.simple_name()
        if name is not None:
            return name
        token = self.peek()
        if token.kind in UNARY or token.kind == "LBracket":
            return self.unary_rule()
        return self.primary_rule(members=False)

    def _member_rule(self, target: ast.Node, access: Token) -> ast.Node:
        static, conditional = access.kind == "ColonColon", access.kind == "QuestionDot"
        member = self._member_name()
        if member is None:
            self.error_after("MissingPropertyName", access)
            member = self.single_argument("argument") or ast.ErrorExpression(target.start, access.end)
        elif self._ungot is None:
            back = self.restore_point()
            generic, closed = self._generic_method_arguments(back) if self.seven else (None, False)
            opening = self.next_invoke()
            if opening is not None:
                arguments, end = self._call_arguments(opening)
                names = tuple(name.text() for name in generic or ())
                return ast.InvokeMemberExpression(
                    target.start, end, target, member, static, conditional, names, arguments
                )
            if closed:
                self.resync(back)
        return ast.MemberExpression(target.start, member.end, target, member, static, conditional)

    def _generic_method_arguments(self, back: int) -> tuple[list[TypeName] | None, bool]:
        """Read ``[type, ...]`` after a method's name; return the types and whether ``]`` was seen."""
        lexer = self.lexer
        blank = WHITESPACE.match(lexer.s, lexer.i)
        char = lexer.s[blank.end() if blank else lexer.i]
        if char not in "[`<#":
            return None, False
        if self.next().kind != "LBracket":
            self.resync(back)
            return None, False
        generic: list[TypeName] | None = None
        closed = False
        with self.in_mode(TYPE_NAME):
            self.skip_newlines()
            first = self.next()
            if first.kind == "Identifier":
                generic, closing = self.generic_arguments(first)
                closed = closing.kind == "RBracket"
                if not closed:
                    self.unget(closing)
                    self.error_before("EndSquareBracketExpectedAtEndOfType", closing)
        if generic is None:
            self.resync(back)
        return generic, closed

    def _call_arguments(self, opening: Token) -> tuple[tuple[ast.Node, ...], int]:
        """Read a call's arguments; return them and where the call ends."""
        if opening.kind == "LParen":
            arguments, end = self.argument_list_rule(opening)
            return tuple(arguments), end
        self.skip_newlines()
        block = self.script_block_expression_rule(opening)
        return (block,), block.end

    def argument_list_rule(self, opening: Token) -> tuple[list[ast.Node], int]:
        """Read arguments to the closing parenthesis; return them and where they end."""
        arguments: list[ast.Node] = []
        comma: Token | None = None
        reported = False
        with self.commas(separate=True):
            while True:
                self.skip_newlines()
                argument = self.expression_rule()
                if argument is None:
                    if comma is not None:
                        self.error_after("MissingExpressionAfterToken", comma, ",")
                        reported = True
                    break
                arguments.append(argument)
                self.skip_newlines()
                comma = self.next()
                if comma.kind != "Comma":
                    self.unget(comma)
                    comma = None
                    break
            self.skip_newlines()
            closing = self.next()
            if closing.kind == "RParen":
                return arguments, closing.end
            self.unget(closing)
            last: Any = arguments[-1] if arguments else opening
            if not reported:
                self.error_after("MissingEndParenthesisInMethodCall", last)
        return arguments, (comma or last).end

    def _element_rule(self, target: ast.Node, opening: Token) -> ast.Node:
        self.skip_newlines()
        with self.commas(separate=False):
            index = self.expression_rule()
        if index is None:
            self.error_after("MissingArrayIndexExpression", opening)
            index = ast.ErrorExpression(opening.start, opening.end)
        self.skip_newlines()
        closing = self.next()
        last: Extent = closing
        if closing.kind != "RBracket":
            self.unget(closing)
            if not isinstance(index, ast.ErrorExpression):
                self.error_after("MissingEndSquareBracket", index)
            last = index
        conditional = opening.kind == "QuestionLBracket"
        return ast.IndexExpression(target.start, last.end, target, index, conditional)
