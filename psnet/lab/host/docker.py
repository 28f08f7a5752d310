"""The Docker Engine of a host: its own records of networks over those of HNS (reference: hns.md, docker on Windows)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.hns.objects import EXTERNAL, HnsError

if TYPE_CHECKING:
    from psnet.lab.host.hns.objects import Network
    from psnet.lab.host.model import LabHost

PREFIX: Final = "com.docker.network.windowsshim."
DRIVERS: Final = ("nat", "transparent", "l2bridge", "l2tunnel", "internal", "private", "ics")
#: The Win32 codes that HNS answers with.
_WIN32: Final = (32, 50, 87, 183, 1168, 5010)
_FLAGS: Final = frozenset({"1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"})
_BOOLEANS: Final = ("disable_gatewaydns", "enable_outboundnat", "disableicc", "disable_dns")


class DockerError(Exception):
    """The engine's answer to a request that it refuses."""


@dataclass(slots=True)
class DockerNetwork:
    """A network as docker records it; ``hns`` is the id of the HNS network."""

    id: str
    name: str
    driver: str
    hns: str
    created: str
    subnet: str | None = None
    gateway: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)


class Docker:
    """The engine of one host."""

    def __init__(self, host: LabHost) -> None:
        self._host = host
        self.networks: list[DockerNetwork] = []
        self.started()

    def started(self) -> None:
        """Do what the engine does at its start: recreate its lost nat networks, forget others, adopt those of HNS."""
        hns = self._host.hns
        there = {item.id for item in hns.networks}
        for record in list(self.networks):
            if record.hns not in there:
                self.networks.remove(record)
                if record.driver == "nat":
                    self.create(record.name, "nat", record.subnet, record.gateway, record.options, record.labels)
        if not any(item.type == "nat" for item in hns.networks) and not self._host.nat.nats:
            self.create("nat", "nat", None, None, {}, {})
        for network in hns.networks:
            if all(record.hns != network.id for record in self.networks):
                self._record(network, network.name, {}, {}, owned="true")

    def find(self, word: str) -> DockerNetwork | None:
        """Return a network by its name, its id or the beginning of its id."""
        named = next((item for item in self.networks if item.name == word), None)
        matching = [item for item in self.networks if item.id.startswith(word.lower())]
        return named or (matching[0] if len(matching) == 1 else None)

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
            raise DockerError(f"could not find plugin {driver} in v1 plugin registry: plugin not found")
        if any(item.name == name for item in self.networks):
            raise DockerError(f"network with name {name} already exists")
        given = {key.removeprefix(PREFIX): value for key, value in options.items() if key.startswith(PREFIX)}
        policies = _policies(given)
        hns = self._host.hns
        identifier = hashlib.sha256(f"{self._host.name}/{hns.ids.guid()}".encode()).hexdigest()
        adapter = given.get("interface")
        if driver in EXTERNAL and adapter is None:
            bound = {item.adapter for item in hns.links.switches}
            free = (item.name for item in hns.links.adapters if not item.virtual and item.name not in bound)
            adapter = next(free, None)
        if subnet is None and driver == "nat":
            subnet = self._free_prefix()
        if subnet is not None and gateway is None:
            gateway = _first(subnet)
        try:
            network = hns.create(
                given.get("networkname") or (name if name == "nat" else identifier),
                driver,
                subnets=[{"AddressPrefix": subnet, "GatewayAddress": gateway}] if subnet else [],
                dns_servers=given.get("dnsservers", ""),
                dns_suffix=given.get("dnssuffix", ""),
                adapter=adapter if driver in EXTERNAL else None,
                policies=policies,
                extra=_pools(given),
            )
        except HnsError as error:
            known = {hns.text(number): number for number in _WIN32}
            code = known.get(str(error))
            text = f"{error} (0x{code:x})" if code is not None else str(error)
            raise DockerError(f"hnsCall failed in Win32: {text}") from None
        return self._record(network, name, options, labels, identifier=identifier)

    def _record(
        self,
        network: Network,
        name: str,
        options: dict[str, str],
        labels: dict[str, str],
        *,
        identifier: str | None = None,
        owned: str | None = None,
    ) -> DockerNetwork:
        shown = {**options, f"{PREFIX}hnsid": network.id.upper(), f"{PREFIX}networkname": network.name}
        made = DockerNetwork(
            identifier or hashlib.sha256(network.id.encode()).hexdigest(),
            name,
            network.type,
            network.id,
            self._host.clock.now().isoformat().replace("+00:00", "Z"),
            str(network.prefix) if network.prefix else None,
            network.gateway,
            shown | ({f"{PREFIX}hnsowned": owned} if owned else {}),
            labels,
        )
        self.networks.append(made)
        return made

    def remove(self, record: DockerNetwork) -> None:
        """Remove a network that no container uses."""
        hns = self._host.hns
        used = [item for item in hns.endpoints if item.network == record.hns]
        if used:
            names = " ".join(f'name:"{item.name}" id:"{item.id[:12]}"' for item in used)
            raise DockerError(f"error while removing network: network {record.name} has active endpoints ({names})")
        network = next((item for item in hns.networks if item.id == record.hns), None)
        if network is not None:
            hns.remove(network)
        self.networks.remove(record)

    def document(self, record: DockerNetwork) -> dict[str, Any]:
        """Return a network as docker network inspect shows it."""
        config = {"Subnet": record.subnet, "Gateway": record.gateway} if record.subnet else {"Subnet": "0.0.0.0/0"}
        containers = {
            endpoint.containers[0] if endpoint.containers else endpoint.id: {
                "Name": endpoint.containers[0] if endpoint.containers else "",
                "EndpointID": endpoint.id,
                "MacAddress": endpoint.mac.replace("-", ":").lower(),
                "IPv4Address": f"{endpoint.address}/{endpoint.prefix_length}" if endpoint.address else "",
                "IPv6Address": "",
            }
            for endpoint in self._host.hns.endpoints
            if endpoint.network == record.hns
        }
        return {
            "Name": record.name,
            "Id": record.id,
            "Created": record.created,
            "Scope": "local",
            "Driver": record.driver,
            "EnableIPv6": False,
            "IPAM": {"Driver": "windows", "Options": None, "Config": [config]},
            "Internal": False,
            "Attachable": False,
            "Ingress": False,
            "ConfigFrom": {"Network": ""},
            "ConfigOnly": False,
            "Containers": containers,
            "Options": record.options,
            "Labels": record.labels,
        }

    def _free_prefix(self) -> str:
        hns = self._host.hns
        taken = [item.prefix for network in hns.networks for item in network.subnets]
        for prefix in IPv4Network("172.16.0.0/12").subnets(new_prefix=20):
            if not any(prefix.overlaps(other) for other in taken) and hns.links.overlapping(prefix) is None:
                return str(prefix)
        raise DockerError("no free prefix is left for nat")


def _first(subnet: str) -> str | None:
    try:
        return str(next(IPv4Network(subnet).hosts()))
    except ValueError:
        raise DockerError(f"invalid CIDR address: {subnet}") from None


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
        raise DockerError("invalid mac pool. You must specify both a start range and an end range")
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {"MacPools": [{"StartMacAddress": start, "EndMacAddress": end} for start, end in pairs]}
