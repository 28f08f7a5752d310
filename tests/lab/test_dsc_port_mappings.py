"""Port mappings of a compiled site take the way that the host has for them, and what only a runtime does is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from dsc_node import Node, instances, site
from dsc_sites import FLAT, NAT
from sampling import every, swept

from psnet.lab.engine.flow import PipelineFailed

ALL = ("2016", "2019", "2022", "2025")
WEB: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "examples" / "web" / "site.yaml")
    .read_text(encoding="utf-8")
    .replace('"{{ http_port | default(8080) }}"', "8080")
)
HTTP = {"name": "http", "network": "web", "protocol": "TCP", "external_port": 8080, "firewall": False}
HTTP |= {"internal_address": "172.20.0.10", "internal_port": 80}
APP = {"name": "app", "network": "web", "address": "172.20.0.10"}
LEAD: dict[str, Any] = {"container_networks": [NAT], "endpoints": [APP], "nat_static_mappings": [HTTP]}


def published(node: Node, name: str = "app") -> list[tuple[str, int, int]]:
    """Return (protocol, external, internal) of the ports that an endpoint was made with."""
    (found,) = (item for item in node.observe().endpoints if item.name == name)
    return [
        (str(item["Protocol"]), item["ExternalPort"], item["InternalPort"])
        for item in found.policies
        if item["Type"] == "NAT"
    ]


@pytest.mark.parametrize("os", every(3, ALL))
def test_the_demo_converges_and_leaves_psnet_nothing_to_do(os: str) -> None:
    """Up to 2016 a static mapping of the network's NAT, later the endpoint's create document (claims c01, c02)."""
    node = Node(os)
    assert [item.id for item in node.converge(WEB)] == [item.id for item in instances(WEB)]
    assert node.converge(WEB) == []
    wanted = site(WEB)
    assert node.plan(wanted).empty
    ways = {"netnat"} if os == "2016" else {"endpoint"}
    mappings = [item for item in instances(WEB) if item.cls.kind == "nat_static_mapping"]
    assert {node.get(item)["Via"] for item in mappings} == ways
    assert published(node) == ([] if os == "2016" else [("TCP", 8080, 80), ("TCP", 9182, 9182)])
    for item in mappings:
        node.set(item, Ensure="Absent")
        assert node.test(item, Ensure="Absent")
    assert {item.kind for item in node.plan(wanted).changes} >= {"nat_static_mapping"}
    assert node.observe().mappings == ()


@pytest.mark.parametrize("os", ["2019", swept("2025")])
def test_an_endpoint_is_made_again_for_other_ports_alone(os: str) -> None:
    node = Node(os)
    node.converge(LEAD)
    *_, mapping = instances(LEAD)
    made = node.host.hns.endpoints[-1].id
    assert node.test(mapping)
    node.set(mapping)
    assert node.host.hns.endpoints[-1].id == made
    node.set(mapping, ExternalPort="8081")
    assert published(node) == [("TCP", 8081, 80)]
    assert node.host.hns.endpoints[-1].id != made


def test_a_port_that_a_runtime_publishes_is_compared_and_never_claimed() -> None:
    data = {"container_networks": [NAT], "nat_static_mappings": [HTTP]}
    node = Node("2022", docker=True)
    *rest, mapping = instances(data)
    for item in rest:
        node.set(item)
    assert not node.test(mapping)
    command = "docker run --detach --network web --ip 172.20.0.10 --publish 8080:80/tcp IMAGE"
    (found,) = node.call("Get", mapping.cls.name, mapping.properties).values
    (reason,) = found["Reasons"]
    assert reason["Code"] == "PSNetNatStaticMapping:PSNetNatStaticMapping:NotPublished"
    assert str(reason["Phrase"]).endswith(f"Run: {command}")
    with pytest.raises(PipelineFailed, match="docker run --detach"):
        node.set(mapping)
    assert node.observe().ledger.keys() == {"container_network/web"}


def test_portproxy_leads_in_when_it_is_asked_for() -> None:
    data = LEAD | {"endpoints": [], "nat_static_mappings": [HTTP | {"via": "portproxy"}]}
    node = Node("2022")
    node.converge(data)
    assert node.converge(data) == []
    assert node.plan(site(data)).empty
    (proxy,) = node.observe().port_proxies
    assert (proxy.listen_port, proxy.connect_address, proxy.connect_port) == (8080, "172.20.0.10", 80)
    *_, mapping = instances(data)
    node.set(mapping, Ensure="Absent")
    assert node.observe().port_proxies == ()


def test_a_load_balancer_with_one_member_leads_in_when_it_is_asked_for() -> None:
    balanced = HTTP | {"network": "flat", "internal_address": "10.44.0.10", "via": "load_balancer"}
    data = {"container_networks": [FLAT], "endpoints": [{"name": "app", "network": "flat", "address": "10.44.0.10"}]}
    data |= {"nat_static_mappings": [balanced], "qos": [{"endpoint": "app", "maximum_outgoing_bandwidth": "9 Mbit"}]}
    node = Node("2022")
    node.converge(data)
    assert node.converge(data) == []
    assert node.plan(site(data)).empty
    assert [item.policies[0]["ExternalPort"] for item in node.observe().policy_lists] == [8080]
    for item in reversed(instances(data)):
        node.set(item, Ensure="Absent")
    assert node.observe().policy_lists == ()


def test_a_mapping_that_changes_its_way_is_taken_back_the_old_way() -> None:
    node = Node("2022")
    node.converge(LEAD)
    *_, mapping = instances(LEAD)
    node.set(mapping, Via="portproxy")
    assert node.test(mapping, Via="portproxy")
    assert (published(node), len(node.observe().port_proxies)) == ([], 1)
    node.set(mapping)
    assert (published(node), len(node.observe().port_proxies)) == ([("TCP", 8080, 80)], 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ExternalAddress": "192.168.10.11"}, "on every address of the host"),
        ({"InternalAddress": "172.20.0.99"}, "no endpoint of PSNetEndpoint has the address 172.20.0.99 on web"),
        ({"Via": "netnat"}, "Get-NetNat lists no NAT for web"),
        ({"Via": "load_balancer"}, "carries a host port on l2bridge networks"),
        ({"Network": "elsewhere"}, "no nat network elsewhere is on this host"),
    ],
)
def test_a_mapping_without_a_way_says_why_and_makes_nothing(change: dict[str, str], said: str) -> None:
    node = Node("2022")
    *rest, mapping = instances(LEAD)
    for item in rest:
        node.set(item)
    assert not node.test(mapping, **change)
    with pytest.raises(PipelineFailed, match=said):
        node.set(mapping, **change)
    assert published(node) == []


def test_an_endpoint_is_not_taken_from_a_container_unless_that_is_allowed() -> None:
    node = Node("2022")
    *rest, endpoint, mapping = instances(LEAD)
    for item in (*rest, endpoint):
        node.set(item)
    node.host.hns.endpoints[-1].containers.append("c" * 64)
    for item, change in ((mapping, {}), (endpoint, {"Address": "172.20.0.11"}), (rest[0], {"DnsSuffix": "x.example"})):
        with pytest.raises(PipelineFailed, match="runs on the endpoint 'app'"):
            node.set(item, **change)
    node.set(mapping, AllowDowntime="all")
    assert published(node) == [("TCP", 8080, 80)]


@pytest.mark.parametrize(
    ("held_by", "allowed", "refused"),
    [
        ("nobody", "none", "removes"),
        ("nobody", "endpoints", ""),
        ("a container", "none", "all"),
        ("a container", "endpoints", "all"),
        ("a container", "all", ""),
        ("one before", "none", "all"),
        ("one before", "endpoints", ""),
        ("a machine", "endpoints", "all"),
        ("a machine", "all", ""),
        ("the host", "endpoints", "removes"),
        ("the host", "all", ""),
    ],
)
def test_what_may_go_is_bounded_as_apply_bounds_it(held_by: str, allowed: str, refused: str) -> None:
    """An endpoint that was never attached is made in steps, at any price."""
    node = Node("2022")
    network, endpoint, mapping = instances(LEAD)
    node.set(network)
    node.set(endpoint)
    there = node.host.hns.endpoints[-1]
    if held_by == "a container":
        there.containers.append("c" * 64)
    elif held_by == "a machine":
        there.machine = "0" * 8
    elif held_by != "nobody":
        there.state = 4 if held_by == "one before" else 2
    for item, change, kind in (
        (network, {"DnsSuffix": "x.example"}, "removes"),
        (endpoint, {"Address": "172.20.0.11"}, "removes"),
        (network, {"Ensure": "Absent"}, "removes"),
        (mapping, {}, "makes again"),
    ):
        if refused in (kind, "all"):
            with pytest.raises(PipelineFailed, match=r"AllowDowntime = '(none|all)'"):
                node.set(item, AllowDowntime=allowed, **change)
    assert node.host.hns.endpoints[-1] is there, "nothing was changed"
    if refused != "all":
        node.set(mapping, AllowDowntime=allowed)
        assert published(node) == [("TCP", 8080, 80)]
    if not refused:
        node.set(network, AllowDowntime=allowed, Ensure="Absent")


def test_a_fresh_host_converges_at_the_price_none() -> None:
    node = Node("2022")
    for item in instances(WEB):
        node.set(item, **({"AllowDowntime": "none"} if "AllowDowntime" in str(item.cls.settable) else {}))
    assert node.plan(site(WEB)).empty


@pytest.mark.parametrize("said", [True, "True", "some"])
def test_another_word_for_what_may_go_is_refused(said: Any) -> None:
    """A module before 0.3 took True or False."""
    node = Node("2022")
    with pytest.raises(AssertionError, match="ParameterArgumentValidationError,Set-TargetResource"):
        node.set(instances(LEAD)[1], AllowDowntime=said)
    assert node.observe().endpoints == ()


def test_a_gateway_endpoint_forwards_and_keeps_it_when_it_is_made_again() -> None:
    gateway = {"name": "gw", "network": "flat", "address": "10.44.0.2", "attach": "host", "forwarding": True}
    app = {"name": "app", "network": "flat", "address": "10.44.0.10", "gateway": "10.44.0.2"}
    qos = {"endpoint": "gw", "maximum_outgoing_bandwidth": "9 Mbit"}
    data = {"container_networks": [FLAT], "endpoints": [gateway, app], "qos": [qos]}
    node = Node("2019")
    node.converge(data)
    assert node.converge(data) == []
    assert node.plan(site(data)).empty
    assert node.get(instances(data)[1])["Forwarding"] is True


@pytest.mark.parametrize(("prefix", "inside"), [("172.23.0.255/24", "172.23.0.1"), ("172.23.0.0/24", "172.23.0.1")])
def test_a_nat_whose_prefix_ends_in_255_has_its_switch_and_address(prefix: str, inside: str) -> None:
    node = Node("2022")
    (nat,) = instances({"nats": [{"name": "inside", "prefix": "172.23.0.0/24", "switch": "inside"}]})
    node.set(nat, Prefix=prefix)
    assert node.test(nat, Prefix=prefix)
    assert inside in {item.address for item in node.observe().addresses}


@pytest.mark.parametrize(
    ("prefix", "gateway"),
    [("172.20.0.0/24", "172.20.0.1"), ("172.20.0.255/24", "172.20.0.1"), ("10.0.0.255/32", "10.0.1.0")],
)
def test_the_first_address_of_a_prefix_is_its_gateway(prefix: str, gateway: str) -> None:
    node = Node("2022")
    folder = f"{node.folder}\\Modules\\PSNetDsc.Common"
    parts = [f". '{folder}\\PSNetDsc.{name}.ps1'" for name in ("Values", "Networks")]
    (found,) = node.run("\n".join([*parts, f"Get-PSNetGateway -Subnet ([ordered]@{{ Prefix = '{prefix}' }})"])).values
    assert str(found) == gateway


def test_a_limit_that_changes_leaves_the_endpoint_a_member_of_its_balancer() -> None:
    """HNS takes a limit with its endpoint only, and a balancer names its members by id."""
    front = {"name": "front", "vips": ["10.0.0.9"], "protocol": "TCP", "external_port": 80, "internal_port": 8080}
    data = {
        "container_networks": [FLAT],
        "endpoints": [{"name": "app", "network": "flat", "address": "10.44.0.10"}],
        "qos": [{"endpoint": "app", "maximum_outgoing_bandwidth": "9 Mbit"}],
        "load_balancers": [front | {"members": ["app"]}],
    }
    node = Node("2022")
    node.converge(data)
    node.set(instances(data)[2], MaximumOutgoingBandwidth=1000)
    assert node.test(instances(data)[3])
