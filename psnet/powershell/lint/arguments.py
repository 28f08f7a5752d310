"""The arguments of a call as they stand in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psnet.powershell.syntax import ast

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Written:
    """One argument: ``name`` without the dash, ``value`` its node; both for ``-Name:value``."""

    start: int
    name: str | None = None
    value: ast.Node | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A command call: ``open`` when more arguments may come from a splatted variable."""

    name: str | None
    start: int
    arguments: tuple[Written, ...]
    open: bool
    has_input: bool


def read_call(command: ast.Command, *, has_input: bool) -> Call:
    """Return what a call says; ``name`` is None for a name that only a run could tell."""
    head, *rest = command.elements
    arguments, is_open = _arguments(rest)
    return Call(command_name(head), head.start, tuple(arguments), is_open, has_input)


def command_name(head: ast.Node) -> str | None:
    """Return a command's constant name."""
    return head.value if isinstance(head, ast.StringConstantExpression) else None


def _arguments(nodes: Sequence[ast.Node]) -> tuple[list[Written], bool]:
    found: list[Written] = []
    is_open = False
    for node in nodes:
        if isinstance(node, ast.CommandParameter):
            found.append(Written(node.start, node.name, node.argument))
        elif isinstance(node, ast.VariableExpression) and node.splatted:
            is_open = True
        elif isinstance(node, ast.StringConstantExpression) and node.value == "--%":
            return found, True
        else:
            found.append(Written(node.start, None, node))
    return found, is_open
