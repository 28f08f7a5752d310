"""The section ``sdn:`` of a site file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import PrivateAttr, model_validator

from psnet._internal.model import Model
from psnet.sdn.model.balancers import SdnLoadBalancer
from psnet.sdn.model.base import SdnResource, once
from psnet.sdn.model.controller import Controller, Management
from psnet.sdn.model.interfaces import Attachment, NetworkInterface
from psnet.sdn.model.networks import LogicalNetwork, VirtualNetwork
from psnet.sdn.model.policies import AccessControlList, PublicIpAddress, RouteTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from psnet.transport import Session

    Opener = Callable[[], Session]


class Sdn(Model):
    """Everything declared on one Network Controller."""

    controller: Controller
    management: Management | None = None
    logical_networks: tuple[LogicalNetwork, ...] = ()
    access_control_lists: tuple[AccessControlList, ...] = ()
    route_tables: tuple[RouteTable, ...] = ()
    virtual_networks: tuple[VirtualNetwork, ...] = ()
    public_ip_addresses: tuple[PublicIpAddress, ...] = ()
    load_balancers: tuple[SdnLoadBalancer, ...] = ()
    network_interfaces: tuple[NetworkInterface, ...] = ()
    _openers: dict[str, Opener] = PrivateAttr(default_factory=dict)

    @property
    def openers(self) -> Mapping[str, Opener]:
        """What opens a session to the hosts that have ports; empty outside a run with an inventory."""
        return self._openers

    def reaching(self, openers: Mapping[str, Opener]) -> Self:
        """Return the section with sessions to the hosts that have ports."""
        made = self.model_copy()
        made._openers = dict(openers)  # noqa: SLF001 - its own
        return made

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        for resources in self._sections():
            once((item.name for item in resources), "the name")
        addresses = [(nic.name, item) for nic in self.network_interfaces for item in nic.ip_configurations]
        watched = [f"{nic}/{item.name}" for nic, item in addresses if item.management]
        if watched and self.management is None:
            raise ValueError(f"{watched[0]} says management: true, but sdn.management does not say from where")
        return self

    def attached(self) -> Iterator[tuple[NetworkInterface, Attachment]]:
        """Yield every interface with the port that carries it, where that is declared."""
        for nic in self.network_interfaces:
            if nic.attached is not None:
                yield nic, nic.attached

    def _sections(self) -> Iterator[tuple[SdnResource, ...]]:
        yield self.logical_networks
        yield self.access_control_lists
        yield self.route_tables
        yield self.virtual_networks
        yield self.public_ip_addresses
        yield self.load_balancers
        yield self.network_interfaces

    def resources(self) -> Iterator[SdnResource]:
        """Yield every top-level resource, what is referred to before what refers to it."""
        for resources in self._sections():
            yield from resources
