"""Declared resources beside what the controller has, and what it has that is declared no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, Final

from psnet.sdn.compare import Difference, differences, drop
from psnet.sdn.kinds import SDN_KINDS
from psnet.sdn.membership import declared_properties, outside_refs
from psnet.sdn.references import forward_refs, owners
from psnet.sdn.shape import SHAPES

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
class Wish:
    """A declared resource; ``found`` is what the controller has of it, ``repair`` that it failed to be provisioned."""

    resource: SdnResource
    properties: dict[str, Any]
    found: ControllerResource | None
    differences: tuple[Difference, ...] = ()
    repair: bool = False

    @property
    def changes(self) -> bool:
        """Whether something has to be made or changed."""
        return self.found is None or bool(self.differences) or self.repair

    @property
    def needs(self) -> list[str]:
        """The top-level resources that it refers to, in small letters."""
        return owners(outside_refs(self.resource.path, self.properties))


@dataclass(frozen=True, slots=True)
class Gone:
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


def wishes_for(sdn: Sdn, state: ControllerState) -> list[Wish]:
    """Return every declared resource with what differs: what is referred to first, else by kind, then as declared."""
    wishes = {item.path.lower(): _wish(sdn, item, state) for item in sdn.resources()}
    sorter = TopologicalSorter({path: [need for need in wish.needs if need in wishes] for path, wish in wishes.items()})
    place = {path: number for number, path in enumerate(wishes)}
    kinds = {kind: number for number, kind in enumerate(SDN_KINDS)}
    sorter.prepare()
    ordered: list[Wish] = []
    while sorter.is_active():
        for path in sorted(sorter.get_ready(), key=lambda item: (kinds[wishes[item].resource.kind], place[item])):
            ordered.append(wishes[path])
            sorter.done(path)
    return ordered


def _wish(sdn: Sdn, resource: SdnResource, state: ControllerState) -> Wish:
    found = state.find(resource.path)
    properties = declared_properties(sdn, resource, found)
    if found is None:
        return Wish(resource, properties, None)
    made = differences(properties, found.properties, SHAPES[resource.collection])
    return Wish(resource, properties, found, tuple(made), found.provisioning_state == "Failed")


def held_back(wish: Wish, state: ControllerState) -> tuple[Wish, Gone | None]:
    """Return a wish without the children that others still refer to, and those as something to drop later."""
    if wish.found is None:
        return wish, None
    later = []
    for item in wish.differences:
        alone = Gone(wish.found, (item,), "") if item.edit.op == "drop" else None
        if alone is not None and any(alone.referred_by(other) for other in state.resources):
            later.append(item)
    if not later:
        return wish, None
    now = tuple(item for item in wish.differences if item not in later)
    return replace(wish, differences=now), Gone(wish.found, tuple(later), "it is declared no more")


def leftovers(site: Site, wishes: Sequence[Wish], state: ControllerState) -> Iterator[Gone]:
    """Yield what is tagged as this site's and is declared no more; never what another site or person made."""
    declared = {item.resource.path.lower(): item for item in wishes}
    for found in state.resources:
        if found.made_by != site.name:
            continue
        wish = declared.get(found.path.lower())
        if wish is None:
            yield Gone(found)
        elif drops := tuple(_undeclared_children(wish, found)):
            yield Gone(found, drops)


def _undeclared_children(wish: Wish, found: ControllerResource) -> Iterator[Difference]:
    name = _MERGED.get(wish.resource.collection)
    if name is None:
        return
    wanted = {item["resourceId"].lower() for item in wish.properties.get(name) or ()}
    for item in found.properties.get(name) or ():
        if str(item["resourceId"]).lower() not in wanted:
            yield drop((name,), item)
