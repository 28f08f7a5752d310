"""A lab in YAML: which hosts there are, what runs on them, and what goes wrong.

::

    hosts:
      web1:
        os: "2022"
        docker: true
        networks:
          - {name: web, mode: nat, subnets: [{prefix: 172.20.0.0/24}]}
        containers:
          - {name: shop, network: web, isolation: hyperv, ports: ["8080:80/tcp"]}
        excluded_ports: ["tcp/9000-9010"]
    controller:
      faults:
        - {provisioning: fail, resource: "/networkInterfaces/web*"}
    faults:
      - {action: drop, operation: Receive, request: 2}
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from psnet._internal.validate import validate
from psnet._internal.yaml import read_yaml
from psnet.errors import InputError, Problem
from psnet.lab.host.cni import CniError
from psnet.lab.host.hns.objects import HnsError
from psnet.lab.host.kubernetes import join_cluster
from psnet.lab.host.ports import add_adapter, agent_service
from psnet.lab.labhost import LabHost
from psnet.lab.lcm.preinstalled import preinstall
from psnet.lab.management import management_host
from psnet.lab.sdn.provisioning import DEFAULT_SECONDS, SdnFault
from psnet.lab.wire.faults import Fault, FaultPlan

if TYPE_CHECKING:
    from pathlib import Path

_PORTS = re.compile(r"(\d{1,5}):(\d{1,5})(?:/(tcp|udp))?")
_RANGE = re.compile(r"(tcp|udp)/(\d{1,5})(?:-(\d{1,5}))?")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SubnetEntry(_Model):
    """A subnet; without a gateway its first address is one."""

    prefix: IPv4Network
    gateway: str | None = None


class NetworkEntry(_Model):
    """A container network that the host has from the start."""

    name: str
    mode: Literal["nat", "transparent", "l2bridge", "l2tunnel", "overlay", "internal", "private"] = "nat"
    subnets: tuple[SubnetEntry, ...] = ()
    adapter: str | None = None
    dns_servers: tuple[str, ...] = ()


class ContainerEntry(_Model):
    """A container that runs; ports are "external:internal/protocol". ``nerdctl`` needs the host's ``containerd``."""

    name: str
    network: str
    isolation: Literal["process", "hyperv"] = "process"
    runtime: Literal["docker", "nerdctl"] = "docker"
    ports: tuple[Annotated[str, Field(pattern=rf"^{_PORTS.pattern}$")], ...] = ()


class VmEntry(_Model):
    """An adapter of a virtual machine that runs on the host, on a switch that is made when it is not there."""

    vm: str
    adapter: str = "Network Adapter"
    mac: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){5}$")]
    switch: str = "sdnswitch"


class HostEntry(_Model):
    """One host; ``kubernetes`` makes it a node as kubelet leaves one, ``files`` are texts by their path."""

    os: str = "2022"
    culture: Literal["en-US", "de-DE"] = "en-US"
    platform: Literal["vm", "physical", "azure"] = "vm"
    docker: bool = False
    containerd: bool = False
    kubernetes: bool = False
    files: dict[str, str] = Field(default_factory=dict)
    modules: tuple[str, ...] = ()
    networks: tuple[NetworkEntry, ...] = ()
    containers: tuple[ContainerEntry, ...] = ()
    vms: tuple[VmEntry, ...] = ()
    excluded_ports: tuple[Annotated[str, Field(pattern=rf"^{_RANGE.pattern}$")], ...] = ()


class ControllerEntry(_Model):
    """A Network Controller with its management host; ``seconds`` is how long a write is Updating.

    ``nodes`` is at how many addresses its REST API answers.
    """

    name: str = "nc01"
    os: str = "2022"
    authentication: Literal["None", "X509"] = "None"
    seconds: Annotated[float, Field(ge=0)] = DEFAULT_SECONDS
    nodes: Annotated[int, Field(ge=1, le=9)] = 1
    faults: tuple[SdnFault, ...] = ()


class LabFile(_Model):
    """A whole lab."""

    hosts: Annotated[dict[str, HostEntry], Field(min_length=1)]
    controller: ControllerEntry | None = None
    faults: tuple[Fault, ...] = ()
    seed: int = 0

    def plan(self) -> FaultPlan:
        """Return the fault plan of the lab."""
        return FaultPlan(seed=self.seed, faults=self.faults)


def load_lab(path: Path) -> LabFile:
    """Read a lab's file; raises InputError that names every problem."""
    document = read_yaml(path)
    problems: list[Problem] = []
    found = validate(LabFile, document.data, document, (), problems)
    if found is None:
        raise InputError("the lab's file is not valid", problems)
    return found


def build(lab: LabFile, password: str, folder: Path | None = None) -> list[LabHost]:
    """Return the hosts of a lab; raises InputError for a network or a container that Windows would refuse.

    ``folder`` is what the paths of modules are relative to.
    """
    hosts = [_host(name, entry, seed, password) for seed, (name, entry) in enumerate(lab.hosts.items())]
    for host, entry in zip(hosts, lab.hosts.values(), strict=True):
        preinstall(host, entry.modules, folder)
    if lab.controller is not None:
        hosts.append(management_host(hosts, password, seed=lab.seed, **dict(lab.controller)))
    for host in hosts:
        host.peers = hosts
    return hosts


def _host(name: str, entry: HostEntry, seed: int, password: str) -> LabHost:
    host = LabHost(
        name,
        entry.os,
        seed=seed,
        culture=entry.culture,
        platform=entry.platform,
        docker=entry.docker,
        containerd=entry.containerd or entry.kubernetes,
    )
    host.password = password
    for path, text in entry.files.items():
        host.files.write_text(path, text)
    for text in entry.excluded_ports:
        found = _RANGE.fullmatch(text)
        assert found is not None  # noqa: S101 - the model's pattern
        host.nat.excluded.append((found[1].upper(), int(found[2]), int(found[3] or found[2])))
    if entry.vms:
        host.services.append(agent_service())
    for machine in entry.vms:
        add_adapter(host, machine.vm, machine.adapter, machine.mac.upper(), machine.switch)
    try:
        for network in entry.networks:
            host.hns.create(
                network.name,
                network.mode,
                subnets=[_subnet(item) for item in network.subnets],
                adapter=network.adapter,
                dns_servers=",".join(network.dns_servers),
            )
        if entry.kubernetes:
            join_cluster(host)
        for container in entry.containers:
            ports = [_PORTS.fullmatch(text) for text in container.ports]
            published = [(int(found[1]), int(found[2]), found[3] or "tcp") for found in ports if found]
            if container.runtime == "nerdctl":
                if host.containerd is None:
                    raise InputError(f"the lab's host {name} has no containerd for {container.name}")
                host.containerd.run(
                    container.name, network=container.network, isolation=container.isolation, ports=published
                )
                continue
            host.run_container(
                container.name,
                container.network,
                isolation=container.isolation,
                ports=published,
            )
    except (HnsError, CniError) as error:
        raise InputError(f"the lab's host {name} cannot be made: {error}") from error
    return host


def _subnet(entry: SubnetEntry) -> dict[str, Any]:
    gateway = entry.gateway or str(next(entry.prefix.hosts()))
    return {"AddressPrefix": str(entry.prefix), "GatewayAddress": gateway}
