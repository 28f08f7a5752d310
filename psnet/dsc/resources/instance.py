"""Resources -> DSC instances."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from psnet._internal.model import Model
from psnet.dsc.resources.model_properties import pascal

if TYPE_CHECKING:
    from psnet.dsc.resources.model import DscClass, Plain
    from psnet.resources import Resource

_NOTHING = (None, (), "Any")


def properties_of(resource: Resource, cls: DscClass) -> dict[str, Plain]:
    """Return the values of a resource's properties: what is set, in the one canonical spelling."""
    found: dict[str, Plain] = {}
    for item in cls.properties:
        if item.name == "Ensure":
            found[item.name] = "Present"
        if item.field is None:
            continue
        value = getattr(resource, item.field)
        if value is None or value == ():
            continue
        if item.qualifier == "Key" and isinstance(value, tuple):
            found[item.name] = ", ".join(map(_text, value))
            continue
        found[item.name] = _plain(value, many=item.is_array)
    return found


def _plain(value: Any, *, many: bool) -> Plain:
    if many:
        plain = value.plain() if hasattr(value, "plain") else value
        return [_text(item) for item in plain]
    return value if isinstance(value, bool | int) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, Model):
        return text_form(value)
    return str(value.value) if isinstance(value, enum.Enum) else str(value)


def text_form(model: Model) -> str:
    """Return a model as ``Prefix=10.0.0.0/24; Gateway=10.0.0.1``, without what it does not say."""
    pairs = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        if value in _NOTHING or value is False or str(value) == "Any":
            continue
        shown = ",".join(map(str, value)) if isinstance(value, tuple) else _text(value)
        pairs.append(f"{pascal(name)}={shown}")
    return "; ".join(pairs)
