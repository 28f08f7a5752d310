"""The composition root of one simulated host: its model with cmdlets, services and an engine on it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets import lab_registry
from psnet.lab.cmdlets.hcncall import hcn_native_types
from psnet.lab.cmdlets.hnscall import hns_native_types
from psnet.lab.contract.files import decode
from psnet.lab.engine.execute import run_file
from psnet.lab.host.model import Host

if TYPE_CHECKING:
    from psnet.lab.contract.configurations import ConfigurationTarget
    from psnet.lab.contract.item_drives import ItemDrive
    from psnet.lab.engine.cmdlet import Registry
    from psnet.lab.lcm.manager import Lcm
    from psnet.lab.sdn.controller import Controller


class LabHost(Host):
    """A simulated Windows container host, complete: what ``Host`` says, and PowerShell, DSC and the HNS's P/Invoke."""

    def __init__(self, name: str, os: str = "2022", **settings: Any) -> None:
        super().__init__(name, os, **settings)
        self.native_types = [*hns_native_types(), *hcn_native_types()]
        self._started = self.clock.now()
        self.sdn: Controller | None = None
        self.boots.append(self._boot_lcm)
        self.registry: Registry | None = None
        self.configuration_target: ConfigurationTarget | None = None  # set where a script is compiled for this machine
        self.recording: Any = None  # what a recording answers, where one is played

    @cached_property
    def lcm(self) -> Lcm:
        """The Local Configuration Manager, loaded when something asks for it: a script that has no DSC does not."""
        from psnet.lab.lcm.manager import Lcm  # noqa: PLC0415 - as above

        return Lcm(self, lambda: lab_registry(self), self._started)

    @cached_property
    def item_drives(self) -> dict[str, ItemDrive]:
        """The drives WSMan: and Cert:, loaded when a path on one is asked for."""
        from psnet.lab.cmdlets.cert_drive import CertDrive  # noqa: PLC0415 - as above
        from psnet.lab.cmdlets.wsman_drive import WsmanDrive  # noqa: PLC0415 - as above

        return {"wsman": WsmanDrive(self), "cert": CertDrive(self)}

    def _boot_lcm(self) -> None:
        made: Lcm | None = self.__dict__.get("lcm")
        if made is None:
            self._started = self.clock.now()
        else:
            made.boot()

    def run_file(self, path: str) -> None:
        """Run the script at a path on a session of its own; one that is not there is left alone."""
        entry = self.files.find(path)
        if entry is not None:
            run_file(self, decode(entry.data), path=path, registry=lab_registry(self))

    def manage(self, controller: Controller) -> None:
        """Make this the management host of a Network Controller: it has the cmdlets and types of its module."""
        from psnet.lab.sdn.objects import module_types  # noqa: PLC0415 - most hosts manage none

        self.sdn = controller
        self.module_types = module_types()
