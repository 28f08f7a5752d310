"""Records that travel in the streams: errors with where they arose, and the other streams' records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.errors import RUNTIME_EXCEPTION, argument_null, make_exception
from psnet.lab.dotnet.numbers import make
from psnet.lab.dotnet.objects import Dictionary
from psnet.lab.dotnet.registry import constructor
from psnet.lab.values import Array, EnumValue, GenericList, LazyObject, Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.values import ExceptionObject

    from .extent import Extent

_SMA: Final = "System.Management.Automation"
CATEGORIES: Final = [
    "NotSpecified",
    "OpenError",
    "CloseError",
    "DeviceError",
    "DeadlockDetected",
    "InvalidArgument",
    "InvalidData",
    "InvalidOperation",
    "InvalidResult",
    "InvalidType",
    "MetadataError",
    "NotImplemented",
    "NotInstalled",
    "ObjectNotFound",
    "OperationStopped",
    "OperationTimeout",
    "SyntaxError",
    "ParserError",
    "PermissionDenied",
    "ResourceBusy",
    "ResourceExists",
    "ResourceUnavailable",
    "ReadError",
    "WriteError",
    "FromStdErr",
    "SecurityError",
    "ProtocolError",
    "ConnectionError",
    "AuthenticationError",
    "LimitsExceeded",
    "QuotaExceeded",
    "NotEnabled",
]


def category_value(name: str) -> EnumValue:
    """Return an ErrorCategory by its name in any case; an unknown name is NotSpecified."""
    found = next((known for known in CATEGORIES if known.lower() == name.lower()), "NotSpecified")
    return EnumValue(f"{_SMA}.ErrorCategory", found, CATEGORIES.index(found))


def property_member(name: str, getter: Callable[[Any], Any]) -> Member:
    """Return a read-only property."""
    return Member(name, "Property", getter=getter)


def shorten_type(name: str) -> str:
    """Return a type's name without its namespace."""
    return name.split("[", maxsplit=1)[0].rsplit(".", 1)[-1].rsplit("+", 1)[-1]


class InvocationInfo(LazyObject):
    """How a command was called and where."""

    __slots__ = (
        "bound",
        "command",
        "expecting_input",
        "extent",
        "invocation_name",
        "length",
        "position",
        "unbound",
    )

    def __init__(self, command: Any, extent: Extent | None, invocation_name: str = "") -> None:
        self.command = command
        self.extent = extent
        self.invocation_name = invocation_name
        self.bound: Any = None
        self.unbound: list[Any] = []
        self.length = 0 if command is None else 1
        self.position = 0 if command is None else 1
        self.expecting_input = False
        super().__init__((f"{_SMA}.InvocationInfo", "System.Object"), to_string=f"{_SMA}.InvocationInfo")

    def native_members(self) -> list[Member]:
        """Return its properties."""
        where = self
        file = self.extent.source.file if self.extent else None
        return [
            property_member("MyCommand", lambda _: where.command),
            property_member("BoundParameters", lambda _: _no_parameters() if where.bound is None else where.bound),
            property_member("UnboundArguments", lambda _: GenericList(list(where.unbound))),
            property_member("ScriptLineNumber", lambda _: where.extent.line if where.extent else 0),
            property_member("OffsetInLine", lambda _: where.extent.column if where.extent else 0),
            Member("HistoryId", "Property", value=make("System.Int64", 1)),
            Member("ScriptName", "Property", value=file or ""),
            property_member("Line", lambda _: where.extent.whole_line if where.extent else ""),
            *([property_member("Statement", lambda _: where.extent.text if where.extent else "")] if modern() else []),
            property_member("PositionMessage", lambda _: where.extent.position_message() if where.extent else ""),
            Member("PSScriptRoot", "Property", value=parent_of(file) if file else ""),
            Member("PSCommandPath", "Property", value=file),
            property_member("InvocationName", lambda _: where.invocation_name),
            property_member("PipelineLength", lambda _: where.length),
            property_member("PipelinePosition", lambda _: where.position),
            property_member("ExpectingInput", lambda _: where.expecting_input),
            Member("CommandOrigin", "Property", value=EnumValue(f"{_SMA}.CommandOrigin", "Internal", 1)),
            Member("DisplayScriptPosition", "Property", value=None),
        ]

    def copied(self) -> InvocationInfo:
        """Return what an error record keeps: the command and the place, not the parameters."""
        made = InvocationInfo(self.command, self.extent, self.invocation_name)
        made.length = made.position = 0
        return made


def _no_parameters() -> Dictionary:
    return Dictionary(key_type="System.String", value_type="System.Object")


def parent_of(path: str) -> str:
    """Return the folder of a Windows or Unix path."""
    cut = max(path.rfind("\\"), path.rfind("/"))
    return path[: cut + 1] if cut in (0, 2) and (cut == 0 or path[1] == ":") else path[: max(cut, 0)]


class ErrorRecord(PSObject):
    """System.Management.Automation.ErrorRecord."""

    __slots__ = (
        "activity",
        "category",
        "details",
        "error_id",
        "exception",
        "invocation",
        "reason",
        "stack",
        "target",
        "target_name",
        "target_type",
    )

    def __init__(
        self, exception: ExceptionObject, error_id: str, category: str = "NotSpecified", target: Any = None
    ) -> None:
        self.exception = exception
        self.error_id = error_id
        self.category = category_value(category)
        self.target = target
        self.activity = ""
        self.reason = shorten_type(exception.type_names[0])
        self.target_name: str | None = None
        self.target_type: str | None = None
        self.details: PSObject | None = None
        self.invocation: InvocationInfo | None = None
        self.stack = ""
        if RUNTIME_EXCEPTION in exception.type_names:
            _give_record(exception, self)
        super().__init__(
            [
                property_member("Exception", lambda r: r.exception),
                property_member("TargetObject", lambda r: r.target),
                property_member("CategoryInfo", _category_info),
                property_member("FullyQualifiedErrorId", lambda r: r.full_id),
                Member("ErrorDetails", "Property", getter=lambda r: r.details, setter=lambda r, v: r.set_details(v)),
                property_member("InvocationInfo", lambda r: r.invocation),
                property_member("ScriptStackTrace", lambda r: r.stack),
                Member("PipelineIterationInfo", "Property", value=Array([], "System.Int32")),
            ],
            (f"{_SMA}.ErrorRecord", "System.Object"),
            to_string=exception.message,
        )

    @property
    def text(self) -> str:
        """What the record says: its details, else its exception's message."""
        return str(self.to_string)

    def set_details(self, details: Any) -> None:
        """Replace what the record says."""
        self.details = details if isinstance(details, PSObject) else error_details(str(details))
        message = self.details.members.get("message")
        self.to_string = str(message.value) if message and message.value else self.exception.message

    @property
    def full_id(self) -> str:
        """FullyQualifiedErrorId: the id and, after a comma, what reported it."""
        command = self.invocation.command if self.invocation else None
        suffix = command.error_name if command is not None else ""
        return f"{self.error_id},{suffix}" if self.error_id and suffix else self.error_id or suffix


def _give_record(exception: ExceptionObject, record: ErrorRecord) -> None:
    """Give a RuntimeException the record that it carries, which holds no exception but its message."""
    held = exception.members.get("errorrecord")
    if held is not None and (held.getter is not None or held.value is not None):
        return

    def carried(_: Any) -> ErrorRecord:
        within = make_exception(f"{_SMA}.ParentContainsErrorRecordException", exception.message)
        made = ErrorRecord(within, record.error_id, record.category.name, record.target)
        made.invocation, made.stack = record.invocation, record.stack
        return made

    own = [property_member("ErrorRecord", carried), Member("WasThrownFromThrowStatement", "Property", value=False)]
    exception.members = {**{each.name.lower(): each for each in own}, **exception.members, "errorrecord": own[0]}


@constructor(
    f"{_SMA}.ErrorRecord",
    "(System.Exception exception, string errorId, System.Management.Automation.ErrorCategory errorCategory, "
    "System.Object targetObject)",
)
def _new_record(exception: Any, error_id: Any, category: EnumValue, target: Any) -> ErrorRecord:
    if exception is None:
        raise argument_null("exception")
    return ErrorRecord(exception, error_id or "", category.name, target)


@constructor(
    f"{_SMA}.ErrorRecord",
    "(System.Management.Automation.ErrorRecord errorRecord, System.Exception replaceParentContainsErrorRecordException)",
)
def _copied_record(record: ErrorRecord, exception: Any) -> ErrorRecord:
    made = ErrorRecord(exception or record.exception, record.error_id, record.category.name, record.target)
    made.invocation, made.details = record.invocation, record.details
    return made


def error_details(message: str, action: str = "") -> PSObject:
    """Return an ErrorDetails."""
    shown = {"Message": message, "RecommendedAction": action}
    details = PSObject.of(shown, f"{_SMA}.ErrorDetails", "System.Object", kind="Property")
    details.to_string = message
    return details


def _category_info(record: ErrorRecord) -> PSObject:
    from .net import to_string, type_name_of  # noqa: PLC0415 - net needs records

    target = record.target
    name, kind = record.target_name, record.target_type
    if name is None:
        name = "" if target is None else to_string(target)
    if kind is None:
        kind = "" if target is None else shorten_type(type_name_of(target))
    shown = {
        "Category": record.category,
        "Activity": record.activity,
        "Reason": record.reason,
        "TargetName": name,
        "TargetType": kind,
    }
    info = PSObject.of(shown, f"{_SMA}.ErrorCategoryInfo", "System.Object", kind="Property")
    place = f"({_elide(name)}:{_elide(kind)})"
    info.to_string = f"{record.category.name}: {place} [{record.activity}], {record.reason}"
    return info


def _elide(text: str) -> str:
    """Shorten as the category line does."""
    return text if len(text) <= 40 else f"{text[:15]}...{text[-15:]}"


class InformationalRecord(PSObject):
    """A warning, verbose or debug record; ``kind`` is Warning, Verbose or Debug."""

    __slots__ = ("message",)

    def __init__(self, kind: str, message: str, invocation: InvocationInfo | None = None) -> None:
        self.message = message
        super().__init__(
            [Member("Message", "Property", value=message), Member("InvocationInfo", "Property", value=invocation)],
            (f"{_SMA}.{kind}Record", f"{_SMA}.InformationalRecord", "System.Object"),
            to_string=message,
        )


class InformationRecord(PSObject):
    """A record of the information stream; Write-Host's have the tag PSHOST and are ``host`` messages.

    ``shown`` says whether a console shows it.
    """

    __slots__ = ("data", "host", "newline", "shown", "tags")

    def __init__(
        self,
        data: Any,
        text: str,
        tags: list[str],
        *,
        source: str = "",
        host: bool = False,
        newline: bool = True,
        details: dict[str, Any] | None = None,
    ) -> None:
        self.data = data
        self.tags = tags
        self.host = host
        self.newline = newline
        self.shown = host
        shown = {"MessageData": data, "Source": source, "Tags": Array(list(tags)), **(details or {})}
        super().__init__(
            [Member(name, "Property", value) for name, value in shown.items()],
            (f"{_SMA}.InformationRecord", "System.Object"),
            to_string=text,
        )


class ProgressRecord(PSObject):
    """A progress record; percent -1 and seconds -1 mean unknown."""

    def __init__(self, activity: str, status: str, fields: dict[str, Any]) -> None:
        kind = "Completed" if fields.pop("Completed", False) else "Processing"
        shown = {
            "Activity": activity,
            "StatusDescription": status,
            "ActivityId": 0,
            "ParentActivityId": -1,
            "CurrentOperation": None,
            "PercentComplete": -1,
            "SecondsRemaining": -1,
            **fields,
            "RecordType": EnumValue(f"{_SMA}.ProgressRecordType", kind, int(kind == "Completed")),
        }
        super().__init__(
            [Member(name, "Property", value) for name, value in shown.items()],
            (f"{_SMA}.ProgressRecord", "System.Object"),
        )
