"""Ports of the host that lead to an address; how is chosen by the host (``psnet.resources.delivery``)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from psnet._internal.model import Model
from psnet.resources.base import Claim, Context, FieldChange, Finding, Identity, Observed, Resource, Unmet
from psnet.resources.container_network import ContainerNetwork, NetworkName
from psnet.resources.delivery import (
    DeliveryMethod,
    declared_endpoint,
    delivery_of,
    endpoint_at,
    network_mode,
    publish_command,
    published_by,
)
from psnet.resources.firewall_rule import PSNET_GROUP, FirewallRule
from psnet.resources.mapping_checks import check_mapping
from psnet.resources.mapping_ends import check_ends
from psnet.resources.mapping_ports import Key, PresentPorts, present_ports
from psnet.resources.nat import Nat
from psnet.resources.nat_prefix import nat_of
from psnet.resources.publishers import leads_to_container
from psnet.types import Action, AddressSet, Direction, Mode, PortRange, PortSet, ProfileSet, Protocol, network_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MappingName = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]


class MappingFirewall(Model):
    """The firewall rule made along with a mapping."""

    profiles: ProfileSet = Field(default=ProfileSet(), description="the profiles of the firewall rule")
    remote_addresses: AddressSet = Field(default=AddressSet(), description="who may connect")


class NatStaticMapping(Resource):
    """Ports of the host that lead to an address on a network; the plan says which way they take on a host."""

    kind: ClassVar[str] = "nat_static_mapping"
    section: ClassVar[str] = "nat_static_mappings"
    made_of: ClassVar[dict[str, tuple[str, ...]]] = {
        "internal_port": ("external_port",),
        "name": ("protocol", "internal_address", "internal_port"),
    }

    name: MappingName = Field(description="the name that the host's ledger keeps it under")
    network: NetworkName = Field(description="the container network that it leads into, or the NAT of nats")
    protocol: Protocol = Field(description="TCP or UDP")
    external_address: IPv4Address = Field(
        default=IPv4Address("0.0.0.0"),  # noqa: S104 - WinNAT's word for every address
        description="the host's address that it listens on; 0.0.0.0 is every one",
    )
    external_port: PortRange = Field(description="a port or a range such as 8000-8010")
    internal_address: IPv4Address = Field(description="the container's address")
    internal_port: PortRange = Field(description="as many ports as outside; the same ones when left out")
    via: DeliveryMethod | None = Field(
        default=None,
        description="the way to ask for, else the host decides: netnat (a static mapping of a NAT), endpoint (in the "
        "create document of the endpoint with that address), runtime (published by what makes the container), "
        "load_balancer (HNS, l2bridge), portproxy (netsh, TCP)",
    )
    firewall: MappingFirewall | None = Field(
        default=MappingFirewall(), description="the firewall rule made along with it; false for none"
    )

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, data: Any) -> Any:
        """Name a mapping after its inner end, and map a port onto the same one, unless told otherwise."""
        if not isinstance(data, dict):
            return data
        filled = dict(data)
        if "internal_port" not in filled and "external_port" in filled:
            filled["internal_port"] = filled["external_port"]
        if "name" not in filled and {"protocol", "internal_address", "internal_port"} <= filled.keys():
            parts = (filled["protocol"], filled["internal_address"], filled["internal_port"])
            filled["name"] = "-".join(str(part).lower() for part in parts)
        return filled

    @field_validator("firewall", mode="before")
    @classmethod
    def _switch(cls, value: Any) -> Any:
        return {True: {}, False: None}.get(value, value) if isinstance(value, bool) else value

    @field_validator("protocol")
    @classmethod
    def _tcp_or_udp(cls, value: Protocol) -> Protocol:
        if value.name not in ("TCP", "UDP"):
            raise ValueError(f"WinNAT maps TCP and UDP, not {value}")
        return value

    @model_validator(mode="after")
    def _same_size(self) -> Self:
        if len(self.external_port) != len(self.internal_port):
            raise ValueError(
                f"external_port {self.external_port} ({len(self.external_port)} in all) and internal_port"
                f" {self.internal_port} ({len(self.internal_port)} in all) differ: give ranges of one size"
            )
        return self

    @property
    def identity(self) -> Identity:
        """The declared name; the ledger on the host remembers the ports that it stands for."""
        return Identity(self.kind, self.name)

    def title(self) -> str:
        """Return both ends."""
        return (
            f"{self.name} {self.protocol} {self.external_address}:{self.external_port}"
            f" -> {self.internal_address}:{self.internal_port}"
        )

    def requires(self) -> tuple[Identity, ...]:
        """Return the network or the NAT that it leads into."""
        return (Identity(ContainerNetwork.kind, self.network), Identity(Nat.kind, self.network))

    def bound_to(self) -> tuple[Identity, ...]:
        """Return the network or the NAT: it takes the mappings with it."""
        return self.requires()

    def implied(self) -> tuple[Resource, ...]:
        """Return the firewall rule that lets the mapped ports in.

        The Windows firewall sees the container's port after the translation (claim c95, ports.md 7), and of portproxy,
        which is a listener of the host, the external one.
        """
        if self.firewall is None:
            return ()
        own = self.via == "portproxy"
        return (
            FirewallRule(
                name=f"psnet-mapping-{self.name}",
                display_name=f"psnet: {self.network} / {self.name}",
                description=f"Made by psnet along with the port mapping {self.name}.",
                direction=Direction.INBOUND,
                action=Action.ALLOW,
                enabled=True,
                protocol=self.protocol,
                local_ports=PortSet((self.external_port if own else self.internal_port,)),
                profiles=self.firewall.profiles,
                remote_addresses=self.firewall.remote_addresses,
            ),
        )

    # -- observed -------------------------------------------------------------------------------

    def ports(self) -> list[tuple[str, int, int]]:
        """Return (protocol, external port, internal port) of each port."""
        outer, inner = self.external_port.first, self.internal_port.first
        return [(self.protocol.name, outer + step, inner + step) for step in range(len(self.external_port))]

    def port_targets(self) -> dict[Key, tuple[str, int]]:
        """Return where each port leads: (protocol, external address, external port) -> (address, port)."""
        address, inside = str(self.external_address), str(self.internal_address)
        return {(protocol, address, outer): (inside, inner) for protocol, outer, inner in self.ports()}

    def _remembered(self, context: Context) -> dict[Key, tuple[str, int]]:
        entry = context.state.ledger.get(f"{self.kind}/{self.name}")
        if not entry:
            return {}
        try:
            old = NatStaticMapping.model_validate({**entry, "name": self.name, "firewall": False})
        except ValueError:
            return {}  # a ledger that somebody edited is no reason to touch anything
        return old.port_targets()

    def observe(self, context: Context) -> Observed | None:
        """Compare the ports on the host with the declared ones, and with what the ledger remembers."""
        return context.cached_for(self, "observed mapping", lambda: self._observe(context))

    def _observe(self, context: Context) -> Observed | None:
        way = delivery_of(self, context).way
        if way == "runtime":
            return Observed() if self.unmet(context) is None else None
        if way is None:
            return None
        present = present_ports(way, self, context)
        wanted, remembered = self.port_targets(), self._remembered(context)
        mine: dict[Key, PresentPorts] = {key: present[key] for key in wanted if key in present}
        for key, target in remembered.items():
            found = present.get(key)
            if found and (found.internal_address, found.internal_port) == target:
                mine[key] = found
        if not mine:
            return None
        right = {key for key, item in mine.items() if wanted.get(key) == (item.internal_address, item.internal_port)}
        stale = [item for key, item in mine.items() if key not in right]
        missing = [key[2] - self.external_port.first for key in wanted if key not in right]
        with_endpoint = way == "endpoint"
        return Observed(
            differences=self._differences(mine) if stale or missing else (),
            replace=bool(stale) and not with_endpoint,
            goes_along=with_endpoint,
            remove={"mappings": [item.values for item in stale]},
            remove_all={"mappings": [item.values for item in mine.values()]},
            create=self.values(context) | {"offsets": missing} if stale or missing else None,
        )

    def _differences(self, mine: dict[Key, PresentPorts]) -> tuple[FieldChange, ...]:
        old = {
            "protocol": _joined({key[0] for key in mine}),
            "external_address": _joined({key[1] for key in mine}),
            "external_port": str(PortSet.parse([key[2] for key in mine])),
            "internal_address": _joined({item.internal_address for item in mine.values()}),
            "internal_port": str(PortSet.parse([item.internal_port for item in mine.values()])),
        }
        return tuple(
            FieldChange(field=name, old=value, new=str(getattr(self, name)))
            for name, value in old.items()
            if value != str(getattr(self, name))
        )

    # -- checks and scripts ---------------------------------------------------------------------

    def network_prefix(self, context: Context) -> str | None:
        """Return the prefix of the nat network or the NAT that it leads into; None where there is none."""
        return context.cached(("inner prefix", self.network), lambda: self._network_prefix(context))

    def _network_prefix(self, context: Context) -> str | None:
        declared = context.find_named(ContainerNetwork.kind, self.network)
        if isinstance(declared, ContainerNetwork) and declared.mode is Mode.NAT and declared.prefix is not None:
            return str(declared.prefix)
        for item in context.state.networks:
            if item.name.lower() == self.network.lower() and item.mode == Mode.NAT and item.subnets:
                return item.subnets[0].prefix
        own = context.find_named(Nat.kind, self.network)
        if isinstance(own, Nat):
            return str(own.prefix)
        for nat in context.state.nats:
            if nat.name.lower() == self.network.lower() and nat.internal_prefix:
                return str(network_of(nat.internal_prefix))
        return None

    def folder(self, context: Context) -> str:
        """Return the folder of the way that it takes."""
        way = delivery_of(self, context).way
        return "any" if way in (None, "netnat", "runtime") else way

    def delivery_description(self, context: Context) -> str:
        """Return how the ports are led in on this host."""
        return delivery_of(self, context).description

    def rests_on(self, context: Context) -> tuple[Identity, ...]:
        """Return the declared endpoint that it is made with, or that a load balancer is made for."""
        owner = declared_endpoint(self, context)
        needed = owner is not None and delivery_of(self, context).way in ("endpoint", "load_balancer")
        return (owner.identity,) if owner is not None and needed else ()

    def unmet(self, context: Context) -> Unmet | None:
        """Return what the runtime should publish and does not."""
        if delivery_of(self, context).way != "runtime":
            return None
        found = endpoint_at(self, context)
        dead = found is not None and not leads_to_container(found, network_mode(self.network, context), context)
        published = set(published_by(found)) if found and not dead else set()
        missing = [port for port in self.ports() if port not in published]
        if not missing:
            return None
        who = "no container has it" if found is None else "the container that has it does not publish it"
        if found is not None and dead and {*published_by(found)}.intersection(missing):
            who = "the container that has it publishes it without Flags 1, which does nothing on a bridge (claim c70)"
        return Unmet(
            resource=str(self.identity),
            title=self.title(),
            reason=f"{who}: a port is published when a container is made, by what makes it",
            command=publish_command(self, context),
            source="ports.md 3",
        )

    def claims(self, context: Context) -> Iterator[Claim]:
        """Yield the ports that it listens on."""
        outer = self.external_port
        every = self.external_address.is_unspecified
        yield Claim("port", self.protocol.name, None if every else str(self.external_address), outer.first, outer.last)

    def inside(self, context: Context) -> tuple[IPv4Network, IPv4Address | None] | None:
        """Return the prefix that it leads into and its gateway, as declared or on the host."""
        declared = context.find_named(ContainerNetwork.kind, self.network)
        own = context.find_named(Nat.kind, self.network)
        prefix: Any = None
        gateway: Any = None
        if isinstance(declared, ContainerNetwork) and declared.subnets:
            prefix, gateway = declared.subnets[0].prefix, declared.subnets[0].effective_gateway()
        elif isinstance(own, Nat):
            prefix, gateway = own.prefix, IPv4Address(own.inside) if own.switch else None
        else:
            found = self.network_prefix(context)
            prefix = network_of(found) if found else None
            there = context.network(self.network)
            shown = there.subnets[0].gateway if there is not None and there.subnets else None
            gateway = IPv4Address(shown) if shown and ":" not in shown else None
        return (prefix, gateway) if isinstance(prefix, IPv4Network) else None

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what stands against the mapping: its way, reserved ports, and ports that others hold."""
        yield from check_ends(self, context)
        yield from check_mapping(self, context)

    def is_unchanged(self, context: Context) -> bool:
        """Say whether the host has it as declared."""
        observed = self.observe(context)
        return observed is not None and not observed.differences

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create template takes; ``offsets`` are the ports of the range still to add."""
        way = delivery_of(self, context).way
        shared = {
            "name": self.name,
            "protocol": self.protocol.name,
            "external_address": str(self.external_address),
            "external_port": self.external_port.first,
            "internal_address": str(self.internal_address),
            "internal_port": self.internal_port.first,
            "offsets": list(range(len(self.external_port))),
        }
        if way in ("endpoint", "load_balancer"):
            owner, found = declared_endpoint(self, context), endpoint_at(self, context)
            return shared | {"endpoint": owner.name if owner else found.name if found else self.network}
        if way == "portproxy":
            return shared
        prefix = self.network_prefix(context) or "unknown"
        declared = context.find_named(ContainerNetwork.kind, self.network)
        network = declared.find(context) if isinstance(declared, ContainerNetwork) else None
        keeps_nat = network is None or not network.subnets or network.subnets[0].prefix == prefix
        nat = nat_of(prefix, context.state) if prefix != "unknown" and keeps_nat else None
        return shared | {"nat_prefixes": [nat.internal_prefix] if nat else self._shown_prefixes(prefix, context)}

    def _shown_prefixes(self, prefix: str, context: Context) -> list[str]:
        """Return how Get-NetNat may show the prefix of a NAT that is still to be made (claim c03)."""
        declared = context.find_named(ContainerNetwork.kind, self.network)
        if not isinstance(declared, ContainerNetwork) or prefix == "unknown":
            return [prefix]
        return [prefix, *(f"{item.effective_gateway()}/{item.prefix.prefixlen}" for item in declared.subnets)]

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record the ports and the way: Windows has no place for a name or an owner."""
        entry = self.model_dump(mode="json", exclude={"name", "firewall", "via"})
        way = delivery_of(self, context).way
        return entry if way in (None, "netnat") else {**entry, "via": way}


def _joined(values: set[str]) -> str:
    return ",".join(sorted(values))


__all__ = ["PSNET_GROUP", "MappingFirewall", "NatStaticMapping"]
