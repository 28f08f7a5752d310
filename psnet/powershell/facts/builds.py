"""The Windows builds that the lab simulates and what each of them has.

Sources: the build tables of Microsoft's container networking documentation and of hcsshim. HNS versions
are the smallest that allow what is documented for a build; 2016 and 1709 do not answer the version query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from psnet.errors import LabError


@dataclass(frozen=True, slots=True)
class WindowsBuild:
    """One build: ``docset`` is the documentation set whose cmdlets it has.

    ``hns_version`` is what GET /globals/version answers, None when it does not answer; ``hcn_schema`` the
    newest HCN schema, None before HCN v2.
    """

    key: str
    build: int
    product: str
    release: str
    docset: str
    revision: int
    hns_version: tuple[int, int] | None = None
    hcn_schema: tuple[int, int] | None = None

    @property
    def version(self) -> str:
        """Return the version as Win32_OperatingSystem.Version has it."""
        return f"10.0.{self.build}"

    @property
    def has_container_network_cmdlets(self) -> bool:
        """*-ContainerNetwork: 2016 TP5 and 2016 only."""
        return self.build in (14300, 14393)

    @property
    def has_hns_cmdlets(self) -> bool:
        """Get-/Remove-Hns*: 1709 and later."""
        return self.build >= 16299

    @property
    def has_hcn(self) -> bool:
        """HCN v2 (computenetwork.dll): 2019 and later."""
        return self.hcn_schema is not None

    @property
    def carves_nat(self) -> bool:
        """2016 lets further NAT subnets be carved from the one WinNAT prefix."""
        return self.build == 14393

    @property
    def loses_nat_at_reboot(self) -> bool:
        """HNS nat networks do not survive a reboot on 2019 and later."""
        return self.build >= 17763


_BUILDS: Final = (
    WindowsBuild("tp5", 14300, "Windows Server 2016 Technical Preview 5", "1511", "2016", 1000),
    WindowsBuild("2016", 14393, "Windows Server 2016 Datacenter", "1607", "2016", 6252),
    WindowsBuild("1709", 16299, "Windows Server Datacenter", "1709", "2016", 1868),
    WindowsBuild("1803", 17134, "Windows Server Datacenter", "1803", "2016", 2208, (7, 2)),
    WindowsBuild("2019", 17763, "Windows Server 2019 Datacenter", "1809", "2019", 5122, (9, 3), (2, 0)),
    WindowsBuild("2022", 20348, "Windows Server 2022 Datacenter", "21H2", "2022", 2159, (13, 0), (2, 11)),
    WindowsBuild("2025", 26100, "Windows Server 2025 Datacenter", "24H2", "2025", 1742, (15, 4), (2, 14)),
)

BUILDS: Final = {build.key: build for build in _BUILDS}


def windows_build(os: str) -> WindowsBuild:
    """Return the build named by its key ('2016', 'tp5', ...) or its number ('14393')."""
    for build in _BUILDS:
        if os.strip().lower() in (build.key, str(build.build)):
            return build
    known = ", ".join(BUILDS)
    raise LabError(f"no such Windows in the lab: {os!r}", remedy=f"one of {known}")
