"""Network adapters, addresses and virtual switches of a simulated host: three views of one model."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, ip_interface
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.messages import text
from psnet.lab.host.refusal import HostRefusal, win32

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.host.ids import Ids


DEFAULT: Final = "0.0.0.0/0"
_FIRST_VNIC: Final = 10


@dataclass(frozen=True, slots=True)
class Route:
    """A route of an interface that somebody set."""

    destination: str
    next_hop: str
    metric: int = 256


@dataclass(slots=True)
class Ipv6:
    """What IPv6 has on an interface: addresses and routes, which go with a switch, and settings, which do not."""

    addresses: list[IPv6Interface] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    dhcp: bool = True
    metric: int = 15
    automatic_metric: bool = True
    mtu: int = 1500
    forwarding: bool = False
    router_discovery: str = "Enabled"


@dataclass(slots=True)
class PortVlan:
    """The VLAN of the host's port on a switch: Untagged, Access with its VLAN, or Trunk with a native and others."""

    mode: str = "Untagged"
    access: int = 0
    native: int = 0
    allowed: str = ""


@dataclass(slots=True)
class Adapter:
    """A network adapter: physical, the host's vNIC on a switch (``vEthernet (name)``), or a container's.

    ``kind`` is ethernet, wireless, team or tunnel; ``bound`` says that a switch sits on it, which takes it from the IP
    interfaces; ``kept`` is what such a switch lost of its address, routes and DNS servers.
    """

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
    kind: str = "ethernet"
    link_speed: str = "10 Gbps"
    mtu: int = 1500
    metric: int = 15
    forwarding: bool = False
    bound: bool = False
    manual: bool = False
    endpoint: str | None = None
    kept: list[list[Any]] | None = None
    automatic_metric: bool = True
    router_discovery: str = "ControlledByDHCP"
    ipv6: Ipv6 | None = None  # None: IPv6 is not bound to it
    suffix: str = ""
    registers: bool = True
    registers_suffix: bool = False
    vlan: int = 0
    port_vlan: PortVlan = field(default_factory=PortVlan)
    bindings: dict[str, bool] = field(default_factory=dict)  # component -> what somebody set it to
    members: tuple[str, ...] = ()  # of a team of Windows' own: its adapters
    team: str = ""  # the team whose adapter or interface it is

    @property
    def has_ip(self) -> bool:
        """Whether IP is bound to it: not to the NIC below a switch or a team, nor (in the host) to a container's."""
        return not self.bound and self.endpoint is None and self.bindings.get("ms_tcpip", True)

    @property
    def all_addresses(self) -> tuple[IPv4Interface | IPv6Interface, ...]:
        """Its addresses of both families."""
        return (*self.addresses, *(self.ipv6.addresses if self.ipv6 is not None else ()))

    def drop_address(self, address: IPv4Interface | IPv6Interface) -> None:
        """Take an address from it."""
        if isinstance(address, IPv4Interface):
            self.addresses.remove(address)
        elif self.ipv6 is not None:
            self.ipv6.addresses.remove(address)


@dataclass(slots=True)
class Switch:
    """A VMSwitch; ``adapter`` is the physical adapter of an external one, ``nic`` the index of the host's vNIC.

    ``team`` are further adapters of a switch with embedded teaming.
    """

    name: str
    id: str
    type: str
    adapter: str | None = None
    network: str | None = None
    nic: int | None = None
    team: tuple[str, ...] = ()
    extensions_off: set[str] = field(default_factory=set)  # ids, lower case, that somebody switched off


class Links:
    """All adapters and switches of a host."""

    def __init__(self, ids: Ids, culture: str, seed: int, build: int = 20348) -> None:
        self._ids = ids
        self.build = build
        self.culture = culture
        self.adapters: list[Adapter] = []
        self.switches: list[Switch] = []
        self.mac_spoofing = True  # whether a hypervisor below lets MAC addresses of containers through
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
        made = Adapter(self._free(name), description, self.next_index, self._ids.mac(), self._ids.guid(), virtual)
        self.next_index += 3
        self.adapters.append(made)
        return made

    def _free(self, name: str) -> str:
        """Return a name that no adapter has: with 2, 3 and so on at its end when the plain one is taken."""
        # rule: vnic-name-taken
        taken = {item.name.lower() for item in self.adapters}
        names = [name, *(f"{name} {number}" for number in range(2, len(taken) + 3))]
        return next(item for item in names if item.lower() not in taken)

    def add_container(self, endpoint: str, name: str, mac: str) -> Adapter:
        """Add the vNIC of a container under process isolation, which the host sees without a description."""
        # rule: container-vnic
        made = self.add_adapter(f"vEthernet ({name})", "", virtual=True)
        made.endpoint, made.mac = endpoint, mac
        return made

    def drop_container(self, endpoint: str) -> None:
        """Remove the vNIC of a container's endpoint, if the host has one."""
        self.adapters[:] = [item for item in self.adapters if item.endpoint != endpoint]

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

    def add_switch(
        self,
        name: str,
        kind: str,
        adapter: str | None = None,
        network: str | None = None,
        *,
        overhead: int = 0,
        team: tuple[str, ...] = (),
    ) -> Switch:
        """Make a switch and its host vNIC; an external one takes the adapter's addresses to the vNIC.

        ``network`` is the id of the HNS network that it is made for, ``overhead`` what that network's encapsulation
        takes of the MTU, ``team`` names further adapters of an embedded team. Raises HostRefusal for a missing adapter,
        a vEthernet, a team, or one that is bound to a switch already.
        """
        uplink = self._uplink(adapter) if kind == "External" else None
        further = [self._uplink(item) for item in team]
        made = Switch(name, self._ids.guid(), kind, uplink.name if uplink else None, network)
        made.team = tuple(item.name for item in further)
        for item in further:
            item.bound = True
        self.switches.append(made)
        if kind != "Private":
            title = self._vnic_name(made)
            nic = self.add_adapter(title, "Hyper-V Virtual Ethernet Adapter", virtual=True)
            order = (nic.index - _FIRST_VNIC) // 3
            nic.description += f" #{order + 1}" if order > 0 else ""
            made.nic = nic.index
            if uplink is None:
                nic.metric = 5000  # rule: internal-vnic-metric
                nic.manual = True
                nic.dhcp = network is not None and self.build <= 17134  # rule: nat-vnic-dhcp
            else:
                self._rebind(uplink, nic, lost=network is not None and self.build in (19041, 19042))
                self._shrink(nic, overhead)
        return made

    def _uplink(self, name: str | None) -> Adapter:
        uplink = self.adapter(name or "")
        if uplink is None:  # rule: switch-adapter-missing
            raise HostRefusal(
                "InvalidParameter",
                text("switch_criteria", self.culture),
                "InvalidArgument",
                "Microsoft.HyperV.PowerShell.VirtualizationException",
            )
        if uplink.bound:  # rule: switch-adapter-bound
            raise HostRefusal(
                "ObjectInUse",
                text("switch_bound", self.culture, uplink.description),
                "ResourceBusy",
                "Microsoft.HyperV.PowerShell.VirtualizationException",
            )
        if uplink.kind == "team" and self.build >= 20348:  # rule: switch-on-team
            raise HostRefusal(
                "OperationFailed",
                text("switch_team", self.culture),
                "InvalidOperation",
                "Microsoft.HyperV.PowerShell.VirtualizationOperationFailedException",
            )
        if uplink.virtual or uplink.kind == "tunnel":  # rule: switch-adapter-unfit
            raise HostRefusal(
                "ObjectNotFound",
                text("switch_bind_failed", self.culture, "{" + uplink.guid.upper() + "}"),
                "ObjectNotFound",
                "Microsoft.HyperV.PowerShell.VirtualizationException",
            )
        return uplink

    def _vnic_name(self, switch: Switch) -> str:
        # rule: vnic-names
        if switch.network is None:
            return f"vEthernet ({switch.name})"
        if self.build <= 14393:
            return f"vEthernet ({'HNS Internal NIC' if switch.adapter is None else 'HNSTransparent'})"
        return f"vEthernet ({switch.adapter or switch.name})"

    def _rebind(self, uplink: Adapter, nic: Adapter, *, lost: bool) -> None:
        """Bind a switch to an adapter: IP, its addresses and its MAC are the vNIC's from now on."""
        nic.mac, nic.link_speed = uplink.mac, uplink.link_speed  # rule: external-vnic-mac, external-vnic-speed
        nic.dhcp, nic.metric, nic.automatic_metric = uplink.dhcp, uplink.metric, uplink.automatic_metric
        uplink.bound = True  # rule: uplink-without-ip
        _give_ip(uplink, nic)
        if lost and not uplink.dhcp:
            # rule: static-address-lost
            uplink.kept = [list(nic.addresses), list(nic.routes), list(nic.dns_servers)]
            last = IPv4Interface(f"169.254.{uplink.index}.{nic.index}/16")
            nic.addresses, nic.routes, nic.dns_servers = [last], [], []
        self.rebound(uplink.name)

    def _shrink(self, nic: Adapter, overhead: int) -> None:
        """Take an encapsulation's bytes of the vNIC's MTU, and of that of every nat network's."""
        # rule: mtu-not-carried, l2bridge-mtu
        if overhead:
            nic.mtu -= overhead
            for item in self.adapters:
                if item.metric == 5000 and item is not nic:
                    item.mtu -= overhead

    def remove_switch(self, switch: Switch) -> None:
        """Remove a switch and its vNIC; an external one gives the addresses back."""
        self.switches.remove(switch)
        nic = self.nic_of(switch)
        for name in switch.team:
            member = self.adapter(name)
            if member is not None:
                member.bound = False
        if nic is not None:
            uplink = self.adapter(switch.adapter) if switch.adapter else None
            if uplink is not None:
                uplink.bound = False
                _give_ip(nic, uplink)
                if uplink.kept:
                    uplink.addresses, uplink.routes, uplink.dns_servers = uplink.kept
                uplink.kept = None
                self.rebound(uplink.name)
            self.adapters.remove(nic)

    def add_address(self, adapter: Adapter, address: str) -> IPv4Interface | IPv6Interface:
        """Give an adapter an address; an address that the host has is refused (pitfalls, New-NetIPAddress)."""
        wanted = ip_interface(address)
        if isinstance(wanted, IPv6Interface) and adapter.ipv6 is None:
            raise win32(87, self.culture)  # rule: address-exists
        if any(own.ip == wanted.ip for item in self.adapters for own in item.all_addresses):
            raise win32(87, self.culture, text=text("address_exists", self.culture))  # rule: address-exists
        if isinstance(wanted, IPv4Interface):
            adapter.addresses.append(wanted)
        elif adapter.ipv6 is not None:
            adapter.ipv6.addresses.append(wanted)
        return wanted

    def add_team(self, name: str, members: tuple[str, ...], vlans: tuple[int, ...] = ()) -> Adapter:
        """Make a team of Windows' own (LBFO) over adapters: its interface has the first one's IP and MAC.

        Each VLAN is a further interface, ``<name> - VLAN <id>``, with the same MAC.
        """
        below = [item for item in self.adapters if item.name in members]
        made = self.add_adapter(name, "Microsoft Network Adapter Multiplexor Driver")
        made.kind, made.members, made.team, made.mac = "team", members, name, below[0].mac  # rule: lbfo-team
        _give_ip(below[0], made)
        for item in below:
            item.bound = True
            item.team = name
        for vlan in vlans:
            further = self.add_adapter(f"{name} - VLAN {vlan}", made.description + f" #{vlan}")
            further.kind, further.team, further.mac, further.vlan = "team", name, made.mac, vlan
        return made


def _give_ip(source: Adapter, target: Adapter) -> None:
    """Take addresses, routes and what belongs to DNS from one adapter to another."""
    target.addresses, source.addresses = source.addresses, []
    target.routes, source.routes = source.routes, []
    target.dns_servers, source.dns_servers = source.dns_servers, []
    target.suffix, source.suffix = source.suffix, ""  # rule: ip-settings-with-switch
    if source.ipv6 is not None:
        target.ipv6 = target.ipv6 or Ipv6()
        target.ipv6.addresses, source.ipv6.addresses = source.ipv6.addresses, []
        target.ipv6.routes, source.ipv6.routes = source.ipv6.routes, []
