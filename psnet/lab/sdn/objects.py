"""The NetworkController module's objects in the engine: typed, each field held to its type as .NET holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.contract.types import ModuleType
from psnet.lab.dotnet.convert import convert
from psnet.lab.dotnet.errors import CastError, make_exception
from psnet.lab.dotnet.tostring import is_enumerable
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.sdn.types import NAMESPACE, Field, SdnType, sdn_type, types
from psnet.lab.values import Array, DotNetError, Hashtable, Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.sdn.documents import Document

MODULE = "NetworkController"
_SCALARS = {"b": "System.Boolean", "i": "System.Int32"}


class SdnObject(PSObject):
    """An object of the module; ``values`` are its fields by their own names, null where not set."""

    __slots__ = ("sdn_type", "values")

    def __init__(self, type_: SdnType, values: dict[str, Any] | None = None) -> None:
        self.sdn_type = type_
        self.values: dict[str, Any] = dict(values or {})
        full = f"{NAMESPACE}.{type_.name}"
        base = [f"{NAMESPACE}.{type_.properties}"] if type_.name == "NbVirtualNetworkProperties" else []
        super().__init__(
            [
                Member(each.name, "Property", getter=_getter(each), setter=_setter(each))
                for each in type_.fields.values()
            ],
            [full, *base, "System.Object"],
            to_string=full,
            native=self,
        )


def _getter(field: Field) -> Callable[[Any], Any]:
    return lambda owner: owner.values.get(field.name)


def _setter(field: Field) -> Callable[[Any, Any], None]:
    def assign(owner: Any, value: Any) -> None:
        try:
            owner.values[field.name] = checked_value(field, value)
        except DotNetError as refused:
            message = f'Exception setting "{field.name}": "{refused.exception.message}"'
            kind = "System.Management.Automation.SetValueInvocationException"
            raise DotNetError(
                make_exception(kind, message, refused.exception), error_id="ExceptionWhenSetting"
            ) from refused

    return assign


def checked_value(field: Field, value: Any) -> Any:
    """Return a value as a field holds it; raises CastError where .NET would refuse it."""
    if not field.many:
        return None if value is None else _one(field, value)
    if value is None:
        return None
    base = unwrap(value)
    several = is_enumerable(base) and not isinstance(base, Hashtable)
    return Array([_one(field, item) for item in (base if several else [value])], _element(field))


def _element(field: Field) -> str:
    if field.kind in ("object", "reference"):
        return f"{NAMESPACE}.{field.type}"
    return _SCALARS.get(field.kind, "System.String")


def _one(field: Field, value: Any) -> Any:
    base = unwrap(value)
    if field.kind == "tags":
        return value
    if field.kind not in ("object", "reference"):
        return convert(base, _SCALARS.get(field.kind, "System.String"))
    if value is None:
        return None
    return typed(field.type, base)


def typed(name: str, value: Any) -> SdnObject:
    """Return a value as an object of a type: itself, or made of a hashtable, as PowerShell converts one."""
    full = f"{NAMESPACE}.{name}"
    if isinstance(value, SdnObject) and full in value.type_names:
        return value
    if isinstance(value, Hashtable):
        made = SdnObject(sdn_type(name))
        for key, item in value.items():
            member = made.members.get(str(key).lower())
            if member is None or member.setter is None:
                message = f"The {key} property was not found for the {full} object."
                raise CastError("ObjectCreationError", message)
            member.setter(made, item)
        return made
    shown = type_name_of(value)
    raise CastError(
        "ConvertToFinalInvalidCastException",
        f'Cannot convert the "{shown}" value of type "{shown}" to type "{full}".',
    )


def to_object(name: str, document: Document) -> SdnObject:
    """Return a document as an object of a type, with everything inside it."""
    type_ = sdn_type(name)
    values: dict[str, Any] = {}
    for field in type_.fields.values():
        if field.name not in document:
            continue
        value = document[field.name]
        if field.kind in ("object", "reference"):
            made = [to_object(field.type, item) for item in (value if field.many else [value])]
            values[field.name] = Array(list(made), _element(field)) if field.many else made[0]
        elif field.many:
            values[field.name] = Array(list(value), _element(field))
        else:
            values[field.name] = PSObject.of(value) if field.kind == "tags" else value
    return SdnObject(type_, values)


def to_document(value: SdnObject) -> Document:
    """Return an object as a document; nulls are left out."""
    return {name: _plain(item) for name, item in value.values.items() if item is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, SdnObject):
        return to_document(value)
    if isinstance(value, Array):
        return [_plain(item) for item in value.items]
    base = unwrap(value)
    if isinstance(base, Hashtable):
        return {str(key): _plain(item) for key, item in base.items()}
    if isinstance(base, PSObject):
        return {member.name: _plain(member.value) for member in base.members.values()}
    return base


def module_types() -> dict[str, ModuleType]:
    """Return every type of the module by its full name in lower case."""
    return {f"{NAMESPACE}.{each.name}".lower(): _module_type(each) for each in types().values()}


def _module_type(type_: SdnType) -> ModuleType:
    return ModuleType(
        f"{NAMESPACE}.{type_.name}", MODULE, lambda: SdnObject(type_), lambda table: typed(type_.name, table)
    )
