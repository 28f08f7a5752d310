"""Rules of access control lists: of endpoints, of tiers, of networks (reference: hns.md, ACL; hcn.md 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from psnet._internal.model import Model
from psnet.resources.base import Context, Finding, Identity, Resource
from psnet.resources.capabilities import why_not
from psnet.types import AddressSet, PortSet, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NUMBERS = {"TCP": "6", "UDP": "17", "ICMPv4": "1", "ICMPv6": "58"}
_PORTED = ("TCP", "UDP")
SetName = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]


def set_id(name: str) -> str:
    """Return the id that a set of a name has in HNS: ACLs name it by that."""
    return f"psnet-{name}"


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | int) else value


Words = Annotated[
    tuple[Protocol, ...], BeforeValidator(_listed, json_schema_input_type=Protocol | tuple[Protocol, ...])
]


class TrafficRule(Model):
    """What a rule of an access control list does with which traffic; lower priorities are looked at first."""

    action: Literal["Allow", "Block", "Pass"] = Field(description="what happens to the traffic")
    protocols: Words = Field(default=(), description="empty: every protocol")
    local_addresses: AddressSet = Field(default=AddressSet(), description="the endpoint's side; Any when left out")
    remote_addresses: AddressSet = Field(default=AddressSet(), description="the other side; Any when left out")
    local_ports: PortSet = Field(default=PortSet(), description="needs protocols TCP or UDP")
    remote_ports: PortSet = Field(default=PortSet(), description="needs protocols TCP or UDP")
    source_sets: tuple[SetName, ...] = Field(
        default=(), description="only what comes from an address of these ip_sets; in place of addresses"
    )
    destination_sets: tuple[SetName, ...] = Field(
        default=(), description="only what goes to an address of these ip_sets; in place of addresses"
    )
    priority: int = Field(default=100, ge=0, le=65535, description="lower ones are looked at first")

    @model_validator(mode="after")
    def _sets_or_addresses(self) -> Self:
        addresses = {str(self.local_addresses), str(self.remote_addresses)} != {"Any"}
        if addresses and self.sets:
            raise ValueError("a rule names either addresses or sets: HNS has one field for both")
        return self

    @model_validator(mode="after")
    def _ports_need_a_protocol(self) -> Self:
        ported = self.protocols and all(item.name in _PORTED for item in self.protocols)
        if (str(self.local_ports) != "Any" or str(self.remote_ports) != "Any") and not ported:
            raise ValueError("ports belong to TCP and UDP: give protocols: [TCP]")
        return self

    @property
    def sets(self) -> tuple[str, ...]:
        """The names of the ip_sets that the rule refers to."""
        return (*self.source_sets, *self.destination_sets)

    def traffic(self) -> dict[str, Any]:
        """Return the fields that select traffic (protocols, addresses, ports) under HNS's names."""
        made: dict[str, Any] = {}
        if self.protocols:
            made["Protocols"] = ",".join(_NUMBERS.get(item.name, item.name) for item in self.protocols)
        for name, addresses in (("LocalAddresses", self.local_addresses), ("RemoteAddresses", self.remote_addresses)):
            if str(addresses) != "Any":
                made[name] = ",".join(addresses.plain())
        # Sets stand there by their ids, and Local is the source in both directions (Azure NPM: policy_windows.go).
        for name, sets in (("LocalAddresses", self.source_sets), ("RemoteAddresses", self.destination_sets)):
            if sets:
                made[name] = ",".join(set_id(item) for item in sets)
        for name, ports in (("LocalPorts", self.local_ports), ("RemotePorts", self.remote_ports)):
            if str(ports) != "Any":
                made[name] = ",".join(ports.plain())
        return made


class AclRule(TrafficRule):
    """One rule; lower priorities are looked at first."""

    action: Literal["Allow", "Block"] = Field(description="what happens to the traffic")
    direction: Literal["In", "Out"] = Field(description="which way it goes, seen from the endpoint")
    rule_type: Literal["Host", "Switch"] = Field(
        default="Switch",
        description="Switch: VFP on the virtual switch; Host: filters of Windows (WFP) for this endpoint alone, which "
        "the profiles and rules of the Windows Firewall neither open nor close",
    )

    def settings(self) -> dict[str, Any]:
        """Return the rule's fields under HNS's names."""
        first = {"Action": self.action, "Direction": self.direction}
        return {**first, **self.traffic(), "RuleType": self.rule_type, "Priority": self.priority}

    def policy(self) -> dict[str, Any]:
        """Return the rule as an HNS v1 policy document."""
        return {"Type": "ACL", **self.settings()}


def sets_of(rules: Iterable[TrafficRule]) -> tuple[Identity, ...]:
    """Return the sets that rules name."""
    return tuple(dict.fromkeys(Identity("ip_set", name) for rule in rules for name in rule.sets))


def check_sets(resource: Resource, rules: Iterable[TrafficRule], context: Context) -> Iterator[Finding]:
    """Yield a refusal for each set that is not declared, and when this host or backend has no sets."""
    wanted = sets_of(rules)
    reason = why_not("acl_sets", context.backend, context.state.facts) if wanted else None
    if reason is not None:
        yield Finding(
            id="not-in-this-backend",
            severity="error",
            resource=str(resource.identity),
            reason=f"the backend {context.backend} gives no ip_sets on build {context.state.facts.build}: {reason}",
            remedy="write addresses in place of sets; docs/backends.md has the table",
            source="docs/backends.md",
        )
    for identity in wanted:
        if context.find(identity) is None:
            yield Finding(
                id="set-missing",
                severity="error",
                resource=str(resource.identity),
                reason=f"no ip_set {identity.name} is declared",
                remedy=f"declare ip_sets: - name: {identity.name}, with network and addresses",
            )
