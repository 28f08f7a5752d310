"""What runs for an error, or not at all: script blocks for ``Should -Throw`` and its like, and those that are texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.powershell.syntax import ast
from psnet.powershell.syntax.visit import descendants, pure_expression

from .arguments import command_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXTS: Final = frozenset({"ast", "tostring", "getpowershell"})
_MEMBERS: Final = (ast.MemberExpression, ast.InvokeMemberExpression)


def wanted_errors(tree: ast.ScriptBlock) -> list[tuple[int, int]]:
    """Return the (start, end) of script blocks that have to throw (Pester's Should -Throw, Should-Throw, ...).

    So has a ``try`` that ends with a ``throw`` of its own. A block of which only the text or the tree is asked
    (``{ ... }.ToString()``, ``.Ast``, ``.GetPowerShell()``) does not run.
    """
    nodes = list(descendants(tree))
    names: set[str] = set()
    found: list[tuple[int, int]] = []
    for block in (block for node in nodes if isinstance(node, ast.Pipeline) for block in _thrown(node)):
        if isinstance(block, ast.ScriptBlockExpression):
            found.append((block.start, block.end))
        elif isinstance(block, ast.VariableExpression):
            names.add(block.path.lower())
    for node in nodes:
        if isinstance(node, ast.TryStatement) and node.catches and node.body is not None:
            *tried, last = node.body.statements or (None,)
            if tried and isinstance(last, ast.ThrowStatement):  # what comes before it has to throw
                found.append((node.body.start, node.body.end))
        elif isinstance(node, _MEMBERS) and isinstance(node.object, ast.ScriptBlockExpression) and _text_of(node):
            found.append((node.object.start, node.object.end))
    for node in nodes if names else ():
        if isinstance(node, ast.AssignmentStatement) and isinstance(node.left, ast.VariableExpression):
            value = pure_expression(node.right)
            if node.left.path.lower() in names and isinstance(value, ast.ScriptBlockExpression):
                found.append((value.start, value.end))
    return found


def _text_of(node: ast.MemberExpression | ast.InvokeMemberExpression) -> bool:
    return str(getattr(node.member, "value", "")).lower() in _TEXTS


def _thrown(pipeline: ast.Pipeline) -> Iterator[ast.Node]:
    """Yield what a pipeline hands to commands that wait for an error."""
    commands = [element for element in pipeline.elements if isinstance(element, ast.Command)]
    if not any(_waits(command) for command in commands):
        return
    first = pipeline.elements[0]
    if isinstance(first, ast.CommandExpression) and first.expression is not None:
        yield first.expression
    for command in commands:
        if _waits(command):
            for element in command.elements[1:]:
                yield element
                if isinstance(element, ast.CommandParameter) and element.argument is not None:
                    yield element.argument


def _waits(command: ast.Command) -> bool:
    name = (command_name(command.elements[0]) or "").lower()
    given = {one.name.lower() for one in command.elements if isinstance(one, ast.CommandParameter)}
    if name == "should":
        words = {str(getattr(one, "value", "")).lower() for one in command.elements[1:]}  # Pester 3: Should Throw
        return ("throw" in given or "throw" in words) and "not" not in given | words
    return "throw" in name and not name.startswith("should-not")
