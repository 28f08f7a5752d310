"""NATs of WinNAT beside container networks: New-NetNat and its external addresses (reference/cmdlets/NetNat.yaml)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from psnet._internal.model import Model
from psnet.resources.base import Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.nat_prefix import BUILD_2016
from psnet.types import PortRange, network_of

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
    prefix: IPv4Network = Field(description="the internal prefix; WinNAT has one a host")
    external_addresses: tuple[ExternalAddress, ...] | None = Field(
        default=None, description="the addresses that it uses; not compared when left out"
    )

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
        values = {"name": found.name, "prefix": None, "add": [_row(key) for key in missing], "remove": stale}
        return Observed(
            differences=tuple(changes),
            replace=replace,
            remove=gone,
            remove_all=gone,
            create=None if replace else values,
        )

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what WinNAT says against a second prefix."""
        for other in context.state.nats:
            if other.internal_prefix is None or other.name.lower() == self.name.lower():
                continue
            prefix = network_of(other.internal_prefix)
            inside = isinstance(prefix, IPv4Network) and self.prefix.subnet_of(prefix)
            if context.state.facts.build <= BUILD_2016 and inside:
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
            if item.kind == "container_network" and str(getattr(item, "mode", "")) == "nat":
                yield Finding(
                    id="nat-beside-network",
                    severity="error",
                    resource=str(self.identity),
                    reason=f"{item.identity} makes a NAT of its own, and WinNAT has one prefix a host",
                    remedy="declare the nat network alone, or give containers another mode",
                    source="hns.md, Limits",
                )

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create template takes."""
        rows = [_row(key) for key in sorted(self._wanted())]
        return {"name": self.name, "prefix": str(self.prefix), "add": rows, "remove": []}

    def ledger(self, context: Context) -> dict[str, Any] | None:
        """Record the name."""
        return {"name": self.name, "prefix": str(self.prefix)}


def _row(key: tuple[str, int, int]) -> dict[str, Any]:
    return {"address": key[0], "first": key[1] or None, "last": key[2] or None}


def _text(key: tuple[str, int, int]) -> str:
    return key[0] if not key[1] else f"{key[0]}:{key[1]}-{key[2]}"
