"""Access control lists of whole networks (NetworkACL; hcn.md 3: hcsshim's tests alone send it)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from psnet.resources.acl_rule import AclRule, check_sets, sets_of
from psnet.resources.base import Context, FieldChange, Finding, Identity, Observed
from psnet.resources.network_policy import NetworkPolicy
from psnet.resources.policy_text import plain_policy

if TYPE_CHECKING:
    from collections.abc import Iterator


class NetworkAcl(NetworkPolicy):
    """All ACL rules of one network; rules that are not declared go."""

    kind: ClassVar[str] = "network_acl"
    section: ClassVar[str] = "network_acls"
    policy_type: ClassVar[str] = "NetworkACL"

    rules: Annotated[tuple[AclRule, ...], Field(min_length=1, description="in order; rules that are not declared go")]

    @property
    def identity(self) -> Identity:
        """The network: it has one list of rules."""
        return Identity(self.kind, self.network)

    def title(self) -> str:
        """Return the network and how many rules it has."""
        return f"{self.network}, {len(self.rules)} rule{'s' if len(self.rules) > 1 else ''}"

    def rests_on(self, context: Context) -> tuple[Identity, ...]:
        """Return the sets that its rules name."""
        return sets_of(self.rules)

    def observe(self, context: Context) -> Observed | None:
        """Compare the network's rules with the declared ones, in their order."""
        present = self.present(context)
        if not present:
            return None
        wanted = [rule.settings() for rule in self.rules]
        differs = [plain_policy(item) for item in present] != [plain_policy(item) for item in wanted]
        change = FieldChange(field="rules", old=present, new=wanted)
        gone = {"network": self.network}
        return Observed(differences=(change,) if differs else (), replace=False, remove=gone, remove_all=gone)

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield the findings against the resource on this host."""
        yield from super().check(context)
        yield from check_sets(self, self.rules, context)
        yield Finding(
            id="network-acl-guess",
            severity="info",
            resource=str(self.identity),
            reason="no public client sends ACLs of a network, hcsshim's tests alone do: what HNS does with them beside "
            "those of its endpoints is a guess",
            remedy="test it once from another machine, or declare acls",
            source="hcn.md 3",
        )

    def values(self, context: Context) -> dict[str, Any]:
        """Return what the create and update templates take."""
        policies = [{"Type": self.policy_type, "Settings": rule.settings()} for rule in self.rules]
        return {"network": self.network, "policies": policies}
