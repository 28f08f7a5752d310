"""Container networks: New-ContainerNetwork on 2016, an HNS network from 1709 on."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from psnet._model import Model
from psnet.resources.base import Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.nat_prefix import check_nat_prefix
from psnet.types import Mode, Network, parse_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.observe.state import NetworkState

NetworkName = Annotated[str, Field(min_length=1, max_length=256, pattern=r"^[A-Za-z0-9][A-Za-z0-9_. -]*$")]


class SubnetSpec(Model):
    """A subnet of a network; HNS v1 demands a gateway with a prefix (reference/hns.md)."""

    prefix: Network
    gateway: IPv4Address | IPv6Address | None = None

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


class ContainerNetwork(Resource):
    """A network that containers attach to."""

    kind: ClassVar[str] = "container_network"
    section: ClassVar[str] = "container_networks"
    backend_specific: ClassVar[bool] = True
    short_keys: ClassVar[dict[str, tuple[str | int, ...]]] = {
        "subnet": ("subnets", 0, "prefix"),
        "gateway": ("subnets", 0, "gateway"),
    }

    name: NetworkName
    mode: Mode = Mode.NAT
    subnets: tuple[SubnetSpec, ...] = ()
    dns_servers: tuple[IPv4Address | IPv6Address, ...] | None = None
    dns_suffix: str | None = Field(default=None, min_length=1, max_length=253)
    adapter: str | None = Field(default=None, min_length=1)

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
            if len(self.subnets) != 1:
                raise ValueError("a nat network has exactly one subnet: give subnet: 172.20.0.0/24")
            if self.adapter:
                raise ValueError("a nat network takes no adapter: WinNAT uses the host's own routes")
            if self.subnets[0].prefix.version != 4:  # noqa: PLR2004 - IPv4
                raise ValueError("WinNAT has no IPv6: give an IPv4 subnet")
        return self

    @property
    def identity(self) -> Identity:
        """The name: HNS refuses two networks of one name."""
        return Identity(self.kind, self.name)

    def title(self) -> str:
        """Return name, mode and prefixes."""
        return " ".join([self.name, self.mode.value, *(str(subnet.prefix) for subnet in self.subnets)])

    @property
    def prefix(self) -> IPv4Network | IPv6Network | None:
        """The first subnet's prefix."""
        return self.subnets[0].prefix if self.subnets else None

    def find(self, context: Context) -> NetworkState | None:
        """Return the network of this name on the host."""
        return next((item for item in context.state.networks if item.name.lower() == self.name.lower()), None)

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
        old_gateways = [subnet.gateway for subnet in network.subnets]
        new_gateways = [str(subnet.gateway) if subnet.gateway else None for subnet in self.subnets]
        for position, gateway in enumerate(new_gateways):
            if gateway and (position >= len(old_gateways) or old_gateways[position] != gateway):
                yield FieldChange(field="gateway", old=old_gateways, new=new_gateways)
                break
        if self.dns_servers is not None:
            wanted = [str(server) for server in self.dns_servers]
            if list(network.dns_servers) != wanted:
                yield FieldChange(field="dns_servers", old=list(network.dns_servers), new=wanted)
        if self.dns_suffix is not None and (network.dns_suffix or "").lower() != self.dns_suffix.lower():
            yield FieldChange(field="dns_suffix", old=network.dns_suffix, new=self.dns_suffix)
        if self.adapter is not None and (network.adapter or "").lower() != self.adapter.lower():
            yield FieldChange(field="adapter", old=network.adapter, new=self.adapter)

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what WinNAT and the host's addresses say against it."""
        if self.mode is Mode.NAT:
            yield from check_nat_prefix(self, context)

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
        }

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record the name: an HNS network has no place for an owner."""
        return {"name": self.name, "mode": self.mode.value}
