"""Declared resources compared with the controller's, and resources that are declared no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, Final

from psnet.sdn.compare import Difference, differences, removal_of, secret_edits
from psnet.sdn.kinds import SDN_KINDS
from psnet.sdn.pool_members import declared_properties, outside_refs
from psnet.sdn.references import forward_refs, owners
from psnet.sdn.schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.sdn.model import Sdn, SdnResource
    from psnet.sdn.state import ControllerResource, ControllerState
    from psnet.site import Site

#: Lists whose undeclared children stay unless they are pruned: others may own them.
_MERGED: Final = {
    "logicalNetworks": "subnets",
    "virtualNetworks": "subnets",
    "networkInterfaces": "ipConfigurations",
}


@dataclass(frozen=True, slots=True)
class Desired:
    """A declared resource; ``observed`` is what the controller has, ``repair`` that its provisioning failed."""

    resource: SdnResource
    properties: dict[str, Any]
    observed: ControllerResource | None
    differences: tuple[Difference, ...] = ()
    repair: bool = False

    @property
    def changes(self) -> bool:
        """Whether something has to be made or changed."""
        return self.observed is None or bool(self.differences) or self.repair

    @property
    def needs(self) -> list[str]:
        """The top-level resources that it refers to, in small letters."""
        around = [path.lower() for path in self.resource.requirements()]
        return list(dict.fromkeys((*around, *owners(outside_refs(self.resource.path, self.properties)))))


@dataclass(frozen=True, slots=True)
class Absent:
    """What is to go: a resource, or children of one (``drops``)."""

    resource: ControllerResource
    drops: tuple[Difference, ...] = ()
    reason: str = "psnet made it and the site declares it no more"

    @property
    def title(self) -> str:
        """What a person recognises it by."""
        parts = ", ".join(str(item.edit.value) for item in self.drops)
        return f"{self.resource.resource_id}: {parts}" if parts else self.resource.resource_id

    def paths(self) -> tuple[str, ...]:
        """Return the resourceRefs that will lead nowhere, in small letters."""
        own = self.resource.path.lower()
        return tuple(dropped_path(own, item) for item in self.drops) if self.drops else (own,)

    def referred_by(self, other: ControllerResource) -> bool:
        """Say whether another resource refers to it."""
        if other.path.lower() == self.resource.path.lower():
            return False
        return any(
            reference == path or reference.startswith(f"{path}/")
            for reference in forward_refs(other)
            for path in self.paths()
        )


def dropped_path(own: str, difference: Difference) -> str:
    """Return the resourceRef of a child that an edit drops, in small letters."""
    parts = [part.removeprefix("=") for part in difference.edit.path]
    return "/".join((own, *parts, str(difference.edit.value))).lower()


def desired_resources(sdn: Sdn, state: ControllerState) -> list[Desired]:
    """Return every declared resource with what differs: what is referred to first, else by kind, then as declared."""
    everything = {item.path.lower(): _desired(sdn, item, state) for item in sdn.resources()}
    sorter = TopologicalSorter(
        {path: [need for need in desired.needs if need in everything] for path, desired in everything.items()}
    )
    place = {path: number for number, path in enumerate(everything)}
    kinds = {kind: number for number, kind in enumerate(SDN_KINDS)}
    sorter.prepare()
    ordered: list[Desired] = []
    while sorter.is_active():
        for path in sorted(sorter.get_ready(), key=lambda item: (kinds[everything[item].resource.kind], place[item])):
            ordered.append(everything[path])
            sorter.done(path)
    return ordered


def _desired(sdn: Sdn, resource: SdnResource, state: ControllerState) -> Desired:
    found = state.find(resource.path)
    properties = declared_properties(sdn, resource, found)
    if found is None:
        return Desired(resource, properties, None)
    made = tuple(differences(properties, found.properties, SCHEMAS[resource.collection]))
    repair = found.provisioning_state == "Failed"
    if made or repair:
        made = (*made, *resent_secrets(properties, made))
    return Desired(resource, properties, found, made, repair)


def resent_secrets(properties: dict[str, Any], made: tuple[Difference, ...]) -> Iterator[Difference]:
    """Yield the secrets that go with changes: a resource is written whole, and was read without them.

    Those of children that are made bring their own.
    """
    added = {(*item.edit.path, f"={item.edit.value['resourceId']}") for item in made if item.edit.op == "add"}
    for item in secret_edits(properties):
        if not any(item.edit.path[: len(path)] == path for path in added):
            yield item


def without_referred_children(desired: Desired, state: ControllerState) -> tuple[Desired, Absent | None]:
    """Return a desired resource without the children that others still refer to, and those to drop later."""
    if desired.observed is None:
        return desired, None
    later = []
    for item in desired.differences:
        alone = Absent(desired.observed, (item,), "") if item.edit.op == "drop" else None
        if alone is not None and any(alone.referred_by(other) for other in state.resources):
            later.append(item)
    if not later:
        return desired, None
    now = tuple(item for item in desired.differences if item not in later)
    return replace(desired, differences=now), Absent(desired.observed, tuple(later), "it is declared no more")


def undeclared_resources(site: Site, everything: Sequence[Desired], state: ControllerState) -> Iterator[Absent]:
    """Yield what is tagged as this site's and is declared no more; never what another site or person made."""
    declared = {item.resource.path.lower(): item for item in everything}
    for found in state.resources:
        if found.made_by != site.name:
            continue
        desired = declared.get(found.path.lower())
        if desired is None:
            yield Absent(found)
        elif drops := tuple(_undeclared_children(desired, found)):
            yield Absent(found, drops)


def _undeclared_children(desired: Desired, found: ControllerResource) -> Iterator[Difference]:
    name = _MERGED.get(desired.resource.collection)
    if name is None:
        return
    wanted = {item["resourceId"].lower() for item in desired.properties.get(name) or ()}
    for item in found.properties.get(name) or ():
        if str(item["resourceId"]).lower() not in wanted:
            yield removal_of((name,), item)
