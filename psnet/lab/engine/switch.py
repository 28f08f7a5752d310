"""``switch``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import operators
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.values import AUTOMATION_NULL, DotNetError
from psnet.powershell.syntax import ast

from . import net
from .flow import BreakJump, ContinueJump, labels_match
from .scriptblock import ScriptBlock
from .statements import run_statements
from .values_of import statement_value

if TYPE_CHECKING:
    from .frame import Frame

_SAVED = ("_", "switch")


def switch_statement(frame: Frame, node: ast.SwitchStatement) -> None:
    """Match every element of the input against the clauses in order."""
    flags = {flag.lower() for flag in node.flags}
    if "parallel" in flags:
        raise net.unsupported("switch -parallel", frame.source.line_of(node.start))
    assert node.on is not None  # noqa: S101 - the parser gives every switch its input
    frame.node = node.on
    value = statement_value(frame, node.on)
    if value is AUTOMATION_NULL:
        return
    items = _lines(frame, value) if "file" in flags else net.enumerate_output(value)
    saved = {name: frame.scope.variables.get(name) for name in _SAVED}
    try:
        for item in [value] if items is None else items:
            frame.runspace.step()
            frame.scope.put("_", item)
            try:
                _clauses(frame, node, flags, item)
            except ContinueJump as jump:
                if not labels_match(jump, node.label):
                    raise
    except BreakJump as jump:
        if not labels_match(jump, node.label):
            raise
    finally:
        for name, variable in saved.items():
            if variable is None:
                frame.scope.variables.pop(name, None)
            else:
                frame.scope.variables[name] = variable


def _lines(frame: Frame, path: Any) -> list[str]:
    """Return the lines of a file; raises the error of one that is missing."""
    from .textfile import read_lines  # noqa: PLC0415 - rarely needed

    full = frame.runspace.full_path(net.to_string(path))
    entry = frame.runspace.host.files.find(full)
    if entry is None or entry.is_folder:
        message = f"Could not find file '{full}'."
        exception = make_exception("System.IO.FileNotFoundException", message)
        raise DotNetError(exception, error_id="FileReadError", category="InvalidOperation")
    return list(read_lines(entry.data))


def _clauses(frame: Frame, node: ast.SwitchStatement, flags: set[str], item: Any) -> None:
    matched = False
    for condition, block in node.clauses:
        if _matches(frame, condition, flags, item):
            matched = True
            run_statements(frame, block.statements, block.traps)
    if not matched and node.default is not None:
        run_statements(frame, node.default.statements, node.default.traps)


def _matches(frame: Frame, condition: ast.Node, flags: set[str], item: Any) -> bool:
    if isinstance(condition, ast.ScriptBlockExpression):
        block = frame.value(condition)
        assert isinstance(block, ScriptBlock)  # noqa: S101 - that is what the expression gives
        results = frame.runspace.run_block(block, [], this=item, processor=frame.processor)
        return net.to_bool(net.collapse(results))
    wanted = frame.value(condition)
    if isinstance(net.unwrap(wanted), ScriptBlock):
        results = frame.runspace.run_block(net.unwrap(wanted), [], this=item, processor=frame.processor)
        return net.to_bool(net.collapse(results))
    sensitive = "casesensitive" in flags
    if "regex" in flags:
        passed, table = operators.match("-cmatch" if sensitive else "-imatch", net.to_string(item), wanted)
        if table is not None:
            frame.scope.set_local("Matches", table)
        return net.to_bool(passed)
    if "wildcard" in flags:
        return net.is_like(net.to_string(item), net.to_string(wanted), ignore_case=not sensitive)
    return net.to_bool(operators.equals(item, wanted, ignore_case=not sensitive))
