"""The Windows builds that the lab simulates and what each of them has.

Sources: the build tables of Microsoft's container networking documentation and of hcsshim; HNS versions from recorded
documents, whose Version is major << 32 | minor (claims c36 to c40).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from psnet.errors import LabError


@dataclass(frozen=True, slots=True)
class WindowsBuild:
    """One build: ``docset`` is the documentation set whose cmdlets it has.

    ``revision`` is its update; ``hns`` the version of its Host Networking Service, as its documents carry it;
    ``hcn_schema`` the newest HCN schema, None before HCN v2.
    """

    key: str
    build: int
    product: str
    release: str
    docset: str
    revision: int
    hns: tuple[int, int]
    hcn_schema: tuple[int, int] | None = None

    @property
    def version(self) -> str:
        """Return the version as Win32_OperatingSystem.Version has it."""
        return f"10.0.{self.build}"

    @property
    def update(self) -> str:
        """Return build and revision, as windows_build takes them."""
        return f"{self.build}.{self.revision}"

    @property
    def hns_version(self) -> tuple[int, int] | None:
        """Return what GET /globals/version answers; None when it does not answer (2016, 1709)."""
        return self.hns if self.build >= 17134 else None

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
    def lists_hns_nat(self) -> bool:
        """The NAT of an HNS nat network is one of WinNAT's, in Get-NetNat: up to 2016 (claims c01, c02)."""
        return self.build <= 14393

    @property
    def nat_is_ics(self) -> bool:
        """A nat network is carried by Internet Connection Sharing: 2019 until HNS 13 (claims c08, c09)."""
        return 17763 <= self.build < 20348

    @property
    def several_nats(self) -> bool:
        """WinNAT takes several internal prefixes that lie apart: 2019 and later (reference/ports.md, 4: Antrea)."""
        return self.build >= 17763

    @property
    def takes_ports_twice(self) -> bool:
        """HNS publishes a port a second time without a word: 1709 (claim c79)."""
        return self.build == 16299

    @property
    def loses_nat_at_reboot(self) -> bool:
        """HNS nat networks do not survive a reboot on 2019 and later."""
        return self.build >= 17763


# HNS versions: claims c36 to c40, record l15 (19041 by 19045).
_BUILDS: Final = (
    WindowsBuild("tp5", 14300, "Windows Server 2016 Technical Preview 5", "1511", "2016", 1000, (1, 1)),
    WindowsBuild("2016", 14393, "Windows Server 2016 Datacenter", "1607", "2016", 6252, (1, 1)),
    WindowsBuild("1709", 16299, "Windows Server Datacenter", "1709", "2016", 1868, (5, 1)),
    WindowsBuild("1803", 17134, "Windows Server Datacenter", "1803", "2016", 2208, (7, 2)),
    WindowsBuild("2019", 17763, "Windows Server 2019 Datacenter", "1809", "2019", 1282, (9, 2), (2, 0)),
    WindowsBuild("1903", 18362, "Windows Server Datacenter", "1903", "2019", 1256, (10, 3), (2, 2)),
    WindowsBuild("2004", 19041, "Windows Server Datacenter", "2004", "2019", 1415, (11, 11), (2, 6)),
    WindowsBuild("2022", 20348, "Windows Server 2022 Datacenter", "21H2", "2022", 2159, (13, 3), (2, 11)),
    WindowsBuild("2025", 26100, "Windows Server 2025 Datacenter", "24H2", "2025", 1742, (16, 0), (2, 14)),
)
#: HNS of 17763 by the first revision that has it: the updates that Microsoft's pages ask for overlay and for DSR.
_HNS_2019: Final = ((1554, (9, 3)), (379, (9, 2)), (0, (9, 1)))

BUILDS: Final = {build.key: build for build in _BUILDS}


def windows_build(os: str) -> WindowsBuild:
    """Return the build named by its key ('2016', 'tp5', ...), its number ('14393') or number and revision."""
    word, _, revision = os.strip().lower().partition(".")
    for build in _BUILDS:
        if word in (build.key, str(build.build)) and (not revision or revision.isdigit()):
            return _updated(build, int(revision)) if revision else build
    known = ", ".join(BUILDS)
    raise LabError(f"no such Windows in the lab: {os!r}", remedy=f"one of {known}, or a build such as 17763.1282")


def _updated(build: WindowsBuild, revision: int) -> WindowsBuild:
    # claim c38: 9.1 in 2018, 9.2 in 2019, 9.3 in 2021
    hns = next(version for first, version in _HNS_2019 if revision >= first)
    return replace(build, revision=revision, hns=hns if build.build == 17763 else build.hns)
