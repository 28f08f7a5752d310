"""Access control lists of endpoints: ordered allow and block rules (reference: hns.md, ACL)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from psnet._internal.model import Model
from psnet.resources.base import Context, Finding
from psnet.resources.capabilities import hns_version
from psnet.resources.endpoint_policy import EndpointPolicy
from psnet.types import AddressSet, PortSet, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBERS = {"TCP": "6", "UDP": "17", "ICMPv4": "1", "ICMPv6": "58"}
_BUILD_2025 = 26100
#: The HNS that takes lists of protocols, addresses and ports (hcsshim: hcnglobals.go).
_LISTS = (7, 2)
_PORTED = ("TCP", "UDP")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | int) else value


Words = Annotated[
    tuple[Protocol, ...], BeforeValidator(_listed, json_schema_input_type=Protocol | tuple[Protocol, ...])
]


class AclRule(Model):
    """One rule; lower priorities are looked at first."""

    action: Literal["Allow", "Block"] = Field(description="what happens to the traffic")
    direction: Literal["In", "Out"] = Field(description="which way it goes, seen from the endpoint")
    protocols: Words = Field(default=(), description="empty: every protocol")
    local_addresses: AddressSet = Field(default=AddressSet(), description="the endpoint's side; Any when left out")
    remote_addresses: AddressSet = Field(default=AddressSet(), description="the other side; Any when left out")
    local_ports: PortSet = Field(default=PortSet(), description="needs protocols TCP or UDP")
    remote_ports: PortSet = Field(default=PortSet(), description="needs protocols TCP or UDP")
    priority: int = Field(default=100, ge=0, le=65535, description="lower ones are looked at first")
    rule_type: Literal["Host", "Switch"] = Field(
        default="Switch",
        description="Switch: VFP on the virtual switch; Host: filters of Windows (WFP) for this endpoint alone, which "
        "the profiles and rules of the Windows Firewall neither open nor close",
    )

    @model_validator(mode="after")
    def _ports_need_a_protocol(self) -> Self:
        ported = self.protocols and all(item.name in _PORTED for item in self.protocols)
        if (str(self.local_ports) != "Any" or str(self.remote_ports) != "Any") and not ported:
            raise ValueError("ports belong to TCP and UDP: give protocols: [TCP]")
        return self

    def policy(self) -> dict[str, Any]:
        """Return the rule as HNS v1 writes it."""
        made: dict[str, Any] = {"Type": "ACL", "Action": self.action, "Direction": self.direction}
        if self.protocols:
            made["Protocols"] = ",".join(_NUMBERS.get(item.name, item.name) for item in self.protocols)
        for name, addresses in (("LocalAddresses", self.local_addresses), ("RemoteAddresses", self.remote_addresses)):
            if str(addresses) != "Any":
                made[name] = ",".join(addresses.plain())
        for name, ports in (("LocalPorts", self.local_ports), ("RemotePorts", self.remote_ports)):
            if str(ports) != "Any":
                made[name] = ",".join(ports.plain())
        return {**made, "RuleType": self.rule_type, "Priority": self.priority}


class Acl(EndpointPolicy):
    """All ACL rules of one endpoint; rules that are not declared go."""

    kind: ClassVar[str] = "acl"
    section: ClassVar[str] = "acls"
    policy_type: ClassVar[str] = "ACL"

    rules: Annotated[tuple[AclRule, ...], Field(min_length=1, description="in order; rules that are not declared go")]

    def title(self) -> str:
        """Return the endpoint and how many rules it has."""
        return f"{self.endpoint}, {len(self.rules)} rule{'s' if len(self.rules) > 1 else ''}"

    def policies(self) -> list[dict[str, Any]]:
        """Return the rules in their order."""
        return [rule.policy() for rule in self.rules]

    def policies_on(self, context: Context) -> list[dict[str, Any]]:
        """Return the rules; for an HNS before 7.2 with its single numbers (hns.md, v1 ACL)."""
        if hns_version(context.state.facts) >= _LISTS:
            return self.policies()
        return [_numeric(item) for item in self.policies()]

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what HNS and the isolation of the container say against it."""
        yield from super().check(context)
        resource, build = str(self.identity), context.state.facts.build
        early = hns_version(context.state.facts) < _LISTS and context.backend != "containers"
        lists = any("," in str(value) or "-" in str(value) for item in self.policies() for value in _listable(item))
        lists = lists or any(name in item for item in self.policies() for name in ("LocalAddresses", "RemoteAddresses"))
        reason = (
            "HNS takes them from 7.2 (Windows Server 1803) on; without them a rule would allow more" if early else None
        )
        reason = reason if lists else None
        if reason is not None:
            yield Finding(
                id="acl-lists",
                severity="error",
                resource=resource,
                reason=f"build {build} takes one protocol and one port a rule, and no addresses: {reason}",
                remedy="write a rule for each protocol and port, without addresses",
                source="hns_schema.yaml: HNSVersion1803",
            )
        mode, attached = self.network_mode(context), self.isolation(context)
        if attached == "synthetic VM NIC" and mode in ("nat", "transparent"):
            yield Finding(
                id="acl-hyperv",
                severity="error",
                resource=resource,
                reason=f"under Hyper-V isolation the ACLs of a {mode} endpoint cannot be changed",
                remedy="use l2bridge, or a container without Hyper-V isolation",
                source="drivers/network-isolation-security.md",
            )
        if mode in ("nat", "transparent") and any(rule.rule_type == "Switch" for rule in self.rules):
            yield Finding(
                id="acl-host-only",
                severity="warning",
                resource=resource,
                reason=f"on {mode} networks the switch's VFP is off: rules of the type Switch are stored and filter "
                "nothing; those of the type Host are filters of the Windows Filtering Platform for this endpoint alone",
                remedy="declare rule_type: Host; profiles of the Windows Firewall do not govern the container",
                source="hcsshim hcn/hcnpolicy.go; claim c56; microsoft/Windows-Containers#617",
            )
        for direction in ("In", "Out"):
            words = {rule.action for rule in self.rules if rule.direction == direction}
            if words == {"Block"}:
                yield Finding(
                    id="acl-lone-block",
                    severity="warning",
                    resource=resource,
                    reason=f"the {direction} rules block and none allows: once an endpoint has a rule of a direction, "
                    "what no rule allows may be dropped too",
                    remedy="add an Allow rule with a higher priority number",
                    source="hns.md, ACL",
                )
        if build >= _BUILD_2025 and not any(rule.direction == "Out" and rule.action == "Allow" for rule in self.rules):
            yield Finding(
                id="acl-2025-outbound",
                severity="warning",
                resource=resource,
                reason="on Windows Server 2025 an endpoint that has any ACL drops what no rule lets out: it loses its "
                "outbound traffic",
                remedy="add a rule: action: Allow, direction: Out, with a high priority number",
                source="microsoft/Windows-Containers#616",
            )


def _numeric(policy: dict[str, Any]) -> dict[str, Any]:
    """Return a rule with the numeric fields that an HNS before 7.2 has; those with lists are refused by the check."""
    names = {"Protocols": "Protocol", "LocalPorts": "LocalPort", "RemotePorts": "RemotePort"}
    return {
        names.get(name, name): int(value) if name in names and str(value).isdigit() else value
        for name, value in policy.items()
    }


def _listable(policy: dict[str, Any]) -> list[Any]:
    names = ("Protocols", "LocalAddresses", "RemoteAddresses", "LocalPorts", "RemotePorts")
    return [policy[name] for name in names if name in policy]
