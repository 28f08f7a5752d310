"""Loops, try, trap and data sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import ast
from .switch_parser import SwitchParser, abbreviates

if TYPE_CHECKING:
    from .parser_base import Extent
    from .tokens import Token


class BlockParser(SwitchParser):
    """Statements with a block that runs again, or only in some case."""

    def keyword_statement(self, token: Token, attributes: list[ast.Node]) -> tuple[bool, ast.Node | None]:
        """Read what begins with a keyword; the first result says whether the token was one."""
        if token.kind == "Label":
            self.skip_newlines()
            keyword = self.next()
            loop = self._loop(keyword, token)
            if loop is None:
                self.resync(token.start)
                return True, self.pipeline_chain_rule()
            return True, loop
        loop = self._loop(token, None)
        if loop is not None:
            return True, loop
        if token.kind == "Try":
            return True, self._try_rule(token)
        if token.kind == "Trap":
            return True, self._trap_rule(token)
        if token.kind == "Data":
            return True, self._data_rule(token)
        return super().keyword_statement(token, attributes)

    def _loop(self, token: Token, label: Token | None) -> ast.Node | None:
        if token.kind == "Switch":
            return self.switch_rule(token, label)
        if token.kind == "Foreach":
            return self._foreach_rule(token, label)
        if token.kind == "For":
            return self._for_rule(token, label)
        if token.kind == "While":
            return self._while_rule(token, label)
        if token.kind == "Do":
            return self._do_rule(token, label)
        return None

    # -- loops ----------------------------------------------------------------------------------

    def _foreach_rule(self, keyword: Token, label: Token | None) -> ast.Node:
        start = (label or keyword).start
        self.skip_newlines()
        failed, parallel, throttle = self._foreach_flags()
        opening = self._opening_parenthesis(keyword)
        if opening is None:
            return ast.ErrorStatement(start, keyword.end)
        self.skip_newlines()
        token = self.next()
        if token.kind not in {"Variable", "SplattedVariable"}:
            self.unget(token)
            self.error_after("MissingVariableNameAfterForeach", opening)
            return ast.ErrorStatement(start, opening.end)
        variable = self.variable(token)
        self.skip_newlines()
        word = self.next()
        expression: ast.Node | None = None
        body: ast.StatementBlock | None = None
        if word.kind != "In":
            self.unget(word)
            failed = variable
            self.error_after("MissingInInForeach", variable)
        else:
            self.skip_newlines()
            expression = self.pipeline_chain_rule()
            if expression is None:
                failed = word
                self.error_after("MissingForeachExpression", word)
            else:
                self.skip_newlines()
                closing = self.next()
                if closing.kind != "RParen":
                    self.unget(closing)
                    failed = expression
                    self.error_after("MissingEndParenthesisAfterForeach", expression)
                else:
                    body = self.statement_block_rule()
                    if body is None:
                        failed = closing
                        self.error_after("MissingForeachStatement", closing)
        if failed is not None or body is None:
            nested = tuple(part for part in (variable, expression, body) if part is not None)
            return ast.ErrorStatement(start, (failed or keyword).end, nested)
        name = label.value if label else None
        return ast.ForEachStatement(start, body.end, name, variable, expression, body, parallel, throttle)

    def _opening_parenthesis(self, keyword: Token) -> Token | None:
        """Return the parenthesis that has to follow a keyword; None, with the parser's error, where there is none."""
        self.skip_newlines()
        opening = self.next()
        if opening.kind == "LParen":
            return opening
        self.unget(opening)
        self.error_after("MissingOpenParenthesisAfterKeyword", keyword, keyword.text)
        return None

    def _foreach_flags(self) -> tuple[Extent | None, bool, ast.Node | None]:
        failed: Extent | None = None
        parallel = False
        throttle: ast.Node | None = None
        while self.peek().kind == "Parameter":
            token = self.next()
            if abbreviates(token, "parallel"):
                parallel = True
            elif abbreviates(token, "throttlelimit"):
                self.skip_newlines()
                throttle = self.single_argument("argument")
                if throttle is None:
                    self.error_after("MissingThrottleLimit", token)
            else:
                failed = token
                self.error("InvalidForeachFlag", token, token.value)
            self.skip_newlines()
        return failed, parallel, throttle

    def _for_rule(self, keyword: Token, label: Token | None) -> ast.Node:
        start = (label or keyword).start
        opening = self._opening_parenthesis(keyword)
        if opening is None:
            return ast.ErrorStatement(start, keyword.end)
        last: Extent = opening
        parts: list[ast.Node | None] = []
        for position in range(3):
            self.skip_newlines()
            part = self.pipeline_chain_rule()
            parts.append(part)
            last = part or last
            if position < 2 and self.peek().kind == "Semi":
                last = self.next()
        self.skip_newlines()
        closing = self.next()
        body: ast.StatementBlock | None = None
        if closing.kind != "RParen":
            self.unget(closing)
            self.error_after("MissingEndParenthesisAfterStatement", last, keyword.text)
        else:
            body = self.statement_block_rule()
            if body is None:
                last = closing
                self.error_after("MissingLoopStatement", closing, keyword.text)
        if body is None:
            nested = tuple(part for part in parts if part is not None)
            return ast.ErrorStatement(start, last.end, nested)
        init, condition, iterator = parts
        name = label.value if label else None
        return ast.ForStatement(start, body.end, name, init, condition, iterator, body)

    def _while_rule(self, keyword: Token, label: Token | None) -> ast.Node:
        start = (label or keyword).start
        opening = self._opening_parenthesis(keyword)
        if opening is None:
            return ast.ErrorStatement(start, keyword.end)
        self.skip_newlines()
        condition = self.pipeline_chain_rule()
        nested: tuple[ast.Node, ...] = () if condition is None else (condition,)
        if condition is None:
            self.error_after("MissingExpressionAfterKeyword", opening, keyword.text)
            condition = ast.ErrorStatement(opening.end, opening.end)
        self.skip_newlines()
        closing = self.next()
        if closing.kind != "RParen":
            self.unget(closing)
            if not isinstance(condition, ast.ErrorStatement):
                self.error_after("MissingEndParenthesisAfterStatement", condition, keyword.text)
            return ast.ErrorStatement(start, condition.end, nested)
        self.skip_newlines()
        body = self.statement_block_rule()
        if body is None:
            self.error_after("MissingLoopStatement", closing, keyword.text)
            return ast.ErrorStatement(start, closing.end, nested)
        return ast.WhileStatement(start, body.end, label.value if label else None, condition, body)

    def _do_rule(self, keyword: Token, label: Token | None) -> ast.Node:
        start = (label or keyword).start
        body = self.statement_block_rule()
        if body is None:
            self.error_after("MissingLoopStatement", keyword, "do")
            return ast.ErrorStatement(start, keyword.end)
        self.skip_newlines()
        word = self.next()
        if word.kind not in {"While", "Until"}:
            self.unget(word)
            self.error_after("MissingWhileOrUntilInDoWhile", body)
            return ast.ErrorStatement(start, body.end, (body,))
        opening = self._opening_parenthesis(word)
        if opening is None:
            return ast.ErrorStatement(start, word.end, (body,))
        self.skip_newlines()
        condition = self.pipeline_chain_rule()
        failed: Extent | None = None
        if condition is None:
            failed = opening
            self.error_after("MissingExpressionAfterKeyword", opening, word.text)
        self.skip_newlines()
        closing = self.next()
        if closing.kind != "RParen":
            self.unget(closing)
            if condition is not None:
                failed = condition
                self.error_after("MissingEndParenthesisAfterStatement", condition, word.text)
        if failed is not None:
            nested = (body,) if condition is None else (body, condition)
            return ast.ErrorStatement(start, failed.end, nested)
        kind = ast.DoUntilStatement if word.kind == "Until" else ast.DoWhileStatement
        return kind(start, closing.end, label.value if label else None, condition, body)

    # -- try, trap, data ------------------------------------------------------------------------

    def _try_rule(self, keyword: Token) -> ast.Node:
        self.skip_newlines()
        body = self.statement_block_rule()
        if body is None:
            self.error_after("MissingTryStatementBlock", keyword)
            return ast.ErrorStatement(keyword.start, keyword.end)
        catches: list[ast.CatchClause] = []
        failed: Extent | None = None
        while True:
            clause, failed = self._catch_rule()
            if clause is None:
                break
            catches.append(clause)
            if failed is not None:
                break
        self.skip_newlines()
        token = self.peek()
        final: ast.StatementBlock | None = None
        if token.kind == "Finally":
            self.skip()
            final = self.statement_block_rule()
            if final is None:
                failed = token
                self.error_after("MissingFinallyStatementBlock", token)
        if not catches and final is None and failed is None:
            failed = body
            self.error_after("MissingCatchOrFinally", body)
        if failed is not None:
            return ast.ErrorStatement(keyword.start, failed.end, (body, *catches))
        end = (final or catches[-1]).end
        return ast.TryStatement(keyword.start, end, body, tuple(catches), final)

    def _catch_rule(self) -> tuple[ast.CatchClause | None, Extent | None]:
        self.skip_newlines()
        keyword = self.next()
        if keyword.kind != "Catch":
            self.unget(keyword)
            return None, None
        types: list[ast.TypeConstraint] = []
        comma: Token | None = None
        failed: Extent | None = None
        while True:
            back = self.restore_point()
            self.skip_newlines()
            attribute = self.attribute_rule()
            if attribute is None:
                if comma is not None:
                    failed = comma
                    self.error_after("MissingTypeLiteralToken", comma)
                break
            if not isinstance(attribute, ast.TypeConstraint):
                self.resync(back)
                break
            types.append(attribute)
            self.skip_newlines()
            comma = self.peek()
            if comma.kind != "Comma":
                break
            self.skip()
        body = self.statement_block_rule()
        if body is None:
            if failed is None:
                failed = types[-1] if types else keyword
                self.error_after("MissingCatchHandlerBlock", failed)
            return None, failed
        return ast.CatchClause(keyword.start, body.end, tuple(types), body), failed

    def _trap_rule(self, keyword: Token) -> ast.Node:
        back = self.restore_point()
        self.skip_newlines()
        attribute = self.attribute_rule()
        constraint = attribute if isinstance(attribute, ast.TypeConstraint) else None
        if attribute is not None and constraint is None:
            self.resync(back)
        body = self.statement_block_rule()
        if body is None:
            last = constraint or keyword
            self.error_after("MissingTrapStatement", last)
            return ast.ErrorStatement(keyword.start, last.end)
        return ast.TrapStatement(keyword.start, body.end, constraint, body)

    def _data_rule(self, keyword: Token) -> ast.Node:
        self.skip_newlines()
        name = self.simple_name()
        self.skip_newlines()
        allowed: list[ast.Node] = []
        failed: Extent | None = None
        if self.peek().kind == "Parameter":
            token = self.next()
            if not abbreviates(token, "SupportedCommand"):
                failed = token
                self.error("InvalidParameterForDataSectionStatement", token, token.value)
            last: Extent = token
            while True:
                self.skip_newlines()
                command = self.single_argument("name")
                if command is None:
                    if failed is None:
                        self.error_after("MissingValueForSupportedCommandInDataSectionStatement", last)
                    failed = last
                    break
                allowed.append(command)
                if self.peek().kind != "Comma":
                    break
                last = self.next()
        body: ast.StatementBlock | None = None
        if failed is None:
            body = self.statement_block_rule()
            if body is None:
                failed = allowed[-1] if allowed else name or keyword
                self.error_after("MissingStatementBlockForDataSection", failed)
        if failed is not None or body is None:
            return ast.ErrorStatement(keyword.start, (failed or keyword).end, tuple(allowed))
        return ast.DataStatement(keyword.start, body.end, name.value if name else None, tuple(allowed), body)
