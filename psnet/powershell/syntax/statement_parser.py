"""Statements: what begins with a keyword, script blocks and their parts."""

# ruff: noqa: SIM905 - tables of words read best as words

from __future__ import annotations

from . import ast
from .command_parser import CommandParser
from .parser_base import Extent, StatementList, before
from .tokens import BLOCK_NAMES, KEYWORD_KINDS, NO_ATTRIBUTES, Token

_NO_FUNCTION_NAME = frozenset(
    "Pipe LParen LCurly AtParen AtCurly RCurly RParen EndOfInput Semi Redirection RedirectInStd AndAnd OrOr "
    "Ampersand Variable SplattedVariable HereStringExpandable HereStringLiteral StringLiteral "
    "StringExpandable".split()
)


class StatementParser(CommandParser):
    """Script blocks, functions, flow control; loops and classes come in the classes built on it."""

    # -- script blocks --------------------------------------------------------------------------

    def using_statements_rule(self) -> list[ast.UsingStatement]:
        """Read the using statements that a script begins with (completed by the class built on it)."""
        return []

    def script_block_rule(
        self, opening: Token | None, *, is_filter: bool, first: ast.Node | None = None
    ) -> ast.ScriptBlock:
        """Read a script block; ``first`` is a statement that the engine puts before all others."""
        self.skip_newlines()
        usings = tuple(self.using_statements_rule()) if opening is None else ()
        back = self.restore_point()
        param = self.param_block_rule()
        if param is None:
            self.resync(back)
        self.skip_newlines_and_semicolons()
        if self.peek().kind in BLOCK_NAMES:
            return self._named_blocks(opening, usings, param)
        return self._unnamed_block(opening, usings, param, is_filter=is_filter, first=first)

    def _unnamed_block(
        self,
        opening: Token | None,
        usings: tuple[ast.UsingStatement, ...],
        param: ast.ParamBlock | None,
        *,
        is_filter: bool,
        first: ast.Node | None,
    ) -> ast.ScriptBlock:
        statements: list[ast.Node] = [first] if first is not None else []
        traps: list[ast.TrapStatement] = []
        body = (param.start, param.end) if param else None
        while True:
            found = self.statement_list_rule()
            statements += found.statements
            traps += found.traps
            if found.start is not None and found.end is not None:
                body = (body[0] if body else found.start, found.end)
            whole = self._close_block(opening, body)
            if whole is not None:
                break
        start, end, body = whole
        place = body or (0, 0)
        kind = "process" if is_filter else "end"
        block = ast.NamedBlock(*place, kind, unnamed=True, statements=tuple(statements), traps=tuple(traps))
        if is_filter:
            return ast.ScriptBlock(start, end, usings, param=param, process=block)
        return ast.ScriptBlock(start, end, usings, param=param, end_block=block)

    def _close_block(
        self, opening: Token | None, body: tuple[int, int] | None
    ) -> tuple[int, int, tuple[int, int] | None] | None:
        """Take what ends a block; return its place and that of its body, None to read more statements."""
        token = self.next()
        if opening is None:
            if token.kind != "EndOfInput":
                self.error("UnexpectedToken", token, token.text)
                return None
            return 0, self.lexer.n, body
        if token.kind != "RCurly":
            self.unget(token)
            self.error("MissingEndCurlyBrace", opening)
            return opening.start, (body[1] if body else opening.end), body
        if body is None and self._column(opening.end) != self._column(token.start):
            body = (opening.end, before(token))
        return opening.start, token.end, body

    def _column(self, offset: int) -> int:
        text = self.lexer.text
        return offset - max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset))

    def _named_blocks(
        self, opening: Token | None, usings: tuple[ast.UsingStatement, ...], param: ast.ParamBlock | None
    ) -> ast.ScriptBlock:
        blocks: dict[str, ast.NamedBlock] = {}
        first: Extent | None = opening or param
        last: Extent | None = None
        while True:
            token = self.next()
            if token.kind in {"RCurly", "EndOfInput"}:
                self.unget(token)
                start, last_end = (first or token).start, (last or token).end
                whole = self._close_block(opening, (start, last_end))
                place = whole[:2] if whole else (0, self.lexer.n)
                break
            if token.kind not in BLOCK_NAMES:
                place = (0, self.lexer.n)
                if opening is not None:
                    self.unget(token)
                    place = ((first or token).start, (last or token).end)
                self.error("MissingNamedBlocks", token, token.text)
                break
            first = first or token
            body = self.statement_block_rule()
            if body is None:
                self.error_after("MissingNamedStatementBlock", token, token.text)
                body = ast.StatementBlock(token.start, token.end)
                last = token
            else:
                last = body
            name = token.kind.lower()
            if name in blocks:
                self.lexer.report("DuplicateScriptCommandClause", token.start, last.end, token.text)
            else:
                blocks[name] = ast.NamedBlock(token.start, last.end, name, statements=body.statements, traps=body.traps)
            self.skip_newlines_and_semicolons()
        return ast.ScriptBlock(
            *place,
            usings,
            param=param,
            dynamicparam=blocks.get("dynamicparam"),
            begin=blocks.get("begin"),
            process=blocks.get("process"),
            end_block=blocks.get("end"),
            clean=blocks.get("clean"),
        )

    def statement_block_rule(self) -> ast.StatementBlock | None:
        """Read statements between braces; None when no brace comes."""
        self.skip_newlines()
        opening = self.next()
        if opening.kind != "LCurly":
            self.unget(opening)
            return None
        return self.statements_until_brace(opening)

    def statements_until_brace(self, opening: Token) -> ast.StatementBlock:
        """Read the statements after a brace that was read, and the closing one."""
        found = self.statement_list_rule()
        closing = self.next()
        end = closing.end
        if closing.kind != "RCurly":
            self.unget(closing)
            self.error("MissingEndCurlyBrace", opening)
            end = found.end if found.end is not None else opening.end
        return ast.StatementBlock(opening.start, end, tuple(found.statements), tuple(found.traps))

    def statement_list_rule(self) -> StatementList:
        """Read statements up to what is none."""
        found = StatementList()
        self.skip_newlines_and_semicolons()
        while True:
            statement = self.statement_rule()
            if statement is None:
                return found
            signature = self.lexer.signature_start
            if signature is not None and signature < statement.start:
                self.error("TokenAfterEndOfValidScriptText", statement)
            if isinstance(statement, ast.TrapStatement):
                found.traps.append(statement)
            else:
                found.statements.append(statement)
            if found.start is None:
                found.start = statement.start
            found.end = statement.end
            self.skip_newlines_and_semicolons()
            if self.peek().kind in {"RParen", "RCurly"}:
                return found

    # -- one statement --------------------------------------------------------------------------

    def keyword_statement(self, token: Token, attributes: list[ast.Node]) -> tuple[bool, ast.Node | None]:
        """Read what begins with a keyword; the first result says whether the token was one."""
        kind = token.kind
        if kind == "If":
            return True, self._if_rule(token)
        if kind in {"Function", "Filter", "Workflow"}:
            return True, self._function_rule(token)
        if kind in {"Return", "Throw", "Exit"}:
            return True, self._flow_rule(token)
        if kind in {"Break", "Continue"}:
            label = self.label_or_key_rule()
            node = ast.BreakStatement if kind == "Break" else ast.ContinueStatement
            return True, node(token.start, (label or token).end, label)
        if kind in {"From", "Define", "Var"}:
            self.error("ReservedKeywordNotAllowed", token, token.text)
            return True, ast.ErrorStatement(token.start, token.end)
        if kind in {"Parallel", "Sequence"}:
            body = self.statement_block_rule()
            if body is None:
                self.error_after("MissingStatementAfterKeyword", token, token.text)
                return True, ast.ErrorStatement(token.start, token.end)
            return True, ast.BlockStatement(token.start, body.end, token.text.lower(), body)
        return False, ast.ErrorStatement(token.start, token.end, tuple(attributes))

    def statement_rule(self) -> ast.Node | None:
        """Read a statement; None when none begins here."""
        while True:
            token = self.next()
            back = token.start
            attributes: list[ast.Node] = []
            if token.kind == "Generic" and token.text[:1] == "[":
                token, attributes = self._leading_attributes(token)
            if token.kind in KEYWORD_KINDS or token.kind == "Label":
                if token.kind in {"Else", "ElseIf", "Catch", "Until"} and self.lexer.errors:
                    self.skip_newlines()
                    continue
                known, statement = self.keyword_statement(token, attributes)
                if known:
                    return statement
            if attributes:
                self.resync(back)
            elif token.kind == "EndOfInput":
                self.unget(token)
                return None
            else:
                self.unget(token)
            return self.pipeline_chain_rule()

    def _leading_attributes(self, token: Token) -> tuple[Token, list[ast.Node]]:
        """Read attributes before a statement; they may turn out to be part of an expression."""
        back = token.start
        self.resync(back)
        attributes = self.attribute_list_rule(in_expression=False)
        token = self.next()
        if not attributes:
            return token, attributes
        constraint = next((one for one in attributes if isinstance(one, ast.TypeConstraint)), None)
        if token.kind in NO_ATTRIBUTES:
            if constraint is None:
                self.error("UnexpectedAttribute", attributes[0])
                return token, attributes
        elif token.kind in KEYWORD_KINDS:
            if constraint is not None:
                self.error("TypeNotAllowedBeforeStatement", constraint, constraint.type_name)
            return token, attributes
        self.resync(back)
        return self.next(), attributes

    def _flow_rule(self, token: Token) -> ast.Node:
        pipeline = self.pipeline_chain_rule()
        place = (token.start, (pipeline or token).end)
        if token.kind == "Return":
            return ast.ReturnStatement(*place, pipeline)
        if token.kind == "Throw":
            return ast.ThrowStatement(*place, pipeline)
        return ast.ExitStatement(*place, pipeline)

    def _if_rule(self, keyword: Token) -> ast.Node:
        start = keyword.start
        clauses: list[tuple[ast.Node, ast.StatementBlock]] = []
        seen: list[ast.Node] = []
        while True:
            self.skip_newlines()
            opening = self.next()
            if opening.kind != "LParen":
                self.unget(opening)
                self.error_after("MissingOpenParenthesisInIfStatement", keyword, keyword.text)
                return ast.ErrorStatement(start, keyword.end, tuple(seen))
            self.skip_newlines()
            condition = self.pipeline_chain_rule()
            if condition is None:
                self.error_after("IfStatementMissingCondition", opening, keyword.text)
                condition = ast.ErrorStatement(opening.end, opening.end)
            else:
                seen.append(condition)
            self.skip_newlines()
            closing = self.next()
            if closing.kind != "RParen":
                self.unget(closing)
                if not isinstance(condition, ast.ErrorStatement):
                    self.error("MissingEndParenthesisAfterStatement", closing, keyword.text)
                return ast.ErrorStatement(start, before(closing), tuple(seen))
            self.skip_newlines()
            body = self.statement_block_rule()
            if body is None:
                self.error("MissingStatementBlock", closing, keyword.text)
                return ast.ErrorStatement(start, closing.end, tuple(seen))
            seen.append(body)
            clauses.append((condition, body))
            back = self.restore_point() if self._ungot is None else self._ungot.start
            self.skip_newlines()
            keyword = self.peek()
            if keyword.kind == "ElseIf":
                self.skip()
                continue
            otherwise: ast.StatementBlock | None = None
            if keyword.kind == "Else":
                self.skip()
                self.skip_newlines()
                otherwise = self.statement_block_rule()
                if otherwise is None:
                    self.error_after("MissingStatementBlockAfterElse", keyword)
                    return ast.ErrorStatement(start, keyword.end, tuple(seen))
            else:
                self.resync(back)
            end = (otherwise or body).end
            return ast.IfStatement(start, end, tuple(clauses), otherwise)

    # -- functions ------------------------------------------------------------------------------

    def _function_rule(self, keyword: Token) -> ast.Node:
        self.skip_newlines()
        name = self.next()
        if name.kind in _NO_FUNCTION_NAME:
            self.unget(name)
            self.error_after("MissingNameAfterKeyword", keyword, keyword.text)
            return ast.ErrorStatement(keyword.start, keyword.end)
        parameters, closing, failed = self.function_parameters()
        opening, failed = self.function_body_opening(closing or name, failed)
        if failed is not None:
            return ast.ErrorStatement(keyword.start, failed.end, tuple(parameters or ()))
        is_filter, is_workflow = keyword.kind == "Filter", keyword.kind == "Workflow"
        old = self.lexer.in_workflow
        self.lexer.in_workflow = is_workflow
        body = self.script_block_rule(opening, is_filter=is_filter)
        self.lexer.in_workflow = old
        return ast.FunctionDefinition(
            keyword.start,
            body.end,
            name.value if name.kind == "Generic" else name.text,
            is_filter,
            is_workflow,
            tuple(parameters) if parameters else None,
            body,
        )

    def function_body_opening(self, last: Extent, failed: Extent | None) -> tuple[Token, Extent | None]:
        """Read the brace that opens a function's body: the token, and what went wrong (``last`` for a missing one)."""
        opening = self.next()
        if opening.kind != "LCurly":
            self.unget(opening)
            if failed is None:
                failed = last
                self.error_after("MissingFunctionBody", failed)
        return opening, failed

    def function_parameters(self) -> tuple[list[ast.Parameter] | None, Token | None, Extent | None]:
        """Read ``(...)`` after a function's name: the parameters, the closing token, what went wrong."""
        self.skip_newlines()
        opening = self.peek()
        if opening.kind != "LParen":
            return None, None, None
        self.skip()
        parameters = self.parameter_list_rule()
        self.skip_newlines()
        closing = self.next()
        failed: Extent | None = None
        if closing.kind != "RParen":
            self.unget(closing)
            failed = parameters[-1] if parameters else opening
            self.error_after("MissingEndParenthesisInFunctionParameterList", failed)
        self.skip_newlines()
        return parameters, closing, failed
