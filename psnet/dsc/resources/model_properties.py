"""A model's fields -> the properties of its DSC resource, so that the two cannot drift apart.

Properties are scalars and lists of scalars alone: a list of models is a list of texts such as
``Prefix=10.0.0.0/24; Gateway=10.0.0.1``. Embedded CIM instances would shut out Invoke-DscResource from a
shell and the adapters of DSC v3, which take a nested object for a credential (reference/dsc.md).
"""

from __future__ import annotations

import enum
import types
import typing
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Any, Literal, TypeGuard, get_args, get_origin

from pydantic_core import PydanticUndefined

from psnet._internal.model import Model
from psnet.dsc.resources.model import DscProperty, MofType
from psnet.types import AddressSet, PortRange, PortSet, Profile, ProfileSet, Protocol

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

_ADDRESSES = (IPv4Address, IPv6Address, IPv4Network, IPv6Network)
_PROFILES = ("Any", *(item.value for item in Profile))
_UINT32 = 2**32 - 1


def pascal(name: str) -> str:
    """Return a field's name as a property's: dns_servers is DnsServers."""
    return "".join(part.capitalize() for part in name.split("_"))


def strip_annotation(annotation: Any) -> Any:
    """Return an annotation without Annotated and without None; a union of addresses is one of them."""
    while get_origin(annotation) is typing.Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (typing.Union, types.UnionType):
        members = [strip_annotation(item) for item in get_args(annotation) if item is not types.NoneType]
        return members[0] if len(members) == 1 or all(item in _ADDRESSES for item in members) else annotation
    return annotation


def is_model(annotation: Any) -> TypeGuard[type[Model]]:
    """Say whether an annotation is one of psnet's models."""
    return isinstance(annotation, type) and issubclass(annotation, Model)


def item_model(info: FieldInfo) -> type[Model] | None:
    """Return the model of which a field is a list, None for other fields."""
    annotation = strip_annotation(info.annotation)
    inner = strip_annotation(get_args(annotation)[0]) if get_origin(annotation) is tuple else None
    return inner if is_model(inner) else None


def text_keys(model: type[Model]) -> tuple[str, ...]:
    """Return the names in the text form of a model."""
    return tuple(pascal(name) for name in model.model_fields)


def _scalar(annotation: Any, info: FieldInfo) -> tuple[MofType, bool, tuple[str, ...]]:
    """Return type, whether a list, and the allowed values."""
    if get_origin(annotation) is Literal:
        return "string", False, tuple(map(str, get_args(annotation)))
    if not isinstance(annotation, type):
        raise TypeError(f"no DSC property can hold {annotation}")
    if annotation is bool:
        return "boolean", False, ()
    if annotation is int:
        largest = max((getattr(item, "le", 0) or 0 for item in info.metadata), default=0)
        return ("uint64" if largest > _UINT32 else "uint32"), False, ()
    if issubclass(annotation, enum.Enum):
        return "string", False, tuple(str(item.value) for item in annotation)
    if issubclass(annotation, ProfileSet):
        return "string", True, _PROFILES
    if issubclass(annotation, PortSet | AddressSet):
        return "string", True, ()
    if issubclass(annotation, str | PortRange | Protocol) or annotation in _ADDRESSES:
        return "string", False, ()
    raise TypeError(f"no DSC property can hold {annotation}")


def property_of(
    name: str,
    info: FieldInfo,
    *,
    key: bool,
    finds: bool,
    filled: bool,
    without: tuple[str, ...] = (),
    told: str | None = None,
) -> DscProperty:
    """Return the property of a field; raise TypeError for a field that DSC has no type for."""
    annotation = strip_annotation(info.annotation)
    values: tuple[str, ...] = ()
    kind: MofType = "string"
    told = told or info.description or pascal(name)
    words = [told[0].upper() + told[1:]]
    if get_origin(annotation) is tuple:
        inner = strip_annotation(get_args(annotation)[0])
        if is_model(inner):
            words.append(f"each is a text: {'; '.join(f'{item}=...' for item in text_keys(inner))}")
        else:
            kind, _, values = _scalar(inner, info)
        many = True
    else:
        kind, many, values = _scalar(annotation, info)
    values = tuple(item for item in values if item not in without)
    if key and many:
        many = False  # a key is no array: it is one text
        words.append("several with a comma between")
    required = info.is_required()
    needed = required and not (key or finds or filled)
    if needed:
        words.append("needed when Ensure is Present")
    return DscProperty(
        name=pascal(name),
        type=kind,
        qualifier="Key" if key else "Required" if required and finds else "Write",
        description="; ".join(words),
        is_array=many,
        values=values,
        default=None if key else _default(info),
        field=name,
        needed=needed,
    )


def _default(info: FieldInfo) -> str | bool | None:
    """Return the default that a parameter shares with the field; lists and unset ones have none."""
    value = info.default
    if (
        value is PydanticUndefined
        or value is None
        or isinstance(value, tuple)
        or hasattr(value, "plain")
        or isinstance(value, Model)
    ):
        return None
    if isinstance(value, bool):
        return value
    return str(value.value if isinstance(value, enum.Enum) else value)
