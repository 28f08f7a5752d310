"""The observe script, and the state that its output says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from psnet.errors import HostError
from psnet.powershell import Templates
from psnet.resources.firewall_rule import PSNET_GROUP
from psnet.state import HostState
from psnet.types import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def observe_script(rule_names: Sequence[str] = (), templates: Templates | None = None) -> str:
    """Return the script that reads a host: psnet's own firewall rules, and those named."""
    using = templates or Templates()
    functions = [using.render(f"lib/{name}.ps1.j2") for name in ("hns", "property", "ledger")]
    return str(
        using.render(
            "observe.ps1.j2",
            functions=functions,
            group=PSNET_GROUP,
            rule_names=list(rule_names),
        )
    )


_ATTACHED = (2, 3)


def read_state(lines: Iterable[str], host: str) -> HostState:
    """Return the state from what the observe script printed; raise HostError when that is no state."""
    text = "".join(lines)
    try:
        return HostState.model_validate(_canonical(json.loads(text)))
    except (ValueError, ValidationError, KeyError, TypeError) as error:
        raise HostError(
            f"what the host answered is not a state: {error}",
            host=host,
            step="observing",
            remedy="run `psnet observe --script` by hand on the host and compare",
        ) from error


def _canonical(data: dict[str, Any]) -> dict[str, Any]:
    """Bring the spelling of different builds to one form."""
    for network in data["networks"]:
        word = str(network["mode"])
        network["mode"] = next((mode.value for mode in Mode if mode.value == word.lower()), word)
        network["dns_servers"] = [server.strip() for server in network["dns_servers"] if server]
        network["dns_suffix"] = network["dns_suffix"] or None
        network["adapter"] = network["adapter"] or None
        network["subnets"] = [subnet for subnet in network["subnets"] if subnet["prefix"]]
    for endpoint in data["endpoints"]:
        machine = endpoint.pop("virtual_machine", None)
        attached = "synthetic VM NIC" if machine else "host vNIC"
        on_host = endpoint.get("state") in _ATTACHED
        endpoint["kind"] = attached if endpoint["containers"] or machine or on_host else "unattached"
    for rule in data["rules"]:
        for name in ("icmp_types", "interface_aliases"):
            rule[name] = sorted(str(item) for item in rule[name])
        for name in ("program", "service", "interface_type"):
            rule[name] = rule[name] or "Any"
    return data
