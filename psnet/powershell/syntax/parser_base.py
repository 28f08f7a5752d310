"""What every rule of the grammar needs: one token of lookahead, modes, errors, resynchronising."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from . import ast
from .lexer import Lexer
from .tokens import MODE_INVARIANT, Token

if TYPE_CHECKING:
    from collections.abc import Iterator


class Extent(Protocol):
    """Anything with a place in the text: a token or a node."""

    @property
    def start(self) -> int:
        """Offset of its first character."""

    @property
    def end(self) -> int:
        """Offset after its last character."""


def before(extent: Extent) -> int:
    """Return the place before something (one character to the left, as the engine has it)."""
    return max(0, extent.start - 1)


class ParserBase(ABC):
    """Tokens for the rules; the rules themselves are in the classes built on it."""

    def __init__(self, text: str, *, seven: bool) -> None:
        self.lexer = Lexer(text, seven=seven)
        self.seven = seven
        self._ungot: Token | None = None
        self._no_comma = False

    # -- rules that lower rules call ------------------------------------------------------------

    @abstractmethod
    def expression_rule(self, *, ternary: bool = False) -> ast.Node | None:
        """Read an expression."""

    @abstractmethod
    def statement_rule(self) -> ast.Node | None:
        """Read a statement."""

    @abstractmethod
    def statement_list_rule(self) -> StatementList:
        """Read statements up to what is none."""

    @abstractmethod
    def statement_block_rule(self) -> ast.StatementBlock | None:
        """Read statements between braces."""

    @abstractmethod
    def pipeline_chain_rule(self) -> ast.Node | None:
        """Read an assignment, a pipeline or a chain of pipelines."""

    @abstractmethod
    def script_block_rule(
        self, opening: Token | None, *, is_filter: bool, first: ast.Node | None = None
    ) -> ast.ScriptBlock:
        """Read a script block; ``opening`` is its brace, None for a whole script."""

    @abstractmethod
    def single_argument(self, context: str) -> ast.Node | None:
        """Read one command argument."""

    # -- tokens ---------------------------------------------------------------------------------

    def next(self) -> Token:
        """Take a token."""
        token = self._ungot
        if token is None:
            return self.lexer.next_token()
        self._ungot = None
        return token

    def peek(self) -> Token:
        """Look at the next token."""
        token = self._ungot
        if token is None:
            token = self._ungot = self.lexer.next_token()
        return token

    def skip(self) -> None:
        """Take the token that was peeked."""
        self._ungot = None

    def forget_lookahead(self) -> None:
        """Drop a token that was looked at, after a text of its own was read."""
        self._ungot = None

    def unget(self, token: Token) -> None:
        """Put a token back."""
        self._ungot = token

    def skip_newlines(self) -> None:
        """Skip newlines and comments."""
        if self._ungot is None or self._ungot.kind == "NewLine":
            self._ungot = None
            self.lexer.skip_newlines(semicolons=False)

    def skip_newlines_and_semicolons(self) -> None:
        """Skip newlines, comments and semicolons."""
        if self._ungot is None or self._ungot.kind in {"NewLine", "Semi"}:
            self._ungot = None
            self.lexer.skip_newlines(semicolons=True)

    def set_mode(self, mode: str) -> None:
        """Change the mode; a peeked token that reads otherwise in it is put back into the text."""
        if mode != self.lexer.mode:
            if self._ungot is not None and self._ungot.kind not in MODE_INVARIANT:
                self.resync(self._ungot.start)
            self.lexer.mode = mode

    @contextmanager
    def in_mode(self, mode: str) -> Iterator[None]:
        """Read something in a mode and come back to the one before."""
        old = self.lexer.mode
        self.set_mode(mode)
        try:
            yield
        finally:
            self.set_mode(old)

    @contextmanager
    def commas(self, *, separate: bool) -> Iterator[None]:
        """Read something where a comma separates (arguments) or builds arrays."""
        old = self._no_comma
        self._no_comma = separate
        try:
            yield
        finally:
            self._no_comma = old

    def resync(self, offset: int) -> None:
        """Go on reading from an offset."""
        self._ungot = None
        self.lexer.resync(offset)

    def restore_point(self) -> int:
        """Return the offset at which the next token is looked for."""
        return self.lexer.restore_point()

    def next_member_access(self, *, allow_bracket: bool) -> Token | None:
        """Take a member access operator that follows at once."""
        return None if self._ungot else self.lexer.member_access(allow_bracket=allow_bracket)

    def next_invoke(self) -> Token | None:
        """Take the ``(`` or ``{`` of a method call that follows at once."""
        return None if self._ungot else self.lexer.invoke_open()

    def next_left_bracket(self) -> Token | None:
        """Take the ``[`` of an attribute."""
        if self._ungot:
            return self.next() if self._ungot.kind == "LBracket" else None
        return self.lexer.left_bracket()

    # -- errors ---------------------------------------------------------------------------------

    def error(self, error_id: str, extent: Extent, *arguments: object) -> None:
        """Refuse something where it is."""
        self.lexer.report(error_id, extent.start, extent.end, *arguments)

    def error_after(self, error_id: str, extent: Extent, *arguments: object) -> bool:
        """Refuse what comes after something; return whether that is the end of the script."""
        self.lexer.report(error_id, extent.end, extent.end, *arguments)
        return self.lexer.at_end_of_script(extent.end)

    def error_before(self, error_id: str, extent: Extent, *arguments: object) -> None:
        """Refuse what should have come before something."""
        at = before(extent)
        self.lexer.report(error_id, at, at, *arguments)

    def sync_on_error(self, kinds: tuple[str, ...], *, consume: bool) -> None:
        """Skip tokens up to one of some kinds, brackets balanced."""
        depth = {"Paren": int("RParen" in kinds), "Curly": int("RCurly" in kinds)}
        depth["Bracket"] = int("RBracket" in kinds)
        while True:
            token = self.next()
            side, family = token.kind[:1], token.kind[1:]
            if family in depth and side == "L":
                depth[family] += 1
            elif family in depth and side == "R":
                depth[family] -= 1
                if depth[family] == 0 and token.kind in kinds:
                    if not consume:
                        self.unget(token)
                    return
            elif token.kind == "EndOfInput":
                self.unget(token)
                return
            if token.kind in kinds and not any(depth.values()):
                return

    # -- names ----------------------------------------------------------------------------------

    def simple_name_token(self) -> Token | None:
        """Take a plain identifier."""
        self.lexer.want_simple_name = True
        token = self.peek()
        self.lexer.want_simple_name = False
        if token.kind != "Identifier":
            return None
        self.skip()
        return token

    def simple_name(self) -> ast.StringConstantExpression | None:
        """Read a plain identifier as a bare word."""
        token = self.simple_name_token()
        if token is None:
            return None
        return ast.StringConstantExpression(token.start, token.end, "BareWord", token.text)


class StatementList:
    """Statements and traps while they are read; ``start`` and ``end`` are None when there are none."""

    __slots__ = ("end", "start", "statements", "traps")

    def __init__(self) -> None:
        self.statements: list[ast.Node] = []
        self.traps: list[ast.TrapStatement] = []
        self.start: int | None = None
        self.end: int | None = None
