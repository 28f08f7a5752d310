"""Firewall rules: New-NetFirewallRule and its filters (reference/cmdlets/NetSecurity.yaml)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, Self

from pydantic import AfterValidator, Field, model_validator

from psnet.resources import rule_checks
from psnet.resources.base import Context, FieldChange, Finding, Identity, Observed, Resource
from psnet.resources.winrm_rules import closes_winrm
from psnet.types import Action, AddressSet, Direction, EdgeTraversal, PortSet, ProfileSet, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import RuleState

PSNET_GROUP = "psnet"

_CONTROL = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)))


def _plain_text(value: str) -> str:
    """Refuse what the firewall's rule format cannot hold ([MS-FASP] FW_RULE: no ``|``)."""
    if "|" in value:
        raise ValueError("the Windows firewall refuses the character | in names and descriptions")
    bad = next((character for character in value if character in _CONTROL), None)
    if bad is not None:
        raise ValueError(f"control characters such as U+{ord(bad):04X} are refused: write one line of text")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("half a surrogate pair is no character")
    return value


# [MS-FASP] FW_RULE: names and descriptions have 1 to 10,000 characters.
RuleText = Annotated[
    str,
    Field(min_length=1, max_length=10_000, json_schema_extra={"pattern": r"^[^|\x00-\x1F\x7F]+$"}),
    AfterValidator(_plain_text),
]
RuleName = Annotated[
    str,
    Field(min_length=1, max_length=255, json_schema_extra={"pattern": r"^[^|\x00-\x1F\x7F]+$"}),
    AfterValidator(_plain_text),
]


class RuleField(NamedTuple):
    """One declared field: its parameter of New- and Set-NetFirewallRule, its name in the state."""

    name: str
    parameter: str
    set_parameter: str | None = None
    observed: str | None = None


FIELDS = (
    RuleField("display_name", "DisplayName", "NewDisplayName"),
    RuleField("description", "Description"),
    RuleField("enabled", "Enabled"),
    RuleField("profiles", "Profile"),
    RuleField("direction", "Direction"),
    RuleField("action", "Action"),
    RuleField("edge_traversal", "EdgeTraversalPolicy"),
    RuleField("protocol", "Protocol"),
    RuleField("local_ports", "LocalPort"),
    RuleField("remote_ports", "RemotePort"),
    RuleField("icmp_types", "IcmpType"),
    RuleField("local_addresses", "LocalAddress"),
    RuleField("remote_addresses", "RemoteAddress"),
    RuleField("program", "Program"),
    RuleField("service", "Service"),
    RuleField("interface_aliases", "InterfaceAlias"),
    RuleField("interface_type", "InterfaceType"),
)


class FirewallRule(Resource):
    """A rule of the Windows firewall; only declared fields are compared and set."""

    kind: ClassVar[str] = "firewall_rule"
    section: ClassVar[str] = "firewall_rules"

    name: RuleName = Field(description="unique in the policy store, like a file name")
    display_name: RuleText | None = Field(default=None, description="the name that is shown")
    description: RuleText | None = None
    enabled: bool | None = Field(default=None, description="whether the rule is in force")
    profiles: ProfileSet | None = Field(default=None, description="Domain, Private, Public or Any")
    direction: Direction | None = Field(default=None, description="which way the traffic goes")
    action: Action | None = Field(default=None, description="what happens to it")
    edge_traversal: EdgeTraversal | None = Field(
        default=None, description="whether traffic from behind a NAT is let in"
    )
    protocol: Protocol | None = Field(default=None, description="TCP, UDP, ICMPv4, ICMPv6, Any or a number")
    local_ports: PortSet | None = Field(default=None, description="ports, ranges and words such as RPC")
    remote_ports: PortSet | None = Field(default=None, description="ports and ranges")
    icmp_types: tuple[str, ...] | None = Field(default=None, description="ICMP types such as 8, or 3:4 with a code")
    local_addresses: AddressSet | None = Field(default=None, description="addresses, prefixes and ranges")
    remote_addresses: AddressSet | None = Field(
        default=None, description="addresses, prefixes, ranges and words such as LocalSubnet"
    )
    program: RuleText | None = Field(default=None, description="the path of a program")
    service: RuleText | None = Field(default=None, description="the short name of a service")
    interface_aliases: tuple[RuleText, ...] | None = Field(default=None, description="names of network adapters")
    interface_type: str | None = Field(
        default=None, pattern="^(Any|Wired|Wireless|RemoteAccess)$", description="the kind of network adapter"
    )

    @model_validator(mode="after")
    def _ports_need_a_protocol(self) -> Self:
        ports = [name for name in ("local_ports", "remote_ports") if getattr(self, name) not in (None, PortSet())]
        if ports and (self.protocol is None or self.protocol.name not in ("TCP", "UDP")):
            raise ValueError(f"{ports[0]} needs protocol TCP or UDP")
        if self.icmp_types and (self.protocol is None or not self.protocol.name.startswith("ICMP")):
            raise ValueError("icmp_types needs protocol ICMPv4 or ICMPv6")
        return self

    @property
    def identity(self) -> Identity:
        """The rule's Name; DisplayName need not be unique (reference/pitfalls.md, section 1)."""
        return Identity(self.kind, self.name)

    def title(self) -> str:
        """Return name, direction, action and ports."""
        parts = [self.name, self.direction, self.action, self.protocol, self.local_ports]
        return " ".join(str(part) for part in parts if part is not None)

    def _declared(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in FIELDS if getattr(self, field.name) is not None}

    def find(self, context: Context) -> RuleState | None:
        """Return the rule of this name on the host."""
        return context.rule(self.name)

    def observe(self, context: Context) -> Observed | None:
        """Compare the declared fields with the rule of this name."""
        rule = self.find(context)
        if rule is None:
            return None
        changes = tuple(
            FieldChange(field=name, old=_plain(getattr(rule, name)), new=_plain(value))
            for name, value in self._declared().items()
            if _plain(getattr(rule, name)) != _plain(value)
        )
        if not changes:
            return Observed(replace=False, remove_all={"name": rule.name})
        names = {change.field for change in changes}
        parameters = {
            field.set_parameter or field.parameter: _parameter(getattr(self, field.name))
            for field in FIELDS
            if field.name in names
        }
        if {"LocalPort", "RemotePort", "IcmpType"} & parameters.keys() and self.protocol is not None:
            parameters.setdefault("Protocol", self.protocol.name)
        return Observed(
            differences=changes,
            replace=False,
            remove_all={"name": rule.name},
            create={"name": rule.name, "parameters": parameters},
        )

    def check(self, context: Context) -> Iterator[Finding]:
        """Yield what is likely to be a mistake: a rule that lets everything in, words of ports that say nothing."""
        yield from rule_checks.check_rule(self, context)

    def cut_reason(self, context: Context, operation: str) -> str:
        """Return why it closes WinRM to psnet, or may."""
        return closes_winrm(self, self.find(context), context.state)

    def cuts(self, context: Context, operation: str) -> bool:
        """Say whether it closes WinRM to psnet, or may."""
        return bool(self.cut_reason(context, operation))

    def undo(self, context: Context, operation: str) -> dict[str, Any] | None:
        """Return the fields of the rule that are changed as they are now; that it goes again where it is not there."""
        found, observed = self.find(context), self.observe(context)
        if not self.cuts(context, operation):
            return None
        if found is None or observed is None:
            return {"remove": {"name": self.name}}
        changed = {item.field for item in observed.differences}
        before = {
            field.set_parameter or field.parameter: _parameter(getattr(found, field.name))
            for field in FIELDS
            if field.name in changed and getattr(found, field.name) is not None
        }
        if {"LocalPort", "RemotePort", "IcmpType"} & before.keys():
            before.setdefault("Protocol", found.protocol.name)
        return {"update": {"name": found.name, "parameters": before}}

    def values(self, context: Context) -> dict[str, Any]:
        """Return the parameters of New-NetFirewallRule."""
        declared = {"display_name": self.name} | self._declared()
        parameters = {field.parameter: _parameter(declared[field.name]) for field in FIELDS if field.name in declared}
        return {"name": self.name, "parameters": {"Group": PSNET_GROUP} | parameters}


def undo_removal(found: RuleState) -> dict[str, Any]:
    """Return how the removal of a rule is taken back: it is made again."""
    given = {field.parameter: getattr(found, field.name) for field in FIELDS}
    parameters = {name: _parameter(value) for name, value in given.items() if value is not None}
    return {"create": {"name": found.name, "parameters": parameters | ({"Group": found.group} if found.group else {})}}


def _plain(value: Any) -> Any:
    if hasattr(value, "plain"):
        return value.plain()
    if isinstance(value, tuple):
        return sorted(value)
    return str(value) if isinstance(value, str) else value


def _parameter(value: Any) -> Any:
    """Return a value as the cmdlet takes it; Enabled is an enumeration there, not a switch."""
    plain = _plain(value)
    return str(plain) if isinstance(plain, bool) else plain
