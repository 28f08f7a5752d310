# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts that a play gathers by itself: psnet's for Windows hosts, ansible-core's own for every other connection."""

from __future__ import annotations

from typing import Any

from ansible_collections.psnet.windows_containers.plugins.action.facts import ActionModule as PsnetFacts

_WINDOWS = ("psrp", "winrm", "ansible.builtin.psrp", "ansible.builtin.winrm")


class ActionModule(PsnetFacts):
    """Ask psnet, over the session that the tasks use; ``ansible.windows`` need not be there."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the facts; what asks for a subset or another module asks ansible-core."""
        variables = task_vars or {}
        if self._connection.ansible_name not in _WINDOWS or self._task.args or variables.get("ansible_facts_modules"):
            core = self._shared_loader_obj.action_loader.get(
                "ansible.builtin.gather_facts",
                task=self._task,
                connection=self._connection,
                play_context=self._play_context,
                loader=self._loader,
                templar=self._templar,
                shared_loader_obj=self._shared_loader_obj,
            )
            return dict(core.run(tmp, task_vars))
        return super().run(tmp, task_vars)
