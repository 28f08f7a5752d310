"""vfpctrl on a host that a Network Controller manages: the ports of its switches, and the firewall rules there.

The form of a rule's lines is that of records t01 and t02; the layers' names those that microsoft/SdnDiagnostics reads.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final

from psnet.lab.contract.programs import Program, ProgramResult
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.host.ports import ports_of
from psnet.lab.sdn.enforced import lists, ordered, ports, roots
from psnet.lab.sdn.rules.acl import INTERNET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.host.model import Host
    from psnet.lab.host.ports import PortAdapter
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document

_NUMBERS: Final = {"TCP": "6", "UDP": "17"}
_OWN: Final = {"Inbound": "Destination", "Outbound": "Source"}
_WAYS: Final = {"Inbound": "IN", "Outbound": "OUT"}
LAYERS: Final = ("FW_ADMIN_LAYER_ID", "FW_CONTROLLER_LAYER_ID")


def install(controller: Controller) -> None:
    """Put vfpctrl on the hosts that a controller manages."""
    for host in controller.hosts:
        host.programs["vfpctrl"] = Program(
            "C:\\Windows\\system32\\vfpctrl.exe", lambda at, words, _lines: _run(controller, at, words)
        )


def _run(controller: Controller, host: Host, words: list[str]) -> ProgramResult:
    lower = [word.lower() for word in words]
    if lower == ["/list-vmswitch-port"]:
        return ProgramResult(0, ["ITEM LIST", "===========", *_ports(host)])
    if len(words) == 5 and (lower[0], lower[2], lower[4]) == ("/port", "/layer", "/list-rule"):
        found = next((item for item in ports_of(host) if item.port.lower() == lower[1]), None)
        if found is None or words[3].upper() not in LAYERS:
            return ProgramResult(1, ["ERROR: the port or the layer was not found"])  # rule: vfpctrl-missing
        with controller.lock:
            controller.settle()
            return ProgramResult(0, ["ITEM LIST", "===========", *_rules(controller, found, words[3].upper())])
    raise UnsupportedError(f"vfpctrl {' '.join(words)}")


def _ports(host: Host) -> Iterator[str]:
    """Yield what is told of each port."""
    # rule: vfpctrl-ports
    for number, item in enumerate(ports_of(host), 1):
        yield from (
            f"  Port name : {item.port.upper()}",
            f"  Port Friendly name : {item.name}",
            f"  Switch Friendly name : {item.switch}",
            f"  PortId : {number}",
            f"  MAC address : {item.mac}",
            f"  VM name : {item.vm}",
            "",
        )


def _rules(controller: Controller, port: PortAdapter, layer: str) -> Iterator[str]:
    """Yield the rules of a layer: what the controller's lists say for the interface that the port carries."""
    # rule: vfpctrl-rules
    carried = next(
        (nic for nic in roots(controller, "networkInterfaces") if str(nic["InstanceId"]).lower() == port.carries), None
    )
    if not port.carries or carried is None or layer != LAYERS[1]:
        return
    for direction, word in _WAYS.items():
        yield from (
            f"  GROUP : FW_GROUP_IPv4_{word}_ID",
            f"    Friendly name : FW_GROUP_IPv4_{word}",
            f"    Direction : {word}",
            "    Type : IPv4",
        )
        for each in ports(controller):
            if each.interface != carried["ResourceRef"]:
                continue
            for acl in lists(controller, each):
                for rule in ordered(acl, direction):
                    if not _meant(rule["Properties"][f"{_OWN[direction]}AddressPrefix"], each.address):
                        continue
                    yield from _rule(rule, each.address, direction)


def _meant(prefix: str, address: str) -> bool:
    return prefix in ("*", INTERNET) or ip_address(address) in ip_network(prefix)


def _rule(rule: Document, address: str, direction: str) -> Iterator[str]:
    fields = rule["Properties"]
    own = f"{_OWN[direction]} IP"
    conditions = [
        ("Protocols", _NUMBERS.get(fields["Protocol"], "*")),
        ("Source IP", fields["SourceAddressPrefix"]),
        ("Destination IP", fields["DestinationAddressPrefix"]),
        ("Source ports", fields["SourcePortRange"]),
        ("Destination ports", fields["DestinationPortRange"]),
    ]
    yield f"    RULE : {str(rule['InstanceId']).upper()}"
    yield f"      Friendly name : {rule['ResourceRef']}"
    yield f"      Priority : {fields['Priority']}"
    yield "      Flags : 8195 terminating stateful"
    yield f"      Type : {'allow' if fields['Action'] == 'Allow' else 'block'}"
    yield "      Conditions:"
    for name, value in conditions:
        if name == own:
            yield f"        {name} : {address}/32"
        elif value not in ("*", "0-65535"):
            yield f"        {name} : {value}"
    yield "      Flow TTL : 240"
    yield "      FlagsEx : 0"
