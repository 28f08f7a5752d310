"""What is likely to be a mistake in a firewall rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from psnet.resources.base import Context, Finding
from psnet.types import Action, AddressSet, Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources.firewall_rule import FirewallRule
    from psnet.state import RuleState
    from psnet.types import PortSet

#: The ports of WinRM; a block goes before every rule that allows.
#: What narrows a rule beside the addresses that may connect.
_NARROWING: Final = (
    *("protocol", "local_ports", "remote_ports", "icmp_types", "local_addresses"),
    *("program", "service", "interface_aliases", "interface_type"),
)


class _Word(NamedTuple):
    protocol: str
    direction: str
    field: str


#: Where the words of New-NetFirewallRule's ports mean something (its page, -LocalPort and -RemotePort).
_WORDS: Final = {
    "RPC": _Word("TCP", "Inbound", "local_ports"),
    "RPCEPMap": _Word("TCP", "Inbound", "local_ports"),
    "IPHTTPSIn": _Word("TCP", "Inbound", "local_ports"),
    "IPHTTPSOut": _Word("TCP", "Outbound", "remote_ports"),
    "PlayToDiscovery": _Word("UDP", "Inbound", "local_ports"),
    "Teredo": _Word("UDP", "Inbound", "local_ports"),
}


def _closes(rule: FirewallRule, found: RuleState | None, winrm: tuple[int, ...]) -> Iterator[Finding]:
    """Yield a refusal for a rule that would lock psnet out: a block of WinRM's ports, or its own rule switched off."""
    inward = str(rule.direction or (found.direction if found else "Inbound")) == "Inbound"
    on = rule.enabled if rule.enabled is not None else found.enabled if found else True
    action = str(rule.action or (found.action if found else "Allow"))
    protocol = rule.protocol or (found.protocol if found else None)
    ports = rule.local_ports if rule.local_ports is not None else found.local_ports if found else None
    everyone = rule.remote_addresses if rule.remote_addresses is not None else found.remote_addresses if found else None
    narrowed = any(
        getattr(rule, name) not in (None, "Any")
        for name in ("program", "service", "interface_aliases", "interface_type")
    )
    covers = (
        ports is None
        or not ports.plain()
        or ports.plain() == ["Any"]
        or any(item.first <= port <= item.last for item in ports.ranges for port in winrm)
    )
    blocks = action == "Block" and on and covers and (protocol is None or protocol.name in ("TCP", "Any"))
    unnarrowed = everyone is None or everyone == AddressSet()
    own = rule.name.upper().startswith("WINRM-HTTP") and found is not None and found.enabled
    opens_no_more = own and (rule.enabled is False or str(rule.action or "Allow") == "Block")
    if inward and ((blocks and unnarrowed and not narrowed) or opens_no_more):
        yield Finding(
            id="rule-closes-winrm",
            severity="error",
            resource=str(rule.identity),
            reason=f"it closes WinRM (TCP {', '.join(map(str, winrm))}) to everybody: psnet would lock itself out, "
            "with no way back",
            remedy="leave those ports out, or block some remote_addresses only",
        )


def check_rule(rule: FirewallRule, context: Context) -> Iterator[Finding]:
    """Yield a warning for a new rule that lets everything in, and errors for words of ports that cannot match."""
    found = rule.find(context)
    lets_in = rule.action is not Action.BLOCK and rule.direction is not Direction.OUTBOUND and rule.enabled is not False
    if found is None and lets_in and all(getattr(rule, name) is None for name in _NARROWING):
        who = f"{rule.remote_addresses}" if rule.remote_addresses is not None else "everybody"
        yield Finding(
            id="rule-opens-host",
            severity="warning",
            resource=str(rule.identity),
            reason=f"unless the host has a rule {rule.name} already, a new one is made that lets {who} in to every "
            "port of every program",
            remedy="spell the built-in rule's name as Get-NetFirewallRule shows it, or give protocol and local_ports",
            source="New-NetFirewallRule: what is not given is Any",
        )
    yield from _closes(rule, found, context.state.winrm_ports)
    protocol = rule.protocol.name if rule.protocol is not None else str(found.protocol) if found else "Any"
    direction = str(rule.direction or (found.direction if found else "Inbound"))
    for field in ("local_ports", "remote_ports"):
        ports: PortSet | None = getattr(rule, field)
        for word in ports.keywords if ports is not None else ():
            wanted = _WORDS.get(word)
            if wanted is not None and wanted != _Word(protocol, direction, field):
                yield Finding(
                    id="rule-port-word",
                    severity="error",
                    resource=str(rule.identity),
                    reason=f"{word} is one of {wanted.field} of {wanted.direction} rules of {wanted.protocol}, "
                    f"not of {field} of {direction} rules of {protocol}",
                    remedy="give port numbers, or change protocol and direction",
                    source="New-NetFirewallRule, -LocalPort and -RemotePort",
                )
