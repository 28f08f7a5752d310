"""One firewall rule with its filters, and the groups that Windows' own rules belong to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final


def any_list() -> list[str]:
    """Return the value of a filter that restricts nothing."""
    return ["Any"]


#: Resources of FirewallAPI.dll that groups name, as -DisplayGroup shows them (English Windows).
GROUPS: Final = {
    "@FirewallAPI.dll,-25000": "Core Networking",
    "@FirewallAPI.dll,-28502": "File and Printer Sharing",
    "@FirewallAPI.dll,-28752": "Remote Desktop",
    "@FirewallAPI.dll,-29252": "Remote Event Log Management",
    "@FirewallAPI.dll,-30267": "Windows Remote Management",
    "@FirewallAPI.dll,-34251": "Windows Management Instrumentation (WMI)",
}


@dataclass(slots=True)
class Rule:
    """One rule; lists hold what the filters' properties hold (``["Any"]`` for no restriction)."""

    name: str
    display_name: str
    description: str | None = None
    group: str | None = None
    enabled: bool = True
    profile: str = "Any"
    platform: list[str] = field(default_factory=list)
    direction: str = "Inbound"
    action: str = "Allow"
    edge_traversal: str = "Block"
    loose_source_mapping: bool = False
    local_only_mapping: bool = False
    owner: str | None = None
    protocol: str = "Any"
    local_port: list[str] = field(default_factory=any_list)
    remote_port: list[str] = field(default_factory=any_list)
    icmp_type: list[str] = field(default_factory=any_list)
    local_address: list[str] = field(default_factory=any_list)
    remote_address: list[str] = field(default_factory=any_list)
    program: str = "Any"
    package: str | None = None
    service: str = "Any"
    interface_alias: list[str] = field(default_factory=any_list)
    interface_type: str = "Any"
    authentication: str = "NotRequired"
    encryption: str = "NotRequired"
    override_block_rules: bool = False
    local_user: str = "Any"
    remote_user: str = "Any"
    remote_machine: str = "Any"

    @property
    def display_group(self) -> str | None:
        """The group's text: a resource of Windows' own by its words, any other as it is."""
        return GROUPS.get(self.group or "", self.group)

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Rule:
        """Return the rule that ``to_dict`` wrote."""
        return cls(**data)
