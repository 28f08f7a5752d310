"""The switch statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import ast
from .statement_parser import StatementParser

if TYPE_CHECKING:
    from .parser_base import Extent
    from .tokens import Token

_SWITCH_FLAGS: Final = ("regex", "wildcard", "exact", "casesensitive", "parallel", "file")
_PRINTED_FLAGS: Final = ("file", "regex", "wildcard", "casesensitive", "parallel")


def abbreviates(token: Token, parameter: str) -> bool:
    """Return whether a parameter's token is a prefix of a word."""
    return parameter.lower().startswith(token.value.lower())


class SwitchParser(StatementParser):
    """``switch`` with its flags and clauses."""

    def switch_rule(self, keyword: Token, label: Token | None) -> ast.Node:
        """Read a switch statement whose keyword was read."""
        start = (label or keyword).start
        rest = _Switch(label or keyword)
        self.skip_newlines()
        self._switch_flags(rest)
        opening = self.peek()
        if opening.kind == "LParen":
            self._switch_condition(rest, opening)
        elif rest.condition is None and "file" not in rest.flags:
            rest.fail(incomplete=self.error_after("PipelineValueRequired", rest.last))
        self.skip_newlines()
        curly = self.next()
        if curly.kind != "LCurly":
            self.unget(curly)
            if not rest.incomplete:
                rest.failed = True
                self.error_after("MissingCurlyBraceInSwitchStatement", rest.last)
        else:
            rest.last = curly
            self.skip_newlines()
            while self._switch_clause(rest, curly):
                pass
        if rest.failed or rest.closing is None:
            nested = [part for clause in rest.clauses for part in clause]
            nested += [part for part in (rest.condition, rest.default) if part is not None]
            return ast.ErrorStatement(start, rest.last.end, tuple(nested))
        flags = tuple(flag for flag in _PRINTED_FLAGS if flag in rest.flags)
        name = label.value if label else None
        return ast.SwitchStatement(
            start, rest.closing.end, name, flags, rest.condition, tuple(rest.clauses), rest.default
        )

    def _switch_flags(self, rest: _Switch) -> None:
        while self.peek().kind == "Parameter":
            token = self.next()
            rest.last = token
            flag = next((name for name in _SWITCH_FLAGS if abbreviates(token, name)), None)
            if flag is None:
                rest.failed = True
                self.error("InvalidSwitchFlag", token, token.value)
                continue
            if flag in {"regex", "wildcard", "exact"}:
                rest.flags -= {"regex", "wildcard"}
            if flag != "exact":
                rest.flags.add(flag)
            if flag == "file":
                self.skip_newlines()
                name = self.single_argument("file")
                if name is None:
                    rest.fail(incomplete=self.error_after("MissingFilenameOption", token))
                else:
                    rest.last = name
                    place = (name.start, name.end)
                    rest.condition = ast.Pipeline(*place, (ast.CommandExpression(*place, name),))

    def _switch_condition(self, rest: _Switch, opening: Token) -> None:
        rest.last = opening
        self.skip()
        if "file" in rest.flags:
            rest.failed = True
            self.error("PipelineValueRequired", opening)
        self.skip_newlines()
        rest.condition = self.pipeline_chain_rule()
        if rest.condition is None:
            rest.fail(incomplete=self.error_after("PipelineValueRequired", opening))
        else:
            rest.last = rest.condition
        self.skip_newlines()
        closing = self.next()
        if closing.kind == "RParen":
            rest.last = closing
            return
        self.unget(closing)
        if not rest.incomplete:
            rest.fail(incomplete=self.error_after("MissingEndParenthesisInSwitchStatement", rest.last))

    def _switch_clause(self, rest: _Switch, curly: Token) -> bool:
        """Read one clause; False after the last."""
        token = self.peek()
        condition: ast.Node | None
        if token.kind == "Default":
            self.skip()
            condition = ast.StringConstantExpression(token.start, token.end, "BareWord", token.text)
        else:
            condition = self.single_argument("switch")
            if condition is None:
                rest.failed = True
                self.error_after("MissingSwitchConditionExpression", rest.last)
                if self.peek().kind == "RCurly":
                    self.skip()
                return False
        rest.last = condition
        body = self.statement_block_rule()
        if body is None:
            rest.fail(incomplete=self.error_after("MissingSwitchStatementClause", rest.last))
        else:
            rest.last = body
            if token.kind != "Default":
                rest.clauses.append((condition, body))
            else:
                if rest.default is not None:
                    rest.failed = True
                    self.error("MultipleSwitchDefaultClauses", condition)
                rest.default = body
        self.skip_newlines_and_semicolons()
        token = self.peek()
        if token.kind == "RCurly":
            rest.closing = token
            self.skip()
            return False
        if token.kind == "EndOfInput":
            if not rest.incomplete:
                rest.failed = True
                self.error("MissingEndCurlyBrace", curly)
            return False
        return True


class _Switch:
    """What was read of a switch statement so far."""

    def __init__(self, last: Extent) -> None:
        self.last = last
        self.flags: set[str] = set()
        self.condition: ast.Node | None = None
        self.clauses: list[tuple[ast.Node, ast.StatementBlock]] = []
        self.default: ast.StatementBlock | None = None
        self.closing: Token | None = None
        self.failed = False
        self.incomplete = False

    def fail(self, *, incomplete: bool) -> None:
        """Note an error; ``incomplete`` when it is at the end of the script."""
        self.failed = True
        self.incomplete = incomplete
