"""The records of a pipeline's streams as PSRP messages.

psrpcore knows their shape; values of the lab inside them (a target object, message data) are already CLIXML
and are spliced in, with reference numbers of their own.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import TYPE_CHECKING, Any, Final

from psrpcore import types as ps

if TYPE_CHECKING:
    from psnet.lab.wire.api import ErrorInfo, InformationInfo, InvocationDetails, ProgressInfo
    from psnet.lab.wire.psrp.pool import LabPool

_REFERENCE: Final = re.compile(r'RefId="(\d+)"')
_FIRST_TAG: Final = re.compile(r"<([A-Za-z0-9]+)")
_SPLICED_FROM: Final = 1000  # above every number that psrpcore uses in one record
_EPOCH: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


class Splice:
    """Values that go into a record as ready CLIXML."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def add(self, encoded: str) -> str:
        """Return the text that stands for a value until ``fill``."""
        key = uuid.uuid4().hex
        self._values[key] = encoded
        return key

    def fill(self, data: bytes) -> bytes:
        """Put the values in."""
        text = data.decode()
        for number, (key, encoded) in enumerate(self._values.items(), 1):
            found = re.search(rf'<S( N="[^"]*")?>{key}</S>', text)
            if found is None:
                raise ValueError("a spliced value has lost its place")
            renumbered = _renumber(encoded, _SPLICED_FROM * number)
            tag = _FIRST_TAG.match(renumbered)
            end = tag.end() if tag else 0
            named = renumbered[:end] + (found[1] or "") + renumbered[end:]
            text = text[: found.start()] + named + text[found.end() :]
        return text.encode()


def _renumber(encoded: str, shift: int) -> str:
    return _REFERENCE.sub(lambda found: f'RefId="{int(found[1]) + shift}"', encoded)


def _invocation(details: InvocationDetails | None) -> ps.InvocationInfo | None:
    if details is None:
        return None
    return ps.InvocationInfo(
        BoundParameters={},
        CommandOrigin=ps.CommandOrigin.Internal,
        ExpectingInput=False,
        HistoryId=details.history_id,
        InvocationName=details.command,
        Line=details.line,
        OffsetInLine=details.offset_in_line,
        PipelineLength=details.pipeline_length,
        PipelinePosition=details.pipeline_position,
        PositionMessage=details.position_message,
        ScriptLineNumber=details.line_number,
        ScriptName=details.script_name,
        UnboundArguments=[],
    )


def error_record(info: ErrorInfo, splice: Splice, target: str | None, *, extended: bool) -> ps.ErrorRecord:
    """Return psrpcore's error record; ``target`` is the target object as CLIXML."""
    exception = ps.NETException(Message=info.message, HResult=info.h_result)
    exception.PSObject.type_names = list(info.exception_types)
    exception.PSObject.to_string = info.message
    category = ps.ErrorCategoryInfo(
        Category=ps.ErrorCategory(info.category),
        Activity=info.activity,
        Reason=info.reason,
        TargetName=info.target_name,
        TargetType=info.target_type,
    )
    if info.category_message:
        category.PSObject.to_string = info.category_message
    details = None
    if info.details is not None or info.recommended_action is not None:
        details = ps.ErrorDetails(Message=info.details, RecommendedAction=info.recommended_action)
    record = ps.ErrorRecord(
        Exception=exception,
        TargetObject=splice.add(target) if target is not None else None,
        FullyQualifiedErrorId=info.error_id,
        InvocationInfo=_invocation(info.invocation),
        CategoryInfo=category,
        ErrorDetails=details,
        PipelineIterationInfo=[],
        ScriptStackTrace=info.stack_trace,
    )
    record.serialize_extended_info = extended and info.invocation is not None
    return record


def error(pool: LabPool, info: ErrorInfo, target: str | None, *, extended: bool) -> bytes:
    """Return an ERROR_RECORD."""
    splice = Splice()
    return splice.fill(pool.xml(error_record(info, splice, target, extended=extended)))


def state(pool: LabPool, number: ps.PSInvocationState, info: ErrorInfo | None, target: str | None) -> bytes:
    """Return a PIPELINE_STATE; ``info`` says why it failed or was stopped."""
    if info is None:
        return f'<Obj RefId="0"><MS><I32 N="PipelineState">{int(number)}</I32></MS></Obj>'.encode()
    splice = Splice()
    message = ps.PipelineState(PipelineState=int(number))
    message.ExceptionAsErrorRecord = error_record(info, splice, target, extended=True)
    return splice.fill(pool.xml(message))


def message_record(pool: LabPool, kind: Any, text: str, details: InvocationDetails | None) -> bytes:
    """Return a WARNING_RECORD, VERBOSE_RECORD or DEBUG_RECORD; ``kind`` is psrpcore's class."""
    record = kind(Message=text, InvocationInfo=_invocation(details), PipelineIterationInfo=[])
    record.serialize_extended_info = details is not None
    return pool.xml(record)


def progress(pool: LabPool, info: ProgressInfo) -> bytes:
    """Return a PROGRESS_RECORD."""
    kind = ps.ProgressRecordType.Completed if info.completed else ps.ProgressRecordType.Processing
    return pool.xml(
        ps.ProgressRecordMsg(
            Activity=info.activity,
            ActivityId=info.activity_id,
            StatusDescription=info.status,
            CurrentOperation=info.current_operation,
            ParentActivityId=info.parent_id,
            PercentComplete=info.percent,
            Type=kind,
            SecondsRemaining=info.seconds,
        )
    )


def information(pool: LabPool, info: InformationInfo, data: str) -> bytes:
    """Return an INFORMATION_RECORD; ``data`` is the message data as CLIXML."""
    splice = Splice()
    generated = dt.datetime.now(dt.UTC) if info.ticks is None else _EPOCH + dt.timedelta(microseconds=info.ticks // 10)
    message = ps.InformationRecordMsg(
        MessageData=splice.add(data),
        Source=info.source,
        TimeGenerated=ps.PSDateTime.fromtimestamp(generated.timestamp(), tz=dt.UTC),
        Tags=list(info.tags),
        User=info.user,
        Computer=info.computer,
        ProcessId=info.process_id,
        NativeThreadId=0,
        ManagedThreadId=info.managed_thread_id,
    )
    return splice.fill(pool.xml(message))
