"""Copies of a packet that a service insertion sends to its elements.

An IP configuration names at most one service insertion; a rule of it that matches sends a copy to the interface of each
element, in and out ("Use Network Virtual Appliances on a virtual network", Port mirroring). The packet itself goes on.
That lists decide before a copy is made is a guess, and so is what several elements mean (each gets one).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.sdn.topology import refs_of
from psnet.sdn.trace.acl import inside
from psnet.sdn.trace.model import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psnet.sdn.topology import Port, Topology
    from psnet.sdn.trace.model import TraceRequest


def mirrored(topology: Topology, port: Port, packet: TraceRequest) -> Iterator[Step]:
    """Yield a step for each interface that gets a copy of a packet at a port, in their order."""
    for path in port.refs("serviceInsertion"):
        fields = topology.find(path) or {}
        rule = next((item for item in _children(fields, "serviceInsertionRules") if _matches(item[1], packet)), None)
        if rule is None:
            continue
        elements = sorted(
            _children(fields, "serviceInsertionElements"), key=lambda item: int(item[1].get("order") or 0)
        )
        for name, element in elements:
            for interface in refs_of(element.get("networkInterface")):
                why = f"a copy goes to {interface}, the element {name}"
                yield Step(kind="mirror", at=port.path, rule=f"{path}/rules/{rule[0]}", action="copied", why=why)


def _children(fields: Mapping[str, Any], name: str) -> list[tuple[str, Mapping[str, Any]]]:
    return [(str(item["resourceId"]), item.get("properties") or {}) for item in fields.get(name) or ()]


def _matches(rule: Mapping[str, Any], packet: TraceRequest) -> bool:
    return (
        str(rule.get("protocol") or "All").upper() in ("ALL", packet.protocol)
        and _within(packet.source_port, rule, "source")
        and _within(packet.port, rule, "destination")
        and _held(packet.source, rule.get("sourceSubnets"))
        and _held(packet.destination, rule.get("destinationSubnets"))
    )


def _within(port: int, rule: Mapping[str, Any], side: str) -> bool:
    first, last = (rule.get(f"{side}PortRange{end}") for end in ("Start", "End"))
    return int(first or 0) <= port <= int(last or 65535)


def _held(address: str, subnets: Any) -> bool:
    named = [subnets] if isinstance(subnets, str) else list(subnets or ("*",))
    return any(inside(address, str(prefix)) for prefix in named)
