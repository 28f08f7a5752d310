"""What each backend gives on each build, as data: the plan refuses the rest, and a page of the docs shows it.

Sources: reference/hns.md (Builds, Network types, Limits), reference/cmdlets/Containers.yaml, moby's windows.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from psnet.state import Backend

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
    "nat_static_mapping": "nat_static_mappings",
    "firewall_rule": "firewall_rules",
}
_HNS_MODES: Final = ("nat", "transparent", "l2bridge", "l2tunnel", "overlay", "internal", "private")
_OF_ENDPOINTS: Final = ("endpoint", "acl", "qos", "outbound_nat", "route", "proxy")
_HNS_2016: Final = "New-ContainerNetwork has no parameter for it; the backend hns has"
_HNS_72: Final = "HNS takes them from 7.2 (Windows Server 1803) on"
_SUBNETS: Final = "documented for Windows Server 2022 and 2025 only"
_THROUGH_HNS: Final = "endpoints are HNS objects: use the backend hns"
_TABLE: Final[tuple[Capability, ...]] = (
    *(Capability(f"mode:{mode}", "hns") for mode in _HNS_MODES),
    *(Capability(f"mode:{mode}", "containers") for mode in ("nat", "transparent", "l2bridge", "l2tunnel")),
    *(Capability(f"mode:{mode}", "docker") for mode in ("nat", "transparent", "l2bridge", "l2tunnel")),
    *(Capability(f"mode:{mode}", "docker") for mode in ("internal", "private")),
    *(Capability(feature, "hns") for feature in ("vlan", "vsid", "mac_pools")),
    *(Capability(feature, "docker") for feature in ("vlan", "vsid", "mac_pools")),
    Capability("several_subnets", "hns", since=20348, reason=_SUBNETS),
    *(Capability(feature, backend) for feature in _OF_ENDPOINTS for backend in ("hns", "docker")),
    *(Capability("reapply", backend) for backend in ("containers", "hns", "docker")),
    *(Capability("nat", backend) for backend in ("containers", "hns", "docker")),
    Capability("acl_lists", "hns", since=17134, reason=_HNS_72),
    Capability("acl_lists", "docker", since=17134, reason=_HNS_72),
    *(Capability("load_balancer", backend) for backend in ("hns", "docker")),
    *(Capability("nat_static_mapping", backend) for backend in ("containers", "hns", "docker")),
    *(Capability("firewall_rule", backend) for backend in ("containers", "hns", "docker")),
)
_WHY_NOT: Final = {
    ("containers", "mode"): "New-ContainerNetwork makes nat, transparent, l2bridge and l2tunnel networks",
    ("docker", "mode"): "docker makes overlay networks in a swarm only; ics networks are Windows' own",
    ("hns", "mode"): "ics networks are Windows' own: psnet shows them and makes none",
    ("docker", "several_subnets"): "docker network create on Windows makes one subnet",
}


def why_not(feature: str, backend: Backend, build: int) -> str | None:
    """Return why a backend cannot give a feature on a build; None when it can."""
    found = next((item for item in _TABLE if item.feature == feature and item.backend == backend), None)
    if found is not None:
        return None if found.gives(build) else found.reason
    kind = feature.partition(":")[0]
    if backend == "containers" and kind in ("vlan", "vsid", "mac_pools", "several_subnets"):
        return _HNS_2016
    return _WHY_NOT.get((backend, kind), _THROUGH_HNS)


def table() -> list[tuple[str, Backend, dict[str, bool]]]:
    """Return a row for every feature and backend: which of the shown builds have it."""
    backends: tuple[Backend, ...] = ("containers", "hns", "docker")
    return [
        (
            feature,
            backend,
            {
                name: why_not(feature, backend, build) is None and (backend != "containers" or build <= min(BUILDS))
                for build, name in BUILDS.items()
            },
        )
        for feature in FEATURES
        for backend in backends
    ]
