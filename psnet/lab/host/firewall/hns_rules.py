"""The rules that HNS makes: for names on its nat networks, between containers on 2016, and for published ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.host.firewall.store import Firewall


def network_rules(build: int, network: str, vnic: str) -> Iterator[dict[str, Any]]:
    """Yield the field values of the rules for a nat network; ``network`` is its id, ``vnic`` its interface's name."""
    # rule: hns-dns-rules
    if build <= 14393:
        return
    if build < 18362:
        names = [(f"DNS Server Forward Rule - UDP - {network.lower()} - 0", "UDP")]
    else:
        names = [(f"HNS Container Networking - DNS (UDP-In) - {network.upper()} - 0", "UDP")]
        if build >= 26100:
            # rule: hns-dns-tcp-rule
            names.append((f"HNS Container Networking - ICS DNS (TCP-In) - {network.upper()} - 0", "TCP"))
    for name, protocol in names:
        yield {
            "name": name,
            "display_name": name,
            "description": name,
            "protocol": protocol,
            "local_port": ["53"],
            "interface_alias": [vnic],
        }


def endpoint_rule(build: int, endpoint: str, prefix: str) -> dict[str, Any] | None:
    """Return the rule that lets the containers of a nat network reach an endpoint, on 2016 alone."""
    # rule: hns-icc-rule
    if build > 14393:
        return None
    name = f"Container Enable ICC - {endpoint.lower()}"
    return {"name": name, "display_name": name, "description": name, "remote_address": [prefix]}


def port_rule(name: str, endpoint: str, protocol: str, internal_port: int) -> dict[str, Any]:
    """Return the rule for a published port: the firewall sees the container's port, not the host's."""
    # rule: firewall-sees-container-port
    shown = f"HNS {endpoint} {protocol} {internal_port}"
    return {"name": name, "display_name": shown, "protocol": protocol, "local_port": [str(internal_port)]}


def make_all(firewall: Firewall, values: Iterator[dict[str, Any]]) -> None:
    """Make rules that are not there yet; HNS leaves those of before a restart."""
    for item in values:
        if item["name"].lower() not in firewall.rules:
            firewall.create(item)


def forget_network(firewall: Firewall, network: str) -> None:
    """Remove the rules of a network that is removed."""
    ends = (f"- {network.lower()} - 0",)
    for name in [name for name in firewall.rules if name.endswith(ends)]:
        del firewall.rules[name]
