"""The targets of a run: container hosts, and one more for each section of the site for another kind of target.

Such a target goes first: Microsoft's steps for container endpoints add the IP configurations on the Network Controller
before the container network and its endpoints are made ("Connect container endpoints to a tenant virtual network"), and
a port takes its policy from the interface that the controller knows already. A site that only removes from such a
target has it last.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from psnet.errors import InputError, SiteError
from psnet.inventories import Inventory, InventoryHost, load_inventory
from psnet.site.sections import CONTAINER_HOST, section_of
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from psnet._internal.model import Model
    from psnet.fleet.options import RunOptions
    from psnet.resources import Resource
    from psnet.site import Site, SiteSource
    from psnet.transport import Session


def section_targets(source: SiteSource) -> dict[str, str]:
    """Return the sections of a site by the name that the target of each has in a run."""
    return {source.place(key).name: key for key in source.sections}


def with_section_targets(source: SiteSource, inventory: Inventory) -> Inventory:
    """Return the inventory with targets that have an address of their own, without hosts the site says nothing of."""
    sections = section_targets(source)
    if not sections:
        return inventory
    hosts = inventory.hosts if source.for_hosts else tuple(host for host in inventory if host.name in sections)
    for name, key in sections.items():
        if source.place(key).host is None:
            folder = inventory.hosts[0].folder
            hosts = (*hosts, InventoryHost(name, (), {}, {"address": name}, folder, inventory.path))
        elif not any(host.name == name for host in inventory):
            inventory[name]  # raises InventoryError, which names the nearest
    return replace(inventory, hosts=hosts)


def site_for(source: SiteSource, name: str, variables: Mapping[str, Any]) -> Site:
    """Return the site of one host of a run, filled with its variables; a section's alone for the section's target."""
    key = section_targets(source).get(name)
    return source.for_host(name, variables) if key is None else source.for_target(key, name, variables)


def sites_for(source: SiteSource, hosts: Sequence[InventoryHost], *, prune: bool = False) -> dict[str, Site]:
    """Return the site of each host, filled with its variables.

    With the target of a section in the run, container hosts' sites hold that section too, so that both can be compared.
    """
    sites = {host.name: site_for(source, host.name, host.variables) for host in hosts}
    sites = {name: _reaching(site, hosts) if site.sections else site for name, site in sites.items()}
    declared = {key: item for name in section_targets(source) if name in sites for key, item in _sections(sites[name])}
    absent = [key for name, key in section_targets(source).items() if name not in sites]
    if declared:
        sites = {
            name: site if site.target != CONTAINER_HOST else _with_sections(site, declared)
            for name, site in sites.items()
        }
    sites = {
        name: site if site.target != CONTAINER_HOST else _wanted_by(source, absent, site)
        for name, site in sites.items()
    }
    if not prune:
        return sites
    if any(site.manage != "exclusive" for site in sites.values()):
        raise InputError(
            "--prune removes only from a site that says manage: exclusive", remedy="add that line to the site"
        )
    return {key: site.model_copy(update={"prune": True}) for key, site in sites.items()}


@dataclass(frozen=True, slots=True)
class HostOpener:
    """Opens sessions to a host of the inventory; its secrets are read when it does."""

    host: InventoryHost

    def __call__(self) -> Session:
        """Return a session that the caller closes."""
        return open_session(self.host.settings(), self.host.name)


def reached_hosts(site: Site) -> tuple[str, ...]:
    """Return the other hosts that the target of a site's section changes something on, such as its ports."""
    if site.target == CONTAINER_HOST or not site.sections:
        return ()
    return section_of(site.target).reached_hosts(site.sections[site.target])


def with_reached_hosts(site: Site, openers: Mapping[str, Callable[[], Session]]) -> Site:
    """Return the site of a section's target with what opens sessions to such hosts; the caller closes none of them."""
    if not reached_hosts(site):
        return site
    section, declared = section_of(site.target), site.sections[site.target]
    return site.model_copy(update={"sections": {site.target: section.with_openers(declared, openers)}})


def from_inventory(site: Site, inventory: Inventory) -> Site:
    """Return such a site with sessions to hosts of an inventory; InventoryError names the nearest to one it lacks."""
    return with_reached_hosts(site, {name: HostOpener(inventory[name]) for name in reached_hosts(site)})


def _reaching(site: Site, hosts: Sequence[InventoryHost]) -> Site:
    """Return the site with sessions to such hosts of the run's inventory, whether or not the run has chosen them."""
    return from_inventory(site, load_inventory(hosts[0].path)) if reached_hosts(site) else site


def _with_sections(site: Site, declared: dict[str, Model]) -> Site:
    """Return a container host's site with the sections beside it, and what they want on the host."""
    more = [item for key, each in declared.items() for item in section_of(key).host_resources(each, site)]
    return site.model_copy(update={"sections": declared, "resources": (*site.resources, *more)})


def _wanted_by(source: SiteSource, keys: Iterable[str], site: Site) -> Site:
    """Return a container host's site with what sections want on it whose own target is not in the run."""
    more: list[Resource] = []
    for key in keys:
        with suppress(SiteError):  # it needs variables of its own target
            declared = source.with_placeholders(key)
            more += section_of(key).host_resources(declared, site) if declared is not None else ()
    return site.model_copy(update={"resources": (*site.resources, *more)}) if more else site


def _sections(site: Site) -> Iterable[tuple[str, Model]]:
    return site.sections.items()


def with_target_order(options: RunOptions, source: SiteSource, sites: dict[str, Site]) -> RunOptions:
    """Return the options of a run in which the target of each section has its place before or after the hosts."""
    first, last = list(options.first), list(options.last)
    for name, key in section_targets(source).items():
        if name in sites:
            declared = sites[name].sections.get(key)
            (first if section_of(key).declares(declared) else last).append(name)
    return options.model_copy(update={"first": tuple(first), "last": tuple(last)})
