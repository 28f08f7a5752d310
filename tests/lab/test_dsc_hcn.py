"""What psnet delivers by the Host Compute Network, DSC delivers by it too: endpoints, their policies, ports, peers."""

from __future__ import annotations

from typing import Any

import pytest
from dsc_node import Node, compared, instances, site
from dsc_sites import FLAT, NAT, PEER, SETS, VX
from sampling import every

from psnet.lab.engine.flow import PipelineFailed

PORT = {"name": "http", "network": "flat", "protocol": "TCP", "external_port": 8080, "firewall": False}
PORT |= {"internal_address": "10.44.0.10", "internal_port": 80}
APP: dict[str, Any] = {"name": "app", "network": "flat", "address": "10.44.0.10"}
BRIDGE: dict[str, Any] = {"container_networks": [FLAT], "endpoints": [APP], "nat_static_mappings": [PORT]}
FAR = {"name": "far", "network": "vx", "address": "10.244.2.7", "mac": "02-11-22-33-44-55", "remote": True}
FAR |= {"provider_address": "192.168.10.12"}
WHOLE = {
    "backend": "hcn",
    "container_networks": [FLAT],
    "endpoints": [
        APP | {"mac": "00-15-5D-44-00-10", "dns_servers": ["10.0.0.53"], "dns_suffix": "x.example"},
        {"name": "db", "network": "flat"},
        {"name": "gw", "network": "flat", "address": "10.44.0.200", "attach": "host"},
    ],
    "qos": [{"endpoint": "app", "maximum_outgoing_bandwidth": "9 Mbit"}],
    "outbound_nats": [{"endpoint": "app", "exceptions": ["10.0.0.0/8"]}],
    "routes": [{"endpoint": "app", "routes": [{"destination": "10.96.0.0/12", "encapsulate": True}]}],
    "acls": [{"endpoint": "app", "rules": [{"action": "Allow", "direction": "In"}]}],
    "nat_static_mappings": [PORT],
    "load_balancers": [
        {"name": "front", "vips": ["10.0.0.9"], "protocol": "TCP", "external_port": 81, "internal_port": 8080}
        | {"members": ["app", "db"]},
    ],
}
SITES: dict[str, tuple[str, dict[str, Any]]] = {
    "a host port on l2bridge": ("2022", BRIDGE),
    "a port of one address": (
        "2019",
        {
            "container_networks": [NAT],
            "endpoints": [{"name": "app", "network": "web", "address": "172.20.0.10"}],
            "nat_static_mappings": [
                PORT | {"network": "web", "internal_address": "172.20.0.10", "external_address": "10.0.0.11"}
            ],
        },
    ),
    "a peer of an overlay": ("2025", {"container_networks": [VX], "endpoints": [FAR]}),
    "what lies behind another host": (
        "2022",
        {"container_networks": [VX], "overlay_peers": [PEER], "endpoints": [FAR]},
    ),
    "peers on 2019": ("2019", {"container_networks": [VX], "overlay_peers": [PEER]}),
    "sets and rules that name them": ("2025", SETS),
    "everything of an endpoint": ("2022", WHOLE),
    "everything of an endpoint on 2019": ("2019", WHOLE),
}


def may_go(item: Any) -> dict[str, str]:
    return {"AllowDowntime": "all"} if "AllowDowntime" in {each.name for each in item.cls.settable} else {}


@pytest.mark.parametrize("name", every(2, SITES))
def test_dsc_and_psnet_find_each_others_work_by_hcn_done(name: str) -> None:
    os, data = SITES[name]
    node, wanted = Node(os), site(data)
    made = instances(data)
    assert {item.properties.get("Backend") for item in made if item.cls.kind == "endpoint"} <= {"hcn"}
    assert [item.id for item in node.converge(data)] == [item.id for item in made]
    assert node.converge(data) == []
    state = node.observe(wanted)
    found = node.plan(wanted, state)
    assert found.backend == "hcn"
    assert found.changes == ()
    other = Node(os)
    other.push(wanted)
    assert [item.id for item in made if not other.test(item)] == []
    assert compared(other.observe(wanted)) == compared(state)
    for item in reversed(made):
        node.set(item, Ensure="Absent", **may_go(item))
        assert node.test(item, Ensure="Absent")
    assert node.observe().ledger == {}
    assert node.host.hcn is not None
    assert node.host.hcn.handles == {}, "every handle is closed"


@pytest.mark.parametrize(
    ("index", "change"),
    every(
        2,
        [
            (1, {"Address": "10.44.0.11"}),
            (1, {"DnsSuffix": "y.example"}),
            (1, {"Gateway": "10.44.0.2"}),
            (2, {"ExternalPort": "8081"}),
            (2, {"InternalPort": "81"}),
            (2, {"ExternalPort": "8080-8082", "InternalPort": "80-82"}),
            (2, {"ExternalAddress": "10.0.0.11"}),
        ],
    ),
)
def test_what_differs_of_an_endpoint_by_hcn_is_found_and_mended(index: int, change: dict[str, Any]) -> None:
    node = Node("2022")
    node.converge(BRIDGE)
    item = instances(BRIDGE)[index]
    assert not node.test(item, **change)
    node.set(item, **change)
    assert node.test(item, **change)
    if index == 2:
        (app,) = node.host.hns.endpoints
        ports = [each for each in app.policies if each["Type"] == "NAT"]
        assert {each["Flags"] for each in ports} == {1}, "the host itself is let in (claim c70)"


def test_an_endpoint_of_hns_v1_is_made_again_by_hcn_when_that_is_declared() -> None:
    node = Node("2022")
    network, endpoint, mapping = instances(BRIDGE)
    node.set(network)
    node.set(endpoint, Backend="hns")
    with pytest.raises(PipelineFailed, match="say Backend = 'hcn' for its PSNetEndpoint"):
        node.set(mapping)
    assert not node.test(endpoint)
    node.set(endpoint)
    node.set(mapping)
    assert node.test(endpoint)
    assert node.test(mapping)


def test_a_host_without_hcn_says_so() -> None:
    node = Node("2016")
    network, endpoint, _ = instances(BRIDGE)
    for item, backend in ((network, "hns"), (endpoint, "hcn")):
        if backend == "hns":
            node.set(item, Backend=backend)
            continue
        with pytest.raises(PipelineFailed, match="no Host Compute Network"):
            node.set(item)
    assert node.host.hns.endpoints == []


@pytest.mark.parametrize(
    ("kind", "change"),
    every(
        2,
        [
            ("overlay_peer", {"ProviderAddress": "192.168.10.13"}),
            ("overlay_peer", {"Mac": "00-15-5D-AA-00-03"}),
            ("overlay_peer", {"Vsid": 5000}),
            ("ip_set", {"Addresses": ["10.44.0.11"]}),
            ("network_acl", {"Rules": ["Action=Block; Direction=In", "Action=Allow; Direction=Out; Protocols=TCP"]}),
        ],
    ),
)
def test_what_differs_of_a_networks_policies_is_found_and_mended(kind: str, change: dict[str, Any]) -> None:
    data: dict[str, Any] = SETS if kind != "overlay_peer" else {"container_networks": [VX], "overlay_peers": [PEER]}
    node = Node("2025")
    node.converge(data)
    item = next(each for each in instances(data) if each.cls.kind == kind and "Sets" not in each.properties)
    assert not node.test(item, **change)
    node.set(item, **change)
    assert node.test(item, **change)
    node.set(item)
    assert node.plan(site(data)).empty


@pytest.mark.parametrize("index", [1, 2])
def test_a_networks_policy_on_a_host_without_hcn_says_so(index: int) -> None:
    data: dict[str, Any] = {"container_networks": [VX], "overlay_peers": [PEER]} if index == 1 else SETS
    node = Node("2016")
    item = next(each for each in instances(data) if each.cls.kind in ("overlay_peer", "ip_set"))
    assert not node.test(item)
    with pytest.raises(PipelineFailed, match="no Host Compute Network"):
        node.set(item, **({"Vsid": 4096} if index == 1 else {}))
