"""What the controller checks of a resource beyond its shape: one module a family of resources.

Where no source says whether the Network Controller would accept something, these refuse it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.lab.sdn.rules import acl, balancers, devices, gateways, interfaces, networks

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document

    Check = Callable[[Controller, Document, Document | None], None]

_CHECKS: Final[dict[str, Check]] = {
    "AccessControlList": acl.check,
    "LogicalNetwork": networks.check_logical,
    "VirtualNetwork": networks.check_virtual,
    "RouteTable": networks.check_routes,
    "NetworkInterface": interfaces.check,
    "PublicIpAddress": balancers.check_public,
    "LoadBalancer": balancers.check,
    "Credential": devices.check_credential,
    "Server": devices.check_connections,
    "VirtualServer": devices.check_connections,
    "GatewayPool": gateways.check_pool,
    "Gateway": gateways.check_gateway,
    "VirtualGateway": gateways.check_virtual,
    "ServiceInsertion": gateways.check_insertion,
    "MacPool": devices.check_mac_pool,
    "VirtualSwitchManager": devices.check_switch,
}


def check(controller: Controller, type_name: str, made: Document, old: Document | None) -> None:
    """Check a root resource; may fill in what the controller chooses (addresses). Raises SdnError."""
    found = _CHECKS.get(type_name)
    if found is not None:
        found(controller, made, old)
