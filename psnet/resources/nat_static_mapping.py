"""Static port mappings of WinNAT: Add-NetNatStaticMapping, one a port (reference/cmdlets/NetNat.yaml)."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from psnet._internal.model import Model
from psnet.resources.base import Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.container_network import ContainerNetwork, NetworkName
from psnet.resources.firewall_rule import PSNET_GROUP, FirewallRule
from psnet.resources.nat import Nat
from psnet.resources.nat_prefix import BUILD_2016, nat_of
from psnet.types import Action, AddressSet, Direction, Mode, PortRange, PortSet, ProfileSet, Protocol, network_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import MappingState

MappingName = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
Key = tuple[str, str, int]


class MappingFirewall(Model):
    """The firewall rule made along with a mapping."""

    profiles: ProfileSet = Field(default=ProfileSet(), description="the profiles of the firewall rule")
    remote_addresses: AddressSet = Field(default=AddressSet(), description="who may connect")


class NatStaticMapping(Resource):
    """Ports of the host that lead behind a NAT: one of nats, or up to 2016 a nat network's."""

    kind: ClassVar[str] = "nat_static_mapping"
    section: ClassVar[str] = "nat_static_mappings"

    name: MappingName = Field(description="the name that the host's ledger keeps it under")
    network: NetworkName = Field(description="the NAT of nats that it leads behind, or up to 2016 the nat network")
    protocol: Protocol = Field(description="TCP or UDP")
    external_address: IPv4Address = Field(
        default=IPv4Address("0.0.0.0"),  # noqa: S104 - WinNAT's word for every address
        description="the host's address that it listens on; 0.0.0.0 is every one",
    )
    external_port: PortRange = Field(description="a port or a range such as 8000-8010")
    internal_address: IPv4Address = Field(description="the container's address")
    internal_port: PortRange = Field(description="as many ports as outside; the same ones when left out")
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
        """Return the firewall rule that lets the mapped ports in."""
        if self.firewall is None:
            return ()
        return (
            FirewallRule(
                name=f"psnet-mapping-{self.name}",
                display_name=f"psnet: {self.network} / {self.name}",
                description=f"Made by psnet along with the port mapping {self.name}.",
                direction=Direction.INBOUND,
                action=Action.ALLOW,
                enabled=True,
                protocol=self.protocol,
                local_ports=PortSet((self.external_port,)),
                profiles=self.firewall.profiles,
                remote_addresses=self.firewall.remote_addresses,
            ),
        )

    # -- observed -------------------------------------------------------------------------------

    def _wanted(self) -> dict[Key, tuple[str, int]]:
        outer, inner = self.external_port.first, self.internal_port.first
        return {
            (self.protocol.name, str(self.external_address), outer + step): (
                str(self.internal_address),
                inner + step,
            )
            for step in range(len(self.external_port))
        }

    def _remembered(self, context: Context) -> dict[Key, tuple[str, int]]:
        entry = context.state.ledger.get(f"{self.kind}/{self.name}")
        if not entry:
            return {}
        try:
            old = NatStaticMapping.model_validate({**entry, "name": self.name, "firewall": False})
        except ValueError:
            return {}  # a ledger that somebody edited is no reason to touch anything
        return old._wanted()  # noqa: SLF001 - its own class

    def observe(self, context: Context) -> Observed | None:
        """Compare the ports on the host with the declared ones, and with what the ledger remembers."""
        present: dict[Key, MappingState] = context.kept(
            "mappings",
            lambda: {
                (item.protocol.name, item.external_address, item.external_port): item for item in context.state.mappings
            },
        )
        wanted, remembered = self._wanted(), self._remembered(context)
        mine: dict[Key, MappingState] = {key: present[key] for key in wanted if key in present}
        for key, target in remembered.items():
            found = present.get(key)
            if found and (found.internal_address, found.internal_port) == target:
                mine[key] = found
        if not mine:
            return None
        right = {key for key, item in mine.items() if wanted.get(key) == (item.internal_address, item.internal_port)}
        stale = [item for key, item in mine.items() if key not in right]
        missing = [key[2] - self.external_port.first for key in wanted if key not in right]
        return Observed(
            differences=self._differences(mine) if stale or missing else (),
            replace=bool(stale),
            remove={"mappings": [_remove_values(item) for item in stale]},
            remove_all={"mappings": [_remove_values(item) for item in mine.values()]},
            create=self.values(context) | {"offsets": missing},
        )

    def _differences(self, mine: dict[Key, MappingState]) -> tuple[FieldChange, ...]:
        old = {
            "protocol": _joined({item.protocol.name for item in mine.values()}),
            "external_address": _joined({item.external_address for item in mine.values()}),
            "external_port": str(PortSet.parse([item.external_port for item in mine.values()])),
            "internal_address": _joined({item.internal_address for item in mine.values()}),
            "internal_port": str(PortSet.parse([item.internal_port for item in mine.values()])),
        }
        return tuple(
            FieldChange(field=name, old=value, new=str(getattr(self, name)))
            for name, value in old.items()
            if value != str(getattr(self, name))
        )

    # -- checks and scripts ---------------------------------------------------------------------

    def _network_prefix(self, context: Context) -> str | None:
        declared = context.find(Identity(ContainerNetwork.kind, self.network))
        if isinstance(declared, ContainerNetwork) and declared.mode is Mode.NAT:
            return str(declared.prefix)
        for item in context.state.networks:
            if item.name.lower() == self.network.lower() and item.mode == Mode.NAT and item.subnets:
                return item.subnets[0].prefix
        return self._nat_prefix(context)

    def _nat_prefix(self, context: Context) -> str | None:
        own = context.find(Identity(Nat.kind, self.network))
        if isinstance(own, Nat):
            return str(own.prefix)
        for nat in context.state.nats:
            if nat.name.lower() == self.network.lower() and nat.internal_prefix:
                return str(network_of(nat.internal_prefix))
        return None

    def _listed(self, prefix: str, context: Context) -> bool:
        """Say whether Get-NetNat lists, or will list, a NAT that holds the prefix."""
        if context.state.facts.build <= BUILD_2016 or nat_of(prefix, context.state) is not None:
            return True
        wanted = network_of(prefix)
        return any(isinstance(item, Nat) and item.prefix == wanted for item in context.resources)

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what stands against the mapping: its network, its address, reserved ports."""
        resource = str(self.identity)
        prefix = self._network_prefix(context)
        if prefix is None:
            yield Finding(
                id="mapping-network-missing",
                severity="error",
                resource=resource,
                reason=f"no nat network or NAT {self.network} is declared or on the host",
                remedy=f"declare nats: - name: {self.network}, or on Windows Server 2016 container_networks: "
                f"- name: {self.network}, mode: nat",
            )
            return
        if not self._listed(prefix, context):
            yield Finding(
                id="mapping-hns-nat",
                severity="error",
                resource=resource,
                reason=f"from Windows Server 1709 on HNS keeps the NAT of its nat networks to itself: Get-NetNat does "
                f"not list that of {self.network}, so Add-NetNatStaticMapping has nothing to map on",
                remedy="publish the port when the container is made (docker run --publish, CNI portMappings), or lead "
                f"it into a NAT of its own: nats: - name: {self.network}, with prefix and switch",
                source="claim c01",
            )
        for item in context.state.exclusions:
            first, last = self.external_port.first, self.external_port.last
            reserved = item.protocol == self.protocol and item.first <= last and first <= item.last
            if reserved and not self._holds_already(context):
                yield Finding(
                    id="port-excluded",
                    severity="error",
                    resource=resource,
                    reason=f"{self.protocol} {item.first}-{item.last} is reserved on the host"
                    f" (netsh int ipv4 show excludedportrange {self.protocol.name.lower()})",
                    remedy="choose an external port outside the reserved ranges",
                    source="reference: pitfalls 1, Windows System Error 32,Add-NetNatStaticMapping",
                )

    def _holds_already(self, context: Context) -> bool:
        observed = self.observe(context)
        return observed is not None and not observed.differences

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create template takes; ``offsets`` are the ports of the range still to add."""
        prefix = self._network_prefix(context) or "unknown"
        declared = context.find(Identity(ContainerNetwork.kind, self.network))
        network = declared.find(context) if isinstance(declared, ContainerNetwork) else None
        keeps_nat = network is None or not network.subnets or network.subnets[0].prefix == prefix
        nat = nat_of(prefix, context.state) if prefix != "unknown" and keeps_nat else None
        return {
            "name": self.name,
            "nat_prefixes": [nat.internal_prefix] if nat else self._shown_prefixes(prefix, context),
            "protocol": self.protocol.name,
            "external_address": str(self.external_address),
            "external_port": self.external_port.first,
            "internal_address": str(self.internal_address),
            "internal_port": self.internal_port.first,
            "offsets": list(range(len(self.external_port))),
        }

    def _shown_prefixes(self, prefix: str, context: Context) -> list[str]:
        """Return how Get-NetNat may show the prefix of a NAT that is still to be made (claim c03)."""
        declared = context.find(Identity(ContainerNetwork.kind, self.network))
        if not isinstance(declared, ContainerNetwork) or prefix == "unknown":
            return [prefix]
        return [prefix, *(f"{item.effective_gateway()}/{item.prefix.prefixlen}" for item in declared.subnets)]

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record the ports: WinNAT has no place for a name or an owner."""
        return self.model_dump(mode="json", exclude={"name", "firewall"})


def _joined(values: set[str]) -> str:
    return ",".join(sorted(values))


def _remove_values(item: MappingState) -> dict[str, Any]:
    return {
        "id": item.id,
        "nat": item.nat,
        "title": f"{item.protocol} {item.external_address}:{item.external_port}"
        f" -> {item.internal_address}:{item.internal_port}",
    }


__all__ = ["PSNET_GROUP", "MappingFirewall", "NatStaticMapping"]
