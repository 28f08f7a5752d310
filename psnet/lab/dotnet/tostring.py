"""Values as text: ``ToString()`` of .NET and PowerShell's own conversion to a string."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from psnet.lab.dotnet import addresses, object_model
from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.dateformat import format_datetime, format_offset
from psnet.lab.dotnet.datetimes import span_text
from psnet.lab.dotnet.numformat import default_text
from psnet.lab.dotnet.objects import (
    DateTimeOffset,
    Guid,
    HashSet,
    IPAddress,
    KeyValue,
    MailAddress,
    MultiArray,
    Native,
    PhysicalAddress,
    Regex,
    SemanticVersion,
    Sequence,
    StringBuilder,
    Uri,
    Version,
)
from psnet.lab.dotnet.typenames import PS_CUSTOM, full_name, power_name, type_name_of
from psnet.lab.values import (
    AUTOMATION_NULL,
    Array,
    ArrayList,
    DateTime,
    EnumValue,
    GenericList,
    Hashtable,
    Member,
    PSObject,
    SwitchParameter,
    TimeSpan,
    TypeValue,
)

ENUMERABLE = (Array, ArrayList, GenericList, HashSet, Sequence, MultiArray)


def is_enumerable(value: Any) -> bool:
    """Say whether the pipeline and operators enumerate a value (dictionaries and strings are not)."""
    while isinstance(value, PSObject) and value.base is not None:
        value = value.base
    return isinstance(value, ENUMERABLE) or (
        not isinstance(value, str | Hashtable | PSObject) and getattr(value, "enumerates", False)
    )


def to_string(value: Any, ofs: str = " ", *, recurse: bool = True) -> str:
    """Return PowerShell's text of a value: what "$value" and [string] give; ``ofs`` stands between elements."""
    if value is None or value is AUTOMATION_NULL:
        return ""
    if type(value) is str:
        return value
    if isinstance(value, PSObject):
        special = _brokered(value)
        if special is not None:
            return special
        if value.base is not None:
            return to_string(value.base, ofs, recurse=recurse)
    if recurse and is_enumerable(value):
        return ofs.join(to_string(item, ofs, recurse=False) for item in value)
    if isinstance(value, TypeValue):
        return power_name(value.name)
    if isinstance(value, PSObject):
        return _object_text(value, ofs, recurse=recurse)
    return net_text(value)


def _brokered(value: PSObject) -> str | None:
    member = value.members.get("tostring")
    if member is not None:
        if callable(member.value):
            return str(member.value(value, []))
        hook = current().to_string
        return hook(value) if hook else None
    return value.to_string


def _object_text(value: PSObject, ofs: str, *, recurse: bool) -> str:
    if value.base is None and PS_CUSTOM in value.type_names:
        if not recurse:
            return ""
        parts = [f"{member.name}={_member_text(value, member, ofs)}" for member in shown_members(value)]
        return f"@{{{'; '.join(parts)}}}" if parts else ""
    return type_name_of(value)


def _member_text(value: PSObject, member: Member, ofs: str) -> str:
    if member.kind == "ScriptProperty":
        return "System.Management.Automation.PSScriptProperty"
    return to_string(member_value(value, member), ofs, recurse=False)


def shown_members(value: PSObject) -> list[Member]:
    """Return the members of an object that are properties."""
    return [member for member in value.members.values() if member.kind.endswith("Property")]


def member_value(value: PSObject, member: Member) -> Any:
    """Return what a property of an object holds; script properties are the evaluator's."""
    if member.kind == "AliasProperty":
        target = value.members.get(str(member.value).lower())
        if target is not None:
            return member_value(value, target)
        return object_model.get_member(value.base, str(member.value))
    return member.getter(value) if member.getter else member.value


def net_text(value: Any) -> str:
    """Return ``value.ToString()`` as .NET has it; objects that do not override it give their type's name."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, int | float | Decimal):
        return default_text(value)
    if isinstance(value, EnumValue):
        return value.name
    if isinstance(value, DateTime):
        return format_datetime(value)
    if isinstance(value, TimeSpan):
        return span_text(value)
    if isinstance(value, TypeValue):
        return value.name
    if isinstance(value, SwitchParameter):
        return "True" if value.is_present else "False"
    if isinstance(value, PSObject):
        special = _brokered(value)
        if special is not None:
            return special
        if value.base is not None:
            return net_text(value.base)
        if PS_CUSTOM in value.type_names:
            return _object_text(value, " ", recurse=True)
        return type_name_of(value)
    return _other_text(value)


def _other_text(value: Any) -> str:
    if isinstance(value, Guid):
        return value.text
    if isinstance(value, Version):
        return addresses.version_text(value)
    if isinstance(value, SemanticVersion):
        return addresses.semver_text(value)
    if isinstance(value, IPAddress):
        return addresses.ip_text(value)
    if isinstance(value, PhysicalAddress):
        return value.packed.hex().upper()
    if isinstance(value, MailAddress):
        address = f"{value.user}@{value.host}"
        return f'"{value.display}" <{address}>' if value.display else address
    if isinstance(value, Uri):
        from psnet.lab.dotnet.uris import uri_text  # noqa: PLC0415 - seldom needed

        return uri_text(value)
    if isinstance(value, DateTimeOffset):
        return format_offset(value)
    if isinstance(value, Regex):
        return value.pattern
    if isinstance(value, StringBuilder):
        return value.text
    if isinstance(value, KeyValue) and value.type_name.startswith("System.Collections.Generic.KeyValuePair"):
        return f"[{net_text(value.key) if value.key is not None else ''}, {'' if value.value is None else net_text(value.value)}]"
    text = getattr(value, "text_form", None)
    if text is not None:
        return str(text() if callable(text) else text)
    if isinstance(value, Native) and "text" in value.state:
        return str(value.state["text"])
    return type_name_of(value) if "`" in type_name_of(value) else full_name(type_name_of(value))
