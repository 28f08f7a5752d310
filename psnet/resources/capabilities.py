"""What each backend gives on each build, as data: the plan refuses the rest, and a page of the docs shows it.

Sources: reference/hns.md (Builds, Network types, Limits), reference/cmdlets/Containers.yaml, moby's windows.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from psnet.state import Backend, Facts

#: Builds that the table shows: Windows Server 2016, 2019, 2022 and 2025.
BUILDS: Final = {14393: "2016", 17763: "2019", 20348: "2022", 26100: "2025"}
NEWEST: Final = 10**9


@dataclass(frozen=True, slots=True)
class Capability:
    """A feature of a backend: from which build, up to which, and why not elsewhere."""

    feature: str
    backend: Backend
    since: int = 0
    until: int = NEWEST
    reason: str = ""

    def gives(self, build: int) -> bool:
        """Say whether a build has it."""
        return self.since <= build <= self.until


#: feature -> what it is, in the words of the site file.
FEATURES: Final[dict[str, str]] = {
    "mode:nat": "container_networks, mode: nat",
    "mode:transparent": "container_networks, mode: transparent",
    "mode:l2bridge": "container_networks, mode: l2bridge",
    "mode:l2tunnel": "container_networks, mode: l2tunnel",
    "mode:overlay": "container_networks, mode: overlay",
    "mode:internal": "container_networks, mode: internal",
    "mode:private": "container_networks, mode: private",
    "vlan": "container_networks, vlan",
    "vsid": "container_networks, vsid",
    "mac_pools": "container_networks, mac_pools",
    "several_subnets": "container_networks, several subnets",
    "dual_stack": "container_networks, IPv4 and IPv6 subnets (l2bridge)",
    "endpoint": "endpoints",
    "acl": "acls",
    "acl_lists": "acls with lists of addresses or ports, or ranges of ports",
    "qos": "qos",
    "outbound_nat": "outbound_nats",
    "route": "routes",
    "proxy": "proxies",
    "load_balancer": "load_balancers",
    "nat": "nats",
    "reapply": "reapply",
    "cni": "cni",
    "nat_static_mapping": "nat_static_mappings",
    "firewall_rule": "firewall_rules",
}
_HNS_MODES: Final = ("nat", "transparent", "l2bridge", "l2tunnel", "overlay", "internal", "private")
_OF_ENDPOINTS: Final = ("endpoint", "acl", "qos", "outbound_nat", "route", "proxy")
_HNS_2016: Final = "New-ContainerNetwork has no parameter for it; the backend hns has"
_HNS_72: Final = "HNS takes them from 7.2 (Windows Server 1803) on"
_SUBNETS: Final = "documented for Windows Server 2022 and 2025 only"
_ALL: Final[tuple[Backend, ...]] = ("containers", "hns", "hcn", "docker")
#: The least HNS with HCN (hcsshim: hcnglobals.go, V2), and its builds.
HCN_SINCE: Final = (9, 2)
_HCN_BUILD: Final = 17763
#: The HNS that builds are known to have (claims c36 to c40): from which build, which version.
_BUILT_IN: Final = (
    (26100, (15, 4)),
    (20348, (13, 3)),
    (19041, (11, 11)),
    (18362, (10, 3)),
    (17763, (9, 2)),
    (17134, (7, 2)),
    (16299, (5, 1)),
)
_HCN: Final = "the plug-ins speak to HNS by HCN v2, from Windows Server 2019 on"
_THROUGH_HNS: Final = "endpoints are HNS objects: use the backend hns"
_TABLE: Final[tuple[Capability, ...]] = (
    *(Capability(f"mode:{mode}", backend) for mode in _HNS_MODES for backend in ("hns", "hcn")),
    *(Capability(f"mode:{mode}", "containers") for mode in ("nat", "transparent", "l2bridge", "l2tunnel")),
    *(Capability(f"mode:{mode}", "docker") for mode in ("nat", "transparent", "l2bridge", "l2tunnel")),
    *(Capability(f"mode:{mode}", "docker") for mode in ("internal", "private")),
    *(Capability(feature, backend) for feature in ("vlan", "vsid", "mac_pools") for backend in ("hns", "hcn")),
    *(Capability(feature, "docker") for feature in ("vlan", "vsid", "mac_pools")),
    *(Capability("several_subnets", backend, since=20348, reason=_SUBNETS) for backend in ("hns", "hcn")),
    Capability("dual_stack", "hcn", since=19041, reason="HNS has it from 11.10 on (hcsshim: hcnglobals.go)"),
    *(Capability(feature, backend) for feature in _OF_ENDPOINTS for backend in ("hns", "hcn", "docker")),
    *(Capability("reapply", backend) for backend in _ALL),
    *(Capability("nat", backend) for backend in _ALL),
    Capability("acl_lists", "hns", since=17134, reason=_HNS_72),
    *(Capability("acl_lists", backend, since=17134, reason=_HNS_72) for backend in ("hcn", "docker")),
    *(Capability("load_balancer", backend) for backend in ("hns", "hcn", "docker")),
    *(Capability("nat_static_mapping", backend) for backend in _ALL),
    *(Capability("cni", backend, since=17763, reason=_HCN) for backend in ("hns", "hcn")),
    *(Capability("firewall_rule", backend) for backend in _ALL),
)
_WHY_NOT: Final = {
    ("containers", "mode"): "New-ContainerNetwork makes nat, transparent, l2bridge and l2tunnel networks",
    ("docker", "mode"): "docker makes overlay networks in a swarm only; ics networks are Windows' own",
    ("hns", "mode"): "ics networks are Windows' own: psnet shows them and makes none",
    ("hcn", "mode"): "ics networks are Windows' own: psnet shows them and makes none",
    **{
        (backend, "dual_stack"): "two address families take the backend hcn, from HNS 11.10 on"
        for backend in ("containers", "hns", "docker")
    },
    ("docker", "several_subnets"): "docker network create on Windows makes one subnet",
}


def hns_version(facts: Facts) -> tuple[int, int]:
    """Return the version of HNS: what the host says, else what its build is known to have (claims c36 to c40)."""
    if facts.hns_version:
        major, _, minor = facts.hns_version.partition(".")
        return int(major), int(minor or 0)
    return next((version for least, version in _BUILT_IN if facts.build >= least), (1, 1))


def has_hcn(facts: Facts) -> bool:
    """Say whether a host has the Host Compute Network API."""
    return facts.has_hns and facts.build >= _HCN_BUILD and hns_version(facts) >= HCN_SINCE


def why_not(feature: str, backend: Backend, build: int) -> str | None:
    """Return why a backend cannot give a feature on a build; None when it can."""
    found = next((item for item in _TABLE if item.feature == feature and item.backend == backend), None)
    if found is not None:
        return None if found.gives(build) else found.reason
    kind = feature.partition(":")[0]
    if kind == "cni":
        return "a plug-in finds a network by the name that HNS has: use the backend hns"
    if backend == "containers" and kind in ("vlan", "vsid", "mac_pools", "several_subnets"):
        return _HNS_2016
    return _WHY_NOT.get((backend, kind), _THROUGH_HNS)


def table() -> list[tuple[str, Backend, dict[str, bool]]]:
    """Return a row for every feature and backend: which of the shown builds have it."""
    return [
        (
            feature,
            backend,
            {
                name: why_not(feature, backend, build) is None
                and (backend != "containers" or build <= min(BUILDS))
                and (backend != "hcn" or build >= _HCN_BUILD)
                for build, name in BUILDS.items()
            },
        )
        for feature in FEATURES
        for backend in _ALL
    ]
