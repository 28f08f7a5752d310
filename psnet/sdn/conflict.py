"""Conflicts: a resource changed by somebody else since planning is refused, with every version shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.errors import ConflictError
from psnet.sdn.compare import differences, readable
from psnet.sdn.schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from psnet.planning import Change, Plan
    from psnet.sdn.state import ControllerResource, ControllerState


def changed_since(plan: Plan, state: ControllerState) -> tuple[str, ...]:
    """Return the paths of a plan's resources whose version is not the planned one any more."""
    found = []
    for change in plan.changes:
        values = change.create or change.remove or {}
        now = state.find(values["path"])
        if (now.etag if now else None) != values.get("etag"):
            found.append(str(values["path"]))
    return tuple(dict.fromkeys(found))


def conflict(plan: Plan, paths: Collection[str], state: ControllerState) -> ConflictError:
    """Return the error that refuses a plan: what is declared, what was there then, what is there now."""
    lines = [line for change in plan.changes if _path(change) in paths for line in versions(change, state)]
    return ConflictError(
        "somebody else changed what the plan changes, since the plan was made:\n"
        + "\n".join(f"    {i}" for i in lines),
        host=plan.host,
        step="applying a plan",
        remedy="plan again, look at what the other change means, and apply the new plan",
    )


def _path(change: Change) -> str:
    return str((change.create or change.remove or {})["path"])


def versions(change: Change, state: ControllerState) -> Iterator[str]:
    """Yield lines that show what is declared, what was there when it was planned, and what is there now."""
    now = state.find(_path(change))
    yield f"{change.kind} {change.name}"
    port = state.port(_path(change))
    if port is not None:
        then = (change.create or {}).get("profile") or "nothing"
        yield f"  profileId: declared {change.fields[0].new}, then {then}, now {port.profile or 'nothing'}"
    elif change.operation == "create":
        yield from _made_meanwhile(change, now)
    elif now is None:
        yield "  was there when planned, is gone now"
    elif change.operation == "remove":
        yield "  to be removed; changed since it was planned"
    else:
        yield from _fields(change, now)


def _made_meanwhile(change: Change, now: ControllerResource | None) -> Iterator[str]:
    yield "  was not there when planned, is there now"
    values = change.create or {}
    if now is not None:
        for item in differences(values["properties"], now.properties, SCHEMAS[now.collection]):
            yield f"  {item.change.field}: declared {_text(item.change.new)}, now {_text(item.change.old)}"


def _fields(change: Change, now: ControllerResource) -> Iterator[str]:
    edits: Iterable[Mapping[str, Any]] = (change.create or {}).get("edits") or ()
    fields = [item for item in change.fields if item.field != "provisioningState"]
    for field, edit in zip(fields, edits, strict=True):
        path = (*edit["path"], f"={_name(edit['value'])}") if edit["op"] in ("add", "drop") else edit["path"]
        present = readable(value_at(now.properties, path))
        yield f"  {field.field}: declared {_text(field.new)}, then {_text(field.old)}, now {_text(present)}"
    yield f"  version: then {(change.create or {}).get('etag')}, now {now.etag}"


def _name(value: Any) -> str:
    return str(value["resourceId"] if isinstance(value, dict) else value)


def value_at(properties: Any, path: Iterable[str]) -> Any:
    """Return what a path of an edit leads to, None when nothing is there."""
    value = properties
    for part in path:
        if part.startswith("="):
            items = value or ()
            found = next((i for i in items if str(i["resourceId"]).lower() == part[1:].lower()), None)
            value = (found or {}).get("properties")
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    return "nothing" if value is None else str(value)
