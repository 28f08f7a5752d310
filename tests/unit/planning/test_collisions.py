"""What collides is refused before anything is sent, with file and line (cases d2, i16, d5, d4b, i09c, i20, people)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from psnet.apply import apply_script, read_outcomes
from psnet.checks import lint_site
from psnet.errors import SiteError
from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file
from psnet.lab.labhost import LabHost
from psnet.planning import plan
from psnet.site.load import parse_site
from psnet.state import HostState, fresh_state

WEB = {"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}
NAT = {"name": "web", "prefix": "172.20.0.0/24", "switch": "inside"}
L2 = {"name": "l2", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "192.168.10.0/24"}
M = {"network": "web", "protocol": "TCP", "internal_address": "172.20.0.10", "internal_port": 80, "external_port": 8080}
E1 = {"name": "e1", "network": "l2", "address": "192.168.10.50"}
LB = {"members": ["e1"], "vips": ["192.168.10.200"], "protocol": "TCP", "external_port": 80, "internal_port": 8080}
WINRM = {"name": "a", **LB, "external_port": 5985}
LISTS = [{"name": "web", "file": "a.conflist"}, {"name": "b", "file": "A.conflist"}]
POOL = {"start": "00-15-5D-01-00-00", "end": "00-15-5D-01-00-FF"}
OTHER = {"name": "other", "mode": "l2bridge", "adapter": "Ethernet 3", "subnet": "192.168.11.0/24"}
QOS = {"endpoint": "e1", "maximum_outgoing_bandwidth": "1 Mbit"}
INSIDE = {"name": "r", "protocol": "TCP", "direction": "Inbound"}


def site(data: dict[str, Any]) -> Any:
    return parse_site(yaml.safe_dump({"backend": "hns", **data}, sort_keys=False), "site.yaml").for_host("h")


def linted(data: dict[str, Any], build: int = 20348) -> set[tuple[str, str, str | None]]:
    found = lint_site(site(data), build)
    return {(item.id, item.severity, item.resource) for item in found if item.severity != "info"}


def maps(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"nats": [NAT], "nat_static_mappings": [{"name": f"m{at}", **M, **item} for at, item in enumerate(changes)]}


def rules(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"firewall_rules": [{**INSIDE, **item} for item in changes]}


TAKEN = ("collision", "error", "nat_static_mapping m1")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (maps({"external_port": "8000-8100", "internal_port": "8000-8100"}, {}), {TAKEN}),
        (maps({"external_address": "10.0.0.11"}, {}), {TAKEN}),
        (maps({"external_address": "10.0.0.11"}, {"external_address": "10.0.0.12"}), set()),
        (maps({"protocol": "UDP"}, {}), set()),
        (maps({}, {"external_port": 8081}), set()),
        (maps({"internal_address": "172.21.0.1"}), {("mapping-address-outside", "error", "nat_static_mapping m0")}),
        (maps({"internal_address": "172.20.0.1"}), {("mapping-address-special", "error", "nat_static_mapping m0")}),
        (maps({"internal_address": "172.20.0.0"}), {("mapping-address-special", "error", "nat_static_mapping m0")}),
        (maps({"internal_address": "172.20.0.255"}), {("mapping-address-special", "error", "nat_static_mapping m0")}),
        (maps({"external_port": 5986}), {("mapping-management-port", "error", "nat_static_mapping m0")}),
        (maps({"external_port": 3389}), {("mapping-management-port", "error", "nat_static_mapping m0")}),
        (maps({"external_port": 3389, "protocol": "UDP"}), set()),
        (maps({"external_address": "127.0.0.1"}), {("mapping-loopback", "warning", "nat_static_mapping m0")}),
        (
            {"container_networks": [L2], "endpoints": [E1, {**E1, "name": "e2"}]},
            {("collision", "error", "endpoint e2")},
        ),
        (
            {
                "container_networks": [L2],
                "endpoints": [{"name": name, "network": "l2", "mac": "00-15-5D-00-00-01"} for name in ("a", "b")],
            },
            {("collision", "error", "endpoint b")},
        ),
        (
            {"container_networks": [L2], "endpoints": [{**E1, "address": "192.168.10.1"}]},
            {("endpoint-address-special", "error", "endpoint e1")},
        ),
        (
            {"container_networks": [L2], "endpoints": [{**E1, "address": "192.168.10.255"}]},
            {("endpoint-address-special", "error", "endpoint e1")},
        ),
        (
            {
                "container_networks": [L2],
                "endpoints": [E1],
                "load_balancers": [{"name": "a", **LB}, {"name": "b", **LB, "internal_port": 9090}],
            },
            {("collision", "error", "load_balancer b")},
        ),
        (
            {
                "container_networks": [L2],
                "endpoints": [E1],
                "load_balancers": [{"name": "a", **LB}, {"name": "b", **LB, "protocol": "UDP"}],
            },
            set(),
        ),
        ({"container_networks": [L2], "nats": [{**NAT, "switch": "l2"}]}, {("collision", "error", "nat web")}),
        # HNS balances no port that the host listens on, whatever the address (claim c149)
        (
            {
                "container_networks": [L2],
                "endpoints": [E1],
                "load_balancers": [{"name": "a", **LB, "external_port": 5985}],
            },
            {("balancer-management-port", "error", "load_balancer a")},
        ),
        (
            {"nats": [NAT, {**NAT, "name": "jobs", "switch": "outer", "prefix": "172.20.0.128/25"}]},
            {("collision", "error", "nat jobs")},
        ),
        (
            {"container_networks": [L2], "nats": [{**NAT, "prefix": "192.168.10.128/25"}]},
            {("nat-overlaps-network", "error", "nat web")},
        ),
        (
            {"container_networks": [{**L2, "mac_pools": [POOL]}, {**OTHER, "mac_pools": [POOL]}]},
            {("collision", "error", "container_network other")},
        ),
        (
            {"nats": [{**NAT, "external_addresses": [{"address": "127.0.0.1"}]}]},
            {("nat-foreign-address", "warning", "nat web")},
        ),
        (
            {
                "container_networks": [WEB],
                "cni": [{"name": "web", "file": "a.conflist"}, {"name": "b", "file": "A.conflist"}],
            },
            {("collision", "error", "cni b"), ("cni-network-missing", "error", "cni b")},
        ),
        (
            {"container_networks": [L2], "endpoints": [E1], "qos": [QOS, {**QOS, "endpoint": "endpoint:e1"}]},
            {("collision", "error", "qos endpoint:e1")},
        ),
        (
            {"firewall_rules": [{"name": "WINRM-HTTP-In-TCP-typo", "remote_addresses": ["192.168.1.0/24"]}]},
            {("rule-opens-host", "warning", "firewall_rule WINRM-HTTP-In-TCP-typo")},
        ),
        (rules({"local_ports": ["RPC"]}), set()),
        (rules({"local_ports": ["RPC"], "direction": "Outbound"}), {("rule-port-word", "error", "firewall_rule r")}),
        (rules({"local_ports": ["RPC"], "protocol": "UDP"}), {("rule-port-word", "error", "firewall_rule r")}),
        (rules({"local_ports": ["Teredo"]}), {("rule-port-word", "error", "firewall_rule r")}),
    ],
)
def test_what_collides_is_found_without_a_host(data: dict[str, Any], expected: set[tuple[str, str, str]]) -> None:
    assert linted(data) == expected


def test_a_collision_is_told_with_file_and_line() -> None:
    found = [item for item in lint_site(site(maps({}, {"external_port": "8080"})), 20348) if item.id == "collision"]
    lines = yaml.safe_dump({"backend": "hns", **maps({}, {"external_port": "8080"})}, sort_keys=False).splitlines()
    wanted = 1 + max(at for at, line in enumerate(lines) if line.startswith("- name:"))
    assert [item.where for item in found] == [f"site.yaml:{wanted}"]


def test_a_name_that_is_declared_twice_is_told_at_its_second_place() -> None:
    text = "nats:\n- {name: a, prefix: 10.0.0.0/24}\n- {name: A, prefix: 10.1.0.0/24}\n"
    with pytest.raises(SiteError) as caught:
        parse_site(text, "s").for_host("h")
    assert [(item.line, "first at line 2" in item.message) for item in caught.value.problems] == [(3, True)]


def on_host(data: dict[str, Any], **parts: Any) -> set[tuple[str, str | None]]:
    facts = fresh_state(20348).facts.model_dump()
    state = HostState.model_validate({"facts": facts, **parts})
    return {(item.id, item.resource) for item in plan(site(data), state, host="h").findings if item.severity == "error"}


def test_what_the_host_has_collides_too() -> None:
    twin = {"name": "shop", "id": "e", "network": "nat", "address": "10.5.0.2", "mac": "00-15-5d-00-00-01"}
    wanted = {"container_networks": [L2], "endpoints": [{"name": "a", "network": "l2", "mac": "00-15-5D-00-00-01"}]}
    nics = [{"name": "Ethernet 2", "description": "NIC", "index": 7}]
    assert on_host(wanted, endpoints=[twin], adapters=nics) == {("collision", "endpoint a")}
    assert on_host(wanted, adapters=nics) == set()


def test_the_host_s_own_addresses_names_and_ports_collide() -> None:
    nics = [
        {"name": "Ethernet", "description": "A", "index": 4, "mac": "00-15-5D-00-00-09"},
        {"name": "Ethernet 2", "description": "NIC", "index": 7},
    ]
    own = [{"address": "192.168.10.50", "prefix_length": 24, "interface": "Ethernet", "index": 4}]
    wanted = {"container_networks": [L2], "endpoints": [E1]}
    assert on_host(wanted, adapters=nics, addresses=own) == {("collision", "endpoint e1")}
    copied = {"container_networks": [L2], "endpoints": [{**E1, "mac": "00-15-5D-00-00-09"}]}
    assert on_host(copied, adapters=nics) == {("collision", "endpoint e1")}
    attached = {"name": "e1", "id": "E", "network": "l2", "address": "192.168.10.50"}
    assert on_host(wanted, adapters=nics, addresses=own, endpoints=[attached]) == set()
    # a switch that no network stands for holds its name (claims c74, c84)
    assert on_host(wanted, adapters=nics, switches=[{"name": "L2", "id": "s", "type": "Private"}]) == {
        ("name-held", "container_network l2")
    }
    balanced = {**wanted, "load_balancers": [{"name": "a", **LB}]}
    held = [{"protocol": "TCP", "address": "0.0.0.0", "port": 80}]
    assert on_host(balanced, adapters=nics, listeners=held) == {("port-held", "load_balancer a")}
    policy = {"Type": "ELB", "Protocol": 6, "ExternalPort": 80, "VIPs": ["192.168.10.200"]}
    theirs = [{"id": "p", "policies": [policy], "owner": "kube-proxy"}]
    assert on_host(balanced, adapters=nics, policy_lists=theirs) == {("collision", "load_balancer a")}


ports = st.integers(8000, 8006)
mappings = st.fixed_dictionaries(
    {
        "protocol": st.sampled_from(["TCP", "UDP"]),
        "external_address": st.sampled_from(["0.0.0.0", "10.0.0.4"]),
        "span": st.tuples(ports, st.integers(0, 2)),
        "internal_address": st.sampled_from(["172.20.0.10", "172.20.0.11"]),
    }
)


def _mapping(drawn: dict[str, Any]) -> dict[str, Any]:
    first, more = drawn["span"]
    span = f"{first}-{first + more}" if more else first
    rest = {key: value for key, value in drawn.items() if key != "span"}
    return {**rest, "external_port": span, "internal_port": span}


@settings(max_examples=8, derandomize=True, deadline=None)
@given(st.lists(mappings, min_size=2, max_size=3))
def test_what_lint_passes_never_fails_with_a_collision_on_a_fresh_host(drawn: list[dict[str, Any]]) -> None:
    data = maps(*map(_mapping, drawn))
    if any(item[1] == "error" for item in linted(data)):
        return
    host = LabHost("h", "2022")
    made = plan(site(data), fresh_state(20348), host="h")
    script = str(apply_script(made))
    result = run_file(host, script, [], "5.1", path="C:\\apply.ps1", registry=lab_registry(host))
    outcomes = read_outcomes(made, result.stdout)
    assert outcomes
    assert all(item.status == "changed" for item in outcomes), outcomes
