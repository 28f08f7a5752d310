"""Evaluate access control lists by the documented rules.

- The rule with the lowest priority number of its direction that matches decides ([MS-NCNBI] 3.1.5.1.2).
- A list on the IP configuration and one on its subnet both count, the configuration's first ("Configure Datacenter
  Firewall ACLs" on learn.microsoft.com).
- Where no rule matches, the default action of the first list decides: Permit unless it says otherwise ([MS-NCNBI]
  3.1.5.1). A port without any list has the default set of rules: outbound allowed, inbound blocked (the same page).
- HNS ACLs: the lowest priority first; a lone Block denies everything of its direction, and from 2025 on any ACL makes
  an endpoint default-deny (microsoft/Windows-Containers issue 616).
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final, Literal

from psnet.sdn.trace.model import Step
from psnet.sdn.values import ANY, INTERNET, parse_ports, port_range

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psnet.sdn.topology import Port, Topology
    from psnet.sdn.trace.model import TraceRequest

Direction = Literal["Inbound", "Outbound"]
_NUMBERS: Final = {"TCP": "6", "UDP": "17"}
_BUILD_2025: Final = 26100


def evaluate_acls(topology: Topology, port: Port, packet: TraceRequest, direction: Direction) -> tuple[bool, Step]:
    """Return whether a port lets a packet through, and the decision."""
    lists = topology.lists(port)
    for path, properties in lists:
        for rule in ordered(properties, direction):
            if _matches(topology, rule.get("properties") or {}, packet):
                fields = rule["properties"]
                allowed = str(fields["action"]).lower() == "allow"
                why = f"{_said(fields)}, priority {fields['priority']}"
                return allowed, _step(
                    port, f"{path}/aclRules/{rule['resourceId']}", direction, allowed=allowed, why=why
                )
    if not lists:
        allowed = direction == "Outbound"
        why = f"no list here or on the subnet: by default {direction.lower()} is {'allowed' if allowed else 'blocked'}"
        return allowed, _step(port, None, direction, allowed=allowed, why=why)
    path, properties = lists[0]
    action = str(properties.get(f"{direction.lower()}DefaultAction") or "Permit")
    allowed = action.lower() == "permit"
    why = f"no {direction.lower()} rule matches: {path} says {action}"
    return allowed, _step(port, None, direction, allowed=allowed, why=why)


def _step(port: Port, rule: str | None, direction: Direction, *, allowed: bool, why: str) -> Step:
    action = "Allow" if allowed else "Deny"
    return Step(kind="acl", at=port.path, rule=rule, action=action, why=why, direction=direction)


def ordered(properties: Mapping[str, Any], direction: str) -> list[Mapping[str, Any]]:
    """Return the rules of a direction, those that are looked at first before the others."""
    rules = [
        item
        for item in properties.get("aclRules") or ()
        if str(item["properties"].get("type")).lower() == direction.lower()
    ]
    return sorted(rules, key=lambda item: int(item["properties"]["priority"]))


def _matches(topology: Topology, rule: Mapping[str, Any], packet: TraceRequest) -> bool:
    return (
        str(rule["protocol"]).upper() in ("ALL", packet.protocol)
        and _held(topology, packet.source, str(rule["sourceAddressPrefix"]))
        and _held(topology, packet.destination, str(rule["destinationAddressPrefix"]))
        and _within(packet.source_port, str(rule["sourcePortRange"]))
        and _within(packet.port, str(rule["destinationPortRange"]))
    )


def _held(topology: Topology, address: str, prefix: str) -> bool:
    return not topology.in_virtual_network(address) if prefix.lower() == INTERNET.lower() else inside(address, prefix)


def inside(address: str, prefix: str) -> bool:
    """Say whether an address lies in a prefix; ``*`` holds every one."""
    return prefix == ANY or ip_address(address) in ip_network(prefix, strict=False)


def _within(port: int, ports: str) -> bool:
    first, last = port_range(parse_ports(ports))
    return first <= port <= last


def _said(rule: Mapping[str, Any]) -> str:
    ports = parse_ports(str(rule["destinationPortRange"]))
    shown = "" if ports == "0-65535" else f" port {ports}"
    ends = f"{rule['sourceAddressPrefix']} -> {rule['destinationAddressPrefix']}"
    return f"{rule['action']} {rule['protocol']} {ends}{shown}"


def evaluate_hns_acls(
    policies: Sequence[Mapping[str, Any]],
    packet: TraceRequest,
    direction: Literal["In", "Out"],
    *,
    build: int,
    where: str,
) -> tuple[bool, Step | None]:
    """Return whether an endpoint's own HNS ACLs let a packet through; no step when there is nothing that decides."""
    acls = [item for item in policies if item.get("Type") == "ACL"]
    mine = sorted(
        (item for item in acls if item.get("Direction") == direction), key=lambda item: int(item.get("Priority") or 0)
    )
    for number, item in enumerate(mine, 1):
        if _hns_matches(item, packet, direction):
            allowed = item["Action"] == "Allow"
            rule = str(item.get("Id") or f"{direction} rule {number}")
            why = f"{item['Action']} {direction}, priority {item.get('Priority') or 0}"
            return allowed, Step(kind="hns acl", at=where, rule=rule, action="Allow" if allowed else "Block", why=why)
    if build >= _BUILD_2025 and acls:
        why = "from Windows Server 2025 on an endpoint with any ACL lets through what an ACL allows, and nothing else"
    elif any(item["Action"] == "Block" for item in mine):
        why = f"no {direction} ACL matches, and one that blocks makes the rest of that direction blocked"
    else:
        return True, None
    return False, Step(kind="hns acl", at=where, rule=None, action="Block", why=why)


def _hns_matches(item: Mapping[str, Any], packet: TraceRequest, direction: str) -> bool:
    inward = direction == "In"
    local, remote = (packet.destination, packet.source) if inward else (packet.source, packet.destination)
    local_port, remote_port = (packet.port, packet.source_port) if inward else (packet.source_port, packet.port)
    protocols = _words(item, "Protocols", "Protocol")
    return (
        (not protocols or _NUMBERS[packet.protocol] in protocols or "256" in protocols)
        and _any(_words(item, "LocalAddresses"), lambda prefix: inside(local, prefix))
        and _any(_words(item, "RemoteAddresses"), lambda prefix: inside(remote, prefix))
        and _any(_words(item, "LocalPorts", "LocalPort", "InternalPort"), lambda ports: _within(local_port, ports))
        and _any(_words(item, "RemotePorts", "RemotePort"), lambda ports: _within(remote_port, ports))
    )


def _words(item: Mapping[str, Any], *names: str) -> list[str]:
    """Return the words of the first field that holds any; HNS shows 0 for a number that nobody set."""
    for name in names:
        words = [word.strip() for word in str(item.get(name) or "").split(",") if word.strip() not in ("", "0")]
        if words:
            return words
    return []


def _any(words: list[str], test: Any) -> bool:
    return not words or any(test(word) for word in words)
