"""``try``, ``catch`` and ``finally``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.lab.values import DotNetError

from .faults import matching_clause, script_error
from .flow import ScriptError
from .statements import run_statements

if TYPE_CHECKING:
    from psnet.powershell.syntax import ast

    from .frame import Frame
    from .records import ErrorRecord


def try_statement(frame: Frame, node: ast.TryStatement) -> None:
    """Run a body, the catch that takes its error, and the finally block whatever happens."""
    try:
        if node.catches:
            _guarded(frame, node)
        else:
            assert node.body is not None  # noqa: S101 - the parser gives every try a body
            run_statements(frame, node.body.statements, node.body.traps)
    finally:
        if node.finally_block is not None:
            runspace = frame.runspace
            stopping, runspace.paused_stop = runspace.paused_stop, True
            try:
                run_statements(frame, node.finally_block.statements, node.finally_block.traps)
            finally:
                runspace.paused_stop = stopping


def _guarded(frame: Frame, node: ast.TryStatement) -> None:
    runspace = frame.runspace
    before, runspace.in_try = runspace.in_try, True
    out, streams, traps = frame.out, frame.streams, frame.traps
    frame.traps = ()
    assert node.body is not None  # noqa: S101 - the parser gives every try a body
    try:
        try:
            run_statements(frame, node.body.statements, node.body.traps)
        finally:
            runspace.in_try = before
            frame.traps = traps
    except (ScriptError, DotNetError) as thrown:
        error = script_error(frame, thrown)
        frame.out, frame.streams = out, streams
        found = matching_clause(frame, error.record, [clause.types for clause in node.catches], stopping=error.stopping)
        if not error.reported:
            runspace.remember(error.record)
            error.reported = True
        if found is None:
            raise error from None
        _catch(frame, node.catches[found[0]], found[1])


def _catch(frame: Frame, clause: ast.CatchClause, record: ErrorRecord) -> None:
    runspace = frame.runspace
    saved = {name: frame.scope.variables.get(name) for name in ("_",)}
    frame.scope.put("_", record)
    catching, runspace.catching = runspace.catching, True
    runspace.succeeded = False
    assert clause.body is not None  # noqa: S101 - the parser gives every catch a body
    try:
        run_statements(frame, clause.body.statements, clause.body.traps)
    finally:
        runspace.catching = catching
        for name, variable in saved.items():
            if variable is None:
                frame.scope.variables.pop(name, None)
            else:
                frame.scope.variables[name] = variable
