"""Finding a module by the name that a task says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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

    from psnet.playbook.modules.base import Module

_OWN: Final = (FactsModule(), PowerShell(), SiteModule(), SdnModule(), Copy(), Template(), WaitFor(), Reboot(), Dsc())


class Registry:
    """Every module of the collection, by its own name."""

    def __init__(self) -> None:
        self._by_name: dict[str, Module] = {module.name: module for module in (*_OWN, *resource_modules())}

    def __iter__(self) -> Iterator[Module]:
        yield from self._by_name.values()

    def find(self, name: str) -> Module | None:
        """Return the module of a name, None when there is none."""
        return self._by_name.get(name)
