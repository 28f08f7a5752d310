"""The Windows firewall's persistent store: rules by name, each with its filters.

Sources: the parameters and values of the NetSecurity reference; lengths and the refused ``|`` from [MS-FASP]
FW_RULE. No source gives the ids of malformed ports or addresses: Win32 error 87 stands in for them.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from psnet.lab.host.refusal import HostRefusal, win32
from psnet.types.addresses import KEYWORDS as ADDRESS_WORDS
from psnet.types.ports import KEYWORDS as PORT_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.host.ids import Ids

_LONGEST = 10_000
_PROTOCOLS = {"tcp": "TCP", "6": "TCP", "udp": "UDP", "17": "UDP", "icmpv4": "ICMPv4", "1": "ICMPv4"} | {
    "icmpv6": "ICMPv6",
    "58": "ICMPv6",
    "any": "Any",
}
_PORTS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
_ICMP = re.compile(r"\d{1,3}(?::(?:\d{1,3}|\*))?")


@dataclass(slots=True)
class Rule:
    """One rule; lists hold what the filters' properties hold (``["Any"]`` for no restriction)."""

    name: str
    display_name: str
    description: str | None = None
    group: str | None = None
    enabled: bool = True
    profile: str = "Any"
    direction: str = "Inbound"
    action: str = "Allow"
    edge_traversal: str = "Block"
    protocol: str = "Any"
    local_port: list[str] = field(default_factory=lambda: ["Any"])
    remote_port: list[str] = field(default_factory=lambda: ["Any"])
    icmp_type: list[str] = field(default_factory=lambda: ["Any"])
    local_address: list[str] = field(default_factory=lambda: ["Any"])
    remote_address: list[str] = field(default_factory=lambda: ["Any"])
    program: str = "Any"
    service: str = "Any"
    interface_alias: list[str] = field(default_factory=lambda: ["Any"])
    interface_type: str = "Any"


_BUILT_IN = (
    (
        "RemoteDesktop-UserMode-In-TCP",
        "Remote Desktop - User Mode (TCP-In)",
        "@FirewallAPI.dll,-28752",
        "3389",
    ),
    ("WINRM-HTTP-In-TCP", "Windows Remote Management (HTTP-In)", "@FirewallAPI.dll,-30267", "5985"),
    ("FPS-SMB-In-TCP", "File and Printer Sharing (SMB-In)", "@FirewallAPI.dll,-28502", "445"),
    ("RemoteEventLogSvc-In-TCP", "Remote Event Log Management (RPC)", "@FirewallAPI.dll,-29252", "RPC"),
)


class Firewall:
    """Every rule of a host's persistent store."""

    def __init__(self, ids: Ids, culture: str) -> None:
        self._ids = ids
        self.culture = culture
        self.rules: dict[str, Rule] = {}
        for name, title, group, port in _BUILT_IN:
            rule = Rule(name, title, group=group, protocol="TCP", local_port=[port])
            self.rules[name.lower()] = rule

    def create(self, values: dict[str, Any]) -> Rule:
        """Make a rule from field values; a name that exists is refused with Win32 error 183."""
        name = values.get("name") or "{" + self._ids.guid() + "}"
        if name.lower() in self.rules:
            raise win32(183, self.culture)
        rule = self._checked(Rule(**(self._canonical(values) | {"name": name})))
        self.rules[name.lower()] = rule
        return rule

    def change(self, rule: Rule, values: dict[str, Any]) -> Rule:
        """Change fields of a rule; nothing is changed when a value is refused."""
        changed = self._checked(replace(rule, **self._canonical(values)))
        self.rules[rule.name.lower()] = changed
        return changed

    def remove(self, rule: Rule) -> None:
        """Remove a rule."""
        del self.rules[rule.name.lower()]

    def rename(self, rule: Rule, name: str) -> Rule:
        """Give a rule another name."""
        if name.lower() in self.rules:
            raise win32(183, self.culture)
        self.remove(rule)
        self.rules[name.lower()] = changed = self._checked(replace(rule, name=name))
        return changed

    def to_dict(self) -> list[dict[str, Any]]:
        """Return every rule as plain data."""
        return [asdict(rule) for rule in self.rules.values()]

    # -- what is accepted ------------------------------------------------------------------------

    def _refused(self) -> HostRefusal:
        return win32(87, self.culture)

    def _canonical(self, values: dict[str, Any]) -> dict[str, Any]:
        made = dict(values)
        if "protocol" in made:
            made["protocol"] = self._protocol(str(made["protocol"]))
        for key in ("local_port", "remote_port"):
            if key in made:
                made[key] = [self._port(item) for item in _parts(made[key])]
        if "icmp_type" in made:
            made["icmp_type"] = [self._icmp(item) for item in _parts(made["icmp_type"])]
        for key in ("local_address", "remote_address"):
            if key in made:
                made[key] = [self._address(item) for item in _parts(made[key])]
        return made

    def _checked(self, rule: Rule) -> Rule:
        texts = [rule.name, rule.display_name, rule.description or "x"]
        if any("|" in item or not 0 < len(item) <= _LONGEST for item in texts):
            raise self._refused()
        has_ports = rule.local_port != ["Any"] or rule.remote_port != ["Any"]
        if has_ports and rule.protocol not in ("TCP", "UDP"):
            raise self._refused()
        if rule.icmp_type != ["Any"] and not rule.protocol.startswith("ICMP"):
            raise self._refused()
        if rule.direction == "Outbound" and rule.edge_traversal != "Block":
            raise self._refused()
        return rule

    def _protocol(self, value: str) -> str:
        known = _PROTOCOLS.get(value.lower())
        if known:
            return known
        if value.isdigit() and int(value) <= 255:
            return value
        raise self._refused()

    def _port(self, value: str) -> str:
        word = next((item for item in PORT_WORDS if item.lower() == value.lower()), None)
        match = _PORTS.fullmatch(value)
        if word:
            return word
        if match is None:
            raise self._refused()
        first, last = int(match[1]), int(match[2] or match[1])
        if not first <= last <= 65535:
            raise self._refused()
        return value

    def _icmp(self, value: str) -> str:
        if value.lower() == "any" or _ICMP.fullmatch(value):
            return "Any" if value.lower() == "any" else value
        raise self._refused()

    def _address(self, value: str) -> str:
        """Return an address as the firewall gives it back: a prefix in mask form."""
        word = next((item for item in ADDRESS_WORDS if item.lower() == value.lower()), None)
        if word:
            return word
        try:
            if "-" in value:
                first, last = (ip_address(part) for part in value.split("-", 1))
                if first.version != last.version or int(first) > int(last):
                    raise self._refused()
                return f"{first}-{last}"
            if "/" in value:
                network = ip_network(value, strict=False)
                return network.with_netmask if network.version == 4 else str(network)
            return str(ip_address(value))
        except ValueError:
            raise self._refused() from None


def _parts(value: Any) -> Iterable[str]:
    items = value if isinstance(value, list | tuple) else [value]
    return [part.strip() for item in items for part in str(item).split(",")]
