"""``foreach``, ``for``, ``while`` and ``do``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.values import AUTOMATION_NULL

from . import net
from .flow import BreakJump, ContinueJump, labels_match
from .statements import run_statements
from .values_of import statement_value

if TYPE_CHECKING:
    from psnet.powershell.syntax import ast

    from .frame import Frame


def _body(frame: Frame, body: ast.StatementBlock | None, label: str | None) -> bool:
    """Run a loop's body once; say whether the loop goes on."""
    assert body is not None  # noqa: S101 - the parser gives every loop a body
    try:
        run_statements(frame, body.statements, body.traps)
    except BreakJump as jump:
        if not labels_match(jump, label):
            raise
        return False
    except ContinueJump as jump:
        if not labels_match(jump, label):
            raise
    return True


class ForEachEnumerator:
    """$foreach: the loop's enumerator."""

    type_name = "System.Array+SZArrayEnumerator"

    def __init__(self, source: Any) -> None:
        self.source = iter(source)
        self.current: Any = None

    def move_next(self) -> bool:
        """Go to the next element; say whether there is one."""
        try:
            self.current = next(self.source)
        except StopIteration:
            return False
        return True


def foreach_statement(frame: Frame, node: ast.ForEachStatement) -> None:
    """``foreach``: null is enumerated as nothing, a scalar once."""
    if node.parallel or node.throttle is not None:
        raise net.unsupported("foreach -parallel", frame.source.line_of(node.start))
    assert node.expression is not None  # noqa: S101 - the parser gives every loop its parts
    assert node.variable is not None  # noqa: S101 - the parser gives every loop its parts
    frame.node = node.expression
    value = statement_value(frame, node.expression)
    if value is None or value is AUTOMATION_NULL:
        return
    items = net.enumerate_output(value)
    from .variables import assign_path  # noqa: PLC0415 - variables use loops' neighbours

    enumerator = ForEachEnumerator([value] if items is None else items)
    before = frame.scope.variables.get("foreach")
    frame.scope.put(
        "foreach", net.object_with(enumerator, Current=lambda: enumerator.current, MoveNext=enumerator.move_next)
    )
    try:
        while enumerator.move_next():
            frame.runspace.step()
            assign_path(frame, node.variable.path, enumerator.current)
            if not _body(frame, node.body, node.label):
                return
    finally:
        frame.scope.variables.pop("foreach", None)
        if before is not None:
            frame.scope.variables["foreach"] = before


def _condition(frame: Frame, node: Any) -> bool:
    frame.runspace.step()
    frame.node = node
    return net.to_bool(statement_value(frame, node))


def for_statement(frame: Frame, node: ast.ForStatement) -> None:
    """``for``."""
    if node.init is not None:
        frame.node = node.init
        _discard(frame, node.init)
    while node.cond is None or _condition(frame, node.cond):
        frame.runspace.step()
        if not _body(frame, node.body, node.label):
            return
        if node.iter is not None:
            frame.node = node.iter
            _discard(frame, node.iter)


def _discard(frame: Frame, node: Any) -> None:
    frame.captured(lambda: frame.execute(node))


def while_statement(frame: Frame, node: ast.WhileStatement) -> None:
    """``while``."""
    while _condition(frame, node.cond):
        if not _body(frame, node.body, node.label):
            return


def do_while_statement(frame: Frame, node: ast.DoWhileStatement) -> None:
    """``do`` ... ``while``."""
    while True:
        if not _body(frame, node.body, node.label) or not _condition(frame, node.cond):
            return


def do_until_statement(frame: Frame, node: ast.DoUntilStatement) -> None:
    """``do`` ... ``until``."""
    while True:
        if not _body(frame, node.body, node.label) or _condition(frame, node.cond):
            return
