"""What the engine refuses after the grammar has accepted it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import ast
    from .using_parser import UsingParser


def check(parser: UsingParser, tree: ast.ScriptBlock) -> None:
    """Report what is wrong in a tree."""
    del parser, tree
