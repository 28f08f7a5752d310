"""Evaluate the Windows firewall for an incoming packet, in the host's network compartment or a container's."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network
from typing import TYPE_CHECKING, Final

from psnet.lab.host.reach.acls import within

if TYPE_CHECKING:
    from psnet.lab.host.firewall import Firewall, Rule
    from psnet.lab.host.reach.packet import Packet

_PROFILE: Final = "Public"
#: Keywords that somebody outside the host's subnet is in; LocalSubnet and the like hold nobody from outside.
_EVERYBODY: Final = ("any", "internet")


def decide(
    firewall: Firewall, packet: Packet, program: str = "", service: str = "", *, near: bool = False
) -> tuple[str | None, str]:
    """Return (Allow or Block, the rule's name) of a packet at its destination; (None, "default") where no rule matches.

    Blocks win over allows. ``program`` is the end of the path of what listens and ``service`` its service, "" for a
    container's: rules of another program or service do not count. ``near`` says that the source is on the local subnet.
    """
    profile = firewall.profiles[_PROFILE]
    if profile.enabled == "False":
        return "Allow", "the firewall is off"
    # rule: firewall-policy-local-rules
    void = profile.allow_local_firewall_rules == "False"
    rules = [] if void else [rule for rule in firewall.rules.values() if _of(rule, program, service)]
    found = [rule for rule in rules if _matches(rule, packet, near=near)]
    for action in ("Block", "Allow"):
        for rule in found:
            if rule.action == action:
                return action, rule.name
    return None, "default"


def _of(rule: Rule, program: str, service: str) -> bool:
    mine = rule.program == "Any" or bool(program and rule.program.lower().endswith(program.lower()))
    return mine and (rule.service in ("Any", "*") or rule.service.lower() == service)


def _matches(rule: Rule, packet: Packet, *, near: bool) -> bool:
    return (
        rule.enabled
        and rule.direction == "Inbound"
        and (rule.profile == "Any" or _PROFILE in rule.profile)
        and rule.protocol in ("Any", packet.protocol)
        and rule.interface_alias == ["Any"]
        and _ports(rule.local_port, packet.port)
        and _ports(rule.remote_port, packet.source_port)
        and _addresses(rule.local_address, packet.destination, near=False)
        and _addresses(rule.remote_address, packet.source, near=near)
    )


def _ports(listed: list[str], number: int) -> bool:
    return any(item == "Any" or (item[:1].isdigit() and within(number, item)) for item in listed)


def _addresses(listed: list[str], address: str, *, near: bool) -> bool:
    return any(_inside(item.lower(), address) or (near and item == "LocalSubnet") for item in listed)


def _inside(word: str, address: str) -> bool:
    if not word[:1].isdigit():
        return word in _EVERYBODY
    first, dash, last = word.partition("-")
    if dash and ":" not in word:
        return IPv4Address(first) <= IPv4Address(address) <= IPv4Address(last)
    return ip_address(address) in ip_network(word, strict=False)
