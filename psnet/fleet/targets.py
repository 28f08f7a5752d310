"""Who is in a run of a site: container hosts, and the Network Controller as one host more.

The controller goes first: Microsoft's steps for container endpoints add the IP configurations on the controller before
the container network and its endpoints are made ("Connect container endpoints to a tenant virtual network"), and a
port takes its policy from the interface that the controller knows already. A site that only removes from the
controller has it last.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from psnet.errors import InputError
from psnet.inventory import Inventory, InventoryHost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.fleet.options import RunOptions
    from psnet.site import Site, SiteSource


def controller_name(source: SiteSource) -> str | None:
    """Return the name that a site's controller has in a run: its host's, else that of its URL."""
    if not source.has_sdn:
        return None
    if source.controller_host is not None:
        return source.controller_host
    return urlsplit(source.controller_url or "").hostname or "network-controller"


def in_run(source: SiteSource, inventory: Inventory) -> Inventory:
    """Return the inventory with a controller reached over REST alone, and without hosts the site says nothing of."""
    name = controller_name(source)
    if name is None:
        return inventory
    hosts = inventory.hosts if source.for_hosts else tuple(host for host in inventory if host.name == name)
    if source.controller_host is None:
        folder = inventory.hosts[0].folder
        hosts = (*hosts, InventoryHost(name, (), {}, {"address": name}, folder, inventory.path))
    elif not any(host.name == name for host in inventory):
        inventory[name]  # raises InventoryError, which names the nearest
    return replace(inventory, hosts=hosts)


def sites_for(source: SiteSource, hosts: Sequence[InventoryHost], *, prune: bool = False) -> dict[str, Site]:
    """Return the site of each host, filled with its variables; the controller's is the section ``sdn:`` alone.

    With the controller in the run, the other hosts' sites hold that section too, so that both can be compared.
    """
    name = controller_name(source)
    sites = {
        host.name: source.for_controller(host.name, host.variables)
        if host.name == name
        else source.for_host(host.name, host.variables)
        for host in hosts
    }
    if name in sites:
        sdn = sites[name].sdn
        sites = {key: site if site.sdn else site.model_copy(update={"sdn": sdn}) for key, site in sites.items()}
    if not prune:
        return sites
    if any(site.manage != "exclusive" for site in sites.values()):
        raise InputError(
            "--prune removes only from a site that says manage: exclusive", remedy="add that line to the site"
        )
    return {key: site.model_copy(update={"prune": True}) for key, site in sites.items()}


def with_controller(options: RunOptions, source: SiteSource, sites: dict[str, Site]) -> RunOptions:
    """Return the options of a run in which the controller has its place before or after the hosts."""
    name = controller_name(source)
    if name is None or name not in sites:
        return options
    sdn = sites[name].sdn
    declares = sdn is not None and any(True for _ in sdn.resources())
    return options.model_copy(update={"first" if declares else "last": (name,)})
