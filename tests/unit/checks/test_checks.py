"""Checks before anything is sent: of a site without a host, of a host's health, and advice where to start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from psnet.checks import examine, lint_site
from psnet.checks.advise import advise
from psnet.errors import SiteError
from psnet.planning import plan
from psnet.site.load import load_site, parse_site
from psnet.state import HostState, fresh_state

ROOT = Path(__file__).resolve().parents[3]
FLAT = {"name": "flat", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "10.44.0.0/24"}
ADAPTERS = [
    {"name": "Ethernet", "description": "NIC", "index": 4},
    {"name": "Ethernet 2", "description": "NIC #2", "index": 7},
    {"name": "WLAN", "description": "Radio", "index": 9, "media": "Native 802.11"},
    {"name": "vEthernet (x)", "description": "Hyper-V", "index": 11, "virtual": True},
]
APP = {"name": "app", "id": "e1", "network": "flat", "address": "10.44.0.10", "kind": "host vNIC", "containers": ["c"]}


def state(build: int = 20348, **parts: Any) -> HostState:
    facts = {**fresh_state(build).facts.model_dump(), **parts.pop("facts", {})}
    return HostState.model_validate({"facts": facts, "adapters": ADAPTERS, "uplinks": ["Ethernet"], **parts})


def site(**data: Any) -> Any:
    return parse_site(yaml.safe_dump({"backend": "hns", **data})).for_host("h")


def found(made: HostState, **data: Any) -> dict[str, str]:
    return {item.id: item.severity for item in plan(site(**data), made, host="h").findings}


ON_NAT = {"name": "flat", "id": "n", "mode": "nat"}
OF_DOCKER = {"name": "n", "id": "d", "driver": "nat", "hns_id": "n1"}
ACL = {"endpoint": "app", "rules": [{"action": "Allow", "direction": "In"}]}


@pytest.mark.parametrize(
    ("made", "data", "expected"),
    [
        (state(), {"container_networks": [{**FLAT, "adapter": "Nowhere"}]}, {"adapter-missing": "error"}),
        (state(), {"container_networks": [{"name": "t", "mode": "transparent"}]}, {"adapter-not-named": "warning"}),
        (state(), {"container_networks": [{**FLAT, "adapter": "vEthernet (x)"}]}, {"adapter-is-virtual": "error"}),
        (state(), {"container_networks": [{**FLAT, "adapter": "WLAN"}]}, {"adapter-is-wireless": "warning"}),
        (state(), {"container_networks": [{**FLAT, "adapter": "Ethernet"}]}, {"cuts-management": "warning"}),
        (state(), {"container_networks": [FLAT]}, {}),
        (
            state(switches=[{"name": "old", "type": "External", "adapter": "NIC #2"}]),
            {"container_networks": [FLAT]},
            {"adapter-bound": "error"},
        ),
        (
            state(),
            {"container_networks": [FLAT, {**FLAT, "name": "other", "subnet": "10.45.0.0/24"}]},
            {"adapter-declared-twice": "error"},
        ),
        (
            state(),
            {"container_networks": [FLAT, {**FLAT, "name": "other", "adapter": "Ethernet 3"}]},
            {"adapter-missing": "error", "prefix-overlaps-network": "error"},
        ),
        (
            state(networks=[{"name": "x", "id": "n", "mode": "l2bridge", "subnets": [{"prefix": "10.44.0.0/16"}]}]),
            {"container_networks": [FLAT]},
            {"prefix-overlaps-network": "error"},
        ),
        (
            state(facts={"virtual_machine": True}),
            {"container_networks": [{"name": "t", "mode": "transparent", "adapter": "Ethernet 2"}]},
            {"mac-spoofing": "warning"},
        ),
        (
            state(endpoints=[{"name": f"e{n}", "id": f"{n}", "network": "t"} for n in range(20)]),
            {"container_networks": [{"name": "t", "mode": "transparent", "adapter": "Ethernet 2"}]},
            {"many-on-transparent": "warning"},
        ),
        (state(), {"container_networks": [{**FLAT, "vlan": 7}]}, {"vlan-needs-trunk": "info"}),
        (
            state(17763),
            {"container_networks": [{**FLAT, "subnet": "fd00::/64"}]},
            {"no-ipv6": "error"},
        ),
        (state(20348), {"backend": "hcn", "container_networks": [{**FLAT, "subnet": "fd00::/64"}]}, {}),
        (
            state(17763),
            {
                "container_networks": [
                    {
                        "name": "flat",
                        "mode": "l2bridge",
                        "adapter": "Ethernet 2",
                        "subnets": [{"prefix": "10.44.0.0/24"}, {"prefix": "10.45.0.0/24"}],
                    }
                ]
            },
            {"not-in-this-backend": "error"},
        ),
        (state(), {"acls": [ACL]}, {"endpoint-missing": "error"}),
        (state(endpoints=[APP]), {"acls": [ACL]}, {}),
        (state(26100, endpoints=[APP]), {"acls": [ACL]}, {"acl-2025-outbound": "warning"}),
        (
            state(
                endpoints=[{**APP, "kind": "synthetic VM NIC"}], networks=[{"name": "flat", "id": "n", "mode": "nat"}]
            ),
            {"acls": [{"endpoint": "c", "rules": [{"action": "Allow", "direction": "In", "rule_type": "Host"}]}]},
            {"acl-hyperv": "error"},
        ),
        (
            state(endpoints=[APP], networks=[{"name": "flat", "id": "n", "mode": "nat"}]),
            {"acls": [ACL]},
            {"acl-host-only": "warning"},
        ),
        (
            state(endpoints=[APP]),
            {"acls": [{"endpoint": "app", "rules": [{"action": "Block", "direction": "In"}]}]},
            {"acl-lone-block": "warning"},
        ),
        (
            state(14393, endpoints=[APP]),
            {
                "acls": [
                    {
                        "endpoint": "app",
                        "rules": [{"action": "Allow", "direction": "In", "protocols": "TCP", "local_ports": [80, 443]}],
                    }
                ]
            },
            {"acl-lists": "error"},
        ),
        (
            state(endpoints=[{**APP, "kind": "synthetic VM NIC"}]),
            {"qos": [{"endpoint": "app", "maximum_outgoing_bandwidth": "1 Mbit"}]},
            # hcn.md 4: nobody's code sends QOS to an endpoint that is there.
            {"qos-hyperv": "warning", "policy-after-creation": "info"},
        ),
        (
            state(networks=[{"name": "flat", "id": "n", "mode": "l2bridge"}], endpoints=[APP]),
            {"endpoints": [{"name": "b", "network": "flat", "address": "10.44.0.10"}]},
            {"endpoint-address-taken": "error"},
        ),
        (
            state(),
            {"container_networks": [FLAT], "endpoints": [{"name": "b", "network": "flat", "address": "10.9.0.1"}]},
            {"endpoint-address-outside": "error"},
        ),
        (state(), {"endpoints": [{"name": "b", "network": "no"}]}, {"endpoint-network-missing": "error"}),
    ],
)
def test_a_plan_knows_windows(made: HostState, data: dict[str, Any], expected: dict[str, str]) -> None:
    assert found(made, **data) == expected


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ({"mode": "l2bridge", "adapter": "a"}, "needs a subnet"),
        ({"mode": "internal", "subnet": "10.0.0.0/24"}, "switch alone"),
        ({"mode": "nat", "subnet": "10.0.0.0/24", "vlan": 5}, "vlan and vsid belong"),
        ({"mode": "ics"}, "made by Windows itself"),
        ({"mode": "transparent", "adapter": "a", "vlan": 5000}, "5000 is more than 4094"),
        ({"mode": "transparent", "adapter": "a", "mac_pools": [{"start": "x", "end": "y"}]}, "no MAC address"),
        (
            {
                "mode": "transparent",
                "adapter": "a",
                "mac_pools": [{"start": "00:15:5D:00:00:02", "end": "00-15-5d-00-00-01"}],
            },
            "ends before it starts",
        ),
    ],
)
def test_a_network_that_cannot_be_is_refused_with_its_line(network: dict[str, Any], said: str) -> None:
    with pytest.raises(SiteError, match=said) as caught:
        site(container_networks=[{"name": "n", **network}])
    assert caught.value.problems[0].line is not None


@pytest.mark.parametrize(
    ("text", "bytes_"), [("100 Mbit", 12_500_000), ("12.5 MB/s", 12_500_000), (4096, 4096), ("1 gbps", 125_000_000)]
)
def test_rates(text: str | int, bytes_: int) -> None:
    (item,) = site(qos=[{"endpoint": "e", "maximum_outgoing_bandwidth": text}]).resources
    assert item.maximum_outgoing_bandwidth == bytes_


NAT = {"name": "web", "id": "N1", "mode": "nat", "subnets": [{"prefix": "172.20.0.0/24", "gateway": "172.20.0.1"}]}
WINNAT = {"name": "HN1", "internal_prefix": "172.20.0.0/24"}
PORT = {
    "id": 0,
    "nat": "HN1",
    "protocol": "TCP",
    "external_address": "0.0.0.0",
    "external_port": 8080,
    "internal_address": "172.20.0.9",
    "internal_port": 80,
}
USED = {**APP, "network": "web", "address": "172.20.0.9"}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (state(14393, networks=[NAT], nats=[WINNAT]), []),
        (state(17763, networks=[NAT], nats=[WINNAT]), ["nat-gone-at-reboot"]),
        (
            state(
                17763,
                networks=[NAT],
                nats=[WINNAT],
                docker_networks=[{"name": "n", "id": "d", "driver": "nat", "hns_id": "n1"}],
            ),
            [],
        ),
        (state(14393, networks=[NAT]), ["nat-without-winnat"]),
        (state(14393, nats=[WINNAT]), ["foreign-nat"]),
        (state(14393, networks=[NAT], nats=[WINNAT], mappings=[PORT]), ["orphan-mapping"]),
        (state(14393, networks=[NAT], nats=[WINNAT], mappings=[PORT], endpoints=[USED]), []),
        (
            state(
                14393,
                networks=[NAT],
                nats=[WINNAT],
                mappings=[PORT],
                endpoints=[USED],
                exclusions=[{"protocol": "TCP", "first": 8000, "last": 9000}],
            ),
            ["mapping-in-reserved-range"],
        ),
        (state(14393, endpoints=[{**APP, "kind": "unattached", "containers": [], "state": 1}]), ["stale-endpoint"]),
        # kube-proxy's stand for containers elsewhere (records b01, b04)
        (state(14393, endpoints=[{**APP, "kind": "unattached", "containers": [], "state": 1, "remote": True}]), []),
        # WinNAT lists no NAT of HNS from 1709 on (claim c01)
        (state(17763, networks=[NAT]), ["nat-gone-at-reboot"]),
        (state(17763, facts={"has_winnat": False}), ["no-winnat"]),
        (state(14393, uplinks=[]), ["no-default-route"]),
        (state(14393, facts={"has_hns": False, "has_container_network": False}), ["no-backend"]),
        (state(14393, ledger={"container_network/gone": {}, "thing/x": {}}), ["ledger-unknown", "ledger-stale"]),
        (
            state(14393, networks=[NAT], nats=[WINNAT], endpoints=[{**USED, "address": "10.0.0.1"}]),
            ["endpoint-outside"],
        ),
    ],
)
def test_the_doctor(made: HostState, expected: list[str]) -> None:
    assert [item.id for item in examine(made)] == expected


@pytest.mark.parametrize("path", sorted((ROOT / "examples" / "modes").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_examples_have_nothing_against_them(path: Path) -> None:
    for build in (14393, 17763, 20348, 26100):
        errors = [item for item in lint_site(load_site(path).for_host("h"), build) if item.severity == "error"]
        assert errors == []


@pytest.mark.parametrize(
    ("reach", "platform", "containers", "mode"),
    [
        ("ports", "vm", 10, "nat"),
        ("addresses", "physical", 5, "transparent"),
        ("addresses", "physical", 50, "l2bridge"),
        ("addresses", "cloud", 5, "l2bridge"),
        ("tenant", "physical", 5, "l2bridge"),
        ("addresses", "azure", 5, "l2tunnel"),
        ("tenant", "azure", 5, "l2tunnel"),
    ],
)
def test_advice_is_a_site_that_passes(reach: Any, platform: Any, containers: int, mode: str) -> None:
    given = advise(reach, platform, "hns", containers)
    assert given.mode == mode
    assert given.reasons
    wanted = parse_site(given.site).for_host("h")
    assert [item for item in lint_site(wanted, 20348) if item.severity == "error"] == []
