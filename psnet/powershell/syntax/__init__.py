"""The PowerShell language: tokenizer, parser, syntax tree, tree printer."""

from __future__ import annotations

from .errors import ParseError, ParseErrors
from .parser import parse, parse_with_errors
from .positions import line_and_column, line_starts
from .tree import tree_or_errors, tree_text

__all__ = [
    "ParseError",
    "ParseErrors",
    "line_and_column",
    "line_starts",
    "parse",
    "parse_with_errors",
    "tree_or_errors",
    "tree_text",
]
