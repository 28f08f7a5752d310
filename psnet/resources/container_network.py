"""Container networks: New-ContainerNetwork on 2016, an HNS network from 1709 on."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from psnet._internal.model import Model
from psnet.resources import network_checks
from psnet.resources.base import Claim, Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.nat_prefix import check_nat_prefix
from psnet.types import Mode, Network, parse_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import NetworkState

_DECLARED = tuple(mode for mode in Mode if mode is not Mode.ICS)
_ON_ADAPTERS = frozenset({Mode.TRANSPARENT, Mode.L2BRIDGE, Mode.L2TUNNEL, Mode.OVERLAY})
_WITH_SUBNETS = frozenset({Mode.L2BRIDGE, Mode.L2TUNNEL, Mode.OVERLAY})
_SWITCH_ONLY = frozenset({Mode.INTERNAL, Mode.PRIVATE})
NetworkName = Annotated[str, Field(min_length=1, max_length=256, pattern=r"^[A-Za-z0-9][A-Za-z0-9_. ()-]*$")]


def _mac(value: Any) -> Any:
    return value.strip().replace(":", "-").upper() if isinstance(value, str) else value


class SubnetSpec(Model):
    """A subnet of a network; HNS v1 demands a gateway with a prefix (reference/hns.md)."""

    prefix: Network = Field(description="such as 172.20.0.0/24")
    gateway: IPv4Address | IPv6Address | None = Field(
        default=None, description="the first address of the prefix when left out"
    )

    @model_validator(mode="after")
    def _gateway_inside(self) -> Self:
        if self.gateway is not None and self.gateway not in self.prefix:
            raise ValueError(f"gateway {self.gateway} lies outside {self.prefix}")
        edges = (self.prefix.network_address, self.prefix.broadcast_address)
        if self.gateway in edges and self.prefix.max_prefixlen - self.prefix.prefixlen > 1:
            raise ValueError(f"gateway {self.gateway} is the network or broadcast address of {self.prefix}")
        return self

    def effective_gateway(self) -> IPv4Address | IPv6Address:
        """Return the declared gateway, or the first address of the prefix."""
        return self.gateway or self.prefix.network_address + 1


def _declared_mode(value: Any) -> Any:
    """Refuse the mode that only Windows makes, and offer it to nobody."""
    try:
        mode = Mode(value)
    except ValueError:
        words = ", ".join(f"'{mode}'" for mode in _DECLARED)
        raise PydanticCustomError("enum", "it is none of {expected}", {"expected": words}) from None
    if mode is Mode.ICS:
        raise ValueError("ics networks are made by Windows itself: psnet shows them and makes none")
    return mode


DeclaredMode = Annotated[
    Mode, BeforeValidator(_declared_mode), WithJsonSchema({"enum": [str(mode) for mode in _DECLARED], "type": "string"})
]
Mac = Annotated[str, Field(pattern=r"^([0-9A-F]{2}-){5}[0-9A-F]{2}$"), BeforeValidator(_mac)]


class MacPool(Model):
    """A range of MAC addresses for endpoints, such as 00-15-5D-10-00-00 to 00-15-5D-10-0F-FF."""

    start: Mac = Field(description="the first address")
    end: Mac = Field(description="the last address")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start > self.end:
            raise ValueError(f"the pool ends before it starts: {self.start} to {self.end}")
        return self


def find_network(name: str, context: Context) -> NetworkState | None:
    """Return a network of the host by its name; where docker makes networks, by what docker calls it."""
    if context.backend != "docker":
        return context.network(name)
    named = next((item for item in context.state.docker_networks if item.name == name), None)
    wanted = named.hns_id.lower() if named else None
    return next((item for item in context.state.networks if item.id.lower() == wanted), None)


class ContainerNetwork(Resource):
    """A network that containers attach to."""

    kind: ClassVar[str] = "container_network"
    section: ClassVar[str] = "container_networks"
    backend_specific: ClassVar[bool] = True
    short_keys: ClassVar[dict[str, tuple[str | int, ...]]] = {
        "subnet": ("subnets", 0, "prefix"),
        "gateway": ("subnets", 0, "gateway"),
    }

    name: NetworkName = Field(description="unique on the host")
    mode: DeclaredMode = Field(default=Mode.NAT, description="how the network reaches the outside")
    subnets: tuple[SubnetSpec, ...] = Field(default=(), description="the subnets, in order; a nat network has one")
    dns_servers: tuple[IPv4Address | IPv6Address, ...] | None = Field(
        default=None, description="what its endpoints ask for names, in order"
    )
    dns_suffix: str | None = Field(
        default=None, min_length=1, max_length=253, description="the DNS suffix of its endpoints"
    )
    adapter: str | None = Field(
        default=None,
        min_length=1,
        description="the physical adapter that its switch binds to; HNS takes a free one when it is left out; several, "
        "with commas between them, become one switch with embedded teaming (SET)",
    )
    vlan: int | None = Field(
        default=None, ge=1, le=4094, description="VLAN of the physical network; the port must trunk it"
    )
    vsid: int | None = Field(
        default=None, ge=4096, le=2**24 - 2, description="virtual subnet id of an overlay or SDN network"
    )
    mac_pools: tuple[MacPool, ...] = Field(default=(), description="ranges of MAC addresses for its endpoints")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        """Accept ``subnet:`` and ``gateway:`` for the usual single subnet."""
        if not isinstance(data, dict) or not ({"subnet", "gateway"} & data.keys()):
            return data
        if "subnets" in data:
            raise ValueError("write either subnet (and gateway) or subnets, not both")
        rest = {key: value for key, value in data.items() if key not in ("subnet", "gateway")}
        if "subnet" not in data:
            raise ValueError("gateway needs subnet beside it")
        short = {"prefix": data["subnet"]} | ({"gateway": data["gateway"]} if "gateway" in data else {})
        return {**rest, "subnets": [short]}

    @model_validator(mode="after")
    def _fits_mode(self) -> Self:
        if self.mode is Mode.NAT:
            if len(self.subnets) > 1:
                raise ValueError("a nat network has one subnet: give subnet: 172.20.0.0/24, or none and HNS chooses")
            if self.adapter:
                raise ValueError("a nat network takes no adapter: WinNAT uses the host's own routes")
            if self.subnets and self.subnets[0].prefix.version != 4:  # noqa: PLR2004 - IPv4
                raise ValueError("WinNAT has no IPv6: give an IPv4 subnet")
        if self.mode in _WITH_SUBNETS and not self.subnets:
            raise ValueError(f"a {self.mode.value} network needs a subnet: HNS gives its endpoints their addresses")
        if self.mode in _SWITCH_ONLY and (self.subnets or self.adapter):
            raise ValueError(f"a {self.mode.value} network is a switch alone: it takes no subnet and no adapter")
        if self.mode not in _ON_ADAPTERS and (self.vlan is not None or self.vsid is not None):
            raise ValueError(f"vlan and vsid belong to networks on an adapter, not to {self.mode.value}")
        if self.vlan is not None and self.vsid is not None:
            raise ValueError("a network has either a vlan or a vsid")
        return self

    @property
    def identity(self) -> Identity:
        """The name: HNS refuses two networks of one name."""
        return Identity(self.kind, self.name)

    def title(self) -> str:
        """Return name, mode and prefixes."""
        return " ".join([self.name, self.mode.value, *(str(subnet.prefix) for subnet in self.subnets)])

    @property
    def adapters(self) -> tuple[str, ...]:
        """The adapters by name."""
        return tuple(name.strip() for name in (self.adapter or "").split(",") if name.strip())

    @property
    def prefix(self) -> IPv4Network | IPv6Network | None:
        """The first subnet's prefix."""
        return self.subnets[0].prefix if self.subnets else None

    def find(self, context: Context) -> NetworkState | None:
        """Return the network of this name on the host; for docker, the one that docker calls so."""
        return find_network(self.name, context)

    def observe(self, context: Context) -> Observed | None:
        """Compare declared fields with the network of this name."""
        network = self.find(context)
        if network is None:
            return None
        return Observed(
            differences=tuple(self._differences(network)),
            remove={"name": network.name, "id": network.id},
            remove_all={"name": network.name, "id": network.id},
        )

    def _differences(self, network: NetworkState) -> Iterator[FieldChange]:
        if str(network.mode) != self.mode.value:
            yield FieldChange(field="mode", old=str(network.mode), new=self.mode.value)
        old = tuple(str(parse_network(subnet.prefix)) for subnet in network.subnets)
        new = tuple(str(subnet.prefix) for subnet in self.subnets)
        if self.subnets and old != new:
            yield FieldChange(field="subnets", old=list(old), new=list(new))
        yield from self._gateways(network)
        if self.dns_servers is not None:
            wanted = [str(server) for server in self.dns_servers]
            if list(network.dns_servers) != wanted:
                yield FieldChange(field="dns_servers", old=list(network.dns_servers), new=wanted)
        if self.dns_suffix is not None and (network.dns_suffix or "").lower() != self.dns_suffix.lower():
            yield FieldChange(field="dns_suffix", old=network.dns_suffix, new=self.dns_suffix)
        # HNS echoes an adapter only when it was sent: without one nothing is known (c43, a04).
        if self.adapter is not None and network.adapter and network.adapter.lower() != self.adapter.lower():
            yield FieldChange(field="adapter", old=network.adapter, new=self.adapter)
        yield from self._isolation(network)

    def _gateways(self, network: NetworkState) -> Iterator[FieldChange]:
        old = [subnet.gateway for subnet in network.subnets]
        new = [str(subnet.gateway) if subnet.gateway else None for subnet in self.subnets]
        if any(gateway and (at >= len(old) or old[at] != gateway) for at, gateway in enumerate(new)):
            yield FieldChange(field="gateway", old=old, new=new)

    def _isolation(self, network: NetworkState) -> Iterator[FieldChange]:
        # A VSID stands in the subnet's policies (claim c53), HCN's VLAN too.
        policies = [*network.policies, *(item for subnet in network.subnets for item in subnet.policies)]
        for name, wanted in (("vlan", self.vlan), ("vsid", self.vsid)):
            kind = name.upper()
            found = next((item.get(kind) for item in policies if item.get("Type") == kind), None)
            if wanted is not None and found != wanted:
                yield FieldChange(field=name, old=found, new=wanted)
        pools = [{"start": pool.start, "end": pool.end} for pool in self.mac_pools]
        if self.mac_pools and list(network.mac_pools) != pools:
            yield FieldChange(field="mac_pools", old=list(network.mac_pools), new=pools)

    def claims(self, context: Context) -> Iterator[Claim]:
        """Yield its name as a switch (up to 2016 a nat network's switch has it: claim c28), and its MAC addresses."""
        yield Claim("switch", "", self.name.lower())
        for pool in self.mac_pools or ():
            first, last = (int(text.replace("-", ""), 16) for text in (pool.start, pool.end))
            yield Claim("MAC pool", "", "", first, last, f"{pool.start} to {pool.end}")

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what the backend, the host's adapters and addresses, and WinNAT say against it."""
        yield from network_checks.check_capabilities(self, context)
        yield from network_checks.check_name(self, context)
        yield from network_checks.check_docker_arguments(self, context)
        yield from network_checks.check_external(self, context)
        yield from network_checks.check_prefixes(self, context)
        yield from network_checks.check_ipv6(self, context)
        yield from network_checks.check_overlay(self, context)
        yield from network_checks.check_reboot(self, context)
        if self.mode is Mode.NAT:
            yield from check_nat_prefix(self, context)

    def cuts(self, context: Context, operation: str) -> bool:
        """Say whether its switch takes or gives back the adapter with the default route."""
        if self.mode in _ON_ADAPTERS and self.adapter is None and self.find(context) is None:
            return network_checks.binds_uplink(context)
        return network_checks.cuts(context.state, self.name, self.adapter if self.mode in _ON_ADAPTERS else None)

    def undo(self, context: Context, operation: str) -> dict[str, Any] | None:
        """Return what was there before; None when endpoints would be lost, or nothing is cut."""
        if not self.cuts(context, operation):
            return None
        return network_checks.undo_of(context.state, self.find(context))

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create template takes."""
        return {
            "name": self.name,
            "mode": self.mode.value,
            "subnets": [
                {"prefix": str(subnet.prefix), "gateway": str(subnet.effective_gateway())} for subnet in self.subnets
            ],
            "dns_servers": [str(server) for server in self.dns_servers or ()],
            "dns_suffix": self.dns_suffix,
            "adapter": self.adapter,
            "vlan": self.vlan,
            "vsid": self.vsid,
            "mac_pools": [{"start": pool.start, "end": pool.end} for pool in self.mac_pools],
            "waits": context.backend in ("hns", "hcn") and network_checks.has_address_to_lose(self, context),
        }

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record the name and the backend that made it: an HNS network has no place for an owner."""
        return {"name": self.name, "mode": self.mode.value, "backend": context.backend}
