"""WinNAT: NATs with an internal prefix, static port mappings, and the translation that HNS keeps to itself.

Up to 2016 the NAT of an HNS nat network is WinNAT's and every published port a static mapping of it; from 1709 on HNS
shows neither (claims c01, c02).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import TYPE_CHECKING

from psnet.lab.host.listeners import Listener, PortProxy, default_listeners
from psnet.lab.host.messages import win32_text
from psnet.lab.host.refusal import HostRefusal, win32

if TYPE_CHECKING:
    from psnet.lab.host.adapters import Adapter, Links
    from psnet.powershell.facts.builds import WindowsBuild

ANY = "0.0.0.0"  # noqa: S104 - WinNAT's word for every address
#: Ports that 2022 publishes when there are two nat networks (claim c11).
_MOST_PORTS = 2
_PROTOCOLS = {"TCP": 6, "UDP": 17}


class PortTakenError(Exception):
    """A port that HNS is to publish is published or mapped already; each HNS says so in its own words."""


@dataclass(slots=True)
class External:
    """An external address of a NAT; ports are 0 where no range was given."""

    id: int
    address: str
    first: int = 0
    last: int = 0


@dataclass(slots=True)
class Nat:
    """A NetNat; ``network`` is the id of the HNS network that made it, if one did, ``gateway`` that network's."""

    name: str
    prefix: IPv4Network
    network: str | None = None
    external: list[External] = field(default_factory=list)
    gateway: str | None = None

    @property
    def shown_prefix(self) -> str:
        """The internal prefix as Get-NetNat shows it."""
        # rule: netnat-host-bits
        return f"{self.gateway}/{self.prefix.prefixlen}" if self.gateway else str(self.prefix)


@dataclass(slots=True)
class Mapping:
    """A static mapping of one port."""

    id: int
    nat: str
    protocol: str
    external_address: str
    external_port: int
    internal_address: str
    internal_port: int


@dataclass(slots=True)
class WinNat:
    """All NATs and mappings of a host.

    ``hidden`` and ``published`` are the NATs and ports of HNS that no cmdlet shows; ``provider`` says whether WinNAT's
    provider is there at all. ``listeners`` are the processes' own ports and ``proxies`` those of portproxy.
    """

    links: Links
    build: WindowsBuild
    culture: str
    nats: list[Nat] = field(default_factory=list)
    mappings: list[Mapping] = field(default_factory=list)
    excluded: list[tuple[str, int, int]] = field(default_factory=lambda: [("TCP", 5985, 5985), ("TCP", 47001, 47001)])
    next_id: int = 0
    hidden: list[Nat] = field(default_factory=list)
    published: list[Mapping] = field(default_factory=list)
    provider: bool = True
    listeners: list[Listener] = field(default_factory=default_listeners)
    proxies: list[PortProxy] = field(default_factory=list)

    def find(self, name: str) -> Nat | None:
        """Return a NAT by its name, in any case."""
        return next((nat for nat in self.nats if nat.name.lower() == name.lower()), None)

    def create(self, name: str, prefix: str | None) -> Nat:
        """Make a NAT; a prefix that another NAT stands against is refused.

        The id of a duplicate name is not documented; it is refused as a wrong parameter.
        """
        if prefix is None:
            raise win32(87, self.culture)  # rule: netnat-parameters
        try:
            wanted = IPv4Network(prefix)
        except (AddressValueError, NetmaskValueError, ValueError):
            raise win32(87, self.culture) from None  # rule: netnat-parameters
        if self.find(name) is not None:
            raise win32(87, self.culture)  # rule: netnat-parameters
        self._check_prefix(wanted)
        made = Nat(name, wanted)
        self.nats.append(made)
        return made

    def _check_prefix(self, wanted: IPv4Network) -> None:
        if any(nat.prefix.overlaps(wanted) for nat in self.hidden):
            raise win32(52, self.culture)  # rule: netnat-beside-hns
        for nat in self.nats:
            carved = self.build.carves_nat and wanted.subnet_of(nat.prefix)
            apart = self.build.several_nats and not wanted.overlaps(nat.prefix)
            if not carved and not apart:
                raise win32(87, self.culture)  # rule: netnat-one-prefix

    def require_inside(self, prefix: str) -> Adapter | None:
        """Return the adapter whose address lies in a prefix; without one an early New-NetNat is refused."""
        try:
            wanted = IPv4Network(prefix)
        except ValueError:
            raise win32(87, self.culture) from None  # rule: netnat-parameters
        for item in self.links.adapters:
            if any(own.ip in wanted for own in item.addresses):
                return item
        if self.build.build > 14300:
            return None
        raise win32(1169, self.culture)  # rule: netnat-inside-first

    # -- HNS -------------------------------------------------------------------------------------

    def translate(self, network: str, prefix: IPv4Network, gateway: str | None, interface: str) -> Nat:
        """Make the NAT of an HNS nat network; ``interface`` is the GUID of its vNIC.

        Up to 2016 it is one of WinNAT's, H<network id>; later HNS keeps it: NAT<interface>, ICS<interface> on 2019.
        """
        if self.build.lists_hns_nat:
            self._check_prefix(prefix)
            made = Nat(f"H{network}", prefix, network, gateway=gateway)  # rule: netnat-of-hns-listed
            self.nats.append(made)
            return made
        if any(nat.prefix.overlaps(prefix) for nat in (*self.nats, *self.hidden)):
            raise win32(52, self.culture)  # rule: netnat-beside-hns
        # rule: netnat-of-hns-hidden, nat-name-by-build
        word = "ICS" if self.build.nat_is_ics else "NAT"
        made = Nat(f"{word}{interface.upper()}", prefix, network, gateway=gateway)
        self.hidden.append(made)
        return made

    def of_network(self, network: str) -> Nat | None:
        """Return the NAT of an HNS network."""
        return next((nat for nat in (*self.nats, *self.hidden) if nat.network == network), None)

    def release(self, network: str) -> None:
        """Remove the NAT of an HNS network with its ports."""
        for nat in [item for item in self.nats if item.network == network]:
            self.remove(nat)
        for nat in [item for item in self.hidden if item.network == network]:
            self.hidden.remove(nat)
            self.published = [item for item in self.published if item.nat != nat.name]

    def publish(
        self, network: str, protocol: str, external_port: int, internal: tuple[str, int], address: str = ""
    ) -> Mapping:
        """Publish a port of an HNS nat network; raises PortTakenError, or HostRefusal for a reserved one.

        ``address`` is the host's that it stands on, "" for every one. Up to 2016 it is a static mapping of the
        network's NAT.
        """
        nat = self.of_network(network)
        if nat is None:
            raise win32(1168, self.culture)  # rule: published-without-nat
        if any(kind == protocol and first <= external_port <= last for kind, first, last in self.excluded):
            raise win32(32, self.culture)  # rule: published-excluded
        taken = any(
            (item.protocol, item.external_port) == (protocol, external_port)
            for item in (*self.mappings, *self.published)
        )
        if taken and not self.build.takes_ports_twice:
            raise PortTakenError(external_port)  # rule: published-twice
        if self.build.build >= 20348 and len(self.hidden) > 1 and len(self.published) >= _MOST_PORTS:
            raise HostRefusal(  # rule: third-port-hangs
                "HRESULT 0x800706be", win32_text(1726, self.culture), hresult=0x800706BE
            )
        if self.build.build >= 17763 and (protocol, external_port) in self._listened():
            raise PortTakenError(external_port)  # rule: published-listened
        made = Mapping(self.next_id, nat.name, protocol, address or ANY, external_port, internal[0], internal[1])
        self.next_id += 1
        (self.mappings if self.build.lists_hns_nat else self.published).append(made)
        return made

    def _listened(self) -> set[tuple[str, int]]:
        own = {(item.protocol, item.port) for item in self.listeners}
        return own | {("TCP", item.listen_port) for item in self.proxies}

    def withdraw(self, number: int) -> None:
        """Take a published port back; one that is gone already is no matter."""
        self.mappings = [item for item in self.mappings if item.id != number]
        self.published = [item for item in self.published if item.id != number]

    def ports(self, protocol: str) -> set[int]:
        """Return the external ports of a protocol that are taken."""
        return {item.external_port for item in (*self.mappings, *self.published) if item.protocol == protocol}

    # -- NATs of their own -----------------------------------------------------------------------

    def add_external(self, nat_name: str, address: str, first: int, last: int) -> External:
        """Give a NAT an external address; one that the host does not have is refused (no id is documented)."""
        nat = self.find(nat_name)
        if nat is None:
            raise win32(1168, self.culture)  # rule: external-address
        own = {str(item.ip) for adapter in self.links.adapters for item in adapter.addresses}
        if address not in own or first > last or any(item.address == address for item in nat.external):
            raise win32(87, self.culture)  # rule: external-address
        made = External(self.next_id, address, first, last)
        self.next_id += 1
        nat.external.append(made)
        return made

    def remove(self, nat: Nat) -> None:
        """Remove a NAT with its mappings."""
        self.nats.remove(nat)
        self.mappings = [item for item in self.mappings if item.nat != nat.name]

    def add_mapping(
        self,
        nat_name: str,
        protocol: str,
        external_address: str,
        external_port: int,
        internal_address: str,
        internal_port: int,
    ) -> Mapping:
        """Map a port; raise HostRefusal for ports that are taken or reserved and for unknown NATs.

        A reserved port and one in use give Win32 error 32 (documented for reserved ones). A duplicate mapping
        and an address outside the prefix have no documented id: 183 and 87 stand in.
        """
        nat = self.find(nat_name)
        if nat is None:
            raise win32(1168, self.culture, target="MSFT_NetNatStaticMapping:root/StandardCimv2")  # rule: mapping-nat
        word = protocol.upper()
        if word not in _PROTOCOLS or not 0 < external_port < 65536 or not 0 < internal_port < 65536:
            raise win32(87, self.culture)  # rule: mapping-parameters
        try:
            outer, inner = IPv4Address(external_address), IPv4Address(internal_address)
        except AddressValueError:
            raise win32(87, self.culture) from None  # rule: mapping-parameters
        if inner not in nat.prefix:
            raise win32(87, self.culture)  # rule: mapping-parameters
        if any(kind == word and first <= external_port <= last for kind, first, last in self.excluded):
            raise win32(32, self.culture)  # rule: mapping-excluded
        if any((item.protocol, item.external_port) == (word, external_port) for item in self.published):
            raise win32(32, self.culture)  # rule: mapping-beside-published
        for item in self.mappings:
            if (item.protocol, item.external_port) == (word, external_port) and (
                item.external_address == str(outer) or ANY in (item.external_address, str(outer))
            ):
                raise win32(183, self.culture)  # rule: mapping-twice
        made = Mapping(self.next_id, nat.name, word, str(outer), external_port, str(inner), internal_port)
        self.next_id += 1
        self.mappings.append(made)
        return made

    def remove_mapping(self, mapping_id: int) -> None:
        """Remove a mapping by its id."""
        found = next((item for item in self.mappings if item.id == mapping_id), None)
        if found is None:  # rule: mapping-not-found
            raise HostRefusal(
                "CmdletizationQuery_NotFound_StaticMappingID",
                f"No MSFT_NetNatStaticMapping objects found with property 'StaticMappingID' equal to '{mapping_id}'.",
                "ObjectNotFound",
                "Microsoft.PowerShell.Cmdletization.Cim.CimJobException",
            )
        self.mappings.remove(found)
