"""Changes of firewall rules that close WinRM to psnet.

Known by evidence: the ports of the host's listeners, and both ends of WinRM's connections in its TCP table. What cannot
be known from outside (whether another rule lets psnet in) counts as a cut: it is made detached, and is confirmed when
psnet still gets in.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from psnet.resources.session_path import plain, session_interfaces
from psnet.types import AddressSet, PortSet

if TYPE_CHECKING:
    from psnet.resources.firewall_rule import FirewallRule
    from psnet.state import HostState, RuleState

_ANY: Final = ("Any", "", "*")
_PORTS: Final = PortSet()
_EVERYBODY: Final = AddressSet()
_WIDE: Final = ("Any", "Internet", "Intranet")


@dataclass(frozen=True, slots=True)
class _Rule:
    """What counts of a rule as it is, or will be."""

    enabled: bool = True
    direction: str = "Inbound"
    action: str = "Allow"
    profiles: Any = None
    protocol: Any = None
    local_ports: PortSet = _PORTS
    remote_ports: PortSet = _PORTS
    local_addresses: AddressSet = _EVERYBODY
    remote_addresses: AddressSet = _EVERYBODY
    program: str = "Any"
    service: str = "Any"
    interface_aliases: tuple[str, ...] = ("Any",)
    interface_type: str = "Any"

    def inward(self, state: HostState) -> bool:
        """Say whether it is in force for what comes in to a program that is http.sys, over TCP."""
        tcp = self.protocol is None or getattr(self.protocol, "name", str(self.protocol)) in ("TCP", "Any")
        http = self.program in (*_ANY, "System") and self.service in _ANY and self.interface_type in ("Any", "Wired")
        if not (self.enabled and str(self.direction) == "Inbound" and tcp and http):
            return False
        if self.interface_aliases == ("Any",):
            return True
        over = {item.interface.lower() for item in session_interfaces(state)}
        return any(name.lower() in over for name in self.interface_aliases)


_NAMES: Final = tuple(field.name for field in fields(_Rule))


def _rule(declared: FirewallRule | None, found: RuleState | None) -> _Rule:
    values: dict[str, Any] = {}
    for name in _NAMES:
        given = getattr(declared, name, None)
        value = given if given is not None else getattr(found, name, None)
        if value is not None:
            values[name] = value
    return _Rule(**values)


def closes_winrm(declared: FirewallRule | None, found: RuleState | None, state: HostState) -> str:
    """Return why a rule as declared (None: it goes) closes WinRM to psnet, or may; empty when it does not."""
    after = _rule(declared, found) if declared is not None else _Rule(enabled=False)
    if _blocks(after, state) and not (found is not None and _blocks(_rule(None, found), state)):
        return f"it blocks WinRM (TCP {_ports(state)}), over which this session goes"
    before = _rule(None, found) if found is not None else None
    if before is not None and _opens(before, state) and not (_opens(after, state) and _as_wide(before, after)):
        how = "is no more" if declared is None else "lets less in"
        return f"it lets WinRM (TCP {_ports(state)}) in, over which this session goes, and {how}"
    return ""


def _ports(state: HostState) -> str:
    return ", ".join(map(str, state.winrm_ports))


def _blocks(rule: _Rule, state: HostState) -> bool:
    return (
        str(rule.action) == "Block"
        and rule.inward(state)
        and rule.remote_ports == _PORTS
        and (rule.local_ports == _PORTS or _covers(rule.local_ports, state))
        and _includes(rule.local_addresses, state.sessions, state)
        and _includes(rule.remote_addresses, state.clients, state)
    )


def _opens(rule: _Rule, state: HostState) -> bool:
    return str(rule.action) == "Allow" and rule.inward(state) and _covers(rule.local_ports, state)


def _as_wide(before: _Rule, after: _Rule) -> bool:
    narrowing = ("profiles", "remote_ports", "local_addresses", "remote_addresses", "interface_aliases")
    return (
        all(getattr(before, name) == getattr(after, name) for name in narrowing)
        or after.remote_addresses == (AddressSet()) == after.local_addresses
    )


def _covers(ports: PortSet, state: HostState) -> bool:
    return any(item.first <= port <= item.last for item in ports.ranges for port in state.winrm_ports)


def _includes(addresses: AddressSet, ends: tuple[str, ...], state: HostState) -> bool:
    """Say whether a filter includes one end of WinRM's connections; where none is known, only one of everybody does."""
    if any(word.rstrip("46") in _WIDE for word in addresses.plain()):
        return True
    return any(_within(plain(end), member, state) for end in ends for member in addresses.plain())


def _within(end: str, member: str, state: HostState) -> bool:
    address = ip_address(end)
    if member.startswith("LocalSubnet"):
        nets = [ip_network(f"{plain(item.address)}/{item.prefix_length}", strict=False) for item in state.addresses]
        return any(net.version == address.version and address in net for net in nets)
    first, dash, last = member.partition("-")
    try:
        low, high = ip_address(first if dash else member.partition("/")[0]), ip_address(last if dash else first)
    except ValueError:
        return "/" in member and address in ip_network(member, strict=False)  # else a word: servers, such as DNS
    return low.version == address.version and int(low) <= int(address) <= int(high)
