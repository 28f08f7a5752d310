"""What a host has, as one observe pass reads it. Field names are ours; each says where it comes from."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from psnet._internal.model import Model
from psnet._internal.text import printable
from psnet.types import AddressSet, Mode, PortSet, ProfileSet, Protocol

Backend = Literal["containers", "hns", "hcn", "docker"]
#: Who else makes things of HNS; what is theirs is never removed.
Owner = Literal["docker", "CNI", "kube-proxy"]


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
    has_containerd: bool = False
    elevated: bool = True
    virtual_machine: bool = Field(default=False, description="Win32_ComputerSystem says that a hypervisor runs it")
    manufacturer: str = Field(default="", description="Win32_ComputerSystem")
    model: str = Field(default="", description="Win32_ComputerSystem")
    hypervisor: str = Field(default="", description="who runs the virtual machine, by its maker and model")
    stopped_services: tuple[str, ...] = Field(default=(), description="of iphlpsvc, those that do not run")
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
    adapters: tuple[str, ...] = Field(default=(), description="descriptions of all its adapters, of a team several")
    ports: tuple[str, ...] = Field(
        default=(), description="the host's interfaces on it, where one of them carries WinRM (Get-VMNetworkAdapter)"
    )


class Team(Model):
    """Get-NetLbfoTeam: a team of Windows' own."""

    name: str
    members: tuple[str, ...] = Field(default=(), description="names of its adapters")
    interfaces: tuple[str, ...] = Field(default=(), description="its own interfaces, one a VLAN")


def _objects(found: Any) -> Any:
    """Return what of a list is an object: HNS keeps what it does not understand, and a report may be cut."""
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list | tuple) else found


class Subnet(Model):
    """One subnet of a container network."""

    prefix: str
    gateway: str | None = None
    policies: Annotated[tuple[dict[str, Any], ...], BeforeValidator(_objects)] = ()


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
    hcn_policies: Annotated[tuple[dict[str, Any], ...], BeforeValidator(_objects)] = Field(
        default=(), description="HcnQueryNetworkProperties, read where a site is about them"
    )


class DockerNetworkState(Model):
    """docker network inspect: what docker calls an HNS network."""

    name: str
    id: str
    driver: str
    hns_id: str


class PublishedPort(Model):
    """A port of the host that a runtime publishes for a container; without an address on every one of the host."""

    protocol: Protocol
    external_port: int
    internal_port: int
    address: str = ""


class ContainerState(Model):
    """A running container, whatever runs it; HNS knows its id alone, its runtime the rest.

    docker ps; nerdctl inspect --mode native or ctr containers info; crictl pods and ps. The pause containers of pods
    are left out. ``endpoints`` are ids of HNS.
    """

    name: str
    id: str
    runtime: Literal["docker", "nerdctl", "containerd", "kubelet"]
    image: str = ""
    isolation: Literal["process", "hyperv"] = "process"
    pod: str | None = None
    pod_namespace: str | None = None
    namespace: str | None = Field(default=None, description="containerd's, such as default or k8s.io")
    labels: dict[str, str] = Field(default_factory=dict)
    endpoints: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    ports: tuple[PublishedPort, ...] = ()


class CniFileState(Model):
    """A CNI configuration file; ``document`` is None where the text is no JSON object."""

    path: str
    document: dict[str, Any] | None = None


class CniState(Model):
    """CNI on the host: the folders that containerd's config.toml names, or its defaults, and what is in them."""

    conf_dir: str
    bin_dir: str
    programs: tuple[str, ...] = Field(default=(), description="plug-ins in bin_dir, without .exe")
    files: tuple[CniFileState, ...] = ()


class PolicyListState(Model):
    """GET /policylists/ of the HNS: policies over several endpoints; ``endpoints`` are ids."""

    id: str
    endpoints: tuple[str, ...] = ()
    policies: tuple[dict[str, Any], ...] = ()
    owner: Owner | None = Field(default=None, description="whose it is; None: psnet's, or somebody else's by hand")


class EndpointState(Model):
    """A container endpoint: GET /endpoints/ of the HNS."""

    name: str
    id: str
    network: str
    address: str | None = None
    mac: str | None = None
    gateway: str | None = None
    namespace: str | None = Field(default=None, description="the network namespace that it is in (Namespace.ID)")
    owner: Owner | None = Field(default=None, description="whose it is; None: psnet's, or somebody else's by hand")
    remote: bool = Field(default=False, description="stands for a container on another host (IsRemoteEndpoint)")
    containers: tuple[str, ...] = ()
    kind: Literal["host vNIC", "synthetic VM NIC", "unattached"] = "unattached"
    dns_servers: str | None = None
    dns_suffix: str | None = None
    state: int | None = Field(default=None, description="EndpointState: 1 created, 2 attached, 3 shared, 4 detached")
    policies: tuple[dict[str, Any], ...] = ()
    hcn_policies: Annotated[tuple[dict[str, Any], ...], BeforeValidator(_objects)] = Field(
        default=(), description="HcnQueryEndpointProperties, read where a site is about them"
    )


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


class PortProxyState(Model):
    """netsh interface portproxy show v4tov4: a TCP port that the IP Helper service forwards."""

    listen_address: str
    listen_port: int
    connect_address: str
    connect_port: int


class ListenerState(Model):
    """Get-NetTCPConnection -State Listen and Get-NetUDPEndpoint, below the dynamic ports."""

    protocol: Literal["TCP", "UDP"]
    address: str
    port: int
    process: str | None = None


class SwitchExtension(Model):
    """Get-VMSwitchExtension, or Extensions of an HNS network."""

    switch: str
    id: str
    name: str = ""
    enabled: bool


class FirewallProfileState(Model):
    """Get-NetFirewallProfile -PolicyStore ActiveStore: what is in force, Group Policy and all."""

    name: str
    enabled: bool = True
    local_rules: bool = Field(default=True, description="AllowLocalFirewallRules is not False")
    inbound_rules: bool = Field(default=True, description="AllowInboundRules is not False")
    outbound: str = Field(default="", description="DefaultOutboundAction")


class Health(Model):
    """What only a doctor reads; a part that could not be read is named in ``unread`` with the reason."""

    revision: int | None = Field(default=None, description="UBR: the number behind the build, by the last update")
    extensions: tuple[SwitchExtension, ...] = ()
    profiles: tuple[FirewallProfileState, ...] = ()
    hns_refusals: tuple[str, ...] = Field(default=(), description="texts of HNS's events 1013, the newest first")
    unread: dict[str, str] = Field(default_factory=dict, description="part -> why it could not be read")


class LeaseState(Model):
    """Who works on the host, or did last (lease.json of psnet's folder); ``until`` is a time of the host's clock."""

    serial: int = Field(default=0, description="counts who has worked on the host so far")
    id: str = ""
    run: str = ""
    user: str = ""
    controller: str = ""
    until: str = ""
    held: bool = Field(default=False, description="whoever it is has not given it back, and its end has not come")


#: The firewall rules of a Windows Server with its usual roles (a guess); an observed state has psnet's alone.
USUAL_RULES: Final = 500


class HostState(Model):
    """Everything that one observe pass reads."""

    facts: Facts
    adapters: tuple[Adapter, ...] = ()
    addresses: tuple[Address, ...] = ()
    switches: tuple[Switch, ...] = ()
    teams: tuple[Team, ...] = ()
    networks: tuple[NetworkState, ...] = ()
    endpoints: tuple[EndpointState, ...] = ()
    startup_tasks: tuple[str, ...] = Field(default=(), description="scheduled tasks named psnet-reapply-*")
    policy_lists: tuple[PolicyListState, ...] = ()
    docker_networks: tuple[DockerNetworkState, ...] = ()
    containers: tuple[ContainerState, ...] = ()
    cni: CniState | None = None
    uplinks: tuple[str, ...] = Field(default=(), description="interfaces with a default route")
    forwarding: tuple[str, ...] = Field(
        default=(), description="IPv4 interfaces that forward, read where a site is about them (Get-NetIPInterface)"
    )
    sessions: tuple[str, ...] = Field(default=(), description="the host's addresses with WinRM connections (TCP table)")
    clients: tuple[str, ...] = Field(default=(), description="the other ends of those connections")
    winrm_ports: tuple[int, ...] = Field(default=(5985, 5986), description="TCP ports that WinRM listens on, or may")
    nats: tuple[NatState, ...] = ()
    mappings: tuple[MappingState, ...] = ()
    rules: tuple[RuleState, ...] = ()
    exclusions: tuple[PortExclusion, ...] = ()
    port_proxies: tuple[PortProxyState, ...] = ()
    listeners: tuple[ListenerState, ...] = ()
    ledger: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="what psnet made here, from its ledger file: 'kind/name' -> entry"
    )
    health: Health | None = Field(default=None, exclude=True, description="only where a doctor asked for it")
    lease: LeaseState | None = None
    digest: str = Field(default="", exclude=True, description="what the host computed of it, to know it again by")

    def __repr__(self) -> str:
        parts = {"network": self.networks, "endpoint": self.endpoints, "NAT": self.nats, "mapping": self.mappings}
        counted = (f"{len(things)} {word}{'s' * (len(things) != 1)}" for word, things in parts.items())
        return printable(f"<HostState of {self.facts.computer_name}, build {self.facts.build}: {', '.join(counted)}>")

    __str__ = __repr__

    def counts(self, rules: int = USUAL_RULES) -> dict[str, int]:
        """Return how many objects there are of each kind; a state does not know all of the firewall's ``rules``."""
        return {
            "rules": max(rules, len(self.rules)),
            "mappings": len(self.mappings),
            "nats": len(self.nats),
            "networks": len(self.networks),
            "endpoints": len(self.endpoints),
            "policy lists": len(self.policy_lists),
            "adapters": len(self.adapters),
            "switches": len(self.switches),
        }

    def fingerprint(self) -> str:
        """Return a digest that changes when anything observed changes, but for what listens: services come and go."""
        return hashlib.sha256(
            self.model_dump_json(exclude={"listeners", "sessions", "clients", "lease"}).encode()
        ).hexdigest()


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
