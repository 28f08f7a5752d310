"""psnet.facts: what a host has, in one pipeline."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

from psnet.fleet import observe_host
from psnet.playbook.modules.base import Call, Module, Result

if TYPE_CHECKING:
    from psnet.state import HostState


class FactsModule(Module):
    """Read a host."""

    name = "psnet.facts"
    summary = "reads the host: `psnet_facts` (as `psnet observe` has it) and what of `ansible_facts` is known"

    def run(self, call: Call) -> Result:
        """Read it; of the controller only its name and system are known."""
        if call.target is None:
            facts: dict[str, Any] = {"hostname": platform.node(), "system": platform.system()}
            return {"changed": False, "ansible_facts": facts, "_facts": facts}
        state = observe_host(call.session(), call.name)
        facts = familiar(state)
        own = state.model_dump(mode="json")
        return {"changed": False, "ansible_facts": {**facts, "psnet_facts": own}, "_facts": facts, "_own": own}


def familiar(state: HostState) -> dict[str, Any]:
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
