"""Firewall rules of container networks and start-up tasks of a host, as entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.resources.firewall_rule import PSNET_GROUP

if TYPE_CHECKING:
    from psnet.adoption.model import DeclarationBuilder
    from psnet.state import HostState, RuleState

#: What the names of rules begin with that HNS makes along with networks and endpoints (records h02, o06; claim c96).
HNS_RULES: Final = ("HNS Container Networking - ", "DNS Server Forward Rule - ", "Container Enable ICC - ")
_TASK: Final = "psnet-reapply-"


def add_rules(state: HostState, found: DeclarationBuilder) -> None:
    """Declare psnet's rules and those that were read because they are about container networks."""
    mappings = {item.name.lower() for item in found.entries if item.section == "nat_static_mappings"}
    implied = {f"psnet-mapping-{name}" for name in mappings}
    hns: list[str] = []
    for rule in state.rules:
        if rule.name.startswith(HNS_RULES):
            hns.append(rule.name)
        elif rule.name.lower() not in implied:
            note = "" if rule.group == PSNET_GROUP else "psnet did not make it"
            found.add("firewall_rules", _rule(rule), note=note)
    found.skip_all(hns, "firewall rule", "HNS makes it along with its network")


def _rule(rule: RuleState) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": rule.name,
        "display_name": rule.display_name if rule.display_name != rule.name else None,
        "description": rule.description,
        "profiles": _unless_any(rule.profiles),
        "direction": rule.direction,
        "action": rule.action,
        "edge_traversal": rule.edge_traversal if rule.edge_traversal != "Block" else None,
        "protocol": rule.protocol.name,
        "local_ports": _unless_any(rule.local_ports),
        "remote_ports": _unless_any(rule.remote_ports),
        "icmp_types": _words(rule.icmp_types),
        "local_addresses": _unless_any(rule.local_addresses),
        "remote_addresses": _unless_any(rule.remote_addresses),
        "program": rule.program if rule.program != "Any" else None,
        "service": rule.service if rule.service != "Any" else None,
        "interface_aliases": _words(rule.interface_aliases),
        "interface_type": rule.interface_type if rule.interface_type != "Any" else None,
    }
    return fields if rule.enabled else fields | {"enabled": False}


def _words(words: tuple[str, ...]) -> list[str] | None:
    return None if words in ((), ("Any",)) else list(words)


def _unless_any(value: Any) -> Any:
    plain = value.plain()
    return None if str(value) == "Any" else plain[0] if isinstance(plain, list) and len(plain) == 1 else plain


def add_tasks(state: HostState, found: DeclarationBuilder) -> None:
    """Declare psnet's start-up tasks; the plan says whether their script is that of what is declared."""
    for task in state.startup_tasks:
        found.add("reapply", {"name": task[len(_TASK) :]})
