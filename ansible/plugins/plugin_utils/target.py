"""What the action plug-ins of this collection share: a host's connection, and psnet's errors as Ansible's results."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure

from ansible.plugins.action import ActionBase

try:
    from psnet.errors import PsnetError, UnreachableError
    from psnet.inventory import InventoryHost
    from psnet.inventory.ansible import connection_of
    from psnet.transport import open_session

    MISSING = None
except ImportError as error:  # Ansible's own Python has no psnet
    MISSING = error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psnet.transport import Session


class PsnetAction(ActionBase):
    """An action that psnet carries out from the controller; nothing is copied to the host."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Carry the task out and return its result; an unreachable host is Ansible's own unreachable."""
        result = super().run(tmp, task_vars)
        if MISSING is not None:
            raise AnsibleActionFail(f"the controller's Python has no psnet ({MISSING}): pip install psnet")
        try:
            result.update(self.carry_out(dict(task_vars or {})))
        except UnreachableError as error:
            raise AnsibleConnectionFailure(str(error)) from None
        except PsnetError as error:
            said = {"msg": error.message, "step": error.step, "remedy": error.remedy}
            said |= {"error_id": getattr(error, "error_id", None)}
            result.update({"failed": True, **{name: value for name, value in said.items() if value}})
        if not self._diff_wanted():
            result.pop("diff", None)
        return result

    def carry_out(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Do it and return the result."""
        raise AnsibleActionFail(f"{type(self).__name__} does nothing with {len(variables)} variables")

    @property
    def check(self) -> bool:
        """Whether nothing may be changed."""
        return bool(self._task.check_mode)

    def _diff_wanted(self) -> bool:
        return bool(self._task.diff if self._task.diff is not None else self._play_context.diff)

    def host(self, variables: dict[str, Any]) -> InventoryHost:
        """Return the host that the task is for, with the connection that its variables describe."""
        name = str(variables.get("inventory_hostname", "host"))
        given = variables
        if self._task.delegate_to:
            name = str(self._task.delegate_to)
            given = variables.get("ansible_delegated_vars", {}).get(name, variables)
        filled = {key: self._plain(given[key]) for key in given if key.startswith("ansible_") and _connects(key)}
        return InventoryHost(name, (), {}, connection_of(name, filled), self.folder(), "the inventory")

    def folder(self) -> Path:
        """Return the folder that relative paths of connection settings start at: the playbook's."""
        from pathlib import Path  # noqa: PLC0415 - only at run time

        return Path(self._loader.get_basedir())

    def _plain(self, value: Any) -> Any:
        filled = self._templar.template(value)
        return str(filled) if isinstance(filled, str) else filled

    @contextlib.contextmanager
    def session(self, host: InventoryHost) -> Iterator[Session]:
        """Open a session with a host and give it back."""
        opened = open_session(host.settings(), host.name)
        try:
            yield opened
        finally:
            opened.close()


_PREFIXES = ("ansible_psrp_", "ansible_winrm_")
_NAMES = frozenset(
    {
        "ansible_connection",
        "ansible_host",
        "ansible_port",
        "ansible_user",
        "ansible_password",
        "ansible_pass",
        "ansible_ssh_host",
    }
)


def _connects(name: str) -> bool:
    return name in _NAMES or name.startswith(_PREFIXES)
