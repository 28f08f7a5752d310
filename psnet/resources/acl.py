"""Access control lists of endpoints: ordered allow and block rules (reference: hns.md, ACL)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from psnet.resources.acl_rule import AclRule, check_sets, sets_of
from psnet.resources.base import Context, Finding, Identity
from psnet.resources.endpoint_policy import EndpointPolicy
from psnet.resources.hns_features import has_feature

if TYPE_CHECKING:
    from collections.abc import Iterator

_BUILD_2025 = 26100


class Acl(EndpointPolicy):
    """All ACL rules of one endpoint; rules that are not declared go."""

    kind: ClassVar[str] = "acl"
    section: ClassVar[str] = "acls"
    policy_type: ClassVar[str] = "ACL"

    rules: Annotated[tuple[AclRule, ...], Field(min_length=1, description="in order; rules that are not declared go")]

    def rests_on(self, context: Context) -> tuple[Identity, ...]:
        """Return the sets that its rules name."""
        return sets_of(self.rules)

    def title(self) -> str:
        """Return the endpoint and how many rules it has."""
        return f"{self.endpoint}, {len(self.rules)} rule{'s' if len(self.rules) > 1 else ''}"

    def policies(self) -> list[dict[str, Any]]:
        """Return the rules in their order."""
        return [rule.policy() for rule in self.rules]

    def policies_on(self, context: Context) -> list[dict[str, Any]]:
        """Return the rules; for an HNS before 7.2 with its single numbers (hns.md, v1 ACL)."""
        if has_feature("acl_lists", context.state.facts):
            return self.policies()
        return [_numeric(item) for item in self.policies()]

    def folder(self, context: Context) -> str:
        """Return the folder of its templates: HCN's where sets are named or tiers stand beside, which v1 knows not."""
        tiers = context.find_named("tier_acl", self.endpoint) is not None
        return "hcn" if context.backend == "hcn" and (tiers or sets_of(self.rules)) else "any"

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create template takes, in the form of its API."""
        made = super().values(context)
        if self.folder(context) == "hcn":
            made["policies"] = [{"Type": "ACL", "Settings": rule.settings()} for rule in self.rules]
        return made

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield findings: what HNS of this host refuses, and what the container's isolation rules out."""
        yield from super().check(context)
        yield from check_sets(self, self.rules, context)
        resource, build = str(self.identity), context.state.facts.build
        early = not has_feature("acl_lists", context.state.facts) and context.backend != "containers"
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
