"""Pipelines: commands, their arguments and redirections, assignments, chains."""

# ruff: noqa: SIM905 - tables of words read best as words

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import ast
from .expression_parser import ExpressionParser
from .tokens import ASSIGNMENT, COMMAND, EXPRESSION, STREAMS, Redirection, Token

if TYPE_CHECKING:
    from .parser_base import Extent


_VERBATIM: Final = "--%"
_ENDS_ARGUMENT: Final = frozenset(
    "Pipe RCurly RParen EndOfInput NewLine Semi Redirection RedirectInStd AndAnd OrOr Ampersand MinusMinus "
    "Comma".split()
)
_PRIMARY: Final = frozenset(
    "SplattedVariable Variable Number HereStringExpandable StringExpandable HereStringLiteral StringLiteral "
    "LParen DollarParen AtParen AtCurly LCurly".split()
)
_ENDS_COMMAND: Final = frozenset("Pipe RCurly RParen EndOfInput NewLine Semi AndAnd OrOr Ampersand".split())
_ENDS_PIPELINE: Final = frozenset({"Semi", "NewLine", "RParen", "RCurly", "EndOfInput"})
_CHAINS: Final = frozenset({"AndAnd", "OrOr"})


class CommandParser(ExpressionParser):
    """The rules between statements and expressions."""

    # -- assignments and chains -----------------------------------------------------------------

    def pipeline_chain_rule(self) -> ast.Node | None:
        """Read an assignment, a pipeline or, in 7, a chain of pipelines."""
        with self.in_mode(EXPRESSION):
            first = self.expression_rule()
            assign: Token | None = None
            if first is not None and self.peek().kind in ASSIGNMENT:
                assign = self.next()
        if first is not None and assign is not None:
            return self._assignment(first, assign)
        return self._chain(first)

    def _assignment(self, left: ast.Node, assign: Token) -> ast.AssignmentStatement:
        self.skip_newlines()
        right = self.statement_rule()
        if right is None:
            self.error_after("ExpectedValueExpression", assign, assign.text)
            right = ast.ErrorStatement(assign.end, assign.end)
        end = right.end
        if isinstance(right, ast.Pipeline) and len(right.elements) == 1 and not right.background:
            only = right.elements[0]
            if isinstance(only, ast.CommandExpression):
                right = only
        return ast.AssignmentStatement(left.start, end, assign.kind, left, right)

    def _chain(self, first: ast.Node | None) -> ast.Node | None:
        chain: ast.Node | None = None
        operator: Token | None = None
        while True:
            head = None if first is not None else self.peek()
            pipeline = self._pipeline_rule(first)
            first = None
            if pipeline is None:
                if operator is None or chain is None:
                    return None
                return self._empty_element(chain, operator, head)
            token = self.peek()
            background = False
            if token.kind == "Ampersand" and self.seven:
                self.skip()
                token = self.peek()
                if token.kind in _CHAINS:
                    self.skip()
                    self.error("BackgroundOperatorInPipelineChain", token)
                    return ast.ErrorStatement((chain or pipeline).start, token.end)
                background = True
            whole = self._joined(chain, operator, pipeline, background=background)
            if background or token.kind not in _CHAINS:
                return whole
            self.skip()
            self.skip_newlines()
            chain, operator = whole, token
            if self.peek().kind == "EndOfInput":
                self.error_after("EmptyPipelineChainElement", token, token.text)
                return chain

    @staticmethod
    def _joined(
        chain: ast.Node | None, operator: Token | None, pipeline: ast.Pipeline, *, background: bool
    ) -> ast.Node:
        if chain is not None and operator is not None:
            return ast.PipelineChain(chain.start, pipeline.end, operator.kind, chain, pipeline, background)
        if background:
            return ast.Pipeline(pipeline.start, pipeline.end, pipeline.elements, background=True)
        return pipeline

    def _empty_element(self, chain: ast.Node, operator: Token, head: Token | None) -> ast.Node:
        if head is None or head.kind == "EndOfInput":
            self.error_after("EmptyPipelineChainElement", operator, operator.text)
        elif head.kind not in {"Dot", "Ampersand"}:
            self.lexer.report("EmptyPipelineChainElement", operator.start, head.end, operator.text)
        return ast.ErrorStatement(chain.start, operator.end, (chain,))

    # -- pipelines ------------------------------------------------------------------------------

    def _pipeline_rule(self, expression: ast.Node | None) -> ast.Pipeline | None:
        elements: list[ast.Node] = []
        pipe: Token | None = None
        while True:
            if expression is None:
                with self.in_mode(EXPRESSION):
                    expression = self.expression_rule()
            if expression is not None:
                if elements:
                    self.error("ExpressionsMustBeFirstInPipeline", expression)
                element: ast.Node | None = self._redirected(expression)
            else:
                element = self.command_rule()
            if element is not None:
                elements.append(element)
            elif elements or self.peek().kind == "Pipe":
                token = self.peek()
                place = (pipe.end, pipe.end) if pipe else (token.start, token.end)
                self.lexer.report("EmptyPipeElement", *place)
            expression = None
            pipe = self._pipeline_operator()
            if pipe is None:
                break
        if not elements:
            return None
        return ast.Pipeline(elements[0].start, elements[-1].end, tuple(elements))

    def _pipeline_operator(self) -> Token | None:
        """Take ``|`` and the newlines after it; None when the pipeline ends."""
        token = self.peek()
        if token.kind == "NewLine" and self.seven and self.lexer.is_pipe_continuation(token.end):
            self.skip_newlines()
            token = self.peek()
        if token.kind == "Pipe":
            self.skip()
            self.skip_newlines()
            if self.peek().kind == "EndOfInput":
                self.error_after("EmptyPipeElement", token)
                return None
            return token
        if token.kind in _ENDS_PIPELINE or (self.seven and token.kind in _CHAINS | {"Ampersand"}):
            return None
        if token.kind in _CHAINS:
            return self._refuse_chain(token)
        if token.kind == "Ampersand":
            self.skip()
            if not self.lexer.errors or self.lexer.errors[-1].start != token.start:
                self.error("AmpersandNotAllowed", token)
        else:
            self.error("UnexpectedToken", token, token.text)
        return None

    def _refuse_chain(self, token: Token) -> Token | None:
        """Refuse ``&&`` and ``||`` as 5.1 does, and go on as if it were a pipe."""
        self.skip()
        self.skip_newlines()
        self.error("InvalidEndOfLine", token, token.text)
        if self.peek().kind == "EndOfInput":
            return None
        return token

    def _redirected(self, expression: ast.Node) -> ast.CommandExpression:
        streams: dict[int, ast.Node] = {}
        end = expression.end
        while self.peek().kind in {"Redirection", "RedirectInStd"}:
            end = self._redirection_rule(self.next(), streams, expression).end
        redirections = tuple(streams[stream] for stream in sorted(streams))
        return ast.CommandExpression(expression.start, end, expression, redirections)

    # -- redirections ---------------------------------------------------------------------------

    def _redirection_rule(self, token: Token, streams: dict[int, ast.Node], last: Extent) -> Extent:
        """Read what a redirection writes to; return the place of the whole."""
        redirection = token.value
        if not isinstance(redirection, Redirection) or not redirection.merge:
            target = self.single_argument("file")
            if target is None:
                self.error_after("MissingFileSpecification", token)
                target = ast.ErrorExpression(token.start, token.end)
            if not isinstance(redirection, Redirection):
                self.error("RedirectionNotSupported", token, token.text)
                return last if isinstance(last, ast.Node) else ast.Node(token.start, target.end)
            name = STREAMS[redirection.source]
            node: ast.Node = ast.FileRedirection(token.start, target.end, name, redirection.append, target)
        else:
            if redirection.target != 1 or redirection.source == 1:
                self.error("RedirectionNotSupported", token, token.text)
            node = ast.MergingRedirection(token.start, token.end, STREAMS[redirection.source], "Output")
        if redirection.source in streams:
            self.error("StreamAlreadyRedirected", node)
        else:
            streams[redirection.source] = node
        return node

    # -- commands -------------------------------------------------------------------------------

    def single_argument(self, context: str) -> ast.Node | None:
        """Read one argument in command mode; None when there is none."""
        if self.peek().kind in {"Comma", "EndOfInput"}:
            return None
        with self.in_mode(COMMAND):
            return self.argument_rule(context, self.next())

    def argument_rule(self, context: str, token: Token) -> ast.Node | None:
        """Read an argument that begins with a token; commas build a list in the context ``argument``.

        The contexts are ``name``, ``invoked`` (after ``&`` or ``.``), ``argument``, ``file``, ``switch``.
        """
        elements: list[ast.Node] = []
        comma: Token | None = None
        while True:
            kind = token.kind
            if kind in _ENDS_ARGUMENT:
                self.unget(token)
                if comma is None:
                    return None
                self.error_after("MissingExpression", comma, ",")
                return ast.ErrorExpression(elements[0].start, comma.end, tuple(elements))
            verbatim = False
            if kind in _PRIMARY:
                self.unget(token)
                element = self.primary_rule()
                if element is None:
                    return None
            elif kind == "Generic" and token.pieces is not None and context != "name":
                element = self.expandable(token)
            else:
                word = token.value if kind == "Generic" else token.text
                element = ast.StringConstantExpression(token.start, token.end, "BareWord", word)
                verbatim = kind == "Generic" and word == _VERBATIM
            if context == "argument" and not verbatim:
                following = self.peek()
                if following.kind == "Comma":
                    comma = following
                    elements.append(element)
                    self.skip()
                    self.skip_newlines()
                    token = self.next()
                    continue
            if not elements:
                return element
            elements.append(element)
            return ast.ArrayLiteral(elements[0].start, element.end, tuple(elements))

    def command_rule(self) -> ast.Command | None:
        """Read a command; None when none begins here."""
        old = self.lexer.mode
        self.set_mode(COMMAND)
        try:
            first = token = self.next()
            invocation = first.kind if first.kind in {"Dot", "Ampersand"} else None
            if invocation:
                token = self.next()
            elements: list[ast.Node] = []
            streams: dict[int, ast.Node] = {}
            end = self._elements(token, "invoked" if invocation else "name", elements, streams, first)
        finally:
            self.set_mode(old)
        if not elements:
            if invocation:
                self.error("MissingExpression", first, first.text)
            return None
        redirections = tuple(streams[stream] for stream in sorted(streams))
        return ast.Command(first.start, end, invocation, tuple(elements), redirections)

    def _elements(
        self, token: Token, context: str, elements: list[ast.Node], streams: dict[int, ast.Node], first: Token
    ) -> int:
        """Read a command's elements from a token on; return where they end."""
        end = first.end
        dashes = False
        while True:
            kind = token.kind
            if kind in _ENDS_COMMAND:
                self.unget(token)
                return end
            naming = context != "argument"
            if kind == "MinusMinus":
                end = token.end
                if dashes:
                    elements.append(ast.StringConstantExpression(token.start, token.end, "BareWord", token.text))
                else:
                    elements.append(ast.CommandParameter(token.start, token.end, "-"))
                dashes = True
            elif kind == "Comma":
                end = token.end
                self.error("MissingArgument", token)
                self.skip_newlines()
            elif (kind == "Parameter" and (naming or dashes)) or (naming and kind in {"Redirection", "RedirectInStd"}):
                end = token.end
                elements.append(ast.StringConstantExpression(token.start, end, "BareWord", token.text))
            elif kind == "Parameter":
                parameter = self._parameter_element(token)
                end = parameter.end
                elements.append(parameter)
            elif kind in {"Redirection", "RedirectInStd"}:
                end = self._redirection_rule(token, streams, token).end
            elif kind == "InlineScript" and context == "name":
                end, more = self._inline_script(token, elements)
                if not more:
                    return end
            else:
                argument = self.argument_rule(context, token)
                if argument is None:
                    return end
                elements.append(argument)
                end = argument.end
                if token.value == _VERBATIM and kind == "Generic":
                    verbatim = self._verbatim()
                    if verbatim is not None:
                        elements.append(verbatim)
                        return verbatim.end
            context = "argument"
            token = self.next()

    def _verbatim(self) -> ast.Node | None:
        if self._ungot is not None and self._ungot.kind != "Parameter":
            return None
        self._ungot = None
        token = self.lexer.verbatim_argument()
        return ast.StringConstantExpression(token.start, token.end, "BareWord", token.value)

    def _parameter_element(self, token: Token) -> ast.CommandParameter:
        argument: ast.Node | None = None
        end = token.end
        if token.used_colon and self.peek().kind != "Comma":
            argument = self.argument_rule("argument", self.next())
            if argument is None:
                self.error_after("ParameterRequiresArgument", token, token.text)
            else:
                end = argument.end
        return ast.CommandParameter(token.start, end, token.value, argument)

    def _inline_script(self, token: Token, elements: list[ast.Node]) -> tuple[int, bool]:
        elements.append(ast.StringConstantExpression(token.start, token.end, "BareWord", token.text))
        self.skip_newlines()
        opening = self.next()
        if opening.kind != "LCurly":
            self.unget(opening)
            self.error_after("MissingStatementAfterKeyword", token, token.text)
            return token.end, False
        block = self.script_block_expression_rule(opening)
        elements.append(block)
        return block.end, True
