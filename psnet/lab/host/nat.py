"""WinNAT: NATs with one internal prefix, and static port mappings."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import TYPE_CHECKING

from psnet.lab.host.refusal import HostRefusal, win32

if TYPE_CHECKING:
    from psnet.lab.host.adapters import Links
    from psnet.powershell.facts.builds import WindowsBuild

ANY = "0.0.0.0"  # noqa: S104 - WinNAT's word for every address
_PROTOCOLS = {"TCP": 6, "UDP": 17}


@dataclass(slots=True)
class External:
    """An external address of a NAT; ports are 0 where no range was given."""

    id: int
    address: str
    first: int = 0
    last: int = 0


@dataclass(slots=True)
class Nat:
    """A NetNat; ``network`` is the id of the HNS network that made it, if one did."""

    name: str
    prefix: IPv4Network
    network: str | None = None
    external: list[External] = field(default_factory=list)


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
    """All NATs and mappings of a host."""

    links: Links
    build: WindowsBuild
    culture: str
    nats: list[Nat] = field(default_factory=list)
    mappings: list[Mapping] = field(default_factory=list)
    excluded: list[tuple[str, int, int]] = field(default_factory=lambda: [("TCP", 5985, 5985), ("TCP", 47001, 47001)])
    next_id: int = 0

    def find(self, name: str) -> Nat | None:
        """Return a NAT by its name, in any case."""
        return next((nat for nat in self.nats if nat.name.lower() == name.lower()), None)

    def create(self, name: str, prefix: str | None, network: str | None = None) -> Nat:
        """Make a NAT; a second internal prefix is refused with Win32 error 87, as reported of real hosts.

        2016 takes a prefix carved from the first one. The id of a duplicate name is not documented; it is
        refused the same way.
        """
        if prefix is None:
            raise win32(87, self.culture)
        try:
            wanted = IPv4Network(prefix)
        except (AddressValueError, NetmaskValueError, ValueError):
            raise win32(87, self.culture) from None
        if self.find(name) is not None:
            raise win32(87, self.culture)
        for nat in self.nats:
            carved = self.build.build <= 14393 and wanted.subnet_of(nat.prefix)
            if not carved:
                raise win32(87, self.culture)
        made = Nat(name, wanted, network)
        self.nats.append(made)
        return made

    def add_external(self, nat_name: str, address: str, first: int, last: int) -> External:
        """Give a NAT an external address; one that the host does not have is refused (no id is documented)."""
        nat = self.find(nat_name)
        if nat is None:
            raise win32(1168, self.culture)
        own = {str(item.ip) for adapter in self.links.adapters for item in adapter.addresses}
        if address not in own or first > last or any(item.address == address for item in nat.external):
            raise win32(87, self.culture)
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
            raise win32(1168, self.culture, target="MSFT_NetNatStaticMapping:root/StandardCimv2")
        word = protocol.upper()
        if word not in _PROTOCOLS or not 0 < external_port < 65536 or not 0 < internal_port < 65536:
            raise win32(87, self.culture)
        try:
            outer, inner = IPv4Address(external_address), IPv4Address(internal_address)
        except AddressValueError:
            raise win32(87, self.culture) from None
        if inner not in nat.prefix:
            raise win32(87, self.culture)
        if any(kind == word and first <= external_port <= last for kind, first, last in self.excluded):
            raise win32(32, self.culture)
        for item in self.mappings:
            if (item.protocol, item.external_port) == (word, external_port) and (
                item.external_address == str(outer) or ANY in (item.external_address, str(outer))
            ):
                raise win32(183, self.culture)
        made = Mapping(self.next_id, nat.name, word, str(outer), external_port, str(inner), internal_port)
        self.next_id += 1
        self.mappings.append(made)
        return made

    def remove_mapping(self, mapping_id: int) -> None:
        """Remove a mapping by its id."""
        found = next((item for item in self.mappings if item.id == mapping_id), None)
        if found is None:
            raise HostRefusal(
                "CmdletizationQuery_NotFound_StaticMappingID",
                f"No MSFT_NetNatStaticMapping objects found with property 'StaticMappingID' equal to '{mapping_id}'.",
                "ObjectNotFound",
                "Microsoft.PowerShell.Cmdletization.Cim.CimJobException",
            )
        self.mappings.remove(found)
