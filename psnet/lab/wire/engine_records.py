"""The engine's records as the wire sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.tostring import to_string
from psnet.lab.wire.api import ErrorInfo, InformationInfo, InvocationDetails, PipelineSink, ProgressInfo

if TYPE_CHECKING:
    from psnet.lab.engine.records import ErrorRecord, InformationRecord, ProgressRecord
    from psnet.lab.values import PSObject


def member(value: PSObject, name: str, default: Any = None) -> Any:
    """Return a property of an object by its name in any case."""
    found = value.members.get(name.lower())
    if found is None:
        return default
    return found.getter(value) if found.getter else found.value


def invocation_details(info: Any) -> InvocationDetails | None:
    """Return an InvocationInfo as plain data."""
    if info is None:
        return None
    command = info.command
    return InvocationDetails(
        command=info.invocation_name or (command.name if command is not None else ""),
        script_name=str(member(info, "ScriptName") or ""),
        line_number=int(member(info, "ScriptLineNumber") or 0),
        offset_in_line=int(member(info, "OffsetInLine") or 0),
        line=str(member(info, "Line") or ""),
        position_message=str(member(info, "PositionMessage") or ""),
        pipeline_length=int(info.length),
        pipeline_position=int(info.position),
    )


def error_info(record: ErrorRecord) -> ErrorInfo:
    """Return an error record as plain data."""
    exception = record.exception
    category = member(record, "CategoryInfo")
    details = record.details
    return ErrorInfo(
        message=exception.message,
        error_id=record.full_id,
        category=int(record.category.value),
        activity=str(member(category, "Activity") or ""),
        reason=str(member(category, "Reason") or ""),
        target_name=str(member(category, "TargetName") or ""),
        target_type=str(member(category, "TargetType") or ""),
        category_message=str(category.to_string or ""),
        exception_types=tuple(exception.type_names),
        h_result=int(member(exception, "HResult") or -2146233087),
        target=record.target,
        details=str(member(details, "Message") or "") if details is not None else None,
        recommended_action=str(member(details, "RecommendedAction") or "") if details is not None else None,
        stack_trace=record.stack or None,
        invocation=invocation_details(record.invocation),
    )


def information_info(record: InformationRecord, user: str, computer: str) -> InformationInfo:
    """Return an information record as plain data."""
    return InformationInfo(
        data=record.data,
        source=str(member(record, "Source") or ""),
        tags=tuple(record.tags),
        user=user,
        computer=computer,
    )


def progress_info(record: ProgressRecord) -> ProgressInfo:
    """Return a progress record as plain data."""
    operation = member(record, "CurrentOperation")
    return ProgressInfo(
        activity=to_string(member(record, "Activity")),
        activity_id=int(member(record, "ActivityId", 0)),
        status=to_string(member(record, "StatusDescription")),
        current_operation=to_string(operation) if operation is not None else None,
        parent_id=int(member(record, "ParentActivityId", -1)),
        percent=int(member(record, "PercentComplete", -1)),
        seconds=int(member(record, "SecondsRemaining", -1)),
        completed=member(record, "RecordType").name == "Completed",
    )


class EngineSink:
    """The engine's sink over the wire's; ``discarded`` names the streams that the client does not want."""

    def __init__(self, sink: PipelineSink, user: str, computer: str, discarded: frozenset[str] = frozenset()) -> None:
        self._sink = sink
        self._user = user
        self._computer = computer
        self._discarded = discarded

    def output(self, value: Any) -> None:
        """Pass an output object on."""
        self._sink.output(value)

    def error(self, record: ErrorRecord) -> None:
        """Pass an error on."""
        if "Error" not in self._discarded:
            self._sink.error(error_info(record))

    def warning(self, text: str) -> None:
        """Pass a warning on."""
        if "Warning" not in self._discarded:
            self._sink.warning(text)

    def verbose(self, text: str) -> None:
        """Pass a verbose message on."""
        if "Verbose" not in self._discarded:
            self._sink.verbose(text)

    def debug(self, text: str) -> None:
        """Pass a debug message on."""
        if "Debug" not in self._discarded:
            self._sink.debug(text)

    def information(self, record: InformationRecord) -> None:
        """Pass an information record on."""
        if "Information" not in self._discarded:
            self._sink.information(information_info(record, self._user, self._computer))

    def progress(self, record: ProgressRecord) -> None:
        """Pass a progress record on."""
        self._sink.progress(progress_info(record))

    def host_write(self, text: str, newline: bool, error: bool = False) -> None:  # noqa: FBT001, FBT002 - the engine's contract
        """Pass text for the host on."""
        self._sink.host_write(text, newline=newline, error=error)
