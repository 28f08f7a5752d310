"""One simulated Windows container host: the parts joined, and what the engine asks of a host."""

from __future__ import annotations

import random
import threading
from typing import Any

from psnet.lab.cmdlets.hnscall import hns_native_types
from psnet.lab.engine.files import MemoryFiles
from psnet.lab.engine.hostapi import MemoryHost
from psnet.lab.host.adapters import Links
from psnet.lab.host.catalogue import windows_build
from psnet.lab.host.clock import Clock
from psnet.lab.host.firewall import Firewall
from psnet.lab.host.hns.networks import Hns
from psnet.lab.host.ids import Ids
from psnet.lab.host.nat import WinNat
from psnet.lab.host.services import Services


class LabHost:
    """A Windows container host in memory; ``os`` is a key of the catalogue such as "2016" or "2022"."""

    def __init__(self, name: str, os: str = "2022", *, seed: int = 0, culture: str = "en-US") -> None:
        self.name = name
        self.os = windows_build(os)
        self.seed = seed
        self.culture = culture
        self.password = "lab"  # noqa: S105 - a default for tests; `psnet lab` draws one
        self.clock = Clock()
        self.ids = Ids(f"{name}/{seed}")
        self.files = MemoryFiles(self.clock.now)
        self.files.make_folders("C:\\ProgramData")
        self.files.make_folders("C:\\Users\\Administrator\\AppData\\Local\\Temp")
        self.environment = MemoryHost().environment | {
            "COMPUTERNAME": name.upper()[:15],
            "USERDOMAIN": name.upper()[:15],
        }
        self.version = self.os.version
        self.random = random.Random(f"{name}/{seed}")  # noqa: S311 - Get-Random of a simulated host
        self.processes: list[dict[str, Any]] = []
        self.services = Services.of_server(culture)
        self.links = Links(self.ids, culture, seed)
        self.nat = WinNat(self.links, self.os, culture)
        self.hns = Hns(self.links, self.nat, self.os, self.ids, culture)
        self.firewall = Firewall(self.ids, culture, aliases=lambda: [item.name for item in self.links.adapters])
        self.native_types = hns_native_types()
        self.lock = threading.RLock()

    def __repr__(self) -> str:
        return f"LabHost({self.name!r}, os={self.os.key!r})"

    def reboot(self) -> None:
        """Restart: from 2019 on the nat networks do not come back (reference: hns.md, Limits)."""
        if self.os.loses_nat_at_reboot:
            for network in [item for item in self.hns.networks if item.type == "nat"]:
                self.hns.remove(network)
        self.services.boot()
        self.clock.advance(60)
        self.clock.booted = self.clock.now()
