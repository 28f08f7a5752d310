"""Tiers of access control lists of endpoints (TierAcl, from HNS 14 on; hcn.md 3 and 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from psnet._internal.model import Model
from psnet.resources.acl_rule import TrafficRule, check_sets, sets_of
from psnet.resources.base import Context, Finding, Identity
from psnet.resources.endpoint_policy import EndpointPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import EndpointState


class TierRule(TrafficRule):
    """One rule of a tier; Pass hands the traffic on to the next tier."""

    def settings(self, name: str) -> dict[str, Any]:
        """Return the rule as an HCN v2 settings document."""
        return {"Id": name, "TierAclRuleAction": self.action, **self.traffic(), "Priority": self.priority}


class Tier(Model):
    """One tier; those of a lower order are looked at first."""

    name: str = Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", description="its name")
    direction: Literal["In", "Out"] = Field(description="which way the traffic goes, seen from the endpoint")
    order: int = Field(ge=1, le=65535, description="tiers of a lower order are looked at first")
    rules: Annotated[tuple[TierRule, ...], Field(min_length=1, description="in order")]

    def policy(self) -> dict[str, Any]:
        """Return the tier as an HCN v2 policy document."""
        rules = [rule.settings(f"{self.name}-{number}") for number, rule in enumerate(self.rules, 1)]
        settings = {"Name": self.name, "Direction": self.direction, "Order": self.order, "TierAclRules": rules}
        return {"Type": "TierAcl", "Settings": settings}


class TierAcl(EndpointPolicy):
    """All tiers of rules of one endpoint; tiers that are not declared go."""

    kind: ClassVar[str] = "tier_acl"
    section: ClassVar[str] = "tier_acls"
    policy_type: ClassVar[str] = "TierAcl"

    tiers: Annotated[tuple[Tier, ...], Field(min_length=1, description="tiers that are not declared go")]

    def title(self) -> str:
        """Return the endpoint and its tiers."""
        return f"{self.endpoint}, {', '.join(tier.name for tier in self.tiers)}"

    def folder(self, context: Context) -> str:
        """Return the folder of its templates: HCN alone has tiers."""
        return "hcn"

    def rests_on(self, context: Context) -> tuple[Identity, ...]:
        """Return the sets that its rules name."""
        return sets_of(rule for tier in self.tiers for rule in tier.rules)

    def policies_of(self, endpoint: EndpointState) -> list[dict[str, Any]]:
        """Return the tiers that an endpoint has."""
        return [item for item in endpoint.hcn_policies if item.get("Type") == self.policy_type]

    def policies(self) -> list[dict[str, Any]]:
        """Return the tiers in their order."""
        return [tier.policy() for tier in self.tiers]

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what stands against it, and that only tests send tiers to l2bridge endpoints."""
        yield from super().check(context)
        yield from check_sets(self, (rule for tier in self.tiers for rule in tier.rules), context)
        yield from self._beside_a_proxy(context)
        mode = self.network_mode(context)
        if mode not in ("l2bridge", "l2tunnel", "overlay", None):
            yield Finding(
                id="tier-mode",
                severity="warning",
                resource=str(self.identity),
                reason=f"the endpoint is on a {mode} network: VFP keeps tiers, and HNS leaves it off there",
                remedy="use l2bridge or overlay, or declare acls",
                source="claim c56, hcn.md 3",
            )

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create template takes."""
        return super().values(context) | {"type": self.policy_type}

    def _beside_a_proxy(self, context: Context) -> Iterator[Finding]:
        """Yield an error where a proxy is declared for the same endpoint, which HNS's own calls set."""
        mine = self.endpoint.removeprefix("endpoint:").lower()
        for other in context.resources:
            if other.kind == "proxy" and getattr(other, "endpoint", "").removeprefix("endpoint:").lower() == mine:
                yield Finding(
                    id="tier-beside-proxy",
                    severity="error",
                    resource=str(self.identity),
                    reason=f"{other.identity} is for the same endpoint: HNS sets a proxy together with all that the "
                    "endpoint has, and takes tiers from HCN's requests alone (0x803b000d)",
                    remedy="declare one of them, or put the proxy on an endpoint of its own",
                    source="a guess: hcn.md 3 and 4 have tiers in HCN's Update and PROXY in HNS's documents",
                )
