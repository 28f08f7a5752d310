"""Evaluate a Network Controller's access control lists at a port."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from psnet.lab.sdn.enforced import lists, ordered, prefixes, roots
from psnet.lab.sdn.rules.acl import INTERNET, port_range

if TYPE_CHECKING:
    from psnet.lab.host.reach.packet import Packet
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document
    from psnet.lab.sdn.enforced import Port


def decide(controller: Controller, port: Port, packet: Packet, direction: str) -> tuple[bool, str, str]:
    """Return (allowed, list, rule) of the datacenter firewall at a port; rule is "default" where none matches.

    The first rule that matches decides. Where none does, the default action of the first list does (Permit unless the
    list says otherwise: [MS-NCNBI] 3.1.5.1). A port without lists has the default set of rules: all outbound traffic is
    allowed, all inbound traffic blocked ("Configure Datacenter Firewall ACLs", Remove an ACL).
    """
    found = lists(controller, port)
    for acl in found:
        for rule in ordered(acl, direction):
            if _matches(controller, rule["Properties"], packet):
                return rule["Properties"]["Action"] == "Allow", acl["ResourceRef"], rule["ResourceRef"]
    if not found:
        return direction == "Outbound", port.ref, "default"
    action = found[0]["Properties"].get(f"{direction}DefaultAction", "Permit")
    return action == "Permit", found[0]["ResourceRef"], "default"


def _matches(controller: Controller, rule: Document, packet: Packet) -> bool:
    return (
        rule["Protocol"] in ("All", packet.protocol)
        and _inside(controller, packet.source, rule["SourceAddressPrefix"])
        and _inside(controller, packet.destination, rule["DestinationAddressPrefix"])
        and _within(packet.source_port, rule["SourcePortRange"])
        and _within(packet.port, rule["DestinationPortRange"])
    )


def _inside(controller: Controller, address: str, prefix: str) -> bool:
    if prefix == INTERNET:  # rule: sdn-internet-tag
        networks = roots(controller, "virtualNetworks")
        return not any(
            ip_address(address) in space
            for network in networks
            for space in prefixes(controller, network["ResourceRef"].lower())
        )
    return prefix == "*" or ip_address(address) in ip_network(prefix)


def _within(number: int, text: str) -> bool:
    low, high = port_range(text, "")
    return low <= number <= high
