"""Statements: running lists of them, and what happens to an error that leaves one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import RUNTIME_EXCEPTION, UnsupportedError
from psnet.lab.values import AUTOMATION_NULL, DotNetError
from psnet.powershell.syntax import ast

from . import net
from .faults import matching_clause, script_error, within_record
from .flow import BreakJump, ContinueJump, ExitJump, ReturnJump, ScriptError
from .values_of import label_of, statement_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.powershell.syntax.ast import Node

    from .frame import Frame


def run_statements(frame: Frame, statements: Sequence[Node], traps: Sequence[Node] = ()) -> None:
    """Execute statements one after the other."""
    before = frame.traps
    if traps:
        frame.traps = traps
    step = frame.runspace.step
    try:
        for statement in statements:
            step()
            frame.node = statement
            try:
                frame.execute(statement)
            except UnsupportedError as refused:
                if refused.line is None:
                    raise UnsupportedError(refused.construct, frame.source.line_of(statement.start)) from refused
                raise
            except (ScriptError, DotNetError) as thrown:
                handle(frame, script_error(frame, thrown))
    finally:
        frame.traps = before


def handle(frame: Frame, error: ScriptError) -> None:
    """Report an error and go on, or let it go on its way: as try, trap and the error preference say."""
    runspace = frame.runspace
    if not error.reported:
        runspace.remember(error.record)
        error.reported = True
    action = _trapped(frame, error) if frame.traps else None
    if action is None:
        if runspace.in_try or error.stopping or runspace.stopping:
            raise error
        action = net.action_preference(frame.scope.value("erroractionpreference"))
    runspace.succeeded = False
    if action in {"silentlycontinue", "ignore"}:
        return
    if action in {"inquire", "suspend"}:
        raise net.unsupported(f"$ErrorActionPreference of {action}", frame.line)
    if action == "stop":
        error.stopping = True
        raise error
    if error.thrown and not frame.traps:
        raise error
    frame.streams.error(error.record)


def _trapped(frame: Frame, error: ScriptError) -> str:
    """Run the trap that takes an error and return the action: what comes after it."""
    traps = [trap for trap in frame.traps if isinstance(trap, ast.TrapStatement)]
    types = [(trap.type_constraint,) if trap.type_constraint else () for trap in traps]
    found = matching_clause(frame, error.record, types, stopping=error.stopping)
    if found is None:
        return "stop"
    at, record = found
    if not types[at] and record.exception.type_names[0] == RUNTIME_EXCEPTION:
        record = within_record(record)
    body = traps[at].body
    assert body is not None  # noqa: S101 - the parser gives every trap a body
    from .scope import Scope  # noqa: PLC0415 - only traps make scopes here

    inner = frame.in_scope(Scope(frame.scope, frame.state))
    inner.scope.put("_", record)
    inner.node = frame.node
    in_try, frame.runspace.in_try = frame.runspace.in_try, False
    try:
        with inner.entered():
            run_statements(inner, body.statements, body.traps)
    except ContinueJump:
        return "silentlycontinue"
    except BreakJump:
        return "stop"
    finally:
        frame.runspace.in_try = in_try
    return net.action_preference(frame.scope.value("erroractionpreference"))


# -- jumps ------------------------------------------------------------------------------------------


def break_statement(frame: Frame, node: ast.BreakStatement) -> None:
    """``break``."""
    raise BreakJump(label_of(frame, node.label))


def continue_statement(frame: Frame, node: ast.ContinueStatement) -> None:
    """``continue``."""
    raise ContinueJump(label_of(frame, node.label))


def return_statement(frame: Frame, node: ast.ReturnStatement) -> None:
    """``return``."""
    if node.pipeline is not None:
        frame.node = node.pipeline
        if frame.returned is not None:
            frame.returned[:] = [statement_value(frame, node.pipeline)]
        else:
            frame.execute(node.pipeline)
    raise ReturnJump


def exit_statement(frame: Frame, node: ast.ExitStatement) -> None:
    """``exit``."""
    code: Any = 0
    if node.pipeline is not None:
        value = net.unwrap(statement_value(frame, node.pipeline))
        code = 0 if value is AUTOMATION_NULL or value is None else value
        try:
            code = int(net.convert(code, "System.Int32"))
        except DotNetError:
            code = 0
    raise ExitJump(code)


def throw_statement(frame: Frame, node: ast.ThrowStatement) -> None:
    """``throw``."""
    from .faults import thrown_error  # noqa: PLC0415 - only throw needs it

    if node.pipeline is None:
        caught = frame.scope.find("_")
        from .records import ErrorRecord  # noqa: PLC0415 - only throw needs it

        if frame.runspace.catching and caught is not None and isinstance(caught.get(), ErrorRecord):
            error = ScriptError(caught.get(), thrown=True)
            raise error
        raise thrown_error(frame, node, AUTOMATION_NULL)
    raise thrown_error(frame, node, statement_value(frame, node.pipeline))


# -- simple ones ------------------------------------------------------------------------------------


def if_statement(frame: Frame, node: ast.IfStatement) -> None:
    """``if``/``elseif``/``else``."""
    for condition, block in node.clauses:
        frame.node = condition
        if net.to_bool(statement_value(frame, condition)):
            run_statements(frame, block.statements, block.traps)
            return
    if node.else_block is not None:
        run_statements(frame, node.else_block.statements, node.else_block.traps)


def block_statement(frame: Frame, node: ast.StatementBlock) -> None:
    """Statements between braces or parentheses."""
    run_statements(frame, node.statements, node.traps)


def function_definition(frame: Frame, node: ast.FunctionDefinition) -> None:
    """``function`` and ``filter``."""
    from .commands import CommandInfo  # noqa: PLC0415 - only definitions need it
    from .scriptblock import ScriptBlock  # noqa: PLC0415 - only definitions need it

    if node.is_workflow:
        raise net.unsupported("workflow", frame.source.line_of(node.start))
    assert node.body is not None  # noqa: S101 - the parser gives every function a body
    text = frame.source.text[node.body.start : node.body.end].strip()
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1]
    block = ScriptBlock(node.body, frame.source, frame.state, text=text, parameters=node.parameters)
    block.definition = node
    scope, name = frame.scope, node.name
    prefix, colon, rest = name.partition(":")
    if colon and prefix.lower() in {"global", "script", "local", "private"}:
        name = rest
        scope = {"global": scope.global_scope(), "script": scope.script()}.get(prefix.lower(), scope)
    kind = "Filter" if node.is_filter else "Function"
    frame.runspace.define(scope, CommandInfo(kind, name, block=block, module=frame.state.module))


def data_statement(frame: Frame, node: ast.DataStatement) -> None:
    """``data``; the parser has checked that only what is allowed stands in it."""
    assert node.body is not None  # noqa: S101 - the parser gives every data section a body
    body = node.body
    values = frame.captured(lambda: run_statements(frame, body.statements, body.traps))
    result = net.collapse(values)
    if node.variable is not None:
        frame.scope.set_local(node.variable, result)
    else:
        frame.emit(result)


def refuse(construct: str) -> Any:
    """Return a handler that refuses a construct loudly."""

    def handler(frame: Frame, node: Node) -> Any:
        raise net.unsupported(construct, frame.source.line_of(node.start))

    return handler
