"""facts: what a host has, in one pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.fleet import observe_host
from psnet.playbook.modules.base import Call, Module, Result

if TYPE_CHECKING:
    from psnet.state import HostState


class FactsModule(Module):
    """Read a host."""

    name = "facts"
    summary = "reads what the host has as the fact psnet_facts"

    def run(self, call: Call) -> Result:
        """Observe the host and return its facts."""
        state = observe_host(call.session(), call.name)
        found = {f"ansible_{name}": value for name, value in ansible_facts(state).items()}
        return {"changed": False, "ansible_facts": {**found, "psnet_facts": state.model_dump(mode="json")}}


def ansible_facts(state: HostState) -> dict[str, Any]:
    """Return facts under the names that Ansible's setup gives them; only those that are the same."""
    facts = state.facts
    return {
        "os_family": "Windows",
        "system": "Win32NT",
        "hostname": facts.computer_name,
        "nodename": facts.computer_name,
        "os_name": facts.product,
        "distribution": facts.product,
        "powershell_version": int(facts.powershell.split(".")[0]),
        "ip_addresses": [item.address for item in state.addresses],
        "interfaces": [
            {"interface_name": item.description, "connection_name": item.name, "macaddress": item.mac.replace("-", ":")}
            for item in state.adapters
        ],
    }
