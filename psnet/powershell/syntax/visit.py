"""Walking a tree in the order in which the engine's visitors do."""

from __future__ import annotations

from dataclasses import fields
from types import MappingProxyType
from typing import TYPE_CHECKING

from . import ast

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST = {ast.NamedBlock: ("traps", "statements"), ast.StatementBlock: ("traps", "statements")}
_SCALARS = frozenset({"str", "bool", "int", "str | None", "bool | None", "Requires | None"})


_BLOCKS = (ast.ScriptBlockExpression, ast.FunctionDefinition)


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


_FIELDS = MappingProxyType(
    {kind: _node_fields(kind) for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.Node)}
)


def children(node: ast.Node) -> list[ast.Node]:
    """Return the nodes directly below one."""
    found: list[ast.Node] = []
    for name in _FIELDS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, ast.Node):
            found.append(value)
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, ast.Node):
                    found.append(item)
                elif isinstance(item, tuple):  # a clause or a hashtable's pair
                    found += item
    return found


def descendants(node: ast.Node, *, nested_blocks: bool = True) -> Iterator[ast.Node]:
    """Yield a node and all below it; without nested_blocks, what is in script blocks below it is left out."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        if nested_blocks or current is node or not isinstance(current, _BLOCKS):
            pending += reversed(children(current))


def all_nodes(node: ast.Node) -> list[ast.Node]:
    """Return a node and all below it, in the order of ``descendants``: one walk for those who look several times."""
    found: list[ast.Node] = []
    pending = [node]
    while pending:
        current = pending.pop()
        found.append(current)
        if _FIELDS[type(current)]:
            pending += reversed(children(current))
    return found


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
