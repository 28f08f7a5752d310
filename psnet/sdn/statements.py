"""REST data as PowerShell statements that build the controller's objects: New-Object of their types, field by field."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import RenderError
from psnet.powershell import Raw, Templates, literal
from psnet.sdn.kinds import BY_COLLECTION
from psnet.sdn.schema import SCHEMAS
from psnet.sdn.secrets import secret_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psnet.sdn.schema import ObjectSchema

_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")
NAMESPACE: Final = "Microsoft.Windows.NetworkController."


@dataclass(slots=True)
class Statements:
    """Statements in their order; variables count on, so that each is set once."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def variable(self, name: str) -> str:
        """Return a fresh variable."""
        self._numbers[name] = self._numbers.get(name, 0) + 1
        return f"${name}{self._numbers[name]}"

    def add(self, op: str, target: str, **values: Any) -> None:
        """Add a statement; ``target`` is made of psnet's own names."""
        self.lines.append({"op": op, "target": Raw(target), **values})


def cmdlet(kind: str, verb: str, **values: Any) -> Raw:
    """Return the call of a kind's cmdlet: ``list``, ``get``, ``create``, ``update`` or ``remove``."""
    return Raw(str(Templates().render(f"{kind}/cmdlets/{verb}.ps1.j2", **values)).rstrip("\n"))


def create_statements(collection: str, properties: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the statements that fill ``$properties`` of something new."""
    made = Statements()
    _fill(made, "$properties", properties, SCHEMAS[collection])
    return made.lines


def edit_statements(collection: str, edits: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the statements that carry out edits on ``$properties`` of what is there."""
    made = Statements()
    children: dict[tuple[str, ...], str] = {}
    for edit in edits:
        path = tuple(edit["path"])
        target, schema = _walk(made, path[:-1], SCHEMAS[collection], children)
        name = path[-1]
        if edit["op"] == "set":
            _assign(made, target, name, edit["value"], schema)
        elif edit["op"] == "add":
            item = _child(made, edit["value"], schema.parts[name], name)
            made.add("append", f"{target}.{pascal(name)}", members=Raw(item))
        else:
            made.add("drop", f"{target}.{pascal(name)}", resource_id=edit["value"])
    return made.lines


def _walk(
    made: Statements, path: tuple[str, ...], schema: ObjectSchema, children: dict[tuple[str, ...], str]
) -> tuple[str, ObjectSchema]:
    """Return the expression of the object that a path leads to, and its schema."""
    target = "$properties"
    for position, part in enumerate(path):
        if not part.startswith("="):
            schema = schema.parts[part]
            target = f"{target}.{pascal(part)}"
            continue
        key = path[: position + 1]
        if key not in children:
            children[key] = made.variable("child")
            made.add("child", children[key], list=Raw(target), resource_id=part[1:])
        target = f"{children[key]}.Properties"
    return target, schema


def pascal(name: str) -> str:
    """Return a field as the .NET objects spell it; RenderError for what is no field's name.

    A plan that was saved may have been edited: what stands there as a name must not become code.
    """
    if _FIELD.fullmatch(name) is None:
        raise RenderError(f"{name!r} is no field of the controller's objects")
    return name[0].upper() + name[1:]


def _fill(made: Statements, target: str, properties: Mapping[str, Any], schema: ObjectSchema) -> None:
    for name, value in properties.items():
        _assign(made, target, name, value, schema)


def _assign(made: Statements, target: str, name: str, value: Any, schema: ObjectSchema) -> None:
    place = f"{target}.{pascal(name)}"
    part = schema.parts.get(name)
    if value is None:
        made.add("set", place, value=None)
    elif name in schema.refs:
        _reference(made, place, value, schema.refs[name])
    elif part is not None and part.item is not None:
        items = [_child(made, item, part, name) for item in value]
        made.add("list", place, members=Raw(", ".join(items)))
    elif (key := secret_key(value)) is not None:
        made.add("secret", place, key=key)
    elif part is not None and part.many:
        items = []
        for item in value:
            items.append(made.variable(name))
            made.add("new", items[-1], type=f"{NAMESPACE}{part.type}")
            _fill(made, items[-1], item, part)
        made.add("list", place, members=Raw(", ".join(items)))
    elif part is not None and part.type is None:
        made.add("set", place, value=_hashtable(value))
    elif part is not None:
        made.add("new", place, type=f"{NAMESPACE}{part.type}")
        _fill(made, place, value, part)
    else:
        made.add("set", place, value=value)


def _hashtable(value: Mapping[str, Any]) -> Raw:
    """Return a hashtable from which PowerShell makes an object of the field's own type."""
    pairs = [
        f"{pascal(name)} = {_hashtable(item) if isinstance(item, dict) else literal(item)}"
        for name, item in value.items()
        if item is not None
    ]
    return Raw(f"@{{ {'; '.join(pairs)} }}")


def _child(made: Statements, item: Mapping[str, Any], schema: ObjectSchema, name: str) -> str:
    variable = made.variable(name)
    made.add("new", variable, type=f"{NAMESPACE}{schema.item}")
    made.add("set", f"{variable}.ResourceId", value=item["resourceId"])
    made.add("new", f"{variable}.Properties", type=f"{NAMESPACE}{schema.type}")
    _fill(made, f"{variable}.Properties", item["properties"], schema)
    return variable


def _reference(made: Statements, place: str, value: Any, kind: str | None) -> None:
    if isinstance(value, list):
        items = []
        for item in value:
            items.append(made.variable("reference"))
            made.add("new", items[-1], type=f"{NAMESPACE}{kind}")
            made.add("set", f"{items[-1]}.ResourceRef", value=item["resourceRef"])
        made.add("list", place, members=Raw(", ".join(items)))
    elif kind is None:
        _, collection, name = value["resourceRef"].split("/")
        made.add("get", place, call=cmdlet(BY_COLLECTION[collection].kind, "get", resource_id=name))
    else:
        made.add("new", place, type=f"{NAMESPACE}{kind}")
        made.add("set", f"{place}.ResourceRef", value=value["resourceRef"])
