"""Which values a rule may have: each field by itself, and all of a rule together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.firewall import filters

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.host.firewall.rule import Rule


def _optional(check: Callable[[str], str]) -> Callable[[str | None], str | None]:
    return lambda value: check(value) if value else None


_FIELDS: Final[dict[str, Callable[[Any], Any]]] = {
    "name": lambda value: filters.text(value, filters.LONGEST_NAME),
    "display_name": filters.display_name,
    "description": _optional(filters.text),
    "group": _optional(filters.text),
    "enabled": bool,
    "profile": filters.profile,
    "platform": lambda values: [filters.platform(str(value)) for value in values],
    "direction": filters.choice("Inbound", "Outbound"),
    # NotConfigured is a value of the enumeration but no action of a rule ([MS-FASP] FW_RULE_ACTION).
    "action": filters.choice("Allow", "Block"),
    "edge_traversal": filters.choice("Block", "Allow", "DeferToUser", "DeferToApp"),
    "loose_source_mapping": bool,
    "local_only_mapping": bool,
    "owner": _optional(filters.sid),
    "protocol": filters.protocol,
    "local_port": filters.listed(filters.port),
    "remote_port": filters.listed(filters.port),
    "icmp_type": filters.listed(filters.icmp_type),
    "local_address": filters.listed(filters.local_address),
    "remote_address": filters.listed(filters.address),
    "program": filters.word,
    "package": _optional(filters.sid),
    "service": filters.service,
    "interface_alias": filters.listed(filters.word),
    "interface_type": filters.choice("Any", "Wired", "Wireless", "RemoteAccess"),
    "authentication": filters.choice("NotRequired", "Required", "NoEncap"),
    "encryption": filters.choice("NotRequired", "Required", "Dynamic"),
    "override_block_rules": bool,
    "local_user": filters.sddl,
    "remote_user": filters.sddl,
    "remote_machine": filters.sddl,
}

# Where the port keywords may stand: protocol, and (local, remote) by direction ([MS-FASP] FW_PORTS).
_TCP_WORDS: Final = {"RPC", "RPCEPMap", "IPHTTPS", "IPHTTPSIn", "IPHTTPSOut"}
_UDP_WORDS: Final = {"Teredo", "PlayToDiscovery", "Ply2Disc", "mDNS", "CORTANA_OUT"}
_LOCAL_INBOUND: Final = {"RPC", "RPCEPMap", "Teredo", "PlayToDiscovery", "Ply2Disc", "IPHTTPSIn"}
_REMOTE_OUTBOUND: Final = {"IPHTTPSOut", "CORTANA_OUT"}


def canonical(values: dict[str, Any]) -> dict[str, Any]:
    """Return field values as the firewall keeps them; raises ValueError."""
    return {name: _FIELDS[name](value) for name, value in values.items()}


def check_rule(rule: Rule) -> None:
    """Raise ValueError when the fields of a rule contradict one another."""
    problems = (
        rule.protocol not in ("TCP", "UDP") and (rule.local_port != ["Any"] or rule.remote_port != ["Any"]),
        rule.icmp_type != ["Any"] and rule.protocol not in ("ICMPv4", "ICMPv6"),
        rule.direction == "Outbound" and rule.edge_traversal != "Block",
        rule.loose_source_mapping and rule.protocol != "UDP",
        rule.local_only_mapping and rule.protocol != "UDP",
        _misplaced_words(rule),
        _mixed_versions(rule),
        _insecure(rule),
    )
    if any(problems):
        raise ValueError(rule.name)


def _misplaced_words(rule: Rule) -> bool:
    local, remote = set(rule.local_port), set(rule.remote_port)
    inbound = rule.direction == "Inbound"
    return bool(
        ((local | remote) & _TCP_WORDS and rule.protocol != "TCP")
        or ((local | remote) & _UDP_WORDS and rule.protocol != "UDP")
        or (local & _LOCAL_INBOUND and not inbound)
        or remote & _LOCAL_INBOUND
        or (remote & _REMOTE_OUTBOUND and inbound)
        or local & _REMOTE_OUTBOUND
    )


def _mixed_versions(rule: Rule) -> bool:
    """Say whether ICMP of one IP version is asked for with addresses of the other."""
    wanted = {"ICMPv4": ":", "ICMPv6": "."}.get(rule.protocol)
    return wanted is not None and any(
        wanted in item and item[0] in "0123456789abcdef:" for item in (*rule.local_address, *rule.remote_address)
    )


def _insecure(rule: Rule) -> bool:
    """Say whether IPsec's conditions stand without authentication ([MS-FASP] FW_RULE flags)."""
    authenticated = rule.authentication != "NotRequired"
    needs = (
        rule.encryption != "NotRequired"
        or rule.override_block_rules
        or rule.remote_user != "Any"
        or rule.remote_machine != "Any"
    )
    return (needs and not authenticated) or (authenticated and rule.action == "Block")
