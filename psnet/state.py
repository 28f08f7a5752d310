"""What a host has, as one observe pass reads it. Field names are ours; each says where it comes from."""

from __future__ import annotations

import hashlib
from typing import Any, Final, Literal

from pydantic import Field

from psnet._internal.model import Model
from psnet.types import AddressSet, Mode, PortSet, ProfileSet, Protocol

Backend = Literal["containers", "hns", "docker"]


class Facts(Model):
    """The host itself: Win32_OperatingSystem and what Get-Command finds."""

    computer_name: str
    build: int
    product: str
    culture: str = "en-US"
    powershell: str = "5.1"
    has_container_network: bool = Field(description="New-ContainerNetwork is there (2016)")
    has_hns: bool = Field(description="vmcompute.dll answers HNSCall")
    has_docker: bool = False
    elevated: bool = True
    virtual_machine: bool = Field(default=False, description="Win32_ComputerSystem says that a hypervisor runs it")
    has_winnat: bool = Field(default=True, description="Get-NetNat answers: Containers or Hyper-V brings it")
    hns_version: str | None = Field(default=None, description="GET /globals/version, from 1803 on")


class Adapter(Model):
    """Get-NetAdapter, physical adapters and host vNICs alike."""

    name: str
    description: str = ""
    index: int
    mac: str = ""
    status: str = ""
    virtual: bool = False
    media: str = ""


class Address(Model):
    """Get-NetIPAddress."""

    address: str
    prefix_length: int
    interface: str
    index: int
    origin: str = ""


class Switch(Model):
    """Get-VMSwitch."""

    name: str
    id: str = ""
    type: str
    adapter: str | None = None


class Subnet(Model):
    """One subnet of a container network."""

    prefix: str
    gateway: str | None = None


class NetworkState(Model):
    """A container network: Get-ContainerNetwork, or GET /networks/ of the HNS."""

    name: str
    id: str
    mode: Mode | str
    subnets: tuple[Subnet, ...] = ()
    dns_servers: tuple[str, ...] = ()
    dns_suffix: str | None = None
    adapter: str | None = None
    management_ip: str | None = None
    policies: tuple[dict[str, Any], ...] = ()
    mac_pools: tuple[dict[str, str], ...] = ()


class DockerNetworkState(Model):
    """docker network inspect: what docker calls an HNS network."""

    name: str
    id: str
    driver: str
    hns_id: str


class DockerContainerState(Model):
    """docker network inspect: the name of a running container; HNS knows its 64-hex id alone."""

    name: str
    id: str


class PolicyListState(Model):
    """GET /policylists/ of the HNS: policies over several endpoints; ``endpoints`` are ids."""

    id: str
    endpoints: tuple[str, ...] = ()
    policies: tuple[dict[str, Any], ...] = ()


class EndpointState(Model):
    """A container endpoint: GET /endpoints/ of the HNS."""

    name: str
    id: str
    network: str
    address: str | None = None
    mac: str | None = None
    remote: bool = Field(default=False, description="stands for a container on another host (IsRemoteEndpoint)")
    containers: tuple[str, ...] = ()
    kind: Literal["host vNIC", "synthetic VM NIC", "unattached"] = "unattached"
    dns_servers: str | None = None
    dns_suffix: str | None = None
    state: int | None = Field(default=None, description="EndpointState: 1 created, 2 attached, 3 shared, 4 detached")
    policies: tuple[dict[str, Any], ...] = ()


class ExternalAddressState(Model):
    """Get-NetNatExternalAddress; ports are 0 where there is no range."""

    id: int
    address: str
    first: int = 0
    last: int = 0


class NatState(Model):
    """Get-NetNat."""

    name: str
    internal_prefix: str | None = None
    external_prefix: str | None = None
    active: bool = True
    external_addresses: tuple[ExternalAddressState, ...] = ()


class MappingState(Model):
    """Get-NetNatStaticMapping: one port."""

    id: int
    nat: str
    protocol: Protocol
    external_address: str
    external_port: int
    internal_address: str
    internal_port: int


class RuleState(Model):
    """Get-NetFirewallRule joined with its filters by InstanceID."""

    name: str
    display_name: str
    description: str | None = None
    group: str | None = None
    enabled: bool
    profiles: ProfileSet
    direction: str
    action: str
    edge_traversal: str = "Block"
    protocol: Protocol
    local_ports: PortSet
    remote_ports: PortSet
    icmp_types: tuple[str, ...] = ("Any",)
    local_addresses: AddressSet
    remote_addresses: AddressSet
    program: str = "Any"
    service: str = "Any"
    interface_aliases: tuple[str, ...] = ("Any",)
    interface_type: str = "Any"


class PortExclusion(Model):
    """A reserved port range (netsh int ipv4 show excludedportrange)."""

    protocol: Protocol
    first: int
    last: int


class HostState(Model):
    """Everything that one observe pass reads."""

    facts: Facts
    adapters: tuple[Adapter, ...] = ()
    addresses: tuple[Address, ...] = ()
    switches: tuple[Switch, ...] = ()
    networks: tuple[NetworkState, ...] = ()
    endpoints: tuple[EndpointState, ...] = ()
    startup_tasks: tuple[str, ...] = Field(default=(), description="scheduled tasks named psnet-reapply-*")
    policy_lists: tuple[PolicyListState, ...] = ()
    docker_networks: tuple[DockerNetworkState, ...] = ()
    docker_containers: tuple[DockerContainerState, ...] = ()
    uplinks: tuple[str, ...] = Field(default=(), description="interfaces with a default route")
    nats: tuple[NatState, ...] = ()
    mappings: tuple[MappingState, ...] = ()
    rules: tuple[RuleState, ...] = ()
    exclusions: tuple[PortExclusion, ...] = ()
    ledger: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="what psnet made here, from its ledger file: 'kind/name' -> entry"
    )
    digest: str = Field(default="", exclude=True, description="what the host computed of it, to know it again by")

    def __repr__(self) -> str:
        parts = {"network": self.networks, "endpoint": self.endpoints, "NAT": self.nats, "mapping": self.mappings}
        counted = (f"{len(things)} {word}{'s' * (len(things) != 1)}" for word, things in parts.items())
        return f"<HostState of {self.facts.computer_name}, build {self.facts.build}: {', '.join(counted)}>"

    __str__ = __repr__

    def fingerprint(self) -> str:
        """Return a digest that changes when anything observed changes."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


_CONTAINERS_CMDLETS: Final = 14393  #: the last build with New-ContainerNetwork


def fresh_state(build: int) -> HostState:
    """Return a host of a build that has every backend and nothing else."""
    facts = Facts(
        computer_name="ANY",
        build=build,
        product=f"Windows build {build}",
        has_container_network=build <= _CONTAINERS_CMDLETS,
        has_hns=True,
        has_docker=True,
    )
    return HostState(facts=facts)
