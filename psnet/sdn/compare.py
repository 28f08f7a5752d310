"""What has to change in a resource so that it is as declared: only declared fields, children by ResourceId."""

from __future__ import annotations

import json
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from psnet._internal.model import Model
from psnet.resources import FieldChange
from psnet.sdn.secrets import HIDDEN, secret_key
from psnet.sdn.values import ANY, parse_ports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psnet.sdn.schema import ObjectSchema

_UNORDERED = ("addressPrefixes", "defaultGateways", "peerIPAddresses", "managementAddresses")


class Edit(Model):
    """One assignment to a resource's properties.

    ``path`` leads to the field: names of fields, and ``=id`` for the child of that ResourceId. ``set`` gives the field
    a value (None clears it), ``add`` appends a child to a list, ``drop`` takes the child ``value`` out of it.
    """

    op: Literal["set", "add", "drop"]
    path: tuple[str, ...]
    value: Any = None


class Difference(NamedTuple):
    """An edit, and how a person reads it."""

    edit: Edit
    change: FieldChange


def differences(declared: Mapping[str, Any], observed: Mapping[str, Any], schema: ObjectSchema) -> Iterator[Difference]:
    """Yield what has to change in observed properties, in the declaration's order."""
    yield from _object(declared, observed, schema, ())


def _object(
    declared: Mapping[str, Any], observed: Mapping[str, Any], schema: ObjectSchema, path: tuple[str, ...]
) -> Iterator[Difference]:
    for name, wanted in declared.items():
        present = observed.get(name)
        part = schema.parts.get(name)
        here = (*path, name)
        if part is not None and part.item is not None:
            yield from _children(wanted, present or [], part, here)
        elif secret_key(wanted) is not None:
            continue  # the controller does not show it
        elif part is not None and part.many:
            if _listed(name, wanted) != _listed(name, [_narrowed(item, wanted) for item in present or ()]):
                change = FieldChange(field=shown(here), old=readable(present or []), new=readable(wanted))
                yield Difference(Edit(op="set", path=here, value=wanted), change)
        elif part is not None and isinstance(present, dict):
            yield from _object(wanted, present, part, here)
        elif plain(name, wanted) != plain(name, present):
            yield Difference(
                Edit(op="set", path=here, value=wanted),
                FieldChange(field=shown(here), old=readable(present), new=readable(wanted)),
            )


def _listed(name: str, items: list[Any]) -> list[str]:
    return sorted(json.dumps(plain(name, item), sort_keys=True) for item in items)


def _narrowed(item: Mapping[str, Any], wanted: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields of an observed object that declarations of its kind have."""
    names = {name for each in wanted for name in each}
    return {name: value for name, value in item.items() if name in names or not names}


def secret_edits(declared: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Yield the secrets of declared properties as edits: what is written anew is written with them."""
    for name, value in declared.items():
        here = (*path, name)
        if secret_key(value) is not None:
            change = FieldChange(field=shown(here), old=None, new=HIDDEN)
            yield Difference(Edit(op="set", path=here, value=value), change)
        elif isinstance(value, dict):
            yield from secret_edits(value, here)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, dict) and "resourceId" in item:
                    yield from secret_edits(item["properties"], (*here, f"={item['resourceId']}"))


def _children(
    declared: list[dict[str, Any]], observed: list[dict[str, Any]], schema: ObjectSchema, path: tuple[str, ...]
) -> Iterator[Difference]:
    there = {str(item["resourceId"]).lower(): item for item in observed}
    for item in declared:
        name = item["resourceId"]
        present = there.get(name.lower())
        here = (*path, f"={name}")
        if present is None:
            change = FieldChange(field=shown(here), old=None, new=readable(item["properties"]))
            yield Difference(Edit(op="add", path=path, value=without_nulls(item)), change)
        else:
            yield from _object(item["properties"], present.get("properties") or {}, schema, here)
    if schema.whole:
        wanted = {item["resourceId"].lower() for item in declared}
        for key, item in there.items():
            if key not in wanted:
                yield removal_of(path, item)


def removal_of(path: tuple[str, ...], item: Mapping[str, Any]) -> Difference:
    """Return the difference that takes a child away."""
    name = str(item["resourceId"])
    change = FieldChange(field=shown((*path, f"={name}")), old=readable(item.get("properties") or {}), new=None)
    return Difference(Edit(op="drop", path=path, value=name), change)


def without_nulls(value: Any) -> Any:
    """Return data for something new: a field that is to be cleared is left out."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def shown(path: tuple[str, ...]) -> str:
    """Return a path as people read it: ``subnets/web.accessControlList``."""
    text = ""
    for part in path:
        text += f"/{part[1:]}" if part.startswith("=") else f".{part}" if text else part
    return text


def readable(value: Any) -> Any:
    """Return a value for a person: references as their path, children by name, no read-only fields."""
    if isinstance(value, dict):
        if secret_key(value) is not None:
            return HIDDEN
        if value.get("resourceRef") and value.get("properties") is None:
            return _path(value["resourceRef"])
        if "resourceId" in value:
            return {"name": value["resourceId"], **(readable(value.get("properties")) or {})}
        return {
            key: readable(item)
            for key, item in value.items()
            if item not in (None, [], {}) and key not in ("provisioningState", "configurationState")
        }
    return [readable(item) for item in value] if isinstance(value, list) else value


def plain(name: str, value: Any) -> Any:
    """Return a field's value in one form, whichever way the controller or the declaration spells it."""
    if isinstance(value, dict):
        if "resourceRef" in value:
            return _path(value["resourceRef"]).lower()
        return {key: plain(key, item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        items = [plain(name, item) for item in value]
        refs = bool(value) and all(isinstance(item, dict) and "resourceRef" in item for item in value)
        return sorted(items) if refs or name in _UNORDERED else items
    if value is None or value == "":
        return None
    text = str(value).strip()
    if name.endswith(("PortRange", "PortRanges")):
        return _ports(text)
    if name.endswith(("Prefix", "Prefixes")):
        return _prefix(text)
    if name.endswith("MacAddress"):
        return "".join(letter for letter in text.upper() if letter.isalnum())
    return text.lower()


def _path(reference: Any) -> str:
    text = str(reference)
    place = text.lower().find("/networking/v1/")
    return text[place + len("/networking/v1") :] if place >= 0 else text


def _ports(text: str) -> str:
    try:
        return parse_ports(text)
    except ValueError:
        return text.lower()


def _prefix(text: str) -> str:
    if text.lower() in (ANY, "any"):
        return ANY
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        return text.lower()
