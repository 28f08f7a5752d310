"""The action of ``facts``: what a host has, as facts."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.target import PsnetAction

try:
    from psnet.fleet import observe_host
except ImportError:
    pass  # the action says so when it runs


class ActionModule(PsnetAction):
    """Observe a host; nothing is changed."""

    def carry_out(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Return what one observe pass reads as the fact ``psnet``."""
        if self._task.args:
            raise AnsibleActionFail("facts takes no options")
        host = self.host(variables)
        with self.session(host) as session:
            state = observe_host(session, host.name)
        return {"changed": False, "ansible_facts": {"psnet": state.model_dump(mode="json")}}
