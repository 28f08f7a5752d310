"""The Windows cmdlets that the lab has beyond PowerShell's own, by build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.lab.engine.cmdlet import Registry

if TYPE_CHECKING:
    from psnet.lab.host import LabHost


def windows_registry(host: LabHost) -> Registry:
    """Return the cmdlets that this host's build has."""
    from psnet.lab.cmdlets import (  # noqa: PLC0415 - needs the engine
        containers,
        hns,
        links,
        netnat,
        netsecurity,
        netsecurity_filters,
        services,
        system,
    )
    from psnet.lab.cmdlets.firewall_binding import firewall_entries, refine  # noqa: PLC0415 - as above
    from psnet.lab.cmdlets.metadata import entries  # noqa: PLC0415 - as above

    docset = host.os.docset
    registry = Registry()
    registry.add(netnat, reference=entries("NetNat", docset), module_name="NetNat")
    for module in (netsecurity, netsecurity_filters):
        registry.add(module, reference=firewall_entries(docset), module_name="NetSecurity")
    refine(registry)
    reference = [item for name in ("NetAdapter", "NetTCPIP", "Hyper-V") for item in entries(name, docset)]
    registry.add(links, reference=reference, module_name="NetTCPIP")
    if host.os.has_hns_cmdlets:
        registry.add(hns, reference=entries("HostNetworkingService", "2025"), module_name="HostNetworkingService")
    registry.add(system)
    registry.add(services)
    if host.os.has_container_network_cmdlets:
        registry.add(containers, reference=entries("Containers", docset), module_name="Containers")
    return registry


def lab_registry(host: LabHost) -> Registry:
    """Return every cmdlet of a host: PowerShell's own and those of its Windows."""
    from psnet.lab.cmdlets import core  # noqa: PLC0415 - needs the engine
    from psnet.lab.engine.general import general_registry  # noqa: PLC0415 - as above

    return Registry().add(core).joined(general_registry()).joined(windows_registry(host))
