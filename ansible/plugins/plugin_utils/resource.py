"""The action of every resource module: observe, plan, apply, verify, as psnet's own playbooks do it."""

from __future__ import annotations

from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.target import PsnetAction

try:
    from psnet.fleet import Confirmation, apply_host, plan_host
    from psnet.playbook.model import Where
    from psnet.playbook.modules.outcome import planned_result, result_of
    from psnet.playbook.modules.resource import ResourceModule
    from psnet.resources import KINDS
    from psnet.transport import open_session
except ImportError:
    pass  # the action says so when it runs


class ResourceAction(PsnetAction):
    """Bring one resource into the wanted state; ``kind`` names it, ``backend`` stands in for the option."""

    kind: ClassVar[str]
    backend: ClassVar[str | None] = None

    def carry_out(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Converge the host to this one thing, or say what that would change."""
        module = ResourceModule(KINDS[self.kind], backend=self.backend)
        problems: list[Any] = []
        wanted = module.parse(dict(self._task.args), self._where(), problems)
        if wanted is None or problems:
            raise AnsibleActionFail("; ".join(str(problem) for problem in problems))
        site, host = wanted.site(self._task.get_name()), self.host(variables)
        with self.session(host) as session:
            if self.check:
                return planned_result(plan_host(session, host.name, site))
            confirmation = Confirmation(wanted.options.confirm_within, wanted.options.rollback)
            result = apply_host(
                session,
                host.name,
                site,
                confirmation=confirmation,
                reopen=lambda: open_session(host.settings(), host.name),
            )
            return result_of(result)

    def _where(self) -> Where:
        path, _, line = str(self._task.get_path() or "task:1").rpartition(":")
        return Where(path, int(line) if line.isdigit() else 1)
