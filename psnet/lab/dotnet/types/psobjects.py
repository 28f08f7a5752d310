"""What PowerShell adds to every value: ``.PSObject``, ``.PSTypeNames``, and the member objects behind them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.bases import base_chain, split_generic
from psnet.lab.dotnet.binding import no_overload
from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.convert import to_string
from psnet.lab.dotnet.enums import make_enum
from psnet.lab.dotnet.errors import UnsupportedError, runtime_error
from psnet.lab.dotnet.members import call_method, declaring_types, find_methods, get_member, read_member, set_member
from psnet.lab.dotnet.object_model import INTRINSIC_PROPERTIES
from psnet.lab.dotnet.objects import Native
from psnet.lab.dotnet.registry import REGISTRY, constructor, method, prop, static
from psnet.lab.dotnet.typenames import PS_CUSTOM, full_name, power_name, type_name_of, unwrap
from psnet.lab.dotnet.wildcard import is_match
from psnet.lab.values import AUTOMATION_NULL, Array, GenericList, Hashtable, Member, PSObject
from psnet.powershell.facts import dotnet

if TYPE_CHECKING:
    from collections.abc import Iterator

_SMA = "System.Management.Automation"
_KINDS = {
    "NoteProperty": f"{_SMA}.PSNoteProperty",
    "Property": f"{_SMA}.PSProperty",
    "ScriptProperty": f"{_SMA}.PSScriptProperty",
    "AliasProperty": f"{_SMA}.PSAliasProperty",
    "Method": f"{_SMA}.PSMethod",
    "ScriptMethod": f"{_SMA}.PSScriptMethod",
}


@dataclass(slots=True, eq=False)
class MemberInfo:
    """A PSPropertyInfo or PSMethodInfo of a value (``owner`` None: not yet added to one)."""

    member: Member
    owner: Any = None

    @property
    def type_name(self) -> str:
        """The member object's type."""
        return _KINDS.get(self.member.kind, f"{_SMA}.PSProperty")

    @property
    def text_form(self) -> str:
        """What ``ToString()`` gives."""
        if self.member.kind == "NoteProperty":
            return f"{power_name(type_name_of(self.member.value) or 'System.Object')} {self.member.name}={to_string(self.member.value)}"
        return f"{self.member.name}"

    def value(self) -> Any:
        """Return the property's value."""
        if isinstance(self.owner, PSObject) and self.member.name.lower() in self.owner.members:
            return read_member(self.owner, self.member)
        if self.owner is not None and self.member.kind in {"Property", "AliasProperty", "ScriptProperty"}:
            return get_member(self.owner, self.member.name)
        return self.member.value

    def set_value(self, new: Any) -> None:
        """Set the property."""
        if self.owner is None:
            self.member.value = new
        else:
            set_member(self.owner, self.member.name, new)

    def invoke_method(self, arguments: list[Any]) -> Any:
        """Call the method."""
        return call_method(self.owner, self.member.name, arguments)


class MemberList:
    """PSMemberInfoCollection: the members of one object, found by name, added and removed."""

    type_name = f"{_SMA}.PSMemberInfoIntegratingCollection`1[{_SMA}.PSPropertyInfo]"
    enumerates = True
    __slots__ = ("methods", "owner")

    def __init__(self, owner: Any, *, methods: bool = False) -> None:
        self.owner = owner
        self.methods = methods

    def _all(self) -> list[MemberInfo]:
        found = properties_of(self.owner)
        return found + methods_of(self.owner) if self.methods else found

    def __iter__(self) -> Iterator[MemberInfo]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def find(self, name: str) -> MemberInfo | None:
        """Return a member by its name in any case."""
        return next((each for each in self._all() if each.member.name.lower() == name.lower()), None)


class MethodList(MemberList):
    """The methods of one object."""

    type_name = f"{_SMA}.PSMemberInfoIntegratingCollection`1[{_SMA}.PSMethodInfo]"
    __slots__ = ()

    def _all(self) -> list[MemberInfo]:
        return methods_of(self.owner)


@dataclass(slots=True, eq=False)
class Intrinsic:
    """``$value.PSObject``."""

    owner: Any
    type_name = f"{_SMA}.PSObject"

    @property
    def text_form(self) -> str:
        """What ``ToString()`` gives."""
        return to_string(self.owner)


def properties_of(value: Any) -> list[MemberInfo]:
    """Return the properties of a value in their order: its type's own, then those that were added."""
    out: dict[str, MemberInfo] = {}
    base = unwrap(value)
    for name, kind in native_properties(base):
        out[name.lower()] = MemberInfo(Member(name, kind), value)
    level = value
    while isinstance(level, PSObject):
        for key, member in level.members.items():
            if member.kind.endswith("Property"):
                out[key] = MemberInfo(member, level)
        level = level.base
    return list(out.values())


def native_properties(base: Any) -> list[tuple[str, str]]:
    """Return (name, kind) of the properties that a value's .NET type declares."""
    if base is None or (isinstance(base, PSObject) and base.members):
        return []
    out: dict[str, tuple[str, str]] = {}
    adapted = getattr(base, "adapted_names", None)
    if adapted is not None:
        return [(name, "Property") for name in adapted()]
    for link in base_chain(type_name_of(base)):
        table = REGISTRY.get(split_generic(link)[0])
        for key, declared in (table.properties if table else {}).items():
            out.setdefault(key, (declared.name, declared.extended or "Property"))
    if isinstance(base, Hashtable):
        table = REGISTRY["System.Collections.IDictionary"]
        for key, declared in table.properties.items():
            out.setdefault(key, (declared.name, "Property"))
    name = type_name_of(base)
    if not modern():
        for key in _later(split_generic(name)[0]) & out.keys():
            del out[key]
        if name == "System.Net.IPAddress":  # .NET Framework declares it first
            out = {"address": out.pop("address"), **out}
    if isinstance(base, Native) and (unknown := _unknown(name)):
        raise UnsupportedError(f"the list of {name}'s properties, of which {unknown} is not simulated")
    return list(out.values())


@cache
def _later(name: str) -> frozenset[str]:
    """Return the properties that a type has in .NET only, not in .NET Framework."""
    table = REGISTRY.get(name)
    if table is None or name.startswith(("System.Collections", "System.Management")) or dotnet.find(name) is None:
        return frozenset()
    return frozenset(
        key for key, each in table.properties.items() if not each.extended and not dotnet.has_member(name, key)
    )


@cache
def _unknown(name: str) -> str:
    """Return a property that a type has and that is not simulated, "" when all are."""
    links = [split_generic(link)[0] for link in base_chain(name)]
    known = {key for link in links if (table := REGISTRY.get(link)) for key in (*table.properties, *table.methods)}
    missing = {key for link in links for key in dotnet.likely_properties(link)} - known
    return min(missing, default="")


def methods_of(value: Any) -> list[MemberInfo]:
    """Return the methods of a value."""
    out: dict[str, MemberInfo] = {}
    level = value
    while isinstance(level, PSObject):
        for key, member in level.members.items():
            if member.kind in {"Method", "ScriptMethod"}:
                out.setdefault(key, MemberInfo(member, level))
        level = level.base
    for link in declaring_types(type_name_of(value)):
        table = REGISTRY.get(link)
        for key, overloads in (table.methods if table else {}).items():
            out.setdefault(key, MemberInfo(Member(overloads[0].name, "Method"), value))
    return list(out.values())


def type_names(value: Any) -> list[str]:
    """Return the list behind ``PSTypeNames``; for a PSObject with names of its own it is the live one."""
    if isinstance(value, PSObject):
        if value.base is not None and value.type_names[:1] == [PS_CUSTOM]:
            value.type_names[:] = [full_name(link) for link in base_chain(type_name_of(value.base))]
        return value.type_names
    return [full_name(link) for link in base_chain(type_name_of(value))]


INTRINSIC_PROPERTIES.update(
    pstypenames=lambda value: GenericList(type_names(value), "System.String"),
    psbase=unwrap,
    psobject=Intrinsic,
    psadapted=Intrinsic,
    psextended=Intrinsic,
)


def copy(value: Any) -> Any:
    """Return ``PSObject.Copy()``: its own members, the same values."""
    if not isinstance(value, PSObject):
        return value
    members = [Member(each.name, each.kind, each.value, each.getter, each.setter) for each in value.members.values()]
    return PSObject(members, value.type_names, base=value.base, to_string=value.to_string, native=value.native)


_OBJECT = f"{_SMA}.PSObject"
prop(_OBJECT, "System.Object Properties", lambda value: MemberList(_owner(value)))
prop(_OBJECT, "System.Object Members", lambda value: MemberList(_owner(value), methods=True))
prop(_OBJECT, "System.Object Methods", lambda value: MethodList(_owner(value)))
prop(_OBJECT, "System.Object TypeNames", lambda value: GenericList(type_names(_owner(value)), "System.String"))
prop(_OBJECT, "System.Object BaseObject", lambda value: unwrap(_owner(value)))
prop(_OBJECT, "System.Object ImmediateBaseObject", lambda value: unwrap(_owner(value)))


def _owner(value: Any) -> Any:
    return value.owner if isinstance(value, Intrinsic) else value


@method(_OBJECT, "psobject Copy()")
def _copy(value: Any) -> Any:
    return copy(_owner(value))


@constructor(_OBJECT, "()", "(System.Object obj)")
def _new_object(source: Any = None) -> PSObject:
    if source is None:
        return PSObject()
    if isinstance(source, PSObject):
        return source
    return PSObject((), [full_name(link) for link in base_chain(type_name_of(source))], base=source)


@static(_OBJECT, "psobject AsPSObject(System.Object obj)")
def _as_object(source: Any) -> PSObject:
    return _new_object(source)


_LIST = f"{_SMA}.PSMemberInfoIntegratingCollection`1"
prop(_LIST, "int Count", len)


@method(_LIST, "void Add(System.Object member)", "void Add(System.Object member, bool preValidated)")
def _add(value: MemberList, info: MemberInfo, validated: bool = False) -> Any:
    del validated
    owner = value.owner
    if not isinstance(owner, PSObject):
        raise UnsupportedError("adding a member to a value that is no object")
    if info.member.name.lower() in owner.members:
        raise runtime_error(
            "ExtendedTypeSystemException",
            f'Cannot add a member with the name "{info.member.name}" because a member with that name already exists.',
            category="NotSpecified",
        )
    owner.members[info.member.name.lower()] = info.member
    return AUTOMATION_NULL


@method(_LIST, "void Remove(string name)")
def _remove(value: MemberList, name: str) -> Any:
    owner = value.owner
    if isinstance(owner, PSObject):
        owner.members.pop(name.lower(), None)
    return AUTOMATION_NULL


@method(_LIST, "System.Object Match(string name)")
def _match(value: MemberList, pattern: str) -> Array:
    return Array([each for each in value if is_match(pattern, each.member.name)])


@method(_LIST, "System.Object get_Item(string name)", "System.Object Item(string name)")
def _item(value: MemberList, name: str) -> MemberInfo | None:
    return value.find(name)


def _script(value: Any, place: int) -> Any:
    if isinstance(value, tuple):
        return value[place] if place < len(value) else None
    return value if place == 0 else None


def _definitions(value: MemberInfo) -> Array:
    found = find_methods(type_name_of(value.owner), value.member.name)
    return Array([overload.definition for overload in found], "System.String")


def _member_type(kind: str) -> Any:
    numbers = {
        "AliasProperty": 1,
        "Property": 4,
        "NoteProperty": 8,
        "ScriptProperty": 16,
        "Method": 64,
        "ScriptMethod": 256,
    }
    return make_enum(f"{_SMA}.PSMemberTypes", numbers.get(kind, 4))


def _value_type(value: MemberInfo) -> str:
    held = value.value()
    return full_name(type_name_of(held)) if held is not None else "System.Object"


_INFO = f"{_SMA}.PSMemberInfo"
prop(_INFO, "string Name", lambda value: value.member.name)
prop(_INFO, f"{_SMA}.PSMemberTypes MemberType", lambda value: _member_type(value.member.kind))
prop(_INFO, "System.Object Value", lambda value: value.value(), lambda value, new: value.set_value(new))
prop(_INFO, "string TypeNameOfValue", lambda value: _value_type(value))
prop(_INFO, "bool IsInstance", lambda value: isinstance(value.owner, PSObject))
prop(
    f"{_SMA}.PSPropertyInfo",
    "bool IsSettable",
    lambda value: value.member.kind == "NoteProperty" or value.member.setter is not None,
)
prop(f"{_SMA}.PSPropertyInfo", "bool IsGettable", lambda _: True)
prop(f"{_SMA}.PSAliasProperty", "string ReferencedMemberName", lambda value: str(value.member.value))
prop(f"{_SMA}.PSScriptProperty", "scriptblock GetterScript", lambda value: _script(value.member.value, 0))
prop(f"{_SMA}.PSScriptProperty", "scriptblock SetterScript", lambda value: _script(value.member.value, 1))
prop(f"{_SMA}.PSScriptMethod", "scriptblock Script", lambda value: value.member.value)
prop(f"{_SMA}.PSMethodInfo", "System.Object OverloadDefinitions", lambda value: _definitions(value))


@method(f"{_SMA}.PSMethodInfo", "System.Object Invoke(Params System.Object[] arguments)")
def _invoke(value: MemberInfo, arguments: Array) -> Any:
    return value.invoke_method(list(arguments))


@constructor(f"{_SMA}.PSNoteProperty", "(string name, System.Object value)")
def _new_note(name: str, value: Any) -> MemberInfo:
    if not name:
        raise no_overload("PSNoteProperty", 2)
    return MemberInfo(Member(name, "NoteProperty", value))


@constructor(f"{_SMA}.PSAliasProperty", "(string name, string referencedMemberName)")
def _new_alias(name: str, target: str) -> MemberInfo:
    return MemberInfo(Member(name, "AliasProperty", target))


@constructor(
    f"{_SMA}.PSScriptProperty",
    "(string name, scriptblock getterScript)",
    "(string name, scriptblock getterScript, scriptblock setterScript)",
)
def _new_script(name: str, getter: Any, setter: Any = None) -> MemberInfo:
    return MemberInfo(Member(name, "ScriptProperty", getter if setter is None else (getter, setter)))


@constructor(f"{_SMA}.PSScriptMethod", "(string name, scriptblock script)")
def _new_method(name: str, script: Any) -> MemberInfo:
    return MemberInfo(Member(name, "ScriptMethod", script))
