"""Evaluate the HNS ACLs of an endpoint."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from psnet.lab.host.hns.objects import Endpoint
    from psnet.lab.host.model import Host
    from psnet.lab.host.reach.packet import Packet

_NUMBERS: Final = {"TCP": "6", "UDP": "17"}
_DENY_SINCE: Final = 26100
#: Networks whose ACLs the Windows firewall enforces alone.
_WITHOUT_VFP: Final = ("nat", "transparent")


def decide_hns(host: Host, endpoint: Endpoint, packet: Packet, direction: str) -> tuple[bool, str]:
    """Return (allowed, the ACL's Id) of an endpoint's HNS ACLs; ``direction`` is In or Out.

    The lowest priority number first. Where none matches: from 2025 on an endpoint with any ACL lets nothing through,
    before that one with a Block ACL in that direction does not (microsoft/Windows-Containers issue 616). On nat and
    transparent networks ACLs of a utility VM and those of the virtual switch do nothing.
    """
    acls = _effective(host, endpoint)
    mine = [item for item in acls if item.get("Direction") == direction]
    for item in sorted(mine, key=lambda each: int(each.get("Priority") or 0)):
        if _acl_matches(item, packet, direction):
            return item["Action"] == "Allow", str(item.get("Id") or item.get("Name") or "")
    # rule: reach-acl-default
    refuses = bool(acls) if host.os.build >= _DENY_SINCE else any(item["Action"] == "Block" for item in mine)
    return not refuses, "default"


def _effective(host: Host, endpoint: Endpoint) -> list[dict[str, Any]]:
    acls = [item for item in endpoint.policies if item.get("Type") == "ACL"]
    network = next((item for item in host.hns.networks if item.id == endpoint.network), None)
    if network is None or network.type not in _WITHOUT_VFP:
        return acls
    # rule: reach-acl-without-vfp, hns-acl-hyperv
    return [] if endpoint.machine else [item for item in acls if item.get("RuleType") != "Switch"]


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
    return not ranges or any(within(number, each) for each in ranges)


def within(number: int, text: str) -> bool:
    """Say whether a port lies in a port or a range such as 80-90."""
    low, _, high = text.partition("-")
    return int(low) <= number <= int(high or low)
