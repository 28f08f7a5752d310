"""HNS v1 networks and endpoints: what HNSCall takes and answers (reference: hns.md, hns_schema.yaml)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv4Network, ip_address
from typing import TYPE_CHECKING, Any

from psnet.lab.host.messages import win32_text
from psnet.lab.host.refusal import HostRefusal

if TYPE_CHECKING:
    from psnet.lab.host.adapters import Links
    from psnet.lab.host.catalogue import WindowsBuild
    from psnet.lab.host.ids import Ids
    from psnet.lab.host.nat import WinNat

_EXTERNAL = frozenset({"transparent", "l2bridge", "overlay"})
_TYPES = {
    **dict.fromkeys(_EXTERNAL, "External"),
    "nat": "Internal",
    "internal": "Internal",
    "private": "Private",
}
_NETWORK_KEYS = frozenset(
    [
        "ID",
        "Name",
        "Type",
        "Subnets",
        "DNSServerList",
        "DNSSuffix",
        "NetworkAdapterName",
        "SourceMac",
        "Policies",
        "MacPools",
    ]
)
_PATH = re.compile(r"^/?(networks|endpoints|globals/version)/?(?:([0-9A-Fa-f-]{36})/?)?$")


class HnsError(Exception):
    """HNS says no; the text goes into the answer's Error."""


@dataclass(slots=True)
class Network:
    """An HNS network."""

    id: str
    name: str
    type: str
    prefix: IPv4Network | None = None
    gateway: str | None = None
    dns_servers: str = ""
    dns_suffix: str = ""
    adapter: str | None = None
    policies: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Endpoint:
    """An HNS endpoint; ``machine`` is the utility VM of a Hyper-V container."""

    id: str
    name: str
    network: str
    address: str
    mac: str
    containers: list[str] = field(default_factory=list)
    machine: str | None = None
    policies: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Hns:
    """The Host Networking Service of one host."""

    links: Links
    nat: WinNat
    build: WindowsBuild
    ids: Ids
    culture: str
    networks: list[Network] = field(default_factory=list)
    endpoints: list[Endpoint] = field(default_factory=list)

    # -- the call --------------------------------------------------------------------------------

    def call(self, method: str, path: str, body: str) -> str:
        """Answer an HNSCall as JSON text: Success with Output, or Success false with Error."""
        try:
            output = self._route(method, path, body)
        except HnsError as error:
            return json.dumps({"Success": False, "Error": str(error)})
        return json.dumps({"Success": True, "Output": output} if output is not None else {"Success": True})

    def _route(self, method: str, path: str, body: str) -> Any:
        match = _PATH.match(path)
        if match is None or method not in ("GET", "POST", "DELETE"):
            raise HnsError(self._invalid())
        kind, identifier = match.groups()
        if kind == "globals/version":
            if self.build.hns_version is None or method != "GET":
                raise HnsError(self._invalid())
            major, minor = self.build.hns_version
            return {"Version": {"Major": major, "Minor": minor}}
        if kind == "endpoints":
            return self._endpoints(method, identifier)
        if method == "GET":
            return self._one_or_all(identifier)
        if method == "DELETE":
            self.remove(self._network(identifier))
            return None
        if identifier:
            raise HnsError(self._invalid())  # an update in place: the lab does not know what HNS accepts
        return self._document(self._post(body))

    def _endpoints(self, method: str, identifier: str | None) -> Any:
        if method != "GET":
            raise HnsError(self._invalid())  # endpoints are made by containers here
        documents = [self._endpoint_document(item) for item in self.endpoints]
        if identifier is None:
            return documents
        found = next((item for item in documents if item["ID"].lower() == identifier.lower()), None)
        if found is None:
            raise HnsError(win32_text(1168, self.culture))
        return found

    def _one_or_all(self, identifier: str | None) -> Any:
        if identifier is None:
            return [self._document(item) for item in self.networks]
        return self._document(self._network(identifier))

    def _network(self, identifier: str | None) -> Network:
        found = next((item for item in self.networks if item.id.lower() == (identifier or "").lower()), None)
        if found is None:
            raise HnsError(win32_text(1168, self.culture))
        return found

    def _post(self, body: str) -> Network:
        try:
            data = json.loads(body)
        except ValueError:
            raise HnsError(self._invalid()) from None
        if not isinstance(data, dict) or data.keys() - _NETWORK_KEYS:
            raise HnsError(self._invalid())
        subnets = data.get("Subnets") or []
        if not isinstance(subnets, list) or len(subnets) > 1:
            raise HnsError(self._invalid())
        subnet = subnets[0] if subnets else {}
        if not isinstance(subnet, dict) or subnet.keys() - {"AddressPrefix", "GatewayAddress", "Policies"}:
            raise HnsError(self._invalid())
        return self.create(
            str(data.get("Name") or ""),
            str(data.get("Type") or ""),
            prefix=subnet.get("AddressPrefix"),
            gateway=subnet.get("GatewayAddress"),
            dns_servers=str(data.get("DNSServerList") or ""),
            dns_suffix=str(data.get("DNSSuffix") or ""),
            adapter=data.get("NetworkAdapterName"),
            policies=data.get("Policies"),
        )

    # -- the model -------------------------------------------------------------------------------

    def create(
        self,
        name: str,
        kind: str,
        *,
        prefix: str | None = None,
        gateway: str | None = None,
        dns_servers: str = "",
        dns_suffix: str = "",
        adapter: str | None = None,
        policies: Any = None,
    ) -> Network:
        """Make a network with its switch, its host vNIC and, for nat, its NetNat; raise HnsError."""
        word = kind.lower()
        if not name or word not in _TYPES or (policies is not None and not isinstance(policies, list)):
            raise HnsError(self._invalid())
        if any(item.name.lower() == name.lower() for item in self.networks) or self.links.switch(name):
            raise HnsError(win32_text(5010, self.culture))
        network = self._subnet(word, prefix, gateway)
        for server in filter(None, dns_servers.split(",")):
            self._address(server.strip())
        made = Network(self.ids.guid(), name, word, network, gateway, dns_servers, dns_suffix, adapter, policies or [])
        if word == "nat":
            self._make_nat(made)
        else:
            if word in _EXTERNAL and self.links.adapter(adapter or "") is None:
                raise HnsError("an adapter was not found")
            try:
                self.links.add_switch(name, _TYPES[word], adapter, made.id)
            except HostRefusal:
                raise HnsError(self._invalid()) from None
        self.networks.append(made)
        return made

    def _subnet(self, kind: str, prefix: str | None, gateway: str | None) -> IPv4Network | None:
        if prefix is None:
            if kind in ("nat", "l2bridge"):
                raise HnsError(self._invalid())
            return None
        try:
            network = IPv4Network(prefix)
        except ValueError:
            raise HnsError(self._invalid()) from None
        if gateway is None:
            raise HnsError("network create error, subnet has address prefix but no gateway specified")
        if self._address(gateway) not in network:
            raise HnsError(self._invalid())
        if any(item.prefix is not None and item.prefix.overlaps(network) for item in self.networks):
            raise HnsError(self._invalid())
        return network

    def _make_nat(self, made: Network) -> None:
        if made.prefix is None or made.adapter or self.links.overlapping(made.prefix):
            raise HnsError(self._invalid())
        try:
            self.nat.create(f"H{made.id}", str(made.prefix), made.id)
        except HostRefusal:
            raise HnsError(self._invalid()) from None
        self.links.add_switch(made.name, "Internal", None, made.id)
        nic = self.links.adapter(f"vEthernet ({made.name})")
        if nic is not None:
            nic.addresses.append(IPv4Interface(f"{made.gateway}/{made.prefix.prefixlen}"))

    def remove(self, network: Network) -> None:
        """Remove a network with its switch, NetNat, mappings and endpoints."""
        self.networks.remove(network)
        self.endpoints = [item for item in self.endpoints if item.network != network.id]
        switch = next((item for item in self.links.switches if item.network == network.id), None)
        if switch is not None:
            self.links.remove_switch(switch)
        for nat in [item for item in self.nat.nats if item.network == network.id]:
            self.nat.remove(nat)

    def attach(self, network_name: str, container: str, *, hyperv: bool = False) -> Endpoint:
        """Give a container an endpoint on a network: a host vNIC, or a synthetic VM NIC under Hyper-V."""
        network = next((item for item in self.networks if item.name.lower() == network_name.lower()), None)
        if network is None or network.prefix is None:
            raise HnsError(win32_text(1168, self.culture))
        taken = {item.address for item in self.endpoints} | {network.gateway}
        address = next(str(host) for host in network.prefix.hosts() if str(host) not in taken)
        made = Endpoint(
            self.ids.guid(),
            f"Ethernet-{container}",
            network.id,
            address,
            self.ids.mac(),
            [container],
            self.ids.guid() if hyperv else None,
        )
        self.endpoints.append(made)
        return made

    # -- documents -------------------------------------------------------------------------------

    def _document(self, network: Network) -> dict[str, Any]:
        document: dict[str, Any] = {"ID": network.id.upper(), "Name": network.name, "Type": network.type}
        if network.prefix is not None:
            document["Subnets"] = [{"AddressPrefix": str(network.prefix), "GatewayAddress": network.gateway}]
        if network.dns_servers:
            document["DNSServerList"] = network.dns_servers
        if network.dns_suffix:
            document["DNSSuffix"] = network.dns_suffix
        if network.adapter:
            document["NetworkAdapterName"] = network.adapter
            nic = self.links.adapter(f"vEthernet ({network.name})")
            if nic is not None and nic.addresses:
                document["ManagementIP"] = str(nic.addresses[0].ip)
        return {**document, "Policies": list(network.policies)}

    def _endpoint_document(self, endpoint: Endpoint) -> dict[str, Any]:
        network = next(item for item in self.networks if item.id == endpoint.network)
        document: dict[str, Any] = {
            "ID": endpoint.id.upper(),
            "Name": endpoint.name,
            "VirtualNetwork": network.id.upper(),
            "VirtualNetworkName": network.name,
            "IPAddress": endpoint.address,
            "MacAddress": endpoint.mac,
            "SharedContainers": list(endpoint.containers),
            "Policies": list(endpoint.policies),
        }
        return document | ({"VirtualMachine": endpoint.machine.upper()} if endpoint.machine else {})

    def _address(self, text: str) -> Any:
        try:
            return ip_address(text)
        except ValueError:
            raise HnsError(self._invalid()) from None

    def _invalid(self) -> str:
        return win32_text(87, self.culture)
