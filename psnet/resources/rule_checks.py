"""What is likely to be a mistake in a firewall rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from psnet.resources.base import Context, Finding
from psnet.types import Action, Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources.firewall_rule import FirewallRule
    from psnet.types import PortSet

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


def _closes(rule: FirewallRule, context: Context) -> Iterator[Finding]:
    """Yield a warning for a rule that closes WinRM to psnet, or may."""
    why = rule.cut_reason(context, "")
    if why:
        yield Finding(
            id="rule-closes-winrm",
            severity="warning",
            resource=str(rule.identity),
            reason=f"{why}: psnet would lock itself out",
            remedy="psnet makes it detached, and the host takes it back unless psnet still gets in "
            "(--confirm-within); leave those ports out, or block some remote_addresses only",
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
    yield from _closes(rule, context)
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
