"""Network adapters, addresses and virtual switches of a simulated host: three views of one model."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv4Network, ip_interface
from typing import TYPE_CHECKING, Final

from psnet.lab.host.messages import text
from psnet.lab.host.refusal import HostRefusal, win32

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.host.ids import Ids


DEFAULT: Final = "0.0.0.0/0"


@dataclass(frozen=True, slots=True)
class Route:
    """An IPv4 route of an interface."""

    destination: str
    next_hop: str
    metric: int = 256


@dataclass(slots=True)
class Adapter:
    """A network adapter: physical, or the host's vNIC on a switch (``vEthernet (name)``)."""

    name: str
    description: str
    index: int
    mac: str
    guid: str
    virtual: bool = False
    status: str = "Up"
    media: str = "802.3"
    addresses: list[IPv4Interface] = field(default_factory=list)
    dhcp: bool = False
    routes: list[Route] = field(default_factory=list)
    dns_servers: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Switch:
    """A VMSwitch; ``adapter`` is the physical adapter of an external one, ``nic`` the index of the host's vNIC."""

    name: str
    id: str
    type: str
    adapter: str | None = None
    network: str | None = None
    nic: int | None = None


class Links:
    """All adapters and switches of a host."""

    def __init__(self, ids: Ids, culture: str, seed: int) -> None:
        self._ids = ids
        self.culture = culture
        self.adapters: list[Adapter] = []
        self.switches: list[Switch] = []
        self.rebound: Callable[[str], None] = lambda _adapter: None
        self.next_index = 4
        first = self.add_adapter("Ethernet", "Microsoft Hyper-V Network Adapter")
        first.addresses.append(IPv4Interface(f"10.0.{seed // 200}.{seed % 200 + 11}/16"))
        first.routes.append(Route(DEFAULT, "10.0.255.254"))
        first.dns_servers.append("10.0.255.253")
        second = self.add_adapter("Ethernet 2", "Microsoft Hyper-V Network Adapter #2")
        second.addresses.append(IPv4Interface(f"192.168.{seed // 200 + 10}.{seed % 200 + 11}/24"))

    def add_adapter(self, name: str, description: str, *, virtual: bool = False) -> Adapter:
        """Add an adapter; it gets the next interface index."""
        made = Adapter(name, description, self.next_index, self._ids.mac(), self._ids.guid(), virtual)
        self.next_index += 3
        self.adapters.append(made)
        return made

    def adapter(self, name: str) -> Adapter | None:
        """Return an adapter by its name, in any case."""
        return next((item for item in self.adapters if item.name.lower() == name.lower()), None)

    def switch(self, name: str) -> Switch | None:
        """Return a switch by its name, in any case."""
        return next((item for item in self.switches if item.name.lower() == name.lower()), None)

    def nic_of(self, switch: Switch) -> Adapter | None:
        """Return the host's vNIC on a switch."""
        return next((item for item in self.adapters if item.index == switch.nic), None)

    def overlapping(self, prefix: IPv4Network) -> Adapter | None:
        """Return the adapter whose network overlaps a prefix."""
        return next(
            (item for item in self.adapters if any(own.network.overlaps(prefix) for own in item.addresses)),
            None,
        )

    def add_switch(self, name: str, kind: str, adapter: str | None = None, network: str | None = None) -> Switch:
        """Make a switch and its host vNIC; an external one takes the adapter's addresses to the vNIC.

        Raises HostRefusal for a missing adapter, a vEthernet, or one that is bound to a switch already.
        """
        uplink = None
        if kind == "External":
            uplink = self.adapter(adapter or "")
            if uplink is None:
                raise HostRefusal(
                    "InvalidParameter",
                    text("switch_criteria", self.culture),
                    "InvalidArgument",
                    "Microsoft.HyperV.PowerShell.VirtualizationException",
                )
            if uplink.virtual or any(item.adapter == uplink.name for item in self.switches):
                raise HostRefusal(
                    "OperationFailed",
                    text("switch_bound", self.culture, uplink.description),
                    "NotSpecified",
                    "Microsoft.HyperV.PowerShell.VirtualizationException",
                )
        made = Switch(name, self._ids.guid(), kind, uplink.name if uplink else None, network)
        self.switches.append(made)
        if kind != "Private":
            nic = self.add_adapter(f"vEthernet ({name})", "Hyper-V Virtual Ethernet Adapter", virtual=True)
            made.nic = nic.index
            if uplink is not None:
                nic.addresses, uplink.addresses = uplink.addresses, []
                nic.routes, uplink.routes = uplink.routes, []
                nic.dns_servers, uplink.dns_servers = uplink.dns_servers, []
                nic.dhcp = uplink.dhcp
                self.rebound(uplink.name)
        return made

    def remove_switch(self, switch: Switch) -> None:
        """Remove a switch and its vNIC; an external one gives the addresses back."""
        self.switches.remove(switch)
        nic = self.nic_of(switch)
        if nic is not None:
            uplink = self.adapter(switch.adapter) if switch.adapter else None
            if uplink is not None:
                uplink.addresses, uplink.routes, uplink.dns_servers = nic.addresses, nic.routes, nic.dns_servers
                self.rebound(uplink.name)
            self.adapters.remove(nic)

    def add_address(self, adapter: Adapter, address: str) -> None:
        """Give an adapter an address; an address that the host has is refused (pitfalls, New-NetIPAddress)."""
        wanted = ip_interface(address)
        if not isinstance(wanted, IPv4Interface):
            raise win32(87, self.culture)
        if any(own.ip == wanted.ip for item in self.adapters for own in item.addresses):
            raise win32(87, self.culture, text=text("address_exists", self.culture))
        adapter.addresses.append(wanted)
