"""Firewall rules as ``vfpctrl /port P /layer L /list-rule`` prints them (records of 20348, microsoft/SdnDiagnostics).

A host's text is data: what is not understood is left out, and what a rule does not name it does not restrict.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psnet.sdn.trace.model import TraceRequest

_LINE: Final = re.compile(r"\s*([A-Za-z][A-Za-z ]*?)\s*:\s*(.*?)\s*$")
_NUMBERS: Final = {"TCP": "6", "UDP": "17"}
_MOST: Final = 5000


@dataclass(slots=True)
class VfpRule:
    """One rule; ``direction`` is Inbound or Outbound, ``conditions`` are texts by their names in small letters."""

    id: str
    direction: str
    name: str = ""
    priority: int = 0
    action: str = ""
    conditions: dict[str, str] = field(default_factory=dict)

    @property
    def allows(self) -> bool:
        """Whether it lets packets through."""
        return self.action.lower() == "allow"

    def matches(self, packet: TraceRequest) -> bool:
        """Say whether a packet meets every condition that is understood."""
        return (
            _in(self.conditions, "source ip", packet.source)
            and _in(self.conditions, "destination ip", packet.destination)
            and _number(self.conditions, "source ports", packet.source_port)
            and _number(self.conditions, "destination ports", packet.port)
            and self.conditions.get("protocols", "*") in ("*", _NUMBERS[packet.protocol], packet.protocol)
        )


def read_rules(lines: Iterable[str]) -> list[VfpRule]:
    """Return the rules of layers, the lowest priority number of a layer first."""
    found: list[VfpRule] = []
    direction = ""
    for number, line in enumerate(lines):
        match = _LINE.match(line)
        if match is None or number > _MOST:
            continue
        key, value = match[1].strip().lower(), match[2]
        if key == "group":
            direction = ""
        elif key == "direction":
            direction = {"in": "Inbound", "out": "Outbound"}.get(value.lower(), "")
        elif key == "rule":
            found.append(VfpRule(value, direction))
        elif found and found[-1].direction == direction:
            _take(found[-1], key, value)
    return sorted((item for item in found if item.direction), key=lambda item: item.priority)


def _take(rule: VfpRule, key: str, value: str) -> None:
    if key == "conditions":  # the first may stand on the same line (record t01)
        match = _LINE.match(value)
        key, value = (match[1].strip().lower(), match[2]) if match else (key, value)
    if key == "friendly name":
        rule.name = value
    elif key == "priority" and value.isdigit():
        rule.priority = int(value)
    elif key == "type":
        rule.action = value
    elif key in ("source ip", "destination ip", "source ports", "destination ports", "protocols"):
        rule.conditions[key] = value


def _in(conditions: Mapping[str, str], key: str, address: str) -> bool:
    text = conditions.get(key, "*")
    try:
        return text in ("*", "<none>") or any(
            ip_address(address) in ip_network(item.strip(), strict=False) for item in text.split(",")
        )
    except ValueError:
        return True  # a tag, or what this version of vfpctrl says otherwise


def _number(conditions: Mapping[str, str], key: str, number: int) -> bool:
    text = conditions.get(key, "*")
    for item in text.split(","):
        first, _, last = item.strip().partition("-")
        if not first.isdigit() or int(first) <= number <= int(last if last.isdigit() else first):
            return True
    return False


def decides(rules: Iterable[VfpRule], packet: TraceRequest, direction: str) -> VfpRule | None:
    """Return the first rule of a direction that matches."""
    return next((item for item in rules if item.direction == direction and item.matches(packet)), None)
