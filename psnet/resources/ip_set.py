"""Sets of addresses that rules name (SetPolicy), as Azure's and Calico's network policies use them."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import Field, model_validator

from psnet.resources.acl_rule import SetName, set_id
from psnet.resources.base import Context, FieldChange, Finding, Identity, Observed
from psnet.resources.network_policy import NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator


class IpSet(NetworkPolicy):
    """A set of addresses on a network, or of other sets; ACLs and network ACLs name it."""

    kind: ClassVar[str] = "ip_set"
    section: ClassVar[str] = "ip_sets"
    policy_type: ClassVar[str] = "SetPolicy"

    name: SetName = Field(description="the name by which rules name it")
    addresses: tuple[IPv4Address | IPv4Network, ...] = Field(default=(), description="its addresses and prefixes")
    sets: tuple[SetName, ...] = Field(default=(), description="the sets that it holds, in place of addresses")

    @model_validator(mode="after")
    def _one_sort(self) -> Self:
        if self.addresses and self.sets:
            raise ValueError("a set holds either addresses or sets: HNS has two types of them")
        if self.name in self.sets:
            raise ValueError(f"the set {self.name} holds itself")
        return self

    @property
    def identity(self) -> Identity:
        """The name."""
        return Identity(self.kind, self.name)

    def title(self) -> str:
        """Return the name, the network, and how much is in it."""
        held = f"{len(self.sets)} sets" if self.sets else f"{len(self.addresses)} addresses"
        return f"{self.name} on {self.network}, {held}"

    def features(self) -> tuple[str, ...]:
        """Return what it takes: sets of sets are newer."""
        return ("ip_set", "nested_sets") if self.sets else ("ip_set",)

    def rests_on(self, context: Context) -> tuple[Identity, ...]:
        """Return the sets that it holds: they are made first."""
        return tuple(Identity(self.kind, name) for name in self.sets)

    def settings(self) -> dict[str, Any]:
        """Return the policy's settings; Values is one text with commas."""
        held = [set_id(name) for name in self.sets] or [str(item) for item in self.addresses]
        return {
            "Id": set_id(self.name),
            "Name": self.name,
            "PolicyType": "NESTEDIPSET" if self.sets else "IPSET",
            "Values": ",".join(held),
        }

    def observe(self, context: Context) -> Observed | None:
        """Compare what the set of this id holds; its order means nothing."""
        found = next((item for item in self.present(context) if item.get("Id") == set_id(self.name)), None)
        if found is None:
            return None
        wanted = self.settings()
        old, new = (sorted(filter(None, str(item.get("Values") or "").split(","))) for item in (found, wanted))
        differences = [FieldChange(field="sets" if self.sets else "addresses", old=old, new=new)] if old != new else []
        other = found.get("PolicyType") != wanted["PolicyType"]
        if other:
            differences.append(FieldChange(field="type", old=found.get("PolicyType"), new=wanted["PolicyType"]))
        gone = {"name": self.name, "network": self.network, "id": set_id(self.name)}
        return Observed(differences=tuple(differences), replace=other, remove=gone, remove_all=gone)

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what stands against it, and sets that it holds and nobody declares."""
        yield from super().check(context)
        for identity in self.rests_on(context):
            other = context.find(identity)
            network = getattr(other, "network", None)
            if other is None or str(network).lower() != self.network.lower():
                where = f" on {network}" if other is not None else ""
                yield Finding(
                    id="set-missing",
                    severity="error",
                    resource=str(self.identity),
                    reason=f"the set {identity.name} is not declared on {self.network}, but{where or ' nowhere'}",
                    remedy=f"declare ip_sets: - name: {identity.name}, network: {self.network}, with addresses",
                )

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create and update templates take."""
        policy = {"Type": self.policy_type, "Settings": self.settings()}
        return {"name": self.name, "network": self.network, "policy": policy}
