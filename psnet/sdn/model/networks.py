"""Logical networks (the fabric) and virtual networks (the tenants), their subnets and address pools."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet.sdn.model.base import SdnResource, child, cleared, ref, refuse_duplicates, without_nones
from psnet.sdn.values import Name
from psnet.types import Network

Prefixes = Annotated[tuple[Network, ...], Field(min_length=1)]


def _within(prefix: IPv4Network | IPv6Network, space: IPv4Network | IPv6Network) -> bool:
    return prefix.version == space.version and prefix[0] in space and prefix[-1] in space


class IpPool(Model):
    """A range of addresses of a logical subnet that the controller hands out (IpPoolProperties)."""

    name: Name
    start: IPv4Address
    end: IPv4Address

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start > self.end:
            raise ValueError(f"the pool {self.name}: start {self.start} comes after end {self.end}")
        return self


class LogicalSubnet(Model):
    """A subnet of a logical network (LogicalSubnetProperties)."""

    name: Name
    prefix: Network
    gateways: tuple[IPv4Address, ...] | None = None
    dns_servers: tuple[IPv4Address, ...] | None = None
    vlan: Annotated[int, Field(ge=0, le=4094)] | None = None
    public: bool | None = Field(default=None, description="its addresses may be VIPs (isPublic)")
    pools: tuple[IpPool, ...] = ()

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        refuse_duplicates((pool.name for pool in self.pools), "the pool")
        return self

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        pools = [child(p.name, {"startIpAddress": str(p.start), "endIpAddress": str(p.end)}) for p in self.pools]
        return child(
            self.name,
            without_nones(
                addressPrefix=str(self.prefix),
                defaultGateways=None if self.gateways is None else [str(item) for item in self.gateways],
                dnsServers=None if self.dns_servers is None else [str(item) for item in self.dns_servers],
                vlanID=self.vlan,
                isPublic=self.public,
                ipPools=pools or None,
            ),
        )


class LogicalNetwork(SdnResource):
    """A network of the fabric: where provider addresses, VIPs and VLAN interfaces live."""

    kind: ClassVar[str] = "sdn_logical_network"
    section: ClassVar[str] = "logical_networks"
    collection: ClassVar[str] = "logicalNetworks"
    noun: ClassVar[str] = "LogicalNetwork"

    network_virtualization: bool | None = Field(default=None, description="it carries virtual networks (HNV)")
    subnets: tuple[LogicalSubnet, ...] = ()

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        refuse_duplicates((item.name for item in self.subnets), "the subnet")
        return self

    def properties(self) -> dict[str, Any]:
        """Return LogicalNetworkProperties."""
        return without_nones(
            networkVirtualizationEnabled=self.network_virtualization,
            subnets=[item.rest() for item in self.subnets] or None,
        )


class VirtualSubnet(Model):
    """A subnet of a virtual network (VirtualSubnetProperties), with the ACL and the routes of all in it."""

    name: Name
    prefix: Network
    acl: Name | None = Field(default=None, description="null takes a binding away")
    route_table: Name | None = Field(default=None, description="null takes a binding away")

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        return child(
            self.name,
            without_nones(
                addressPrefix=str(self.prefix),
                accessControlList=ref(f"/accessControlLists/{self.acl}") if self.acl else None,
                routeTable=ref(f"/routeTables/{self.route_table}") if self.route_table else None,
            )
            | cleared(self, acl="accessControlList", route_table="routeTable"),
        )


class Peering(Model):
    """A virtual network's side of a peering (VirtualNetworkPeeringProperties); traffic passes when both sides have one.

    Fields: "Configure virtual network peering" of Windows Server's SDN documentation; cmdlets from Windows Server 2022.
    """

    name: Name
    remote: Name = Field(description="the other virtual network")
    allow_access: bool = Field(default=True, description="the networks reach each other (allowVirtualNetworkAccess)")
    allow_forwarded_traffic: bool = Field(default=False, description="traffic that the other network only forwards")
    allow_gateway_transit: bool = Field(default=False, description="the other network may use this one's gateway")
    use_remote_gateways: bool = Field(default=False, description="this network uses the other one's gateway")


class VirtualNetworkPeering(SdnResource):
    """A peering as a resource of its own: made when both networks are there."""

    kind: ClassVar[str] = "sdn_virtual_network_peering"
    section: ClassVar[str] = ""  # declared at its network
    collection: ClassVar[str] = "virtualNetworkPeerings"
    noun: ClassVar[str] = "VirtualNetworkPeering"

    network: Name
    declared: Peering

    @property
    def path(self) -> str:
        """The resourceRef, inside its network's."""
        return f"/virtualNetworks/{self.network}/{self.collection}/{self.name}"

    def title(self) -> str:
        """Return both networks."""
        return f"{self.name}: {self.network} with {self.declared.remote}"

    def requirements(self) -> tuple[str, ...]:
        """Return the network that it stands in."""
        return (f"/virtualNetworks/{self.network}",)

    def properties(self) -> dict[str, Any]:
        """Return VirtualNetworkPeeringProperties."""
        side = self.declared
        return {
            "remoteVirtualNetwork": ref(f"/virtualNetworks/{side.remote}"),
            "allowVirtualNetworkAccess": side.allow_access,
            "allowForwardedTraffic": side.allow_forwarded_traffic,
            "allowGatewayTransit": side.allow_gateway_transit,
            "useRemoteGateways": side.use_remote_gateways,
        }


class VirtualNetwork(SdnResource):
    """A tenant's network on top of a logical network that carries virtual networks."""

    kind: ClassVar[str] = "sdn_virtual_network"
    section: ClassVar[str] = "virtual_networks"
    collection: ClassVar[str] = "virtualNetworks"
    noun: ClassVar[str] = "VirtualNetwork"

    logical_network: Name
    address_space: Prefixes
    dns_servers: tuple[IPv4Address, ...] | None = Field(default=None, description="what DHCP gives (dhcpOptions)")
    subnets: tuple[VirtualSubnet, ...] = ()
    peerings: tuple[Peering, ...] = Field(default=(), description="other virtual networks; each side declares its own")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        refuse_duplicates((item.name for item in self.subnets), "the subnet")
        refuse_duplicates((item.name for item in self.peerings), "the peering")
        refuse_duplicates((item.remote for item in self.peerings), "a peering with")
        own = next((item.name for item in self.peerings if item.remote.lower() == self.name.lower()), None)
        if own is not None:
            raise ValueError(f"the peering {own} is with the network itself")
        for item in self.subnets:
            if not any(_within(item.prefix, space) for space in self.address_space):
                spaces = ", ".join(map(str, self.address_space))
                raise ValueError(f"the subnet {item.name} {item.prefix} does not lie in the address space {spaces}")
        return self

    def title(self) -> str:
        """Return the name and the address space."""
        return f"{self.name} {', '.join(map(str, self.address_space))}"

    def properties(self) -> dict[str, Any]:
        """Return VirtualNetworkProperties."""
        return without_nones(
            addressSpace={"addressPrefixes": [str(item) for item in self.address_space]},
            logicalNetwork=ref(f"/logicalNetworks/{self.logical_network}"),
            dhcpOptions=None if self.dns_servers is None else {"dnsServers": [str(item) for item in self.dns_servers]},
            subnets=[item.rest() for item in self.subnets] or None,
        )

    def peering_resources(self) -> tuple[VirtualNetworkPeering, ...]:
        """Return the peerings as resources."""
        return tuple(VirtualNetworkPeering(name=item.name, network=self.name, declared=item) for item in self.peerings)
