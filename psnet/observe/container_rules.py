"""Which firewall rules of a host are about its container networks: by their interface, or their local address."""

from __future__ import annotations

import json
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.validation_messages import answer_fault
from psnet.errors import HostError
from psnet.powershell import Templates
from psnet.types import network_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.state import HostState

_BEGIN: Final = "vethernet ("


def container_rules_script(templates: Templates | None = None) -> str:
    """Return the script that names rules with a virtual interface or a local address, as one line of JSON."""
    return str((templates or Templates()).render("container_rules.ps1.j2"))


def container_rules(lines: Iterable[str], state: HostState, host: str) -> list[str]:
    """Return the names of the rules that are about a network or a NAT of the host; HostError for no such answer."""
    try:
        rows: list[dict[str, Any]] = json.loads("".join(lines))
        return [str(row["name"]) for row in rows if _about(row, state)]
    except (ValueError, KeyError, TypeError) as error:
        raise HostError(
            f"what the host answered names no firewall rules: {answer_fault(error)}", host=host, step="observing"
        ) from error


def _about(row: dict[str, Any], state: HostState) -> bool:
    names = {item.name.lower() for item in state.networks} | {item.name.lower() for item in state.switches}
    interfaces = {str(item).lower() for item in row["interfaces"]}
    if any(f"{_BEGIN}{name})" in interfaces for name in names):
        return True
    prefixes = [network_of(subnet.prefix) for item in state.networks for subnet in item.subnets]
    prefixes += [network_of(item.internal_prefix) for item in state.nats if item.internal_prefix]
    inner = [item for item in prefixes if item.prefixlen]
    return any(_inside(str(text), inner) for text in row["addresses"])


def _inside(text: str, prefixes: list[Any]) -> bool:
    """Say whether an address, a prefix or a range lies in one of some prefixes."""
    first = text.partition("-")[0].strip()
    try:
        found = ip_network(first, strict=False) if "/" in first else ip_network(ip_address(first))
    except ValueError:
        return False
    return any(item.version == found.version and item.supernet_of(found) for item in prefixes)
