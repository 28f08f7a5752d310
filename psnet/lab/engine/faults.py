"""From what was thrown to an error record, and from a record to the clause that takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import RUNTIME_EXCEPTION, make_exception
from psnet.lab.values import AUTOMATION_NULL, DotNetError, ExceptionObject

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


def matching_clause(
    frame: Frame, record: ErrorRecord, clauses: Sequence[Sequence[Any]], *, stopping: bool = False
) -> tuple[int, ErrorRecord] | None:
    """Return the number of the clause that takes a record and what it gets as $_, None when none takes it.

    A clause without types takes all; one that names the inner exception's type gets a record with that exception.

    As in PowerShell the exception inside the RuntimeException is asked first (of what a script or .NET threw, that is
    the thrown one), then the RuntimeException; of each a clause with its very type goes before one with a base type.
    ``stopping``: an ErrorAction of Stop made it, so the ActionPreferenceStopException is asked before the record's.
    """
    named = [(at, _resolved(frame, each.type_name)) for at, types in enumerate(clauses) for each in types]
    catch_all = next((at for at, types in enumerate(clauses) if not types), None)
    asked: list[tuple[str, ...]] = (
        [(f"{_SMA}.ActionPreferenceStopException", RUNTIME_EXCEPTION, *_ROOTS)] if stopping else []
    )
    exception = record.exception
    if RUNTIME_EXCEPTION not in exception.type_names:
        asked += [tuple(exception.type_names), (RUNTIME_EXCEPTION, *_ROOTS)]
    else:
        if isinstance(exception.inner, ExceptionObject):
            asked.append(tuple(exception.inner.type_names))
        asked.append(tuple(exception.type_names))
    for names in asked:
        lowered = [name.lower() for name in names]
        for wanted in (lowered[:1], lowered[1:]):
            found = next((at for at, known in named if known in wanted), None)
            if found is not None:
                inner = exception.inner
                within = inner is not None and names == tuple(inner.type_names) and names != tuple(exception.type_names)
                return found, within_record(record) if within else record
    return None if catch_all is None else (catch_all, record)


def within_record(record: ErrorRecord) -> ErrorRecord:
    """Return a record that tells of the exception inside a RuntimeException instead of it."""
    inner = record.exception.inner
    if not isinstance(inner, ExceptionObject):
        return record
    made = ErrorRecord(inner, record.error_id, record.category.name, record.target)
    made.activity, made.invocation, made.stack = record.activity, record.invocation, record.stack
    made.reason = record.reason
    return made


_SMA = "System.Management.Automation"
_ROOTS = ("System.SystemException", "System.Exception", "System.Object")


def _resolved(frame: Frame, written: str) -> str:
    """Return the full name, in lower case, of the type of a clause; it has to exist when an error reaches the clauses."""
    return frame.runspace.resolve_type(written, frame).lower()
