"""One simulated Windows container host: the parts joined, and what the engine asks of a host."""

from __future__ import annotations

import hashlib
import random
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import LabError
from psnet.lab.contract.files import MemoryFiles
from psnet.lab.contract.hosts import default_environment
from psnet.lab.host.adapters import Links
from psnet.lab.host.charges import Charges
from psnet.lab.host.clock import Clock
from psnet.lab.host.containerd import Containerd
from psnet.lab.host.docker import Docker
from psnet.lab.host.firewall import Firewall
from psnet.lab.host.hns.hcn import Hcn
from psnet.lab.host.hns.networks import Hns
from psnet.lab.host.hns.objects import EXTERNAL
from psnet.lab.host.ids import Ids
from psnet.lab.host.images import IMAGE, listens_on
from psnet.lab.host.messages import CULTURES
from psnet.lab.host.nat import WinNat
from psnet.lab.host.programs import programs_of
from psnet.lab.host.reach import Packet, receive
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.host.services import Services
from psnet.lab.host.tasks import Tasks
from psnet.powershell.facts.builds import windows_build

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psnet.lab.contract.types import ModuleType, NativeType
    from psnet.lab.host.hns.objects import Network
    from psnet.lab.host.ports import PortAdapter
    from psnet.lab.host.reach import Verdict

#: Of the Network Controller's agent, and of HNS.
TREES: Final = (
    "system\\currentcontrolset\\services\\nchostagent\\parameters",
    "system\\currentcontrolset\\services\\hns\\parameters",
)
#: The file hosts as Windows installs it.
HOSTS: Final = """\
# Copyright (c) 1993-2009 Microsoft Corp.
#
# This is a sample HOSTS file used by Microsoft TCP/IP for Windows.
#
# This file contains the mappings of IP addresses to host names. Each
# entry should be kept on an individual line. The IP address should
# be placed in the first column followed by the corresponding host name.
# The IP address and the host name should be separated by at least one
# space.
#
# Additionally, comments (such as these) may be inserted on individual
# lines or following the machine name denoted by a '#' symbol.
#
# For example:
#
#      102.54.94.97     rhino.acme.com          # source server
#       38.25.63.10     x.acme.com              # x client host

# localhost name resolution is handled within DNS itself.
#\t127.0.0.1       localhost
#\t::1             localhost
""".replace("\n", "\r\n")
PLATFORMS: Final = ("vm", "physical", "azure")


@dataclass(frozen=True, slots=True)
class Container:
    """A running container: under process (Windows Server) or hyperv isolation, on one network; ``id`` is 64 hex."""

    name: str
    network: str
    endpoint: str
    isolation: str = "process"
    id: str = ""
    ports: tuple[tuple[int, int, str], ...] = ()
    image: str = IMAGE


class Host:
    """The model of a Windows container host; ``os`` is a key of ``BUILDS`` such as "2016" or "2022".

    ``platform`` is where it runs (vm, physical, azure); with ``docker`` the Docker Engine is installed and has made
    its nat network; a version such as "18.09.2" says which engine. With ``containerd`` it has containerd with ctr,
    nerdctl and crictl, and the CNI plug-ins. What stands on the model (cmdlets, the Local Configuration Manager, a
    Network Controller) is put to it by ``psnet.lab.labhost.LabHost``: ``native_types`` are the types that Add-Type
    may declare, ``lcm`` and ``sdn`` the services, ``boots`` what is called, in order, when the host has started
    again.
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
        containerd: bool = False,
        delays: bool = False,
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
        #: Passwords of the host's other users, by their names in small letters.
        self.accounts: dict[str, str] = {}
        self.clock = Clock()
        self.ids = Ids(f"{name}/{seed}")
        self.files = MemoryFiles(self.clock.now)
        self.files.make_folders("C:\\ProgramData")
        self.files.make_folders("C:\\Windows\\System32\\drivers\\etc")
        self.files.write("C:\\Windows\\System32\\drivers\\etc\\hosts", HOSTS.encode())
        self.files.make_folders("C:\\Users\\Administrator\\AppData\\Local\\Temp")
        self.environment = default_environment() | {
            "COMPUTERNAME": name.upper()[:15],
            "USERDOMAIN": name.upper()[:15],
        }
        self.version = self.os.version
        self.random = random.Random(f"{name}/{seed}")  # noqa: S311 - Get-Random of a simulated host
        self.processes: list[dict[str, Any]] = []
        self.services = Services.of_server(culture, docker=bool(docker), containerd=containerd)
        self.links = Links(self.ids, culture, seed, self.os.build)
        self.nat = WinNat(self.links, self.os, culture)
        self.hns = Hns(self.links, self.nat, self.os, self.ids, culture, platform)
        self.firewall = Firewall(self.ids, culture, aliases=lambda: [item.name for item in self.links.adapters])
        self.hns.firewall = self.firewall
        self.hns.filetime = self.clock.filetime
        self.hns.services = self.services
        self.hns.delays = delays
        self.hns.clock = self.clock
        self.hcn = Hcn(self.hns) if self.os.has_hcn else None
        self.native_types: list[NativeType] = []
        self.docker = Docker(self, docker if isinstance(docker, str) else None) if docker else None
        self.containerd = Containerd(self) if containerd else None
        self.programs = programs_of(docker=bool(docker), containerd=containerd)
        self.on_battery = False
        self.peers: Sequence[Host] = ()  # the hosts of its lab, which reach each other
        self.winrm_listeners = {"HTTP": 5985}  # transport -> port
        self.sessions: list[str] | None = None  # addresses that WinRM is connected to, where a test says so
        #: Keys below HKLM of the parts of the registry that are kept whole (``trees``), by path in small letters.
        self.keys: dict[str, dict[str, Any]] = {}
        self.trees = TREES
        self.key_names: dict[str, str] = {}  # the keys' paths as they were first written
        self.vm_adapters: list[PortAdapter] = []  # of virtual machines on this host
        self.own_ports: list[PortAdapter] = []  # the host's own adapters that were given a port profile
        self.containers: dict[str, Container] = {}
        #: What listens in each container, by its id: (protocol, port).
        self.listening: dict[str, tuple[tuple[str, int], ...]] = {}
        self.tasks = Tasks(self, self._run_task)
        self.sdn: Any = None
        #: Of a host that plays a recording: its cmdlets and what was recorded.
        self.registry: Any = None
        self.recording: Any = None
        self.boots: list[Callable[[], None]] = [self.tasks.boot]
        self.module_types: dict[str, ModuleType] = {}
        self.charges: Charges | None = None
        self.lock = threading.RLock()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, os={self.os.key!r})"

    def change_key(self, below: str, name: str | None = None, value: Any = None) -> None:
        """Make a key of the registry, or set a value of one; HNS's own keys belong to the system."""
        key = below.lower()
        if key.startswith(TREES[1]):  # rule: hns-keys-owned
            raise HostRefusal(
                "System.Security.SecurityException",
                "Requested registry access is not allowed.",
                "PermissionDenied",
                "System.Security.SecurityException",
            )
        kept = self.keys.setdefault(key, {})
        self.key_names.setdefault(key, below)
        if name is not None:
            kept[name] = value

    def _run_task(self, path: str, up: Callable[[], bool]) -> None:
        """Run a task's script unless the host has restarted since it was started."""
        if up():
            self.run_file(path)

    def run_file(self, path: str) -> None:
        """Run the script at a path as SYSTEM; a model without an engine has nothing to run it with."""
        raise LabError(f"{self.name} has no PowerShell to run {path}", remedy="make it with psnet.lab.labhost.LabHost")

    def run_container(
        self,
        name: str,
        network: str,
        *,
        isolation: str = "process",
        ports: Sequence[tuple[int, int, str]] = (),
        address: str | None = None,
        image: str = IMAGE,
        listens: Sequence[tuple[str, int]] | None = None,
    ) -> Container:
        """Start a container on a network; ``ports`` are (external, internal, protocol), ``listens`` (protocol, port).

        Without ``listens`` it listens where its image does and on the published ports. Raises HnsError for what HNS
        refuses and LabError for a name that runs already.
        """
        if name.lower() in self.containers:
            raise LabError(f"a container {name} runs already on {self.name}")
        if isolation not in ("process", "hyperv"):
            raise LabError(f"no such isolation: {isolation!r}", remedy="process or hyperv")
        published = [
            {"Type": "NAT", "Protocol": word.upper(), "InternalPort": inner, "ExternalPort": outer}
            for outer, inner, word in ports
        ]
        policies = self.docker.port_policies(network, published) if self.docker is not None else published
        identifier = hashlib.sha256(f"{self.name}/{self.seed}/container/{name}".encode()).hexdigest()
        endpoint = self.hns.attach(
            network, identifier, hyperv=isolation == "hyperv", policies=policies, address=address
        )
        made = Container(name, endpoint.network, endpoint.id, isolation, identifier, tuple(ports), image)
        self.containers[name.lower()] = made
        self.listening[identifier] = listens_on(image, ports) if listens is None else tuple(listens)
        if self.docker is not None:
            self.docker.ran(made, tuple(ports))
        return made

    def session_addresses(self) -> list[str]:
        """Return the host's addresses that WinRM is connected to: those given, else that of the default route."""
        if self.sessions is not None:
            return list(self.sessions)
        # rule: winrm-connection
        carrier = next((item for item in self.links.adapters if item.routes and item.addresses), None)
        return [str(carrier.addresses[0].ip)] if carrier is not None else []

    def lets_winrm_in(self) -> bool:
        """Say whether a packet of a client of WinRM reaches its listener at one of the sessions' addresses."""
        rules = self.firewall.rules
        own = [name for name, rule in rules.items() if name.startswith("winrm-http-in") and rule.enabled]
        if own and not any(rule.action == "Block" and rule.enabled for rule in rules.values()):
            return True
        port = next(iter(self.winrm_listeners.values()))
        # rule: winrm-behind-firewall
        ends = [Packet("10.0.255.1", address, port) for address in self.session_addresses()]
        return not ends or any(self.receive(packet).delivered for packet in ends)

    def charge_time(self) -> Charges:
        """From now on let answers take the time that a real Windows would take, on the host's clock alone."""
        self.charges = Charges(self)
        return self.charges

    def firewall_texts(self) -> dict[str, str]:
        """Return what the registry holds of the firewall's rules."""
        named = {item.name.lower(): "{" + item.guid.upper() + "}" for item in self.links.adapters}
        return self.firewall.texts(self.os.build, named)

    def addresses(self) -> list[str]:
        """Return the host's own addresses."""
        return [str(item.ip) for nic in self.links.adapters for item in nic.addresses]

    def has_address(self, address: str) -> bool:
        """Say whether the host or an endpoint on it has an address."""
        return address in self.addresses() or any(item.address == address for item in self.hns.endpoints)

    def receive(self, packet: Packet) -> Verdict:
        """Return what becomes of a packet that somebody outside sends to an address of the host or of a container."""
        return receive(self, packet)

    def stop_container(self, name: str) -> None:
        """Stop a container; its endpoint goes."""
        container = self.containers.pop(name.lower(), None)
        if container is None:
            raise LabError(f"no container {name} runs on {self.name}")
        self.listening.pop(container.id, None)
        if self.docker is not None:
            self.docker.unbind(container.ports)
        for endpoint in [item for item in self.hns.endpoints if item.id == container.endpoint]:
            self.hns.remove_endpoint(endpoint)

    def _lost(self, network: Network) -> bool:
        """Say whether a network does not come back after a restart."""
        # rule: reboot-nat, reboot-nat-1803, reboot-external
        if network.type == "nat":
            return self.os.loses_nat_at_reboot or (self.os.build == 17134 and network.name != "nat")
        if network.non_persistent:
            return True
        early = self.os.build == 17763 and self.os.revision < 348
        return early and network.type in EXTERNAL and not network.adopted

    def reboot(self) -> None:
        """Restart: what HNS does not keep is gone, its firewall rules stay; containers do not run afterwards."""
        self.tasks.shut_down()
        self.hns.restarting = True  # rule: reboot-keeps-rules
        for network in [item for item in self.hns.networks if self._lost(item)]:
            self.hns.remove(network)
        for endpoint in list(self.hns.endpoints):
            if self.os.lists_hns_nat:
                endpoint.mappings.clear()  # rule: reboot-keeps-mappings
            self.hns.remove_endpoint(endpoint)  # containers do not run after a restart until somebody starts them
        self.hns.restarting = False
        if self.docker is not None:
            for container in self.containers.values():
                self.docker.unbind(container.ports)
        self.containers.clear()
        self.listening.clear()
        self.services.boot()
        if self.docker is not None:
            self.docker.started()
        if self.containerd is not None:
            self.containerd.restart()
        self.clock.advance(60)
        self.clock.booted = self.clock.now()
        self.tasks.slept(self.clock.booted)
        for boot in self.boots:
            boot()
