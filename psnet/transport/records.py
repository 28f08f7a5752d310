"""The records of PowerShell's streams, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from psnet.transport.values import RemoteObject

Stream = Literal["output", "error", "warning", "verbose", "debug", "information", "progress"]

_FAILED: Final = 5  # PSInvocationState
# System.Management.Automation.ErrorCategory, by number
_CATEGORIES: Final = tuple(
    word
    for line in (
        "NotSpecified OpenError CloseError DeviceError DeadlockDetected InvalidArgument InvalidData InvalidOperation",
        "InvalidResult InvalidType MetadataError NotImplemented NotInstalled ObjectNotFound OperationStopped",
        "OperationTimeout SyntaxError ParserError PermissionDenied ResourceBusy ResourceExists ResourceUnavailable",
        "ReadError WriteError FromStdErr SecurityError ProtocolError ConnectionError AuthenticationError",
        "LimitsExceeded QuotaExceeded NotEnabled",
    )
    for word in line.split()
)


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """An error: PowerShell's message, FullyQualifiedErrorId, category, and where it happened.

    ``target`` is the name of what it was about, ``position`` PowerShell's "At line:1 char:2 ..." text, ``line`` the
    script's line (from 1, 0 unknown), ``exception_type`` the .NET type; each empty when it was not sent.
    """

    message: str
    error_id: str = ""
    category: str = ""
    target: str = ""
    position: str = ""
    line: int = 0
    exception_type: str = ""
    stack: str = ""

    def __str__(self) -> str:
        return f"{self.message} ({self.error_id})" if self.error_id else self.message


@dataclass(frozen=True, slots=True)
class InformationRecord:
    """One record of the information stream; ``text`` is what Write-Host or Write-Information said."""

    text: str
    value: Any = None
    source: str = ""
    tags: tuple[str, ...] = ()
    time: datetime | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class ProgressRecord:
    """One report of Write-Progress; ``percent`` and ``seconds`` (left) are None when unknown."""

    activity: str
    status: str = ""
    operation: str = ""
    percent: int | None = None
    seconds: int | None = None
    number: int = 0
    parent: int | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """What a running pipeline reports as it happens: a stream's name and the value that came on it."""

    stream: Stream
    value: Any


def error_record(sent: Any) -> ErrorRecord:
    """Return an error as sent (a deserialised System.Management.Automation.ErrorRecord)."""
    if not isinstance(sent, RemoteObject):
        return ErrorRecord(str(sent))
    exception = sent.get("Exception")
    types = exception.type_names if isinstance(exception, RemoteObject) else ()
    said = exception.get("Message", exception.to_string) if isinstance(exception, RemoteObject) else exception
    message = sent.get("ErrorDetails_Message") or said or sent.get("ErrorCategory_Message") or sent.to_string or ""
    target = sent.get("TargetObject")
    name = _text(sent, "ErrorCategory_TargetName")
    return ErrorRecord(
        message=str(message),
        error_id=_text(sent, "FullyQualifiedErrorId"),
        category=_category(sent.get("ErrorCategory_Category")),
        target=name or ("" if target is None else str(target)),
        position=_text(sent, "InvocationInfo_PositionMessage"),
        line=_number(sent.get("InvocationInfo_ScriptLineNumber")) or 0,
        exception_type=types[0] if types else "",
        stack=_text(sent, "ErrorDetails_ScriptStackTrace"),
    )


def information_record(sent: Any) -> InformationRecord:
    """Return a record of the information stream as sent; Write-Host wraps its text in an object."""
    if not isinstance(sent, RemoteObject):
        return InformationRecord(str(sent), sent)
    value = sent.get("MessageData")
    text = value.get("Message", value.to_string) if isinstance(value, RemoteObject) else value
    time, tags = sent.get("TimeGenerated"), sent.get("Tags")
    return InformationRecord(
        text="" if text is None else str(text),
        value=value,
        source=_text(sent, "Source"),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        time=time if isinstance(time, datetime) else None,
    )


def progress_record(sent: Any) -> ProgressRecord:
    """Return a progress record as sent; -1 means unknown there (MS-PSRP 2.2.2.25)."""
    if not isinstance(sent, RemoteObject):
        return ProgressRecord(str(sent))
    return ProgressRecord(
        activity=_text(sent, "Activity"),
        status=_text(sent, "StatusDescription"),
        operation=_text(sent, "CurrentOperation"),
        percent=_number(sent.get("PercentComplete")),
        seconds=_number(sent.get("SecondsRemaining")),
        number=_number(sent.get("ActivityId")) or 0,
        parent=_number(sent.get("ParentActivityId")),
        done=str(sent.get("Type")) in ("Completed", "1"),
    )


def pipeline_state(sent: Any) -> tuple[int, ErrorRecord | None]:
    """Return a pipeline's state (PSInvocationState) and the error that ended it; ValueError for anything else."""
    state = sent.get("PipelineState", _FAILED) if isinstance(sent, RemoteObject) else None
    if not isinstance(state, int):
        raise ValueError("a state of the pipeline that is none")
    error = sent.get("ExceptionAsErrorRecord")
    return state, None if error is None else error_record(error)


def message_of(sent: Any) -> str:
    """Return the text of a warning, verbose or debug record as sent."""
    if isinstance(sent, RemoteObject):
        return _text(sent, "InformationalRecord_Message") or sent.to_string or ""
    return str(sent)


def _text(sent: RemoteObject, name: str) -> str:
    value = sent.get(name)
    return "" if value is None else str(value)


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _category(value: Any) -> str:
    return _CATEGORIES[value] if isinstance(value, int) and 0 <= value < len(_CATEGORIES) else ""
