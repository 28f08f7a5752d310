"""``parse``: PowerShell text to a syntax tree."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from .errors import ParseError, ParseErrors
from .messages import message
from .requires import read_requires
from .semantics import check
from .using_parser import UsingParser

if TYPE_CHECKING:
    from . import ast

Language = Literal["5.1", "7"]
_RECURSION: Final = 12_000


def _allow_depth() -> None:
    """Raise Python's recursion limit to what deep scripts need.

    Frames live on the heap, so a higher limit costs nothing; it is never lowered again, because what walks the
    tree afterwards needs it too.
    """
    if sys.getrecursionlimit() < _RECURSION:
        sys.setrecursionlimit(_RECURSION)


_allow_depth()  # with the import, so that a limit which a caller saves and restores is already this one


class Parser(UsingParser):
    """The whole grammar; one instance reads one text."""


def parse(text: str, *, language: Language = "5.1", file: str | None = None) -> ast.ScriptBlock:
    """Read a script; raise ``ParseErrors`` with every refusal when it is not valid in that language.

    ``language`` is "5.1" (Windows PowerShell) or "7". Offsets in the tree count characters.
    """
    tree, errors = _remembered(text, language)
    if errors or tree is None:
        raise ParseErrors(errors.copy(), text, file)
    return tree


@lru_cache(maxsize=256)
def _remembered(text: str, language: Language) -> tuple[ast.ScriptBlock | None, list[ParseError]]:
    """Read a script once: a fleet runs one text on every host, and trees are frozen."""
    return parse_with_errors(text, language=language)


def parse_with_errors(text: str, *, language: Language = "5.1") -> tuple[ast.ScriptBlock | None, list[ParseError]]:
    """Read a script; return the tree and the refusals (the tree is None when nesting was too deep)."""
    _allow_depth()
    try:
        return _read(text, language)
    except RecursionError:
        end = len(text)
        return None, [ParseError("ScriptTooComplicated", end, end, message("ScriptTooComplicated"))]


def _read(text: str, language: Language) -> tuple[ast.ScriptBlock, list[ParseError]]:
    parser = Parser(text, seven=language == "7")
    tree = parser.script_block_rule(None, is_filter=False)
    tree = read_requires(parser, tree)
    check(parser, tree)
    return tree, parser.lexer.errors
