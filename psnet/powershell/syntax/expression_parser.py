"""Expressions: operators by precedence, literals, member access, calls, indexes."""

from __future__ import annotations

from . import ast
from .member_parser import MemberParser
from .parser_base import before
from .paths import variable_path
from .tokens import BINARY, COMMAND, EXPRESSION, UNARY, Token


class ExpressionParser(MemberParser):
    """The expression rules, from the ternary operator down to literals."""

    # -- operators ------------------------------------------------------------------------------

    def expression_rule(self, *, ternary: bool = False) -> ast.Node | None:
        """Read an expression; ``ternary`` ends numbers at ``?`` and ``:``."""
        old = self.lexer.mode
        if old != EXPRESSION:
            self.set_mode(EXPRESSION)
        try:
            condition = self._binary_rule(ternary=ternary)
            if condition is None or self.peek().kind != "QuestionMark":
                return condition
            return self._ternary_rest(condition)
        finally:
            if old != EXPRESSION:
                self.set_mode(old)

    def _ternary_rest(self, condition: ast.Node) -> ast.Node:
        question = self.next()
        self.skip_newlines()
        if_true = self.expression_rule(ternary=True)
        if if_true is None:
            self.error_after("ExpectedValueExpression", question, "?")
            if_true = ast.ErrorExpression(question.end, question.end)
        self.skip_newlines()
        colon = self.next()
        if colon.kind != "Colon":
            self.unget(colon)
            if not isinstance(if_true, ast.ErrorExpression):
                self.error("MissingColonInTernaryExpression", colon)
            return ast.ErrorExpression(condition.start, before(colon), (condition, if_true))
        self.skip_newlines()
        if_false = self.expression_rule(ternary=True)
        if if_false is None:
            self.error_after("ExpectedValueExpression", colon, ":")
            if_false = ast.ErrorExpression(colon.end, colon.end)
        return ast.TernaryExpression(condition.start, if_false.end, condition, if_true, if_false)

    def _binary_rule(self, *, ternary: bool) -> ast.Node | None:
        first = self._array_rule(ternary=ternary)
        if first is None:
            return None
        token = self.peek()
        if token.kind not in BINARY:
            return self._stray_parameter(token, first) if token.kind == "Parameter" else first
        operands: list[ast.Node] = [first]
        operators: list[Token] = []
        while token.kind in BINARY:
            self.skip()
            precedence = BINARY[token.kind]
            while operators and precedence <= BINARY[operators[-1].kind]:
                self._reduce(operands, operators)
            operators.append(token)
            self.skip_newlines()
            operand = self._array_rule(ternary=True)
            if operand is None:
                self.error_after("ExpectedValueExpression", token, token.text)
                operand = ast.ErrorExpression(token.end, token.end)
            operands.append(operand)
            token = self.peek()
        while operators:
            self._reduce(operands, operators)
        return self._stray_parameter(token, operands[0]) if token.kind == "Parameter" else operands[0]

    @staticmethod
    def _reduce(operands: list[ast.Node], operators: list[Token]) -> None:
        right = operands.pop()
        left = operands.pop()
        operator = operators.pop()
        place = (left.start, right.end)
        operands.append(ast.BinaryExpression(*place, operator.kind, left, right, operator.start, operator.end))

    def _stray_parameter(self, token: Token, expression: ast.Node) -> ast.Node:
        self.error("UnexpectedToken", token, token.text)
        self.skip()
        return ast.ErrorExpression(expression.start, token.end, (expression,))

    def _array_rule(self, *, ternary: bool) -> ast.Node | None:
        first = self.unary_rule(ternary=ternary)
        if first is None or self._no_comma:
            return first
        comma = self.peek()
        if comma.kind != "Comma":
            return first
        elements = [first]
        while comma.kind == "Comma":
            self.skip()
            self.skip_newlines()
            element = self.unary_rule(ternary=True)
            if element is None:
                self.error_after("MissingExpressionAfterToken", comma, ",")
                elements.append(ast.ErrorExpression(comma.start, comma.end))
                break
            elements.append(element)
            comma = self.peek()
        return ast.ArrayLiteral(first.start, elements[-1].end, tuple(elements))

    def unary_rule(self, *, ternary: bool = False) -> ast.Node | None:
        """Read an operand with its unary operators and casts."""
        lexer = self.lexer
        old = lexer.allow_signed, lexer.end_on_ternary
        lexer.allow_signed = True
        lexer.end_on_ternary = ternary and self.seven
        ungot = self._ungot
        if ungot is not None and (ungot.kind == "Minus" or (ternary and self.seven and ungot.kind == "Generic")):
            self.resync(ungot.start)
        token = self.peek()
        lexer.allow_signed, lexer.end_on_ternary = old
        if token.kind in UNARY:
            expression = self._unary_operator(token)
            if expression is None or isinstance(expression, ast.ErrorExpression):
                return expression
        elif token.kind == "LBracket":
            expression = self._bracketed(token)
        else:
            expression = self.primary_rule()
        if expression is None:
            return None
        token = self.peek()
        if token.kind in {"PlusPlus", "MinusMinus"}:
            self.skip()
            return ast.UnaryExpression(expression.start, token.end, "Postfix" + token.kind, expression)
        return expression

    def _unary_operator(self, token: Token) -> ast.Node | None:
        if token.kind == "Comma" and self._no_comma:
            return None
        self.skip()
        self.skip_newlines()
        child = self.unary_rule(ternary=True)
        if child is None:
            self.error_after("MissingExpressionAfterOperator", token, token.text)
            return ast.ErrorExpression(token.start, token.end)
        if token.kind == "Comma":
            return ast.ArrayLiteral(token.start, child.end, (child,))
        return ast.UnaryExpression(token.start, child.end, token.kind, child)

    def _bracketed(self, token: Token) -> ast.Node | None:
        """Read casts, attributes and type literals in front of, or as, an operand."""
        attributes = self.attribute_list_rule(in_expression=True)
        if not attributes:
            return None
        last = attributes[-1]
        expression: ast.Node
        if isinstance(last, ast.TypeConstraint):
            expression = self._typed(last)
        else:
            self.skip_newlines()
            child = self.unary_rule(ternary=True)
            if child is None:
                self.error("UnexpectedAttribute", last)
                return ast.ErrorExpression(token.start, last.end, tuple(attributes))
            expression = ast.AttributedExpression(last.start, child.end, last, child)
        for attribute in reversed(attributes[:-1]):
            place = (attribute.start, expression.end)
            if isinstance(attribute, ast.TypeConstraint):
                expression = ast.ConvertExpression(*place, attribute, expression)
            else:
                expression = ast.AttributedExpression(*place, attribute, expression)
        return expression

    def _typed(self, constraint: ast.TypeConstraint) -> ast.Node:
        literal = ast.TypeExpression(constraint.start, constraint.end, constraint.type_name)
        access = self.next_member_access(allow_bracket=False)
        if access is not None:
            return self.member_chain(access, literal)
        if self.peek().kind not in {"NewLine", "Comma"}:
            child = self.unary_rule(ternary=True)
            if child is not None:
                return ast.ConvertExpression(constraint.start, child.end, constraint, child)
        return literal

    # -- operands -------------------------------------------------------------------------------

    def primary_rule(self, *, members: bool = True) -> ast.Node | None:
        """Read a literal, a variable or something in brackets, with the member accesses after it."""
        token = self.next()
        kind = token.kind
        expression: ast.Node
        if kind in {"Variable", "SplattedVariable"}:
            expression = self._variable_or_using(token, members=members)
        elif kind == "Number":
            expression = ast.ConstantExpression(token.start, token.end, token.value)
        elif kind in {"StringLiteral", "HereStringLiteral", "StringExpandable", "HereStringExpandable"}:
            expression = self._string(token)
        elif kind == "LParen":
            expression = self._paren_rule(token)
        elif kind in {"AtParen", "DollarParen"}:
            expression = self._sub_expression_rule(token)
        elif kind == "AtCurly":
            expression = self.hashtable_rule(token)
        elif kind == "LCurly":
            expression = self.script_block_expression_rule(token)
        else:
            self.unget(token)
            return None
        if not members:
            return expression
        return self.member_chain(self.next_member_access(allow_bracket=True), expression)

    def _variable_or_using(self, token: Token, *, members: bool) -> ast.Node:
        variable = self.variable(token)
        path = variable_path(variable.path)
        if path.drive.lower() != "using" or not path.name:
            return variable
        inner: ast.Node = ast.VariableExpression(token.start, token.end, path.name, variable.splatted)
        if members:
            inner = self.member_chain(self.next_member_access(allow_bracket=True), inner)
        return ast.UsingExpression(inner.start, inner.end, inner)

    _KINDS = {  # noqa: RUF012 - a constant table, never written to
        "StringLiteral": "SingleQuoted",
        "StringExpandable": "DoubleQuoted",
        "HereStringLiteral": "SingleQuotedHereString",
        "HereStringExpandable": "DoubleQuotedHereString",
        "Generic": "BareWord",
    }

    def _string(self, token: Token) -> ast.Node:
        kind = self._KINDS[token.kind]
        if token.pieces is None:
            return ast.StringConstantExpression(token.start, token.end, kind, token.value)
        return self.expandable(token)

    def expandable(self, token: Token) -> ast.ExpandableStringExpression:
        """Make the node of a string with parts; reads what is nested in it."""
        pieces: list[str | ast.Node] = [
            piece if isinstance(piece, str) else self._nested(piece) for piece in token.pieces or ()
        ]
        nested = tuple(piece for piece in pieces if not isinstance(piece, str))
        return ast.ExpandableStringExpression(
            token.start, token.end, self._KINDS[token.kind], token.value, nested, tuple(pieces)
        )

    def _nested(self, token: Token) -> ast.Node:
        if token.sub is None:
            if token.kind != "Variable":
                return ast.ErrorExpression(token.start, token.end)
            return self._variable_or_using(token, members=False)
        state = self.lexer.enter(token.sub)
        ungot, self._ungot = self._ungot, None
        try:
            expression = self.primary_rule()
        finally:
            self._ungot = ungot
            self.lexer.leave(state)
        return expression or ast.ErrorExpression(token.start, token.end)

    def _paren_rule(self, opening: Token) -> ast.ParenExpression:
        with self.in_mode(COMMAND), self.commas(separate=False):
            self.skip_newlines()
            pipeline = self.pipeline_chain_rule()
            if pipeline is None:
                self.error_after("ExpectedExpression", opening)
                pipeline = ast.ErrorStatement(opening.end, opening.end)
            self.skip_newlines()
            closing = self.next()
            end = closing.end
            if closing.kind != "RParen":
                self.unget(closing)
                self.error_after("MissingEndParenthesisInExpression", pipeline)
                end = pipeline.end
        return ast.ParenExpression(opening.start, end, pipeline)

    def _sub_expression_rule(self, opening: Token) -> ast.Node:
        with self.in_mode(COMMAND), self.commas(separate=False):
            self.skip_newlines()
            found = self.statement_list_rule()
            self.skip_newlines()
            closing = self.next()
            end = closing.end
            if closing.kind != "RParen":
                self.unget(closing)
                self.error("MissingEndParenthesisInSubexpression", closing)
                end = found.end if found.end is not None else opening.end
        body = ast.StatementBlock(found.start or 0, found.end or 0, tuple(found.statements), tuple(found.traps))
        kind = ast.SubExpression if opening.kind == "DollarParen" else ast.ArrayExpression
        return kind(opening.start, end, body)

    def script_block_expression_rule(self, opening: Token) -> ast.ScriptBlockExpression:
        """Read a script block whose brace was read."""
        with self.in_mode(COMMAND), self.commas(separate=False):
            self.skip_newlines()
            block = self.script_block_rule(opening, is_filter=False)
        return ast.ScriptBlockExpression(block.start, block.end, block)

    # -- hashtables -----------------------------------------------------------------------------

    def hashtable_rule(self, opening: Token) -> ast.Hashtable:
        """Read what stands between a hashtable's braces, and the closing one."""
        self.skip_newlines()
        pairs: list[tuple[ast.Node, ast.Node]] = []
        while True:
            pair = self._pair()
            if pair is None:
                break
            pairs.append(pair)
            if self.peek().kind not in {"NewLine", "Semi"}:
                break
            self.skip_newlines_and_semicolons()
        closing = self.next()
        end = closing.end
        if closing.kind != "RCurly":
            self.unget(closing)
            self.error_after("MissingEndCurlyBrace", opening)
            end = before(closing)
        return ast.Hashtable(opening.start, end, tuple(pairs))

    def _pair(self) -> tuple[ast.Node, ast.Node] | None:
        with self.in_mode(EXPRESSION):
            key = self.label_or_key_rule()
            if key is None:
                return None
            equals = self.next()
        if equals.kind != "Equals":
            self.unget(equals)
            self.error_after("MissingEqualsInHashLiteral", key)
            self.sync_on_error(("RCurly", "Semi", "NewLine"), consume=False)
            return key, ast.ErrorStatement(key.end, key.end)
        with self.in_mode(COMMAND):
            self.skip_newlines()
            statement = self.statement_rule()
            if statement is None:
                self.error_after("MissingStatementInHashLiteral", equals)
                statement = ast.ErrorStatement(equals.end, equals.end)
        return key, statement

    def label_or_key_rule(self) -> ast.Node | None:
        """Read a hashtable's key, or the label after break and continue."""
        name = self.simple_name()
        if name is not None:
            return name
        if self.peek().kind in {"NewLine", "Semi"}:
            return None
        with self.commas(separate=True):
            return self.unary_rule()
