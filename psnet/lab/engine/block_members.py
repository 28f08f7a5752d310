"""Methods of script blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.objects import Sequence
from psnet.lab.values import DotNetError

from . import net
from .flow import ScriptError
from .scope import SessionState, Variable

if TYPE_CHECKING:
    from .frame import Frame
    from .scriptblock import ScriptBlock


def block_method(frame: Frame, block: ScriptBlock, name: str, arguments: list[Any]) -> Any:
    """Call a script block's method; ``MISSING`` for those that every object has."""
    if name == "invoke":
        values = _guarded(frame, block, arguments, "Invoke")
        return Sequence(values, "System.Collections.ObjectModel.Collection`1[System.Management.Automation.PSObject]")
    if name == "invokereturnasis":
        return net.collapse(_guarded(frame, block, arguments, "InvokeReturnAsIs"))
    if name == "getnewclosure":
        return closure(frame, block)
    if name == "tostring":
        return block.text
    if name in {"invokewithcontext", "getsteppablepipeline", "checkrestrictedlanguage"}:
        raise net.unsupported(f"ScriptBlock.{name}", frame.line)
    return net.MISSING


def _guarded(frame: Frame, block: ScriptBlock, arguments: list[Any], name: str) -> list[Any]:
    from psnet.lab.dotnet.errors import make_exception  # noqa: PLC0415 - errors only

    try:
        return frame.runspace.run_block(block, arguments, processor=frame.processor)
    except ScriptError as refused:
        inner = refused.record.exception
        message = f'Exception calling "{name}" with "{len(arguments)}" argument(s): "{inner.message}"'
        kind = "System.Management.Automation.MethodInvocationException"
        raise DotNetError(make_exception(kind, message, inner), error_id=refused.record.error_id) from refused


def closure(frame: Frame, block: ScriptBlock) -> ScriptBlock:
    """Return GetNewClosure(): a block with copies of the local variables that are visible now."""
    base = block.state or frame.state
    state = SessionState(base.top.global_scope())
    state.module = frame.runspace.closure_module(state)
    for name, variable in frame.scope.variables.items():
        if name not in {"_", "input", "args", "myinvocation", "psboundparameters", "psitem", "foreach"}:
            state.top.variables[name] = Variable(variable.name, variable.get(), set(variable.options), variable.steps)
    script = frame.scope.script()
    if script is not frame.scope and script.parent is not None:
        for name, variable in script.variables.items():
            state.top.variables.setdefault(name, Variable(variable.name, variable.get()))
    state.top.functions = dict(base.top.functions) if base.top.parent is not None else {}
    return block.bound_to(state)
