"""What each backend gives on each host, as data: the plan refuses the rest, and a page of the docs shows it.

Sources: reference/hns.md (Builds, Network types, Limits), reference/cmdlets/Containers.yaml, moby's windows.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psnet.resources.hns_features import has_feature, why_no_feature

if TYPE_CHECKING:
    from psnet.state import Backend, Facts

#: Builds that the table shows: Windows Server 2016, 2019, 2022 and 2025.
BUILDS: Final = {14393: "2016", 17763: "2019", 20348: "2022", 26100: "2025"}


@dataclass(frozen=True, slots=True)
class Capability:
    """A feature of a backend: from which build, with which feature of HNS, and why not elsewhere."""

    feature: str
    backend: Backend
    since: int = 0
    hns: str = ""
    reason: str = ""

    def lacks(self, host: Facts | int) -> str | None:
        """Return what a host, or a build, lacks for it; None when it has it."""
        build = host if isinstance(host, int) else host.build
        if build < self.since:
            return self.reason
        return why_no_feature(self.hns, host) if self.hns and not has_feature(self.hns, host) else None


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
    "acl_sets": "acls and network_acls that name ip_sets",
    "network_acl": "network_acls",
    "tier_acl": "tier_acls",
    "ip_set": "ip_sets",
    "nested_sets": "ip_sets of sets",
    "overlay_peer": "overlay_peers",
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
_SUBNETS: Final = "documented for Windows Server 2022 and 2025 only"
_ALL: Final[tuple[Backend, ...]] = ("containers", "hns", "hcn", "docker")
#: The first build with computenetwork.dll.
_HCN_BUILD: Final = 17763
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
    Capability("dual_stack", "hcn", hns="dual_stack"),
    Capability("overlay_peer", "hcn", hns="remote_subnet_route"),
    Capability("ip_set", "hcn", hns="set_policy"),
    Capability("nested_sets", "hcn", hns="nested_sets"),
    Capability("acl_sets", "hcn", hns="set_policy"),
    Capability("network_acl", "hcn", hns="network_acl"),
    Capability("tier_acl", "hcn", hns="tier_acl"),
    *(Capability(feature, backend) for feature in _OF_ENDPOINTS for backend in ("hns", "hcn", "docker")),
    *(Capability("reapply", backend) for backend in _ALL),
    *(Capability("nat", backend) for backend in _ALL),
    *(Capability("acl_lists", backend, hns="acl_lists") for backend in ("hns", "hcn", "docker")),
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
    **{
        (backend, kind): "only HCN has it: say backend: hcn or auto"
        for backend in ("containers", "hns", "docker")
        for kind in ("overlay_peer", "ip_set", "nested_sets", "acl_sets", "network_acl", "tier_acl")
    },
    ("docker", "several_subnets"): "docker network create on Windows makes one subnet",
}


def has_hcn(facts: Facts) -> bool:
    """Say whether a host has the Host Compute Network API."""
    return facts.has_hns and facts.build >= _HCN_BUILD and has_feature("hcn", facts)


def why_not(feature: str, backend: Backend, host: Facts | int) -> str | None:
    """Return why a backend cannot give a feature on a host, or on a build; None when it can."""
    found = next((item for item in _TABLE if item.feature == feature and item.backend == backend), None)
    if found is not None:
        return found.lacks(host)
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
