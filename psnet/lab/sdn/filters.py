"""Access control lists at work: those of the controller at a port, and HNS ACLs of an endpoint."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.sdn.enforced import lists, ordered
from psnet.lab.sdn.rules.acl import port_range

if TYPE_CHECKING:
    from psnet.lab.host.hns.objects import Endpoint
    from psnet.lab.host.model import Host
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.enforced import Port
    from psnet.lab.sdn.packet import Packet
    from psnet.lab.sdn.shape import Document

_NUMBERS: Final = {"TCP": "6", "UDP": "17"}
_DENY_SINCE: Final = 26100


def decide(controller: Controller, port: Port, packet: Packet, direction: str) -> tuple[bool, str, str]:
    """Return (allowed, list, rule) of the datacenter firewall at a port; rule is "default" where none matches.

    The first rule that matches decides. Where none does, the default action of the first list does (Permit unless the
    list says otherwise: [MS-NCNBI] 3.1.5.1). A port without lists has the default set of rules: all outbound traffic is
    allowed, all inbound traffic blocked ("Configure Datacenter Firewall ACLs", Remove an ACL).
    """
    found = lists(controller, port)
    for acl in found:
        for rule in ordered(acl, direction):
            if _matches(rule["Properties"], packet):
                return rule["Properties"]["Action"] == "Allow", acl["ResourceRef"], rule["ResourceRef"]
    if not found:
        return direction == "Outbound", port.ref, "default"
    action = found[0]["Properties"].get(f"{direction}DefaultAction", "Permit")
    return action == "Permit", found[0]["ResourceRef"], "default"


def _matches(rule: Document, packet: Packet) -> bool:
    return (
        rule["Protocol"] in ("All", packet.protocol)
        and _inside(packet.source, rule["SourceAddressPrefix"])
        and _inside(packet.destination, rule["DestinationAddressPrefix"])
        and _within(packet.source_port, rule["SourcePortRange"])
        and _within(packet.port, rule["DestinationPortRange"])
    )


def _inside(address: str, prefix: str) -> bool:
    return prefix == "*" or ip_address(address) in ip_network(prefix)


def _within(number: int, text: str) -> bool:
    low, high = port_range(text, "")
    return low <= number <= high


def decide_hns(host: Host, endpoint: Endpoint, packet: Packet, direction: str) -> tuple[bool, str]:
    """Return (allowed, the ACL's Id) of an endpoint's HNS ACLs; ``direction`` is In or Out.

    The lowest priority number first. Where none matches: from 2025 on an endpoint with any ACL lets nothing through,
    before that one with a Block ACL in that direction does not (microsoft/Windows-Containers issue 616).
    """
    acls = [item for item in endpoint.policies if item.get("Type") == "ACL"]
    mine = [item for item in acls if item.get("Direction") == direction]
    for item in sorted(mine, key=lambda each: int(each.get("Priority") or 0)):
        if _acl_matches(item, packet, direction):
            return item["Action"] == "Allow", str(item.get("Id") or item.get("Name") or "")
    refuses = bool(acls) if host.os.build >= _DENY_SINCE else any(item["Action"] == "Block" for item in mine)
    return not refuses, "default"


def _acl_matches(item: dict[str, Any], packet: Packet, direction: str) -> bool:
    inward = direction == "In"
    local, remote = (packet.destination, packet.source) if inward else (packet.source, packet.destination)
    local_port, remote_port = (packet.port, packet.source_port) if inward else (packet.source_port, packet.port)
    protocols = _words(item, "Protocols", "Protocol")
    return (
        (not protocols or _NUMBERS[packet.protocol] in protocols or "256" in protocols)
        and _any_inside(local, _words(item, "LocalAddresses"))
        and _any_inside(remote, _words(item, "RemoteAddresses"))
        and _any_within(local_port, _words(item, "LocalPorts", "LocalPort", "InternalPort"))
        and _any_within(remote_port, _words(item, "RemotePorts", "RemotePort"))
    )


def _words(item: dict[str, Any], *names: str) -> list[str]:
    """Return the words of the first field that holds any; 0 means that nothing was set."""
    for name in names:
        found = [word.strip() for word in str(item.get(name) or "").split(",") if word.strip() not in ("", "0")]
        if found:
            return found
    return []


def _any_inside(address: str, prefixes: list[str]) -> bool:
    return not prefixes or any(ip_address(address) in ip_network(each, strict=False) for each in prefixes)


def _any_within(number: int, ranges: list[str]) -> bool:
    return not ranges or any(_within(number, each) for each in ranges)
