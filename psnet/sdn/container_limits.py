"""Limits for one container: the controller limits ports, HNS limits endpoints.

A port's QoS holds for all the addresses behind it ([MS-NCNBI] 3.1.5.13: qosSettings stand in the interface's
portSettings, not in its IP configurations). What an IP configuration declares is therefore given by HNS at the endpoint
that has the address, in the same plan; HNS limits what an endpoint sends only (reference: hns.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.resources import Endpoint, Qos

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources import Resource
    from psnet.sdn.model import IpConfiguration, Sdn
    from psnet.site import Site

_BYTES: Final = 125_000  # a Mbit/s in bytes per second


def limited_endpoints(sdn: Sdn) -> Iterator[tuple[str, IpConfiguration]]:
    """Yield (INTERFACE/IP_CONFIGURATION, it) of every IP configuration with a limit of its own."""
    for nic in sdn.network_interfaces:
        for item in nic.ip_configurations:
            if item.qos is not None:
                yield f"{nic.name}/{item.name}", item


def endpoint_limits(sdn: Sdn, site: Site) -> tuple[Resource, ...]:
    """Return the HNS limits of a host's endpoints that have the address of a limited IP configuration.

    An endpoint that the site gives a limit of its own keeps that.
    """
    own = {item.endpoint.lower() for item in site.resources if isinstance(item, Qos)}
    rates = {
        str(item.address): item.qos.outbound_maximum_mbps for _, item in limited_endpoints(sdn) if item.qos is not None
    }
    return tuple(
        Qos(endpoint=item.name, maximum_outgoing_bandwidth=rates[str(item.address)] * _BYTES)
        for item in site.resources
        if isinstance(item, Endpoint) and str(item.address) in rates and item.name.lower() not in own
    )
