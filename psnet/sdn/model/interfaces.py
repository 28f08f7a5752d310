"""Network interfaces: ports of container hosts, with one IP configuration for each container endpoint behind them."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet.sdn.model.base import SdnResource, child, cleared, ref, refuse_duplicates, without_nones
from psnet.sdn.values import MacText, Name, Pair, choice

Weight = Annotated[int, Field(ge=0, le=100)]
Moderation = Annotated[str, choice("Default", "Adaptive", "Off", "Low", "Medium", "High")]
Mbps = Annotated[int, Field(ge=1, le=1_000_000)]


def subnet_path(virtual: str | None, logical: str | None) -> str | None:
    """Return the resourceRef of ``network/subnet``, virtual or logical."""
    kind, pair = ("virtualNetworks", virtual) if virtual else ("logicalNetworks", logical)
    if pair is None:
        return None
    network, _, subnet = pair.partition("/")
    return f"/{kind}/{network}/subnets/{subnet}"


class ContainerLimit(Model):
    """What one container may send. The controller's limits are a port's; HNS has one for an endpoint's sending."""

    outbound_maximum_mbps: Mbps


class IpConfiguration(Model):
    """An address of an interface (NetworkInterfaceIpConfigurationProperties): a container endpoint's, or the host's."""

    name: Name
    address: IPv4Address
    subnet: Pair | None = Field(default=None, description="VIRTUAL_NETWORK/SUBNET")
    logical_subnet: Pair | None = Field(default=None, description="LOGICAL_NETWORK/SUBNET, for a port on a VLAN")
    acl: Name | None = Field(default=None, description="looked at before the subnet's; null takes it away")
    public_ip: Name | None = None
    service_insertion: Name | None = Field(
        default=None, description="the appliance that sees its traffic, such as a port mirror; null takes it away"
    )
    qos: ContainerLimit | None = Field(
        default=None, description="for this address alone: given by HNS at the endpoint that has it"
    )
    management: bool = Field(default=False, description="the host's own address: sdn.management must reach it")

    @model_validator(mode="after")
    def _one_subnet(self) -> Self:
        if (self.subnet is None) == (self.logical_subnet is None):
            raise ValueError(f"the IP configuration {self.name} needs one of subnet and logical_subnet")
        return self

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        return child(
            self.name,
            without_nones(
                privateIPAddress=str(self.address),
                privateIPAllocationMethod="Static",
                subnet=ref(subnet_path(self.subnet, self.logical_subnet) or ""),
                accessControlList=ref(f"/accessControlLists/{self.acl}") if self.acl else None,
                publicIPAddress=ref(f"/publicIPAddresses/{self.public_ip}") if self.public_ip else None,
                serviceInsertion=ref(f"/serviceInsertions/{self.service_insertion}")
                if self.service_insertion
                else None,
            )
            | cleared(self, acl="accessControlList", public_ip="publicIPAddress", service_insertion="serviceInsertion"),
        )


class QosSettings(Model):
    """Limits and reservation of a port in Mbit/s (VirtualNetworkInterfaceQosSettings)."""

    inbound_maximum_mbps: Mbps | None = None
    outbound_maximum_mbps: Mbps | None = None
    outbound_reserved_value: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Mbit/s when the switches reserve absolutely, else a weight"
    )
    hardware_limits: bool | None = Field(default=None, description="QoS offload to the adapter: outbound maximum only")

    @model_validator(mode="after")
    def _offload(self) -> Self:
        if self.hardware_limits and (self.inbound_maximum_mbps or self.outbound_reserved_value):
            raise ValueError("hardware_limits goes with outbound_maximum_mbps only: an adapter offloads nothing else")
        return self

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        return without_nones(
            outboundReservedValue=self.outbound_reserved_value,
            outboundMaximumMbps=self.outbound_maximum_mbps,
            inboundMaximumMbps=self.inbound_maximum_mbps,
            enableHardwareLimits=self.hardware_limits,
        )


class PortSettings(Model):
    """What the port of an interface lets pass (portSettings in [MS-NCNBI] 3.1.5.11)."""

    mac_spoofing: bool | None = None
    arp_guard: bool | None = None
    dhcp_guard: bool | None = None
    storm_limit: Annotated[int, Field(ge=0)] | None = None
    port_flow_limit: Annotated[int, Field(ge=0)] | None = None
    vmq_weight: Weight | None = None
    iov_weight: Weight | None = None
    iov_interrupt_moderation: Moderation | None = None
    iov_queue_pairs_requested: Annotated[int, Field(ge=1)] | None = None

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        return without_nones(
            macSpoofingEnabled=_enabled(self.mac_spoofing),
            arpGuardEnabled=_enabled(self.arp_guard),
            dhcpGuardEnabled=_enabled(self.dhcp_guard),
            stormLimit=self.storm_limit,
            portFlowLimit=self.port_flow_limit,
            vmqWeight=self.vmq_weight,
            iovWeight=self.iov_weight,
            iovInterruptModeration=self.iov_interrupt_moderation,
            iovQueuePairsRequested=self.iov_queue_pairs_requested,
        )


def _enabled(value: bool | None) -> str | None:  # noqa: FBT001 - it is the value
    return None if value is None else "Enabled" if value else "Disabled"


class Attachment(Model):
    """The port that carries an interface: an adapter of a virtual machine, or (without ``vm``) of the host itself."""

    host: Annotated[str, Field(min_length=1, description="the inventory's host whose switch has the port")]
    vm: str | None = Field(
        default=None, min_length=1, description="the virtual machine; left out: the host's own adapter"
    )
    adapter: Annotated[str, Field(min_length=1)] = "Network Adapter"
    containers: str | None = Field(
        default=None,
        min_length=1,
        description="the inventory's container host that the virtual machine is: both are prepared for its containers",
    )


class NetworkInterface(SdnResource):
    """A port of a virtual switch: a container host's adapter with the addresses of its containers."""

    kind: ClassVar[str] = "sdn_network_interface"
    section: ClassVar[str] = "network_interfaces"
    collection: ClassVar[str] = "networkInterfaces"
    noun: ClassVar[str] = "NetworkInterface"

    mac: MacText
    ip_configurations: Annotated[tuple[IpConfiguration, ...], Field(min_length=1)]
    dns_servers: tuple[IPv4Address, ...] | None = None
    qos: QosSettings | None = None
    port: PortSettings | None = None
    attached: Attachment | None = Field(
        default=None,
        description="the port whose profile gets the interface's instance id: without it nothing is enforced",
    )
    host_adapter: bool | None = Field(
        default=None, description="an adapter of a physical host, not of a VM (isHostVirtualNetworkInterface)"
    )
    primary: bool | None = Field(default=None, description="the VM's first interface (isPrimary)")
    multitenant_stack: bool | None = Field(default=None, description="several tenants behind it (isMultitenantStack)")
    dns_name_label: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,63}$")] | None = Field(
        default=None, description="its name in the controller's DNS (internalDnsNameLabel)"
    )

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        refuse_duplicates((item.name for item in self.ip_configurations), "the IP configuration")
        return self

    def title(self) -> str:
        """Return the name and the addresses."""
        return f"{self.name} {', '.join(str(item.address) for item in self.ip_configurations)}"

    def properties(self) -> dict[str, Any]:
        """Return NetworkInterfaceProperties."""
        settings = self.port.rest() if self.port else {}
        qos = self.qos.rest() if self.qos else {}
        return without_nones(
            privateMacAddress=self.mac,
            privateMacAllocationMethod="Static",
            ipConfigurations=[item.rest() for item in self.ip_configurations],
            dnsSettings=None if self.dns_servers is None else {"dnsServers": [str(item) for item in self.dns_servers]},
            isHostVirtualNetworkInterface=self.host_adapter,
            isPrimary=self.primary,
            isMultitenantStack=self.multitenant_stack,
            internalDnsNameLabel=self.dns_name_label,
            portSettings={**settings, **({"qosSettings": qos} if qos else {})} or None,
        )
