"""The Host Networking Service of one host: networks, and the state that its endpoints and policy lists are in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.firewall import hns_rules
from psnet.lab.host.hns import calls, document_parts, endpoints, ranges
from psnet.lab.host.hns.adopted import adopt, unlisted
from psnet.lab.host.hns.objects import (
    ATTACHED,
    EXTERNAL,
    SWITCHES,
    Endpoint,
    HnsError,
    Namespace,
    Network,
    PolicyList,
    Subnet,
)
from psnet.lab.host.hns.schema import NETWORK_POLICIES, good_policies
from psnet.lab.host.messages import win32_text
from psnet.lab.host.refusal import HostRefusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from psnet.lab.host.adapters import Links
    from psnet.lab.host.clock import Clock
    from psnet.lab.host.firewall import Firewall
    from psnet.lab.host.hns.events import Event
    from psnet.lab.host.ids import Ids
    from psnet.lab.host.nat import WinNat
    from psnet.lab.host.services import Services
    from psnet.powershell.facts.builds import WindowsBuild

_OVERHEAD: Final = 50
#: Seconds of the longest creation that was recorded, until the address is back, and of rest after a removal.
_CREATION: Final = 47
_ADDRESS_BACK: Final = 8
_REST: Final = 15
_DUAL_STACK: Final = (11, 10)
_SEVERAL_SUBNETS_SINCE: Final = 20348
_SEVERAL_SUBNETS: Final = frozenset({"l2bridge", "l2tunnel", "overlay"})


@dataclass(slots=True)
class Hns:
    """All that HNS knows. ``platform`` is where the host runs: physical, vm or azure.

    ``hidden_names`` are names of networks that HNS holds and does not list; ``filetime`` tells the host's time,
    ``dns_suffix`` is the host's.
    """

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
    restarting: bool = False
    services: Services | None = None
    clock: Clock | None = None
    settled: datetime | None = None
    delays: bool = False
    refused_early: int = 0
    namespaces: list[Namespace] = field(default_factory=list)
    hidden_names: set[str] = field(default_factory=set)
    filetime: Callable[[], int] = lambda: 132053549732110223
    dns_suffix: str = "corp.example.com"
    events: list[Event] = field(default_factory=list)

    def call(self, method: str, path: str, body: str) -> str:
        """Answer an HNSCall as JSON text: Success with Output, or Success false with Error."""
        adopt(self)
        return calls.answer(self, method, path, body)

    def text(self, code: int) -> str:
        """Return the host's words for a Win32 code."""
        return win32_text(code, self.culture)

    def create(  # noqa: PLR0913 - one keyword a field of the document
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
        flags: int = 0,
        made_by: int = 1,
    ) -> Network:
        """Make a network with its switch, its host vNIC and, for nat, its NAT; raise HnsError."""
        word, listed = kind.lower(), policies or []
        if not name:
            raise HnsError(self.text(87), 0x803B000A)  # rule: hns-network-parameters
        if word not in SWITCHES:
            raise HnsError(self.text(87), 0x803B000B)  # rule: hns-network-parameters
        if not good_policies(listed, NETWORK_POLICIES, self.build.hns_version):
            raise HnsError(self.text(87), 0x803B000D)  # rule: hns-policy-fields
        if word not in EXTERNAL and listed:
            raise HnsError(self.text(87), 0x803B000D)  # rule: hns-network-parameters
        if word == "l2tunnel" and self.platform != "azure":
            raise HnsError(self.text(50), 0x803B0015)  # rule: hns-l2tunnel-azure
        shared = word == "ics" or (word == "nat" and self.build.nat_is_ics)
        if shared and self.services is not None and not self.services.running("mpssvc"):
            raise HnsError(self.text(1753), 0x800706D9)  # rule: ics-needs-firewall-service
        self._check_name(name)
        found = self._subnets(word, subnets or [])
        if any(not _is_address(server.strip()) for server in filter(None, dns_servers.split(","))):
            raise HnsError(self.text(87))  # rule: hns-network-parameters
        made = Network(
            self.ids.guid(), name, word, found, dns_servers, dns_suffix, adapter or None, listed, extra or {}
        )
        if word == "ics" and name == "Default Switch":
            made.id = document_parts.DEFAULT_SWITCH  # rule: hns-default-switch
        made.word, made.named, made.made_by = kind, bool(adapter), made_by
        made.flags = flags or document_parts.non_persistent(self.build.build, word)
        made.updated = self.filetime()
        if word == "nat":
            self._make_nat(made)
        else:
            self._make_switch(made)
        self.networks.append(made)
        return made

    def _check_name(self, name: str) -> None:
        # rule: hns-name-taken, hns-name-held
        held = [*(item.name for item in self.networks), *(item.name for item in unlisted(self)), *self.hidden_names]
        if any(item.lower() == name.lower() for item in held) or self.links.switch(name):
            raise HnsError(self.text(5010), 0x803B0010)

    def _make_switch(self, made: Network) -> None:
        if made.type in EXTERNAL:
            made.adapter = made.adapter or self._free_adapter()
            if not made.adapter:
                raise HnsError(self.text(1168), 0x803B0006)  # rule: hns-adapter-not-found
            for name in _names(made):
                self._check_adapter(name)
            if self.clock is not None and self.settled is not None and self.clock.now() < self.settled:
                # rule: external-rest
                self.refused_early += 1
                first = self.refused_early == 1
                raise HnsError(self.text(1168) if first else "Unspecified error", 0x80070490 if first else 0x80004005)
            self.settled, self.refused_early = None, 0
        elif made.adapter:
            raise HnsError(self.text(87), 0x803B000A)  # rule: hns-network-parameters
        names = _names(made)
        try:
            overhead = _OVERHEAD if made.type == "l2bridge" else 0  # rule: l2bridge-mtu
            below, team = next(iter(names), None), tuple(names[1:])
            self.links.add_switch(made.name, SWITCHES[made.type], below, made.id, overhead=overhead, team=team)
        except HostRefusal:
            raise HnsError(self.text(87), 0x803B0018) from None  # rule: hns-network-parameters
        if made.type in EXTERNAL and self.delays:
            self._away(made)
        if made.type == "ics" and made.subnets:
            nic = document_parts.host_nic(self, made)
            if nic is not None and made.prefix is not None:
                nic.addresses.append(IPv4Interface(f"{made.gateway}/{made.prefix.prefixlen}"))

    def _check_adapter(self, name: str) -> None:
        uplink = self.links.adapter(name)
        if uplink is not None and (uplink.virtual or "802.11" in uplink.media):
            raise HnsError(self.text(87))  # rule: hns-adapter-vethernet, hns-adapter-wifi
        if uplink is None or uplink.media != "802.3" or uplink.kind != "ethernet" or document_parts.bound(self, uplink):
            raise HnsError(self.text(1168), 0x803B0006)  # rule: hns-adapter-not-found

    def _away(self, made: Network) -> None:
        """Let the call take its time, and the address of the host come back only after the answer."""
        # rule: external-takes-time, external-address-late
        nic = document_parts.host_nic(self, made)
        if nic is None or self.clock is None:
            return
        addresses, routes = nic.addresses, nic.routes
        nic.addresses, nic.routes = [], []

        def back() -> None:
            # What was set by hand meanwhile stays.
            nic.addresses, nic.routes = nic.addresses or addresses, nic.routes or routes

        self.clock.advance(_CREATION)
        self.clock.after(_ADDRESS_BACK, back)

    def _free_adapter(self) -> str | None:
        """Return the NIC that HNS takes when none is named: one with an address, under no switch."""
        # rule: hns-adapter-chosen
        free = [item for item in self.links.adapters if not item.virtual and not document_parts.bound(self, item)]
        free.sort(key=lambda item: not item.routes)
        return free[0].name if free else None

    def _subnets(self, kind: str, given: list[dict[str, Any]]) -> list[Subnet]:
        if not given and kind in ("nat", "ics"):
            return [ranges.free(self)]  # rule: hns-nat-prefix-chosen
        if not given and kind in ("l2bridge", "l2tunnel", "overlay"):
            raise HnsError(self.text(87), 0x803B0032)  # rule: hns-subnet-parameters
        several = kind in _SEVERAL_SUBNETS and self.build.build >= _SEVERAL_SUBNETS_SINCE
        if len(given) > 1 and not several:
            raise HnsError(self.text(87), 0x803B0032)  # rule: hns-several-subnets
        found: list[Subnet] = []
        for item in given:
            subnet = self._subnet(item)
            if any(subnet.prefix.overlaps(other.prefix) for other in found):
                raise HnsError(self.text(87), 0x803B0032)  # rule: hns-subnet-overlap
            found.append(subnet)
        return found

    def _subnet(self, item: dict[str, Any]) -> Subnet:
        word = item.get("AddressPrefix") or ""
        if ":" in word:
            return self._six(item, word)
        try:
            prefix = IPv4Network(word)
        except ValueError:
            # rule: hns-prefix-host-bits, hns-prefix-invalid
            raise HnsError(self.text(87), 0x803B000A if ranges.has_host_bits(word) else 0x803B0030) from None
        gateway = str(item.get("GatewayAddress"))
        if not _is_address(gateway) or ":" in gateway or IPv4Address(gateway) not in prefix:
            raise HnsError(self.text(87), 0x803B0032)  # rule: hns-subnet-parameters
        if any(other.prefix.overlaps(prefix) for network in self.networks for other in network.subnets):
            raise HnsError(self.text(87), 0x803B0032)  # rule: hns-subnet-overlap
        policies = item.get("Policies") or []
        if not good_policies(policies, NETWORK_POLICIES, self.build.hns_version):
            raise HnsError(self.text(87), 0x803B000D)  # rule: hns-policy-fields
        return Subnet(prefix, gateway, list(policies), str(item.get("ID") or "").lower())

    def _six(self, item: dict[str, Any], word: str) -> Subnet:
        # rule: hns-dual-stack
        try:
            prefix: Any = IPv6Network(word)  # the prefixes of all other subnets are of IPv4
        except ValueError:
            raise HnsError(self.text(87), 0x803B0030) from None
        gateway = str(item.get("GatewayAddress"))
        if (
            (self.build.hns_version or (0, 0)) < _DUAL_STACK
            or not _is_address(gateway)
            or ip_address(gateway) not in prefix
        ):
            raise HnsError(self.text(87), 0x803B0030)
        return Subnet(prefix, gateway, [], str(item.get("ID") or "").lower())

    def _make_nat(self, made: Network) -> None:
        if made.prefix is None or made.adapter or self.links.overlapping(made.prefix):
            raise HnsError(self.text(87), 0x803B000A)  # rule: hns-subnet-overlap
        switch = self.links.add_switch(made.name, "Internal", None, made.id)
        nic = self.links.nic_of(switch)
        try:
            self.nat.translate(made.id, made.prefix, made.gateway, nic.guid if nic else made.id)
        except HostRefusal as error:
            self.links.remove_switch(switch)
            raise HnsError(str(error), error.hresult) from None  # rule: netnat-beside-hns
        if nic is not None:
            nic.addresses.append(IPv4Interface(f"{made.gateway}/{made.prefix.prefixlen}"))
            if self.firewall is not None:
                hns_rules.make_all(self.firewall, hns_rules.network_rules(self.build.build, made.id, nic.name))

    def remove(self, network: Network) -> None:
        """Remove a network with its switch, NAT, mappings and endpoints; raise HnsError when its switch is gone."""
        if not network.adopted and document_parts.switch_of(self, network) is None:
            raise HnsError(self.text(87))  # rule: hns-switch-removed
        for endpoint in [item for item in self.endpoints if item.network == network.id]:
            self.remove_endpoint(endpoint)
        self.networks.remove(network)
        switch = document_parts.switch_of(self, network)
        if switch is not None:
            self.links.remove_switch(switch)
        self.nat.release(network.id)
        if self.delays and network.type in EXTERNAL and self.clock is not None:
            self.settled = self.clock.now() + timedelta(seconds=_REST)
        if self.firewall is not None and not self.restarting:
            hns_rules.forget_network(self.firewall, network.id)

    def remove_endpoint(self, endpoint: Endpoint) -> None:
        """Remove an endpoint with its mappings, its adapter and what refers to it."""
        endpoints.forget_mappings(self, endpoint)
        endpoints.drop_adapter(self, endpoint)
        self.links.drop_container(endpoint.id)
        if self.firewall is not None and not self.restarting:
            self.firewall.rules.pop(f"container enable icc - {endpoint.id}".lower(), None)
        self.endpoints.remove(endpoint)
        name = f"/endpoints/{endpoint.id}".lower()
        for item in [one for one in self.lists if name in map(str.lower, one.references)]:
            item.references = [one for one in item.references if one.lower() != name]
            if not item.references:
                self.lists.remove(item)

    def find(self, name: str) -> Network | None:
        """Return a network by its name, in any case."""
        return next((item for item in self.networks if item.name.lower() == name.lower()), None)

    def network_of(self, endpoint: Endpoint) -> Network:
        """Return the network that an endpoint is on."""
        return next(item for item in self.networks if item.id == endpoint.network)

    def attach(
        self,
        network_name: str,
        container: str,
        *,
        hyperv: bool = False,
        policies: list[dict[str, Any]] | None = None,
        address: str | None = None,
    ) -> Endpoint:
        """Give a container an endpoint on a network: a host vNIC, or a synthetic VM NIC under Hyper-V."""
        network = self.find(network_name)
        if network is None:
            raise HnsError(self.text(1168), 0x803B0001)  # rule: hns-network-unknown
        identifier = container or self.ids.hex(64)
        named: dict[str, Any] = {"EnableInternalDNS": True} if network.type == "nat" else {}
        named |= {"IPAddress": address} if address else {}
        made = endpoints.create_endpoint(self, network, {"Policies": list(policies or []), **named})
        made.containers.append(identifier)  # rule: hns-shared-containers
        made.machine = self.ids.guid() if hyperv else None
        made.state = ATTACHED
        if not hyperv:
            self.links.add_container(made.id, made.name, made.mac)
        return made


def _names(network: Network) -> list[str]:
    """Return the adapters of a network: several make a switch with embedded teaming."""
    # rule: hns-embedded-team
    return [item.strip() for item in (network.adapter or "").split(",") if item.strip()]


def _is_address(text: Any) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return isinstance(text, str)
