"""From what was thrown to an error record, and from a record to the clause that takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import RUNTIME_EXCEPTION, make_exception
from psnet.lab.values import AUTOMATION_NULL, DotNetError, ExceptionObject, PSObject

from . import net
from .flow import ScriptError
from .records import ErrorRecord, InvocationInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.powershell.syntax.ast import Node

    from .frame import Frame


def script_error(frame: Frame, thrown: ScriptError | DotNetError) -> ScriptError:
    """Return the terminating error for what was thrown, with the place where it arose."""
    error = thrown if isinstance(thrown, ScriptError) else ScriptError(record_for(thrown))
    record = error.record
    if record.invocation is None:
        record.invocation = InvocationInfo(None, frame.extent)
    if not record.stack:
        record.stack = frame.stack_trace()
    return error


def record_for(thrown: DotNetError) -> ErrorRecord:
    """Return the record of something .NET or an operator threw."""
    exception = thrown.exception
    error_id = thrown.error_id
    if not error_id:
        name = exception.type_names[0]
        runtime = RUNTIME_EXCEPTION in exception.type_names
        error_id = name.rsplit(".", 1)[-1] if runtime else name
    category = thrown.category
    if not thrown.error_id and category == "NotSpecified" and RUNTIME_EXCEPTION not in exception.type_names:
        category = "OperationStopped"
    return ErrorRecord(exception, error_id, category, thrown.target)


def thrown_error(frame: Frame, node: Node, value: Any) -> ScriptError:
    """Return the error that ``throw value`` makes."""
    extent = frame.extent_of(node)
    base = net.unwrap(value)
    if isinstance(base, ErrorRecord):
        return ScriptError(base, thrown=True)
    if isinstance(base, ExceptionObject):
        record = ErrorRecord(base, base.message, "OperationStopped")
    else:
        nothing = value is AUTOMATION_NULL
        text = "ScriptHalted" if nothing else net.to_string(value)
        made = make_exception(RUNTIME_EXCEPTION, text)
        record = ErrorRecord(made, text, "OperationStopped", None if nothing else value)
        made.members["wasthrownfromthrowstatement"].value = True
    record.invocation = InvocationInfo(None, extent)
    record.stack = frame.stack_trace()
    return ScriptError(record, thrown=True)


def matching_clause(frame: Frame, record: ErrorRecord, clauses: Sequence[Sequence[Any]]) -> int | None:
    """Return the number of the first clause that takes a record; a clause without types takes all.

    A clause that names the type of the inner exception goes before one that takes everything.
    """
    exception: PSObject | None = record.exception
    while isinstance(exception, ExceptionObject):
        names = {name.lower() for name in exception.type_names}
        for at, types in enumerate(clauses):
            for constraint in types:
                if _names_type(frame, constraint.type_name, names):
                    return at
        exception = exception.inner
    return next((at for at, types in enumerate(clauses) if not types), None)


def _names_type(frame: Frame, written: str, names: set[str]) -> bool:
    try:
        return frame.runspace.resolve_type(written, frame).lower() in names
    except DotNetError:
        lowered = written.lower()
        if lowered in names or f"system.{lowered}" in names:
            return True
        raise
