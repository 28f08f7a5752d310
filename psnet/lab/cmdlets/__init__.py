"""The Windows cmdlets that the lab has beyond PowerShell's own, by build."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from psnet.lab.engine.cmdlet import Registry

if TYPE_CHECKING:
    from psnet.lab.host.model import Host
    from psnet.powershell.facts.builds import WindowsBuild


def windows_registry(build: WindowsBuild) -> Registry:
    """Return the cmdlets that a build has."""
    from psnet.lab.cmdlets import (  # noqa: PLC0415 - needs the engine
        adapter_settings,
        certificates,
        connections,
        containers,
        dsc_cim,
        dsc_configuration,
        dsc_manager,
        dsc_resource,
        events,
        hns,
        interfaces,
        links,
        net_tests,
        netnat,
        netsecurity,
        netsecurity_filters,
        pki,
        port_features,
        restart,
        routes,
        services,
        switch_extensions,
        system,
        tasks,
        teams,
        web,
    )
    from psnet.lab.cmdlets.dsc_common import MODULE, dsc_entries  # noqa: PLC0415 - as above
    from psnet.lab.cmdlets.firewall_binding import firewall_entries, refine  # noqa: PLC0415 - as above
    from psnet.lab.cmdlets.unknown import add_unknown  # noqa: PLC0415 - as above
    from psnet.powershell.facts.cmdlets import entries  # noqa: PLC0415 - as above

    docset = build.docset
    registry = Registry()
    registry.add(netnat, reference=entries("NetNat", docset), module_name="NetNat")
    for module in (netsecurity, netsecurity_filters):
        registry.add(module, reference=firewall_entries(docset), module_name="NetSecurity")
    refine(registry)
    reference = [item for name in ("NetAdapter", "NetTCPIP", "Hyper-V") for item in entries(name, docset)]
    registry.add(links, reference=reference, module_name="NetTCPIP")
    registry.add(interfaces, reference=reference, module_name="NetTCPIP")
    registry.add(switch_extensions, reference=reference, module_name="Hyper-V")
    registry.add(port_features, reference=reference, module_name="Hyper-V")
    registry.add(routes, reference=[*reference, *entries("DnsClient", docset)], module_name="NetTCPIP")
    dns_and_adapters = [*reference, *entries("DnsClient", docset)]
    registry.add(adapter_settings, reference=dns_and_adapters, module_name="NetAdapter")
    registry.add(teams)
    for module in (connections, net_tests):
        registry.add(module, reference=reference, module_name="NetTCPIP")
    if build.has_hns_cmdlets:
        registry.add(hns, reference=entries("HostNetworkingService", "2025"), module_name="HostNetworkingService")
    for module in (dsc_configuration, dsc_manager, dsc_resource):
        registry.add(module, reference=dsc_entries(), module_name=MODULE)
    registry.add(dsc_cim)
    registry.add(pki)
    registry.add(system)
    registry.add(services)
    registry.add(restart)
    registry.add(tasks)
    registry.add(events)
    registry.add(certificates)
    registry.add(web)
    if build.has_container_network_cmdlets:
        registry.add(containers, reference=entries("Containers", docset), module_name="Containers")
    add_unknown(registry, docset, old=build.has_container_network_cmdlets, hns=build.has_hns_cmdlets)
    return registry


def lab_registry(host: Host) -> Registry:
    """Return every cmdlet of a host: PowerShell's own and those of its Windows."""
    played: Registry | None = host.registry
    if played is not None:
        return played
    return windows_and_general(host.os) if host.sdn is None else _controller_registry(host.os)


@cache
def windows_and_general(build: WindowsBuild) -> Registry:
    """Return the one registry of a build; nobody changes it."""
    from psnet.lab.cmdlets import core  # noqa: PLC0415 - needs the engine
    from psnet.lab.cmdlets.unknown import closed  # noqa: PLC0415 - as above
    from psnet.lab.engine.general import general_registry  # noqa: PLC0415 - as above

    return closed(Registry().add(core).joined(general_registry()).joined(windows_registry(build)))


@cache
def _controller_registry(build: WindowsBuild) -> Registry:
    """Return the registry of a host that manages a Network Controller."""
    from psnet.lab.cmdlets.networkcontroller import controller_registry  # noqa: PLC0415 - most hosts manage none

    return windows_and_general(build).joined(controller_registry(build.docset))
