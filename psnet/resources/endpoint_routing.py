"""Routes, proxies and outbound NAT of endpoints (reference: hns.md, Bodies that work; hns_schema.yaml, v1)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any, ClassVar

from pydantic import Field

from psnet._internal.model import Model
from psnet.resources.endpoint_policy import EndpointPolicy
from psnet.types import PortRange


class EndpointRoute(Model):
    """One route."""

    destination: IPv4Network = Field(description="the prefix that it leads to")
    next_hop: IPv4Address | None = Field(default=None, description="the gateway")
    encapsulate: bool = Field(default=False, description="NeedEncap: through the overlay's tunnel")

    def policy(self) -> dict[str, Any]:
        """Return the policy as an HNS v1 document."""
        made: dict[str, Any] = {"Type": "ROUTE", "DestinationPrefix": str(self.destination)}
        made |= {"NextHop": str(self.next_hop)} if self.next_hop else {}
        return made | ({"NeedEncap": True} if self.encapsulate else {})


class RouteSet(EndpointPolicy):
    """All routes of one endpoint; routes that are not declared go."""

    kind: ClassVar[str] = "route"
    section: ClassVar[str] = "routes"
    policy_type: ClassVar[str] = "ROUTE"

    routes: Annotated[tuple[EndpointRoute, ...], Field(min_length=1, description="routes that are not declared go")]

    def title(self) -> str:
        """Return the endpoint and the destinations."""
        return f"{self.endpoint} to {', '.join(str(item.destination) for item in self.routes)}"

    def policies(self) -> list[dict[str, Any]]:
        """Return the routes in their order."""
        return [item.policy() for item in self.routes]


class Proxy(EndpointPolicy):
    """A layer-4 proxy that takes what an endpoint sends."""

    kind: ClassVar[str] = "proxy"
    section: ClassVar[str] = "proxies"
    policy_type: ClassVar[str] = "PROXY"

    address: IPv4Address | None = Field(
        default=None, description="the proxy's address; the endpoint's own when left out"
    )
    port: PortRange = Field(description="the port that the proxy listens on")
    destination: IPv4Network | None = Field(default=None, description="only what goes there; everything when left out")
    exceptions: tuple[IPv4Network, ...] = Field(default=(), description="destinations that do not go through the proxy")
    outbound_nat: bool = Field(default=False, description="whether what leaves the proxy gets the host's address")

    def title(self) -> str:
        """Return the endpoint and the proxy."""
        return f"{self.endpoint} through {self.address or 'itself'}:{self.port}"

    def policies(self) -> list[dict[str, Any]]:
        """Return the one policy."""
        made: dict[str, Any] = {"Type": "PROXY", "Port": str(self.port)}
        made |= {"IP": str(self.address)} if self.address else {}
        made |= {"Destination": str(self.destination)} if self.destination else {}
        made |= {"ExceptionList": [str(item) for item in self.exceptions]} if self.exceptions else {}
        return [made | ({"OutboundNat": True} if self.outbound_nat else {})]


class OutboundNat(EndpointPolicy):
    """What an endpoint sends leaves under the host's address, except to some destinations."""

    kind: ClassVar[str] = "outbound_nat"
    section: ClassVar[str] = "outbound_nats"
    policy_type: ClassVar[str] = "OutBoundNAT"

    vip: IPv4Address | None = Field(
        default=None, description="the address that it leaves under; the host's when left out"
    )
    exceptions: tuple[IPv4Network, ...] = Field(
        default=(), description="destinations that see the endpoint's own address"
    )
    destinations: tuple[IPv4Network, ...] = Field(
        default=(), description="only what goes there; everything when left out"
    )

    def title(self) -> str:
        """Return the endpoint and the exceptions."""
        words = ", ".join(map(str, self.exceptions))
        return f"{self.endpoint}{f', but not to {words}' if words else ''}"

    def policies(self) -> list[dict[str, Any]]:
        """Return the one policy."""
        made: dict[str, Any] = {"Type": "OutBoundNAT"}
        made |= {"VIP": str(self.vip)} if self.vip else {}
        made |= {"ExceptionList": [str(item) for item in self.exceptions]} if self.exceptions else {}
        return [made | ({"Destinations": [str(item) for item in self.destinations]} if self.destinations else {})]
