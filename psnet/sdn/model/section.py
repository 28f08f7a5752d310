"""The section ``sdn:`` of a site file."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, Self

from pydantic import PrivateAttr, model_validator

from psnet._internal.model import Model
from psnet.sdn.model.balancers import SdnLoadBalancer
from psnet.sdn.model.base import SdnResource, refuse_duplicates
from psnet.sdn.model.controller import Controller, Management
from psnet.sdn.model.fabric import Gateway, GatewayPool, SdnCredential, SdnServer, VirtualServer
from psnet.sdn.model.gateways import VirtualGateway
from psnet.sdn.model.insertions import ServiceInsertion
from psnet.sdn.model.interfaces import Attachment, NetworkInterface
from psnet.sdn.model.networks import LogicalNetwork, VirtualNetwork
from psnet.sdn.model.policies import AccessControlList, PublicIpAddress, RouteTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from psnet._internal.secret import SecretSource
    from psnet.transport import Session

    Opener = Callable[[], Session]


class Sdn(Model):
    """Everything declared on one Network Controller."""

    controller: Controller
    management: Management | None = None
    credentials: tuple[SdnCredential, ...] = ()
    logical_networks: tuple[LogicalNetwork, ...] = ()
    access_control_lists: tuple[AccessControlList, ...] = ()
    route_tables: tuple[RouteTable, ...] = ()
    virtual_networks: tuple[VirtualNetwork, ...] = ()
    public_ip_addresses: tuple[PublicIpAddress, ...] = ()
    load_balancers: tuple[SdnLoadBalancer, ...] = ()
    service_insertions: tuple[ServiceInsertion, ...] = ()
    network_interfaces: tuple[NetworkInterface, ...] = ()
    servers: tuple[SdnServer, ...] = ()
    virtual_servers: tuple[VirtualServer, ...] = ()
    gateway_pools: tuple[GatewayPool, ...] = ()
    gateways: tuple[Gateway, ...] = ()
    virtual_gateways: tuple[VirtualGateway, ...] = ()
    _openers: dict[str, Opener] = PrivateAttr(default_factory=dict)

    @property
    def openers(self) -> Mapping[str, Opener]:
        """What opens a session to the hosts that have ports; empty outside a run with an inventory."""
        return self._openers

    def with_openers(self, openers: Mapping[str, Opener]) -> Self:
        """Return the section with sessions to the hosts that have ports."""
        made = self.model_copy()
        made._openers = dict(openers)  # noqa: SLF001 - its own
        return made

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        for resources in self._sections():
            refuse_duplicates((item.path.split("/", 2)[2] for item in resources), "the name")
        addresses = [(nic.name, item) for nic in self.network_interfaces for item in nic.ip_configurations]
        watched = [f"{nic}/{item.name}" for nic, item in addresses if item.management]
        if watched and self.management is None:
            raise ValueError(f"{watched[0]} says management: true, but sdn.management does not say from where")
        return self

    @model_validator(mode="after")
    def _no_circle(self) -> Self:
        leads: dict[str, set[str]] = {}
        elements = {item.name.lower(): item.elements for item in self.service_insertions}
        for nic in self.network_interfaces:
            for item in nic.ip_configurations:
                through = elements.get((item.service_insertion or "").lower(), ())
                leads.setdefault(nic.name.lower(), set()).update(each.interface.lower() for each in through)
        try:
            TopologicalSorter(leads).prepare()
        except CycleError as error:
            circle = " -> ".join(dict.fromkeys(error.args[1]))
            raise ValueError(f"service insertions lead the traffic of {circle} back to where it comes from") from None
        return self

    def attached(self) -> Iterator[tuple[NetworkInterface, Attachment]]:
        """Yield every interface with the port that carries it, where that is declared."""
        for nic in self.network_interfaces:
            if nic.attached is not None:
                yield nic, nic.attached

    def _sections(self) -> Iterator[tuple[SdnResource, ...]]:
        yield self.credentials
        yield self.logical_networks
        yield self.access_control_lists
        yield self.route_tables
        yield self.virtual_networks
        yield tuple(item for network in self.virtual_networks for item in network.peering_resources())
        yield self.public_ip_addresses
        yield self.load_balancers
        yield self.service_insertions
        yield self.network_interfaces
        yield self.servers
        yield self.virtual_servers
        yield self.gateway_pools
        yield self.gateways
        yield self.virtual_gateways

    def resources(self) -> Iterator[SdnResource]:
        """Yield every resource with a version of its own, what is referred to before what refers to it."""
        for resources in self._sections():
            yield from resources

    def relative_to(self, folder: Path) -> Self:
        """Return the section with the paths of its files counted from a folder."""
        found: dict[str, Any] = {"controller": self.controller.relative_to(folder)}
        found["credentials"] = tuple(item.relative_to(folder) for item in self.credentials)
        found["virtual_gateways"] = tuple(item.relative_to(folder) for item in self.virtual_gateways)
        return self.model_copy(update=found)

    def secrets(self) -> dict[str, SecretSource]:
        """Return where each secret is read, by the key that stands for it in properties."""
        return {key: source for item in self.resources() for key, source in item.secrets().items()}
