"""The Host Networking Service of one host: networks, and the state that its endpoints and policy lists are in."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv4Network, ip_address
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.hns import calls, endpoints
from psnet.lab.host.hns.objects import (
    ATTACHED,
    EXTERNAL,
    SWITCHES,
    Endpoint,
    HnsError,
    Network,
    PolicyList,
    Subnet,
)
from psnet.lab.host.hns.schema import NETWORK_POLICIES, good_policies
from psnet.lab.host.messages import win32_text
from psnet.lab.host.refusal import HostRefusal

if TYPE_CHECKING:
    from psnet.lab.host.adapters import Links
    from psnet.lab.host.firewall import Firewall
    from psnet.lab.host.ids import Ids
    from psnet.lab.host.nat import WinNat
    from psnet.powershell.facts.builds import WindowsBuild

_SEVERAL_SUBNETS_SINCE: Final = 20348
_SEVERAL_SUBNETS: Final = frozenset({"l2bridge", "l2tunnel", "overlay"})


@dataclass(slots=True)
class Hns:
    """All that HNS knows. ``platform`` is where the host runs: physical, vm or azure."""

    links: Links
    nat: WinNat
    build: WindowsBuild
    ids: Ids
    culture: str
    platform: str = "vm"
    networks: list[Network] = field(default_factory=list)
    endpoints: list[Endpoint] = field(default_factory=list)
    lists: list[PolicyList] = field(default_factory=list)
    firewall: Firewall | None = None

    def call(self, method: str, path: str, body: str) -> str:
        """Answer an HNSCall as JSON text: Success with Output, or Success false with Error."""
        return calls.answer(self, method, path, body)

    def text(self, code: int) -> str:
        """Return the host's words for a Win32 code."""
        return win32_text(code, self.culture)

    def create(
        self,
        name: str,
        kind: str,
        *,
        subnets: list[dict[str, Any]] | None = None,
        dns_servers: str = "",
        dns_suffix: str = "",
        adapter: str | None = None,
        policies: Any = None,
        extra: dict[str, Any] | None = None,
    ) -> Network:
        """Make a network with its switch, its host vNIC and, for nat, its NetNat; raise HnsError."""
        word, listed = kind.lower(), policies or []
        if not name:
            raise HnsError(self.text(87), 0x803B000A)
        if word not in SWITCHES:
            raise HnsError(self.text(87), 0x803B000B)
        if not good_policies(listed, NETWORK_POLICIES, self.build.hns_version):
            raise HnsError(self.text(87), 0x803B000D)
        if word not in EXTERNAL and listed:
            raise HnsError(self.text(87), 0x803B000D)
        if word == "l2tunnel" and self.platform != "azure":
            raise HnsError(self.text(50), 0x803B0015)
        if any(item.name.lower() == name.lower() for item in self.networks) or self.links.switch(name):
            raise HnsError(self.text(5010), 0x803B0010)
        ranges = self._subnets(word, subnets or [])
        if any(not _is_address(server.strip()) for server in filter(None, dns_servers.split(","))):
            raise HnsError(self.text(87))
        made = Network(
            self.ids.guid(), name, word, ranges, dns_servers, dns_suffix, adapter or None, listed, extra or {}
        )
        if word == "nat":
            self._make_nat(made)
        else:
            self._make_switch(made)
        self.networks.append(made)
        return made

    def _make_switch(self, made: Network) -> None:
        if made.type in EXTERNAL:
            if self.links.adapter(made.adapter or "") is None:
                raise HnsError("an adapter was not found", 0x803B0006)
        elif made.adapter:
            raise HnsError(self.text(87), 0x803B000A)
        try:
            self.links.add_switch(made.name, SWITCHES[made.type], made.adapter, made.id)
        except HostRefusal:
            raise HnsError(self.text(87), 0x803B0018) from None

    def _subnets(self, kind: str, given: list[dict[str, Any]]) -> list[Subnet]:
        if not given and kind in ("nat", "l2bridge", "l2tunnel", "overlay"):
            raise HnsError(self.text(87), 0x803B0032)
        several = kind in _SEVERAL_SUBNETS and self.build.build >= _SEVERAL_SUBNETS_SINCE
        if len(given) > 1 and not several:
            raise HnsError(self.text(87), 0x803B0032)
        found: list[Subnet] = []
        for item in given:
            subnet = self._subnet(item)
            if any(subnet.prefix.overlaps(other.prefix) for other in found):
                raise HnsError(self.text(87), 0x803B0032)
            found.append(subnet)
        return found

    def _subnet(self, item: dict[str, Any]) -> Subnet:
        try:
            prefix = IPv4Network(item.get("AddressPrefix") or "")
        except ValueError:
            raise HnsError(self.text(87), 0x803B0030) from None
        gateway = item.get("GatewayAddress")
        if gateway is None:
            raise HnsError("network create error, subnet has address prefix but no gateway specified", 0x803B0032)
        if not _is_address(gateway) or ip_address(gateway) not in prefix:
            raise HnsError(self.text(87), 0x803B0032)
        if any(other.prefix.overlaps(prefix) for network in self.networks for other in network.subnets):
            raise HnsError(self.text(87), 0x803B0032)
        policies = item.get("Policies") or []
        if not good_policies(policies, NETWORK_POLICIES, self.build.hns_version):
            raise HnsError(self.text(87), 0x803B000D)
        return Subnet(prefix, str(gateway), list(policies))

    def _make_nat(self, made: Network) -> None:
        if made.prefix is None or made.adapter or self.links.overlapping(made.prefix):
            raise HnsError(self.text(87), 0x803B000A)
        try:
            self.nat.create(f"H{made.id}", str(made.prefix), made.id)
        except HostRefusal:
            raise HnsError(self.text(87), 0x803B000A) from None
        self.links.add_switch(made.name, "Internal", None, made.id)
        nic = self.links.adapter(f"vEthernet ({made.name})")
        if nic is not None:
            nic.addresses.append(IPv4Interface(f"{made.gateway}/{made.prefix.prefixlen}"))

    def remove(self, network: Network) -> None:
        """Remove a network with its switch, NetNat, mappings and endpoints."""
        for endpoint in [item for item in self.endpoints if item.network == network.id]:
            self.remove_endpoint(endpoint)
        self.networks.remove(network)
        switch = next((item for item in self.links.switches if item.network == network.id), None)
        if switch is not None:
            self.links.remove_switch(switch)
        for nat in [item for item in self.nat.nats if item.network == network.id]:
            self.nat.remove(nat)

    def remove_endpoint(self, endpoint: Endpoint) -> None:
        """Remove an endpoint with its mappings, its adapter and what refers to it."""
        endpoints.forget_mappings(self, endpoint)
        endpoints.drop_adapter(self, endpoint)
        self.endpoints.remove(endpoint)
        name = f"/endpoints/{endpoint.id}".lower()
        for item in self.lists:
            item.references = [one for one in item.references if one.lower() != name]
        self.lists = [item for item in self.lists if item.references]

    def find(self, name: str) -> Network | None:
        """Return a network by its name, in any case."""
        return next((item for item in self.networks if item.name.lower() == name.lower()), None)

    def network_of(self, endpoint: Endpoint) -> Network:
        """Return the network that an endpoint is on."""
        return next(item for item in self.networks if item.id == endpoint.network)

    def attach(
        self, network_name: str, container: str, *, hyperv: bool = False, policies: list[dict[str, Any]] | None = None
    ) -> Endpoint:
        """Give a container an endpoint on a network: a host vNIC, or a synthetic VM NIC under Hyper-V."""
        network = self.find(network_name)
        if network is None:
            raise HnsError(self.text(1168), 0x803B0001)
        made = endpoints.create_endpoint(
            self, network, {"Name": f"Ethernet-{container}", "Policies": list(policies or [])}
        )
        made.containers.append(container)
        made.machine = self.ids.guid() if hyperv else None
        made.state = ATTACHED
        return made


def _is_address(text: Any) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return isinstance(text, str)
