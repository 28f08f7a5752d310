"""The Docker Engine of a host: its own records of networks and containers over those of HNS.

What an engine shows and keeps changed with its version; each build has one that was recorded on it. Sources: hns.md,
docker on Windows; the claims and records that each rule names.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import LabError
from psnet.lab.host.hns.objects import EXTERNAL, HnsError
from psnet.lab.host.listeners import Listener
from psnet.lab.host.reach.forwarding import BRIDGES

if TYPE_CHECKING:
    from psnet.lab.host.hns.objects import Endpoint, Network
    from psnet.lab.host.model import Container, Host

PREFIX: Final = "com.docker.network.windowsshim."
DRIVERS: Final = ("nat", "transparent", "l2bridge", "l2tunnel", "internal", "private", "ics")
#: The Win32 codes that HNS answers with.
_WIN32: Final = (32, 50, 87, 183, 1168, 5010)
_FLAGS: Final = frozenset({"1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"})
#: The options that docker adds by itself.
_OWN: Final = (f"{PREFIX}hnsid", f"{PREFIX}networkname", f"{PREFIX}hnsowned")
_ANY: Final = "0.0.0.0"  # noqa: S104 - what docker shows for what it does not know
_BOUND_REFUSED_SINCE: Final = 19041
_PROCESS: Final = 2840  # dockerd
_BOOLEANS: Final = ("disable_gatewaydns", "enable_outboundnat", "disableicc", "disable_dns")


# rule: docker-version
VERSIONS: Final = {
    14300: "1.12.0",
    14393: "18.09.2",
    16299: "18.04.0",
    17134: "18.09.2",
    17763: "19.03.2",
    18362: "18.09.2",
    19041: "20.10.7",
    20348: "24.0.9",
    26100: "28.4.0",
}
_DEFAULT_VERSION: Final = "27.5.1"


class DockerError(Exception):
    """The engine's answer to a request that it refuses."""


@dataclass(slots=True)
class DockerNetwork:
    """A network as docker records it; ``hns`` is the id of the HNS network.

    ``subnet`` is what docker knows of it, None where HNS chose and docker did not ask; ``ipam`` the driver that gives
    addresses: "default" for a network that a user made, "windows" for docker's own and for those that it restored.
    """

    id: str
    name: str
    driver: str
    hns: str
    created: str
    subnet: str | None = None
    gateway: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    ipam: str = "default"


@dataclass(slots=True)
class DockerContainer:
    """A container as docker records it, running or not; ``network`` is the id of its docker network."""

    id: str
    name: str
    network: str
    network_name: str
    isolation: str = "process"
    ports: tuple[tuple[int, int, str], ...] = ()


class Docker:
    """The engine of one host; ``version`` is what ``docker version`` says of the server."""

    def __init__(self, host: Host, version: str | None = None) -> None:
        self._host = host
        self.version = version or VERSIONS.get(host.os.build, _DEFAULT_VERSION)
        self.networks: list[DockerNetwork] = []
        self.containers: dict[str, DockerContainer] = {}
        self.started()

    @property
    def release(self) -> tuple[int, ...]:
        """The version's numbers, to compare with."""
        return tuple(int(number) for number in re.findall(r"\d+", self.version)[:3])

    def started(self) -> None:
        """Do what the engine does at its start: recreate its lost nat networks, forget others, restore those of HNS."""
        hns = self._host.hns
        there = {item.id for item in hns.networks}
        before = list(self.networks)
        for record in before:
            if record.hns not in there:
                self.networks.remove(record)
                # rule: docker-recreates-nat
                if record.driver == "nat" and record.name != "nat" and self.release >= (19, 3):
                    asked = {key: value for key, value in record.options.items() if key not in _OWN}
                    again = self.create(record.name, "nat", record.subnet, record.gateway, asked, record.labels)
                    again.id = record.id
        if not any(item.type == "nat" for item in hns.networks) and not (
            self._host.os.lists_hns_nat and self._host.nat.nats
        ):
            self.create("nat", "nat", None, None, {}, {}).ipam = "windows"  # rule: docker-ipam
        for network in hns.networks:
            self._restore(network, next((item for item in before if item.hns == network.id), None))

    def _restore(self, network: Network, record: DockerNetwork | None) -> None:
        """Take an HNS network over: one that docker had before, or one that it finds."""
        if record is None:
            if all(item.hns != network.id for item in self.networks):
                self._record(network, network.name, {}, {}, owned="true", ipam="windows", restored=True)
            return
        self.networks.remove(record)
        asked = {key: value for key, value in record.options.items() if key not in _OWN}
        # rule: docker-id-anew
        identifier = record.id if self.release >= (18, 9, 3) else self._identifier()
        self._record(network, record.name, asked, record.labels, identifier=identifier, ipam="windows", restored=True)

    def _identifier(self) -> str:
        return hashlib.sha256(f"{self._host.name}/{self._host.hns.ids.guid()}".encode()).hexdigest()

    def find(self, word: str) -> DockerNetwork | None:
        """Return a network by its id, its name or the beginning of its id; raises DockerError where two have it."""
        for kind, matching in (
            ("ID", [item for item in self.networks if item.id == word.lower()]),
            ("name", [item for item in self.networks if item.name == word]),
            ("ID prefix", [item for item in self.networks if item.id.startswith(word.lower())]),
        ):
            if len(matching) > 1:
                # rule: docker-names
                raise DockerError(f"network {word} is ambiguous ({len(matching)} matches found on {kind})")
            if matching:
                return matching[0]
        return None

    def create(
        self,
        name: str,
        driver: str,
        subnet: str | None,
        gateway: str | None,
        options: dict[str, str],
        labels: dict[str, str],
    ) -> DockerNetwork:
        """Make a network; raises DockerError with the engine's words."""
        if driver not in DRIVERS:
            # rule: docker-unknown-driver
            raise DockerError(f"could not find plugin {driver} in v1 plugin registry: plugin not found")
        if any(item.name == name for item in self.networks):
            raise DockerError(f"network with name {name} already exists")  # rule: docker-names
        given = {key.removeprefix(PREFIX): value for key, value in options.items() if key.startswith(PREFIX)}
        policies = _policies(given)
        hns = self._host.hns
        identifier = self._identifier()
        adapter = given.get("interface")
        if driver in EXTERNAL and adapter is None:
            bound = {item.adapter for item in hns.links.switches}
            free = (item.name for item in hns.links.adapters if not item.virtual and item.name not in bound)
            adapter = next(free, None)
        asked = subnet is not None
        if subnet is None and driver == "nat":
            subnet = self._free_prefix()
        if subnet is not None and gateway is None:
            gateway = _first(subnet)
        try:
            network = hns.create(
                given.get("networkname") or (name if name == "nat" else identifier),  # rule: docker-hns-name
                driver,
                subnets=[{"AddressPrefix": subnet, "GatewayAddress": gateway}] if subnet else [],
                dns_servers=given.get("dnsservers", ""),
                dns_suffix=given.get("dnssuffix", ""),
                adapter=adapter if driver in EXTERNAL else None,
                policies=policies,
                extra={"AutomaticDNS": True} | _pools(given),  # rule: docker-automatic-dns
            )
        except HnsError as error:
            known = {hns.text(number): number for number in _WIN32}
            code = known.get(str(error))
            text = f"{error} (0x{code:x})" if code is not None else str(error)
            raise DockerError(f"hnsCall failed in Win32: {text}") from None  # rule: docker-hns-refusal
        made = self._record(network, name, options, labels, identifier=identifier)
        # rule: docker-subnet-unknown
        made.subnet, made.gateway = (subnet, gateway) if asked or self.release >= (20, 10) else (None, None)
        return made

    def _record(
        self,
        network: Network,
        name: str,
        options: dict[str, str],
        labels: dict[str, str],
        *,
        identifier: str | None = None,
        owned: str | None = None,
        ipam: str = "default",
        restored: bool = False,
    ) -> DockerNetwork:
        shown = {**options, f"{PREFIX}hnsid": network.id}
        # rule: docker-networkname
        if restored or self.release < (17, 3):
            shown[f"{PREFIX}networkname"] = name
        made = DockerNetwork(
            identifier or hashlib.sha256(network.id.encode()).hexdigest(),
            name,
            network.type.lower(),
            network.id,
            self._host.clock.now().isoformat().replace("+00:00", "Z"),
            str(network.prefix) if network.prefix else None,
            network.gateway,
            shown | ({f"{PREFIX}hnsowned": owned} if owned else {}),
            labels,
            ipam,
        )
        self.networks.append(made)
        return made

    def remove(self, record: DockerNetwork) -> None:
        """Remove a network that no container uses."""
        hns = self._host.hns
        used = [item for item in hns.endpoints if item.network == record.hns]
        if used:
            names = " ".join(f'name:"{item.name}" id:"{item.id[:12]}"' for item in used)
            # rule: docker-network-in-use
            raise DockerError(f"error while removing network: network {record.name} has active endpoints ({names})")
        network = next((item for item in hns.networks if item.id == record.hns), None)
        if network is not None:
            hns.remove(network)
        self.networks.remove(record)

    def port_policies(self, network: str, published: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the policies with which docker publishes ports of a container; those of bridges it binds itself.

        Raises HnsError where HNS finds a port taken that docker has bound.
        """
        hns = self._host.hns
        found = hns.find(network)
        if found is None or found.type not in BRIDGES or not published:
            return published
        if self._host.os.build >= _BOUND_REFUSED_SINCE:
            raise HnsError("The specified port already exists. ", 0x803B0013)  # rule: docker-bridge-ports-refused
        # rule: docker-binds-ports
        return [{**item, "ExternalPortReserved": True} for item in published]

    def unbind(self, ports: tuple[tuple[int, int, str], ...]) -> None:
        """Let go of the ports that docker bound for a container."""
        gone = {(word.upper(), outer) for outer, _, word in ports}
        self._host.nat.listeners[:] = [
            item
            for item in self._host.nat.listeners
            if item.process != _PROCESS or (item.protocol, item.port) not in gone
        ]

    def ran(self, container: Container, ports: tuple[tuple[int, int, str], ...]) -> None:
        """Record a container that was started; raises nothing for one on a network that docker does not know."""
        if any(item.id == container.network and item.type in BRIDGES for item in self._host.hns.networks):
            for outer, _, word in ports:  # rule: docker-binds-ports
                self._host.nat.listeners.append(Listener(word.upper(), _ANY, outer, _PROCESS))
        network = next((item for item in self.networks if item.hns == container.network), None)
        if network is not None:
            self.containers[container.name.lower()] = DockerContainer(
                container.id, container.name, network.id, network.name, container.isolation, ports
            )

    def start(self, name: str) -> None:
        """Start a container that ran before; raises DockerError with the engine's words."""
        known = self.containers.get(name.lower())
        if known is None:
            raise DockerError(f"No such container: {name}")  # rule: docker-no-container
        if known.name.lower() in self._host.containers:
            return
        network = next((item for item in self.networks if item.id == known.network), None)
        if network is None:
            raise DockerError(f"network {known.network} not found")  # rule: docker-container-keeps-network
        hns = next(item for item in self._host.hns.networks if item.id == network.hns)
        try:
            self._host.run_container(known.name, hns.name, isolation=known.isolation, ports=known.ports)
        except (HnsError, LabError) as error:
            raise DockerError(f"hnsCall failed in Win32: {error}") from None  # rule: docker-hns-refusal

    def document(self, record: DockerNetwork) -> dict[str, Any]:
        """Return a network as docker network inspect shows it; the fields are those of the engine's version."""
        # rule: docker-inspect-fields
        release = self.release
        addresses = {"EnableIPv4": True} if release >= (28,) else {}
        swarm = {"Attachable": False} | ({"Ingress": False} if release >= (17, 5) else {})
        config = {"ConfigFrom": {"Network": ""}, "ConfigOnly": False} if release >= (17, 6) else {}
        return {
            "Name": record.name,
            "Id": record.id,
            **({"Created": record.created} if release >= (1, 13) else {}),
            "Scope": "local",
            "Driver": record.driver,
            **addresses,
            "EnableIPv6": False,
            "IPAM": {
                "Driver": record.ipam,  # rule: docker-ipam
                "Options": {} if record.ipam == "default" else None,
                # rule: docker-subnet-unknown
                "Config": [{"Subnet": record.subnet or f"{_ANY}/0", "Gateway": record.gateway or _ANY}],
            },
            "Internal": False,
            **swarm,
            **config,
            "Containers": self._attached(record),
            "Options": record.options,
            "Labels": record.labels,
        }

    def _attached(self, record: DockerNetwork) -> dict[str, Any]:
        """Return the containers of a network by their 64-hex id; the endpoint's id is docker's, not that of HNS."""
        # rule: docker-containers-by-id
        running = {item.endpoint: item for item in self._host.containers.values()}
        return {
            running[endpoint.id].id: {
                "Name": running[endpoint.id].name,
                "EndpointID": hashlib.sha256(f"endpoint/{endpoint.id}".encode()).hexdigest(),
                "MacAddress": endpoint.mac.replace("-", ":").lower(),
                "IPv4Address": _address(endpoint),
                "IPv6Address": "",
            }
            for endpoint in self._host.hns.endpoints
            if endpoint.network == record.hns and endpoint.id in running
        }

    def _free_prefix(self) -> str:
        hns = self._host.hns
        taken = [item.prefix for network in hns.networks for item in network.subnets]
        for prefix in IPv4Network("172.16.0.0/12").subnets(new_prefix=20):
            if not any(prefix.overlaps(other) for other in taken) and hns.links.overlapping(prefix) is None:
                return str(prefix)
        raise DockerError("no free prefix is left for nat")  # rule: docker-no-prefix


def _address(endpoint: Endpoint) -> str:
    return f"{endpoint.address}/{endpoint.prefix_length}" if endpoint.address else ""


def _first(subnet: str) -> str | None:
    try:
        return str(next(IPv4Network(subnet).hosts()))
    except ValueError:
        raise DockerError(f"invalid CIDR address: {subnet}") from None  # rule: docker-option-values


# rule: docker-option-values
def _policies(given: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for key, kind in (("vlanid", "VLAN"), ("vsid", "VSID")):
        if key in given:
            if not given[key].isdigit():
                raise DockerError(f'strconv.ParseUint: parsing "{given[key]}": invalid syntax')
            found.append({"Type": kind, kind: int(given[key])})
    for key in _BOOLEANS:
        if key in given and given[key] not in _FLAGS:
            raise DockerError(f'strconv.ParseBool: parsing "{given[key]}": invalid syntax')
    return found


def _pools(given: dict[str, str]) -> dict[str, Any]:
    if "macpool" not in given:
        return {}
    parts = given["macpool"].split(",")
    if len(parts) % 2:
        # rule: docker-option-values
        raise DockerError("invalid mac pool. You must specify both a start range and an end range")
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {"MacPools": [{"StartMacAddress": start, "EndMacAddress": end} for start, end in pairs]}
