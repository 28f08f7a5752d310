"""Finding a module by the name that a task says: psnet's own, Ansible's where it is the same, and plug-ins'."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Final

from psnet._internal.yaml import nearest
from psnet.errors import InputError
from psnet.playbook.modules.base import Module
from psnet.playbook.modules.control import CONTROL
from psnet.playbook.modules.dsc import Dsc
from psnet.playbook.modules.facts import FactsModule
from psnet.playbook.modules.files import Copy, Template
from psnet.playbook.modules.powershell import PowerShell
from psnet.playbook.modules.resource import resource_modules
from psnet.playbook.modules.sdn import SdnModule
from psnet.playbook.modules.site import SiteModule
from psnet.playbook.modules.waiting import Reboot, WaitFor

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Tasks that the playbook itself carries out; not modules.
STATEMENTS: Final = (*("meta", "include_tasks", "import_tasks", "include_role", "import_role"),)
#: Modules of Ansible's that are not the same as anything here, and what to write instead.
REFUSED: Final = {
    "ansible.windows.win_powershell": "write psnet.powershell: it takes script and parameters, and results differ",
    "ansible.windows.win_shell": "write psnet.powershell: it gives objects, not text",
    "ansible.windows.win_command": "write psnet.powershell",
    "ansible.windows.win_copy": "write psnet.copy",
    "ansible.windows.win_template": "write psnet.template",
    "ansible.windows.win_reboot": "write psnet.reboot",
    "ansible.windows.win_wait_for": "write psnet.wait_for",
    "ansible.windows.win_dsc": "write psnet.dsc",
    "ansible.builtin.shell": "Windows has no sh: write psnet.powershell",
    "ansible.builtin.command": "write psnet.powershell",
    "ansible.builtin.raw": "write psnet.powershell",
    "ansible.builtin.setup": "write psnet.facts",
    "community.windows.win_firewall_rule": "write psnet.firewall_rule",
}


_OWN: Final = (FactsModule(), PowerShell(), SiteModule(), SdnModule(), Copy(), Template(), WaitFor(), Reboot(), Dsc())


class Registry:
    """Every module there is. Plug-ins are entry points of the group ``psnet.modules``: a ``Module``, or its class."""

    def __init__(self, *, plugins: bool = True) -> None:
        self._by_name: dict[str, Module] = {}
        for module in (*CONTROL, *_OWN, *resource_modules()):
            self.add(module)
        for point in entry_points(group="psnet.modules") if plugins else ():
            given = point.load()
            module = given() if isinstance(given, type) else given
            if not isinstance(module, Module):
                raise InputError(f"the entry point {point.name} of psnet.modules gives no module: {point.value}")
            self.add(module)

    def __iter__(self) -> Iterator[Module]:
        yield from dict.fromkeys(self._by_name.values())

    def add(self, module: Module) -> None:
        """Add a module under its names."""
        for name in (module.name, *module.aliases):
            self._by_name[name] = module

    def find(self, name: str) -> Module | None:
        """Return a module."""
        return self._by_name.get(name)

    def statement(self, name: str) -> str | None:
        """Return a statement's own name, None for what is none."""
        short = name.removeprefix("ansible.builtin.").removeprefix("psnet.")
        return short if short in STATEMENTS else None

    def why_not(self, name: str) -> str:
        """Return what to do instead of a name that is no module."""
        full = {item.rpartition(".")[2]: reason for item, reason in REFUSED.items()}
        reason = REFUSED.get(name) or full.get(name)
        if reason:
            return reason
        near = nearest(name, [*self._by_name, *(f"psnet.{item.rpartition('.')[2]}" for item in self._by_name)])
        return f"did you mean {near}?" if near else "docs/playbooks.md names the modules"
