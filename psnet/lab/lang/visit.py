"""Walking a tree in the order in which the engine's visitors do."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from . import ast

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST = {ast.NamedBlock: ("traps", "statements"), ast.StatementBlock: ("traps", "statements")}
_SCALARS = frozenset({"str", "bool", "int", "str | None", "bool | None", "Requires | None"})


@cache
def _node_fields(kind: type[ast.Node]) -> tuple[str, ...]:
    if kind in _FIRST:
        return _FIRST[kind]
    if kind is ast.FunctionMember:
        return ("attributes", "returns", "parameters", "body")
    if kind is ast.PropertyMember:
        return ("attributes", "type_constraint", "default")
    if kind is ast.ExpandableStringExpression:
        return ("nested",)
    return tuple(field.name for field in fields(kind) if field.type not in _SCALARS)


def _nodes(value: Any) -> Iterator[ast.Node]:
    if isinstance(value, ast.Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def children(node: ast.Node) -> Iterator[ast.Node]:
    """Yield the nodes directly below one."""
    for name in _node_fields(type(node)):
        yield from _nodes(getattr(node, name))


def descendants(node: ast.Node, *, nested_blocks: bool = True) -> Iterator[ast.Node]:
    """Yield a node and all below it; without nested_blocks, script blocks below it are left out."""
    yield node
    for child in children(node):
        if nested_blocks or not isinstance(child, ast.ScriptBlockExpression | ast.FunctionDefinition):
            yield from descendants(child, nested_blocks=nested_blocks)
        else:
            yield child


def pure_expression(pipeline: ast.Node | None) -> ast.Node | None:
    """Return the expression of a pipeline that is nothing else, or None."""
    element = pipeline
    if isinstance(pipeline, ast.Pipeline):
        if len(pipeline.elements) != 1:
            return None
        element = pipeline.elements[0]
    if isinstance(element, ast.CommandExpression) and not element.redirections:
        return element.expression
    return None


def statements_of(block: ast.NamedBlock | ast.StatementBlock | None) -> tuple[ast.Node, ...]:
    """Return a block's statements, none for no block."""
    return block.statements if block is not None else ()
