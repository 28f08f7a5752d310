"""``#requires`` lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import ast
    from .using_parser import UsingParser


def read_requires(parser: UsingParser, tree: ast.ScriptBlock) -> ast.ScriptBlock:
    """Return the tree with what its ``#requires`` lines ask for."""
    del parser
    return tree
