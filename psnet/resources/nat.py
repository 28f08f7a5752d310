"""NATs of WinNAT beside container networks: New-NetNat and its external addresses (reference/cmdlets/NetNat.yaml)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, ip_address
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet.resources.base import Claim, Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.container_network import ContainerNetwork, NetworkName
from psnet.resources.nat_prefix import SEVERAL_SINCE, prefixes_fit, without_winnat
from psnet.types import Mode, PortRange, network_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import NatState

NatName = Annotated[str, Field(min_length=1, max_length=256, pattern=r"^[A-Za-z0-9][A-Za-z0-9_. -]*$")]


class ExternalAddress(Model):
    """An address that a NAT uses, with the range of ports that it may take."""

    address: IPv4Address = Field(description="an address that the host has")
    ports: PortRange | None = Field(
        default=None, description="the ports that the NAT may take of it; all when left out"
    )

    def key(self) -> tuple[str, int, int]:
        """Return address, first and last port; 0 where no range is given."""
        return (str(self.address), self.ports.first if self.ports else 0, self.ports.last if self.ports else 0)


class Nat(Resource):
    """A NAT for an internal switch, such as one for virtual machines; container networks of mode nat have their own."""

    kind: ClassVar[str] = "nat"
    section: ClassVar[str] = "nats"

    name: NatName = Field(description="unique on the host")
    prefix: IPv4Network = Field(description="the internal prefix; up to Windows Server 2016 one a host")
    external_addresses: tuple[ExternalAddress, ...] | None = Field(
        default=None, description="the addresses that it uses; not compared when left out"
    )
    switch: NetworkName | None = Field(
        default=None, description="an internal virtual switch on its inside, made when it is not there (New-VMSwitch)"
    )
    gateway: IPv4Address | None = Field(
        default=None, description="the host's address on that switch; the first of the prefix when left out"
    )

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if self.gateway is not None and self.switch is None:
            raise ValueError("gateway is the host's address on the NAT's switch: give switch beside it")
        if self.gateway is not None and self.gateway not in self.prefix:
            raise ValueError(f"the gateway {self.gateway} is not in the prefix {self.prefix}")
        return self

    @property
    def inside(self) -> str:
        """The host's address on the NAT's switch."""
        return str(self.gateway or next(self.prefix.hosts()))

    @property
    def identity(self) -> Identity:
        """The name."""
        return Identity(self.kind, self.name)

    def title(self) -> str:
        """Return name and prefix."""
        return f"{self.name} {self.prefix}"

    def _find(self, context: Context) -> NatState | None:
        return next((item for item in context.state.nats if item.name.lower() == self.name.lower()), None)

    def _wanted(self) -> set[tuple[str, int, int]]:
        return {item.key() for item in self.external_addresses or ()}

    def observe(self, context: Context) -> Observed | None:
        """Compare the prefix and, when declared, the external addresses."""
        found = self._find(context)
        if found is None:
            return None
        gone = {"name": found.name}
        old = str(network_of(found.internal_prefix)) if found.internal_prefix else None
        changes = [] if old == str(self.prefix) else [FieldChange(field="prefix", old=old, new=str(self.prefix))]
        replace = bool(changes)
        present = {(item.address, item.first, item.last): item.id for item in found.external_addresses}
        stale = [number for key, number in present.items() if key not in self._wanted()]
        missing = sorted(self._wanted() - present.keys())
        if self.external_addresses is not None and (stale or missing):
            shown = [_text(key) for key in sorted(present)]
            new = [_text(key) for key in sorted(self._wanted())]
            changes.append(FieldChange(field="external_addresses", old=shown, new=new))
        lost = None if self.switch is None else self._lost(self.switch, context)
        if lost is not None:
            changes.append(lost)
        values = {"name": found.name, "prefix": None, "add": [_row(key) for key in missing], "remove": stale}
        values |= self._switch_values()
        return Observed(
            differences=tuple(changes),
            replace=replace,
            remove=gone,
            remove_all=gone,
            create=None if replace else values,
        )

    def _lost(self, switch: str, context: Context) -> FieldChange | None:
        """Return the difference when the switch or the host's address on it is not there."""
        there = any(item.name.lower() == switch.lower() for item in context.state.switches)
        if not there:
            return FieldChange(field="switch", old=None, new=switch)
        if all(item.address != self.inside for item in context.state.addresses):
            return FieldChange(field="gateway", old=None, new=self.inside)
        return None

    def _switch_values(self) -> dict[str, Any]:
        return {
            "switch": self.switch,
            "gateway": self.inside if self.switch else None,
            "prefix_length": self.prefix.prefixlen,
        }

    def claims(self, context: Context) -> Iterator[Claim]:
        """Yield its prefix, its switch, the host's address on it, and the ports of its external addresses.

        Before Windows Server 2019 WinNAT has one prefix a host, which every NAT claims whole.
        """
        alone = context.state.facts.build < SEVERAL_SINCE
        first, last = int(self.prefix.network_address), int(self.prefix.broadcast_address)
        whole = f"{self.prefix}, WinNAT's only one on this build" if alone else str(self.prefix)
        yield Claim("NAT prefix", "", "", 1 if alone else first, 2**32 if alone else last, whole)
        if self.switch is not None:
            yield Claim("switch", "", self.switch.lower())
            yield Claim("host address", "", self.inside)
        for item in self.external_addresses or ():
            first, last = (item.ports.first, item.ports.last) if item.ports else (1, 65535)
            yield Claim("external address", "", str(item.address), first, last)

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what WinNAT says against the prefix: another NAT, and no interface on the inside."""
        state = context.state
        if not state.facts.has_winnat:
            yield without_winnat(str(self.identity), "error")
        inside = any(
            ip_address(item.address.split("%")[0]) in self.prefix for item in state.addresses if ":" not in item.address
        )
        if self.switch is None and not inside and self._find(context) is None:
            yield Finding(
                id="nat-no-interface",
                severity="info",
                resource=str(self.identity),
                reason=f"no interface of the host has an address in {self.prefix}: New-NetNat may refuse it"
                " (Windows System Error 1169)",
                remedy="give switch: NAME, and psnet makes the internal switch with the host's address on it",
                source="claim c145",
            )
        yield from self._outside(context)
        for other in state.nats:
            if other.internal_prefix is None or other.name.lower() == self.name.lower():
                continue
            prefix = network_of(other.internal_prefix)
            if isinstance(prefix, IPv4Network) and prefixes_fit(self.prefix, prefix, state.facts.build):
                continue
            yield Finding(
                id="nat-foreign-prefix",
                severity="error",
                resource=str(self.identity),
                reason=f"the host's WinNAT prefix is {prefix} (NAT {other.name}); {self.prefix} is a second one",
                remedy=f"declare the prefix {prefix}, or remove that NAT (Remove-NetNat -Name '{other.name}')",
                source="reference: WinNAT, one internal prefix per host",
            )
        for item in context.resources:
            if not isinstance(item, ContainerNetwork):
                continue
            if item.mode is not Mode.NAT:
                yield from self._overlaps(item)
                continue
            apart = isinstance(item.prefix, IPv4Network) and not item.prefix.overlaps(self.prefix)
            if not apart or state.facts.build < SEVERAL_SINCE:
                yield Finding(
                    id="nat-beside-network",
                    severity="error",
                    resource=str(self.identity),
                    reason=f"{item.identity} makes a NAT of its own"
                    + (", and WinNAT has one prefix a host" if apart else f" for {item.prefix}, which overlaps"),
                    remedy="declare the nat network alone, give containers another mode"
                    + ("" if apart else ", or choose a prefix apart from it"),
                    source="claims c06, c10",
                )

    def _overlaps(self, network: ContainerNetwork) -> Iterator[Finding]:
        """Yield an error when a network of another mode has addresses of the prefix: two routes lead to them."""
        taken = [item.prefix for item in network.subnets if item.prefix.overlaps(self.prefix)]
        if taken:
            yield Finding(
                id="nat-overlaps-network",
                severity="error",
                resource=str(self.identity),
                reason=f"{self.prefix} overlaps {taken[0]} of {network.identity}",
                remedy="choose prefixes that do not overlap",
                source="hns.md: HNS refuses overlapping subnets",
            )

    def _outside(self, context: Context) -> Iterator[Finding]:
        """Yield warnings for external addresses that nothing arrives at."""
        hosts = {item.address for item in context.state.addresses}
        for item in self.external_addresses or ():
            if item.address.is_loopback or (hosts and str(item.address) not in hosts):
                lacking = f"the host has no address {item.address}"
                yield Finding(
                    id="nat-foreign-address",
                    severity="warning",
                    resource=str(self.identity),
                    reason=f"{item.address} is the loopback address" if item.address.is_loopback else lacking,
                    remedy="give an address of the host's outer interface",
                )

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create template takes."""
        rows = [_row(key) for key in sorted(self._wanted())]
        return {"name": self.name, "prefix": str(self.prefix), "add": rows, "remove": [], **self._switch_values()}

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record the name, and the switch when psnet makes it."""
        entry = {"name": self.name, "prefix": str(self.prefix)}
        old = context.state.ledger.get(f"{self.kind}/{self.name}") or {}
        there = {item.name.lower() for item in context.state.switches}
        if self.switch and (self.switch.lower() not in there or old.get("switch") == self.switch):
            entry["switch"] = self.switch
        return entry


def _row(key: tuple[str, int, int]) -> dict[str, Any]:
    return {"address": key[0], "first": key[1] or None, "last": key[2] or None}


def _text(key: tuple[str, int, int]) -> str:
    return key[0] if not key[1] else f"{key[0]}:{key[1]}-{key[2]}"
