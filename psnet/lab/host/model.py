"""One simulated Windows container host: the parts joined, and what the engine asks of a host."""

from __future__ import annotations

import hashlib
import random
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import LabError
from psnet.lab.cmdlets.hcncall import hcn_native_types
from psnet.lab.cmdlets.hnscall import hns_native_types
from psnet.lab.engine.files import MemoryFiles
from psnet.lab.engine.hostapi import MemoryHost
from psnet.lab.host.adapters import Links
from psnet.lab.host.clock import Clock
from psnet.lab.host.docker import Docker
from psnet.lab.host.firewall import Firewall
from psnet.lab.host.hns.hcn import Hcn
from psnet.lab.host.hns.networks import Hns
from psnet.lab.host.ids import Ids
from psnet.lab.host.messages import CULTURES
from psnet.lab.host.nat import WinNat
from psnet.lab.host.programs import programs_of
from psnet.lab.host.services import Services
from psnet.lab.host.tasks import Tasks
from psnet.lab.lcm.manager import Lcm
from psnet.powershell.facts.builds import windows_build

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.lab.engine.native_types import ModuleType
    from psnet.lab.sdn.controller import Controller

PLATFORMS: Final = ("vm", "physical", "azure")


@dataclass(frozen=True, slots=True)
class Container:
    """A running container: under process (Windows Server) or hyperv isolation, on one network; ``id`` is 64 hex."""

    name: str
    network: str
    endpoint: str
    isolation: str = "process"
    id: str = ""


class LabHost:
    """A Windows container host in memory; ``os`` is a key of the catalogue such as "2016" or "2022".

    ``platform`` is where it runs (vm, physical, azure); with ``docker`` the Docker Engine is installed and has made
    its nat network; a version such as "18.09.2" says which engine.
    """

    def __init__(
        self,
        name: str,
        os: str = "2022",
        *,
        seed: int = 0,
        culture: str = "en-US",
        platform: str = "vm",
        docker: bool | str = False,
    ) -> None:
        if culture not in CULTURES:
            raise LabError(f"no such culture in the lab: {culture!r}", remedy=f"one of {', '.join(CULTURES)}")
        if platform not in PLATFORMS:
            raise LabError(f"no such platform in the lab: {platform!r}", remedy=f"one of {', '.join(PLATFORMS)}")
        self.name = name
        self.os = windows_build(os)
        self.seed = seed
        self.culture = culture
        self.password = "lab"  # noqa: S105 - a default for tests; `psnet lab` draws one
        self.clock = Clock()
        self.ids = Ids(f"{name}/{seed}")
        self.files = MemoryFiles(self.clock.now)
        self.files.make_folders("C:\\ProgramData")
        self.files.make_folders("C:\\Users\\Administrator\\AppData\\Local\\Temp")
        self.environment = MemoryHost().environment | {
            "COMPUTERNAME": name.upper()[:15],
            "USERDOMAIN": name.upper()[:15],
        }
        self.version = self.os.version
        self.random = random.Random(f"{name}/{seed}")  # noqa: S311 - Get-Random of a simulated host
        self.processes: list[dict[str, Any]] = []
        self.services = Services.of_server(culture, docker=bool(docker))
        self.links = Links(self.ids, culture, seed)
        self.nat = WinNat(self.links, self.os, culture)
        self.hns = Hns(self.links, self.nat, self.os, self.ids, culture, platform)
        self.firewall = Firewall(self.ids, culture, aliases=lambda: [item.name for item in self.links.adapters])
        self.hns.firewall = self.firewall
        self.hcn = Hcn(self.hns) if self.os.has_hcn else None
        self.native_types = [*hns_native_types(), *hcn_native_types()]
        self.docker = Docker(self, docker if isinstance(docker, str) else None) if docker else None
        self.programs = programs_of(docker=bool(docker))
        self.containers: dict[str, Container] = {}
        self.tasks = Tasks(self)
        self.lcm = Lcm(self)
        self.sdn: Controller | None = None
        self.module_types: dict[str, ModuleType] = {}
        self.lock = threading.RLock()

    def __repr__(self) -> str:
        return f"LabHost({self.name!r}, os={self.os.key!r})"

    def manage(self, controller: Controller) -> None:
        """Make this the management host of a Network Controller: it has the cmdlets and types of its module."""
        from psnet.lab.sdn.objects import module_types  # noqa: PLC0415 - most hosts manage none

        self.sdn = controller
        self.module_types = module_types()

    def run_container(
        self, name: str, network: str, *, isolation: str = "process", ports: Sequence[tuple[int, int, str]] = ()
    ) -> Container:
        """Start a container on a network; ``ports`` are (external, internal, protocol).

        Raises HnsError for what HNS refuses and LabError for a name that runs already.
        """
        if name.lower() in self.containers:
            raise LabError(f"a container {name} runs already on {self.name}")
        if isolation not in ("process", "hyperv"):
            raise LabError(f"no such isolation: {isolation!r}", remedy="process or hyperv")
        policies = [
            {"Type": "NAT", "Protocol": word.upper(), "InternalPort": inner, "ExternalPort": outer}
            for outer, inner, word in ports
        ]
        endpoint = self.hns.attach(network, name, hyperv=isolation == "hyperv", policies=policies)
        identifier = hashlib.sha256(f"{self.name}/{self.seed}/container/{name}".encode()).hexdigest()
        made = Container(name, endpoint.network, endpoint.id, isolation, identifier)
        self.containers[name.lower()] = made
        if self.docker is not None:
            self.docker.ran(made, tuple(ports))
        return made

    def stop_container(self, name: str) -> None:
        """Stop a container; its endpoint goes."""
        container = self.containers.pop(name.lower(), None)
        if container is None:
            raise LabError(f"no container {name} runs on {self.name}")
        for endpoint in [item for item in self.hns.endpoints if item.id == container.endpoint]:
            self.hns.remove_endpoint(endpoint)

    def reboot(self) -> None:
        """Restart: from 2019 on the nat networks do not come back (reference: hns.md, Limits)."""
        if self.os.loses_nat_at_reboot:
            for network in [item for item in self.hns.networks if item.type == "nat"]:
                self.hns.remove(network)
        for endpoint in list(self.hns.endpoints):
            self.hns.remove_endpoint(endpoint)  # containers do not run after a restart until somebody starts them
        self.containers.clear()
        self.services.boot()
        if self.docker is not None:
            self.docker.started()
        self.clock.advance(60)
        self.clock.booted = self.clock.now()
        self.tasks.boot()
        self.lcm.boot()
