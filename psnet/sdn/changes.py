"""The changes of a controller's plan, in the order in which they are carried out.

What goes and nothing that stays refers to goes first, so that its addresses are free; then what is made or changed,
what is referred to before what refers to it; last, in reverse, what goes once the changes before have let go of it.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from psnet.planning import Change
from psnet.resources import FieldChange
from psnet.sdn.compare import without_nulls
from psnet.sdn.desired import without_referred_children
from psnet.sdn.kinds import BY_COLLECTION
from psnet.sdn.references import owner_of
from psnet.sdn.state import tags_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psnet.sdn.desired import Absent, Desired
    from psnet.sdn.state import ControllerResource, ControllerState
    from psnet.site import Site


def changes_of(
    site: Site, backend: str, state: ControllerState, everything: Sequence[Desired], pruned: Sequence[Absent]
) -> tuple[Change, ...]:
    """Return the changes with their ids and requirements."""
    split = [without_referred_children(desired, state) for desired in everything]
    absent = [*(later for _, later in split if later is not None), *pruned]
    removed = {item.resource.path.lower() for item in absent if not item.drops}
    held = [_holders(item, state, removed) for item in absent]
    kinds = list(BY_COLLECTION)
    backwards = _referrers_first(absent, kinds)
    steps: list[Change] = []
    ids: dict[str, str] = {}
    ends: dict[int, str] = {}

    def end(at: int, needs: Iterable[str]) -> None:
        before = [ends[other] for other in ends if absent[at].referred_by(absent[other].resource)]
        steps.append(_ending(backend, absent[at], str(len(steps) + 1), tuple(dict.fromkeys((*needs, *before)))))
        ends[at] = steps[-1].id

    for at in backwards:
        if not held[at]:
            end(at, ())
    for desired, _ in split:
        if desired.changes:
            needs = tuple(ids[need] for need in desired.needs if need in ids)
            steps.append(_making(site, backend, desired, str(len(steps) + 1), needs))
            ids[desired.resource.path.lower()] = steps[-1].id
    for at in backwards:
        if held[at]:
            end(at, (ids[other.path.lower()] for other in held[at] if other.path.lower() in ids))
    return tuple(steps)


def _referrers_first(absent: Sequence[Absent], kinds: list[str]) -> list[int]:
    """Return the places of what goes: what refers to something before that, what stands in it too, then by kind."""
    paths = [item.resource.path.lower() for item in absent]
    before = {
        at: [
            other
            for other in range(len(absent))
            if other != at and (item.referred_by(absent[other].resource) or paths[other].startswith(f"{paths[at]}/"))
        ]
        for at, item in enumerate(absent)
    }
    sorter = TopologicalSorter(before)
    sorter.prepare()
    ordered: list[int] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda at: (-kinds.index(absent[at].resource.collection), -at))
        ordered += ready
        sorter.done(*ready)
    return ordered


def _holders(item: Absent, state: ControllerState, removed: set[str]) -> list[ControllerResource]:
    """Return what stays and refers to something that goes."""
    return [other for other in state.resources if other.path.lower() not in removed and item.referred_by(other)]


def _making(site: Site, backend: str, desired: Desired, number: str, requires: tuple[str, ...]) -> Change:
    resource, found = desired.resource, desired.observed
    values: dict[str, Any] = {"path": resource.path, "collection": resource.collection, "resource_id": resource.name}
    fields = [item.change for item in desired.differences]
    inside = bool(resource.requirements())  # it has no tags of its own: the resource around it is marked
    if found is None:
        values |= {"tags": None if inside else tags_of(site.name), "properties": without_nulls(desired.properties)}
    else:
        values |= _version(found)
        values["edits"] = [item.edit.model_dump() for item in desired.differences]
        if site.manage == "adopt" and not found.made_by and not inside:
            values["tags"] = {**found.tags, **tags_of(site.name)}
    if desired.repair:
        fields.insert(0, FieldChange(field="provisioningState", old="Failed", new="Succeeded"))
    return Change(
        id=number,
        operation="create" if found is None else "update",
        kind=resource.kind,
        name=resource.name,
        title=resource.title(),
        backend=backend,
        fields=tuple(fields),
        requires=requires,
        create=values,
    )


def _ending(backend: str, item: Absent, number: str, requires: tuple[str, ...]) -> Change:
    values = _version(item.resource)
    return Change(
        id=number,
        operation="update" if item.drops else "remove",
        kind=BY_COLLECTION[item.resource.collection].kind,
        name=item.resource.resource_id,
        title=item.title,
        backend=backend,
        fields=tuple(each.change for each in item.drops),
        reason=item.reason,
        requires=requires,
        create={**values, "edits": [each.edit.model_dump() for each in item.drops]} if item.drops else None,
        remove=None if item.drops else values,
    )


def _version(found: ControllerResource) -> dict[str, Any]:
    return {
        "path": found.path,
        "collection": found.collection,
        "resource_id": found.resource_id,
        "etag": found.etag,
    }


def related(change: Change, changes: Iterable[Change]) -> tuple[str, ...]:
    """Return the ids of other changes that a change needs or that need it: carrying them out may touch its version."""
    own = owner_of(_path(change))
    return tuple(
        other.id
        for other in changes
        if other.id != change.id
        and (other.id in change.requires or change.id in other.requires or owner_of(_path(other)) == own)
    )


def _path(change: Change) -> str:
    return str((change.create or change.remove or {})["path"])
