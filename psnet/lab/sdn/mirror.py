"""Service insertion: copies of a packet for the interfaces of an appliance (a port mirror)."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from psnet.lab.sdn.enforced import named, resource

if TYPE_CHECKING:
    from psnet.lab.host.reach.packet import Packet, Verdict
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document
    from psnet.lab.sdn.enforced import Port


# rule: sdn-mirror
def copied(controller: Controller, port: Port, verdict: Verdict) -> Verdict:
    """Return the verdict with a step for each interface that got a copy at a port; the packet itself goes on."""
    ref = named(port.fields, "ServiceInsertion")
    insertion = resource(controller, ref) if ref else None
    if insertion is None:
        return verdict
    fields = insertion["Properties"]
    rules = (item for item in fields["ServiceInsertionRules"] if _meant(item["Properties"], verdict.packet))
    rule = next(rules, None)
    if rule is not None:
        for element in sorted(fields["ServiceInsertionElements"], key=lambda item: int(item["Properties"]["Order"])):
            interface = named(element["Properties"], "NetworkInterface")
            verdict = verdict.then("mirror", interface, rule["ResourceRef"], "copied")
    return verdict


def _meant(rule: Document, packet: Packet) -> bool:
    ends = (("Source", packet.source, packet.source_port), ("Destination", packet.destination, packet.port))
    return rule["Protocol"].lower() in ("all", packet.protocol.lower()) and all(
        int(rule[f"{side}PortRangeStart"]) <= port <= int(rule[f"{side}PortRangeEnd"])
        and any(each == "*" or ip_address(address) in ip_network(each, strict=False) for each in rule[f"{side}Subnets"])
        for side, address, port in ends
    )
