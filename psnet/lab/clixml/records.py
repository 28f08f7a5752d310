"""Records and exceptions in the form in which PowerShell sends them to another process."""

from __future__ import annotations

from typing import Any, Final

from psnet.lab.clixml.element import Element
from psnet.lab.clixml.escape import xml_text
from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.tostring import member_value, to_string
from psnet.lab.dotnet.typenames import unwrap
from psnet.lab.dotnet.types.exceptions import hresult_of
from psnet.lab.values import EnumValue, ExceptionObject, Hashtable, PSObject

_SMA: Final = "System.Management.Automation"
_BASE: Final = ("TargetSite", "Message", "Data", "InnerException", "HelpLink", "Source", "HResult", "StackTrace")
_BASE_51: Final = ("Message", "Data", "InnerException", "TargetSite", "StackTrace", "HelpLink", "Source", "HResult")


def read(value: Any, name: str) -> Any:
    """Return a member of an object, None when it has none."""
    member = value.members.get(name.lower()) if isinstance(value, PSObject) else None
    return None if member is None else member_value(value, member)


class InternalDictionary(Hashtable):
    """System.Collections.ListDictionaryInternal: what an exception's Data is."""

    type_name = "System.Collections.ListDictionaryInternal"
    __slots__ = ()


def exception_members(value: ExceptionObject) -> list[tuple[str, Any]]:
    """Return an exception's properties: its class's own, then System.Exception's."""
    order = _BASE if modern() else _BASE_51
    known = {name.lower() for name in order}
    pairs = [
        (member.name, member_value(value, member))
        for key, member in value.members.items()
        if key not in known and member.kind == "Property"
    ]
    for name in order:
        held = read(value, name)
        if name == "HResult":
            held = hresult_of(value.type_names) if held in {None, -2146233088} else held
        if name == "Data":
            held = InternalDictionary(held.items() if isinstance(held, Hashtable) else ())
        pairs.append((name, held))
    return pairs


def exception_text(value: ExceptionObject) -> str:
    """Return ``Exception.ToString()``: type, message, what is within, where it was thrown."""
    text = value.type_names[0] if not value.message else f"{value.type_names[0]}: {value.message}"
    newline = "\n" if modern() else "\r\n"
    if value.inner is not None:
        arrow = f"{newline} ---> " if modern() else " ---> "
        text += f"{arrow}{exception_text(value.inner)}{newline}   --- End of inner exception stack trace ---"
    trace = read(value, "StackTrace")
    return f"{text}{newline}{trace}" if trace else text


def remote_members(base: Any) -> list[tuple[str, Any]] | None:
    """Return the members under which a record travels, None for what is no record."""
    if not isinstance(base, PSObject):
        return None
    names = base.type_names
    if f"{_SMA}.ErrorRecord" in names[:1]:
        return _error(base)
    if f"{_SMA}.InformationalRecord" in names:
        return [
            ("InformationalRecord_Message", read(base, "Message")),
            ("InformationalRecord_SerializeInvocationInfo", False),
        ]
    return None


def _error(base: PSObject) -> list[tuple[str, Any]]:
    info, details = read(base, "CategoryInfo"), read(base, "ErrorDetails")
    category = unwrap(read(info, "Category"))
    pairs: list[tuple[str, Any]] = [
        ("Exception", read(base, "Exception")),
        ("TargetObject", read(base, "TargetObject")),
        ("FullyQualifiedErrorId", read(base, "FullyQualifiedErrorId")),
        ("InvocationInfo", read(base, "InvocationInfo")),
        ("ErrorCategory_Category", category.value if isinstance(category, EnumValue) else 0),
        ("ErrorCategory_Activity", read(info, "Activity") or ""),
        ("ErrorCategory_Reason", read(info, "Reason") or ""),
        ("ErrorCategory_TargetName", read(info, "TargetName") or ""),
        ("ErrorCategory_TargetType", read(info, "TargetType") or ""),
        ("ErrorCategory_Message", to_string(info)),
    ]
    if details is not None:
        pairs.append(("ErrorDetails_Message", read(details, "Message")))
        action = read(details, "RecommendedAction")
        pairs.append(("ErrorDetails_RecommendedAction", action))
    pairs.append(("SerializeExtendedInfo", False))
    trace = read(base, "ScriptStackTrace")
    if trace:
        pairs.append(("ErrorDetails_ScriptStackTrace", trace))
    pairs.append(("PSMessageDetails", None))
    return pairs


def progress(base: PSObject, attributes: dict[str, str]) -> Element:
    """Return a progress record's element."""
    made = Element("PR", attributes)

    def add(tag: str, text: Any) -> None:
        made.children.append(Element(tag, {}, xml_text(to_string(text))))

    add("AV", read(base, "Activity"))
    add("AI", read(base, "ActivityId"))
    operation = read(base, "CurrentOperation")
    made.children.append(Element("Nil") if operation is None else Element("S", {}, xml_text(to_string(operation))))
    add("PI", read(base, "ParentActivityId"))
    add("PC", read(base, "PercentComplete"))
    add("T", read(base, "RecordType"))
    add("SR", read(base, "SecondsRemaining"))
    add("SD", read(base, "StatusDescription"))
    return made
