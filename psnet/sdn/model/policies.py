"""Access control lists, route tables and public addresses."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet.sdn.model.base import SdnResource, child, refuse_duplicates, without_nones
from psnet.sdn.values import ALL_PORTS, ANY, AclAction, AclDirection, AclPorts, AclPrefix, AclProtocol, Name, choice
from psnet.types import Network

DefaultAction = Annotated[str, choice("Permit", "Deny", also={"allow": "permit", "block": "deny"})]
IdleTimeout = Annotated[int, Field(ge=4, le=30, description="minutes")]


class SdnAclRule(Model):
    """One rule (AclRuleProperties); lower priorities are looked at first."""

    name: Name
    direction: AclDirection
    action: AclAction
    protocol: AclProtocol = "All"
    source: AclPrefix = ANY
    source_ports: AclPorts = ALL_PORTS
    destination: AclPrefix = ANY
    destination_ports: AclPorts = ALL_PORTS
    priority: Annotated[int, Field(ge=100, le=65000)]
    logging: bool | None = None
    description: str | None = Field(default=None, max_length=140)

    def rest(self) -> dict[str, Any]:
        """Return it as the REST API writes it: numbers are text there, as in the documentation's examples."""
        return child(
            self.name,
            without_nones(
                protocol=self.protocol,
                sourcePortRange=self.source_ports,
                destinationPortRange=self.destination_ports,
                action=self.action,
                sourceAddressPrefix=self.source,
                destinationAddressPrefix=self.destination,
                priority=str(self.priority),
                type=self.direction,
                logging=None if self.logging is None else "Enabled" if self.logging else "Disabled",
                description=self.description,
            ),
        )


class AccessControlList(SdnResource):
    """All rules of a list, in the order of their priorities; rules that are not declared go."""

    kind: ClassVar[str] = "sdn_access_control_list"
    section: ClassVar[str] = "access_control_lists"
    collection: ClassVar[str] = "accessControlLists"
    noun: ClassVar[str] = "AccessControlList"

    rules: Annotated[tuple[SdnAclRule, ...], Field(min_length=1)]
    inbound_default: DefaultAction | None = Field(default=None, description="when no rule matches; Permit unless set")
    outbound_default: DefaultAction | None = Field(default=None, description="when no rule matches; Permit unless set")

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        refuse_duplicates((item.name for item in self.rules), "the rule")
        return self

    def title(self) -> str:
        """Return the name and how many rules there are."""
        return f"{self.name}, {len(self.rules)} rule{'s' if len(self.rules) > 1 else ''}"

    def properties(self) -> dict[str, Any]:
        """Return AccessControlListProperties."""
        return without_nones(
            aclRules=[item.rest() for item in self.rules],
            inboundDefaultAction=self.inbound_default,
            outboundDefaultAction=self.outbound_default,
        )


class Route(Model):
    """One user-defined route (RouteProperties)."""

    name: Name
    prefix: Network
    next_hop_type: Annotated[str, choice("VirtualAppliance", "VnetLocal", "VirtualNetworkGateway", "Internet", "None")]
    next_hop: IPv4Address | None = None

    @model_validator(mode="after")
    def _hop(self) -> Self:
        if (self.next_hop_type == "VirtualAppliance") != (self.next_hop is not None):
            raise ValueError(f"the route {self.name}: next_hop goes with VirtualAppliance, and only with it")
        return self

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        hop = str(self.next_hop) if self.next_hop else None
        return child(
            self.name,
            without_nones(addressPrefix=str(self.prefix), nextHopType=self.next_hop_type, nextHopIpAddress=hop),
        )


class RouteTable(SdnResource):
    """User-defined routes of the subnets that name it; routes that are not declared go."""

    kind: ClassVar[str] = "sdn_route_table"
    section: ClassVar[str] = "route_tables"
    collection: ClassVar[str] = "routeTables"
    noun: ClassVar[str] = "RouteTable"

    routes: Annotated[tuple[Route, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        refuse_duplicates((item.name for item in self.routes), "the route")
        refuse_duplicates((str(item.prefix) for item in self.routes), "a route for the prefix")
        return self

    def properties(self) -> dict[str, Any]:
        """Return RouteTableProperties."""
        return {"routes": [item.rest() for item in self.routes]}


class PublicIpAddress(SdnResource):
    """A VIP of its own: forwarded whole to the IP configuration that names it, or the front of a load balancer."""

    kind: ClassVar[str] = "sdn_public_ip_address"
    section: ClassVar[str] = "public_ip_addresses"
    collection: ClassVar[str] = "publicIPAddresses"
    noun: ClassVar[str] = "PublicIpAddress"

    address: IPv4Address | None = Field(default=None, description="the controller takes a free VIP when left out")
    idle_timeout: IdleTimeout | None = None

    def title(self) -> str:
        """Return the name and the address."""
        return f"{self.name} {self.address or '(dynamic)'}"

    def properties(self) -> dict[str, Any]:
        """Return PublicIpAddressProperties."""
        return without_nones(
            ipAddress=str(self.address) if self.address else None,
            publicIPAllocationMethod="Static" if self.address else "Dynamic",
            idleTimeoutInMinutes=self.idle_timeout,
        )
