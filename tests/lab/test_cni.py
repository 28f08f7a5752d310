"""Networks and CNI configuration lists as one declaration, on hosts with containerd: over WinRM, to the container."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from sampling import swept

from psnet.checks.advise import advise
from psnet.checks.doctor import examine
from psnet.errors import PlanError
from psnet.lab.host import cni
from psnet.lab.host.kubernetes import join_cluster
from psnet.lab.host.reach import Packet
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire.server import LabServer
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.api import Host
    from psnet.site import Site

NETWORK = {"name": "nat", "mode": "nat", "subnet": "172.20.0.0/24", "dns_servers": ["10.0.0.53"]}
ACL = {
    "endpoint": "web",
    "rules": [
        {"action": "Allow", "direction": "In", "protocols": "TCP", "local_ports": 80},
        {"action": "Block", "direction": "In", "priority": 200},
    ],
}
QOS = {"endpoint": "container:web", "maximum_outgoing_bandwidth": "100 Mbit"}
FILE = f"{cni.CONF}\\10-nat.conflist"


def site(*, prune: bool = False, **data: Any) -> Site:
    made = parse_site(yaml.safe_dump(data)).for_host("h")
    return made.model_copy(update={"prune": prune})


@pytest.fixture
def lab(tmp_path: Any) -> Iterator[tuple[LabHost, Host]]:
    from psnet.api import Host
    from psnet.inventories import load_inventory

    model = LabHost("h", "2022", containerd=True)
    with LabServer([model]) as server:
        inventory = load_inventory(write_inventory(server, [model], tmp_path / "hosts.yaml"))
        with Host(inventory["h"].settings(), "h") as host:
            yield model, host


def conflist(model: LabHost) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(model.files.read(FILE).decode("utf-8"))
    return data


def test_a_site_with_nerdctl_from_nothing_to_nothing(lab: tuple[LabHost, Host]) -> None:
    """Network, conflist, a published port, an ACL by the container's name, a limit: applied, drifted, repaired."""
    model, host = lab
    assert model.containerd is not None
    base = {"manage": "exclusive", "container_networks": [NETWORK], "cni": [{"name": "nat", "runtime": "nerdctl"}]}
    result = host.apply(site(**base))
    assert [(item.kind, item.status) for item in result.outcomes] == [
        ("container_network", "changed"),
        ("cni", "changed"),
    ]
    assert result.left is not None
    assert result.left.empty
    assert conflist(model) == {
        "cniVersion": "1.0.0",
        "name": "nat",
        "plugins": [
            {
                "type": "nat",
                "capabilities": {"portMappings": True, "dns": True},
                "ipam": {"subnet": "172.20.0.0/24", "routes": [{"GW": "172.20.0.1"}]},
                "dns": {"nameservers": ["10.0.0.53"]},
            }
        ],
    }
    assert not model.files.read(FILE).startswith(b"\xef\xbb\xbf")  # Go's JSON takes no mark
    model.containerd.run("web", ports=[(8080, 80, "tcp")])
    (endpoint,) = model.hns.endpoints
    assert (endpoint.address, endpoint.gateway) == ("172.20.0.2", "172.20.0.1")
    assert [item.external_port for item in model.nat.published] == [8080]

    full = {**base, "acls": [ACL], "qos": [QOS]}
    result = host.apply(site(**full))
    assert [(item.kind, item.status) for item in result.outcomes] == [("acl", "changed"), ("qos", "changed")]
    assert result.left is not None
    assert result.left.empty, result.left.changes
    kinds = sorted(item["Type"] for item in endpoint.policies)
    assert kinds == ["ACL", "ACL", "NAT", "QOS"]

    drifted = conflist(model)
    drifted["plugins"][0]["ipam"]["routes"] = [{"gateway": "172.20.0.1"}]
    del drifted["plugins"][0]["capabilities"]
    model.files.write_text(FILE, json.dumps(drifted))
    endpoint.policies[:] = [item for item in endpoint.policies if item["Type"] != "QOS"]
    plan = host.plan(site(**full))
    assert [(item.operation, item.kind) for item in plan.changes] == [("create", "qos"), ("update", "cni")]
    assert {item.field for item in plan.changes[1].fields} == {
        "plugins[0].capabilities.portMappings",
        "plugins[0].capabilities.dns",
        "plugins[0].ipam.routes[0].GW",
        "plugins[0].ipam.routes[0].gateway",
    }
    assert {item.id for item in examine(host.observe())} >= {"cni-no-port-mappings"}
    result = host.apply(site(**full))
    assert result.left is not None
    assert result.left.empty
    assert "cni-no-port-mappings" not in {item.id for item in examine(host.observe())}

    model.containerd.stop("web")
    result = host.apply(site(manage="exclusive", prune=True))
    assert {(item.operation, item.status) for item in result.outcomes} == {("remove", "changed")}
    assert model.files.find(FILE) is None
    assert model.hns.networks == []
    assert (
        sorted(item.name for item in (model.files.find(cni.CONF) or model.files.drives["C:"]).children.values()) == []
    )  # type: ignore[union-attr]


def test_policies_find_pods_by_name_label_and_address(lab: tuple[LabHost, Host]) -> None:
    model, host = lab
    join_cluster(model)
    rules = ACL["rules"]
    found = {
        word: host.plan(site(acls=[{"endpoint": word, "rules": rules}]))
        for word in ("web-7d21", "pod:default/web-7d21", "label:app=log", "address:10.244.1.4", "agent")
    }
    assert {word: [item.id for item in plan.refusals] for word, plan in found.items()} == {word: [] for word in found}
    ambiguous = host.plan(site(acls=[{"endpoint": "label:app=web", "rules": rules}])).refusals
    assert [item.id for item in ambiguous] == ["endpoint-ambiguous"]
    assert "pod:default/web-6c9f (10.244.1.3 on cbr0)" in ambiguous[0].reason
    assert "pod:default/web-7d21 (10.244.1.4 on cbr0)" in ambiguous[0].reason
    missing = host.plan(site(acls=[{"endpoint": "pod:shop/none", "rules": rules}])).refusals
    assert [item.id for item in missing] == ["endpoint-missing"]
    assert "pod:kube-system/log-agent" in missing[0].remedy
    twice = host.plan(site(qos=[QOS | {"endpoint": word} for word in ("agent", "pod:log-agent")])).refusals
    assert {item.id for item in twice} == {"collision"}


@pytest.mark.parametrize("backend", ["host-gw", swept("vxlan")])
def test_a_node_is_left_alone_by_prune_and_has_no_finding(lab: tuple[LabHost, Host], backend: str) -> None:
    model, host = lab
    join_cluster(model, backend=backend)
    policies = [
        {"endpoint": "pod:kube-system/log-agent", "maximum_outgoing_bandwidth": "10 Mbit"},
    ]
    front = {"vips": ["10.96.200.1"], "protocol": "TCP", "external_port": 80, "internal_port": 8080}
    balancer = {"name": "front", **front, "members": ["pod:web-6c9f", "pod:web-7d21"]}
    host.apply(site(manage="exclusive", qos=policies, load_balancers=[balancer]))
    before = [(item.id, item.name) for item in model.hns.endpoints]
    lists = len(model.hns.lists)
    assert examine(host.observe()) == ()
    result = host.apply(site(manage="exclusive", prune=True))
    assert sorted((item.operation, item.kind) for item in result.outcomes) == [
        ("remove", "load_balancer"),
        ("remove", "qos"),
    ]
    assert [(item.id, item.name) for item in model.hns.endpoints] == before
    assert len(model.hns.lists) == lists - 1
    assert model.files.find(f"{cni.CONF}\\10-flannel.conflist") is not None
    assert host.plan(site(manage="exclusive", prune=True)).empty


def test_conflists_of_others_are_compared_with_the_networks_that_they_name(lab: tuple[LabHost, Host]) -> None:
    """containerd/nerdctl#5157 and #28 (claim c91, record g09)."""
    model, host = lab
    assert model.containerd is not None
    model.hns.create(
        "nat",
        "nat",
        subnets=[{"AddressPrefix": "172.20.0.0/24", "GatewayAddress": "172.20.0.1"}],
        dns_servers="10.0.0.53",
    )
    model.containerd.run("web", ports=[(8080, 80, "tcp")])  # nerdctl writes its own list
    assert model.nat.published == []
    assert model.hns.endpoints[0].gateway == "10.4.0.1"
    second = {
        "cniVersion": "0.3.1",
        "name": "nat",
        "plugins": [{"type": "sdnbridge", "capabilities": {"portMappings": True}}],
    }
    flat = {
        "name": "flat",
        "plugins": [{"type": "win-bridge", "master": "Ethernet 9", "capabilities": {"portMappings": True}}],
    }
    model.hns.create(
        "flat",
        "l2bridge",
        subnets=[{"AddressPrefix": "10.44.0.0/24", "GatewayAddress": "10.44.0.1"}],
        adapter="Ethernet 2",
    )
    for name, document in (("x-nat.conflist", second), ("y-flat.conflist", flat)):
        model.files.write_text(f"{cni.CONF}\\{name}", json.dumps(document))
    model.files.write_text(f"{cni.CONF}\\z.conf", "{")
    found = [
        (item.id, item.reason.rpartition("\\")[2].split(" ")[0])
        for item in examine(host.observe())
        if item.id.startswith("cni-")
    ]
    assert sorted(found) == [
        ("cni-no-json", "z.conf"),
        ("cni-no-port-mappings", "nerdctl-nat.conflist"),
        ("cni-two-files", "nerdctl-nat.conflist"),
        ("cni-version", "x-nat.conflist"),
        ("cni-wrong-adapter", "y-flat.conflist"),
        ("cni-wrong-gateway", "nerdctl-nat.conflist"),
        ("cni-wrong-gateway", "y-flat.conflist"),
        ("cni-wrong-mode", "x-nat.conflist"),
        ("cni-wrong-subnet", "nerdctl-nat.conflist"),
    ]
    with pytest.raises(PlanError) as refused:
        host.apply(site(container_networks=[NETWORK], cni=[{"name": "nat"}]))
    assert "nerdctl-nat.conflist configures the network nat too" in str(refused.value)
    taken = site(manage="adopt", container_networks=[NETWORK], cni=[{"name": "nat", "file": "nerdctl-nat.conflist"}])
    assert [item.id for item in host.plan(taken).refusals] == ["cni-two-files"]  # x-nat.conflist is still there
    model.files.remove(f"{cni.CONF}\\x-nat.conflist")
    result = host.apply(taken)
    assert result.left is not None
    assert result.left.empty
    model.containerd.stop("web")
    model.containerd.run("web", ports=[(8080, 80, "tcp")])
    assert model.hns.endpoints[0].gateway == "172.20.0.1"
    assert [item.external_port for item in model.nat.published] == [8080]


CONFIG = """version = 2
[plugins."io.containerd.grpc.v1.cri"]
  conf_dir = "elsewhere"
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "C:\\\\opt\\\\cni\\\\bin"  # as SIG-Windows writes it
  conf_dir = 'C:/etc/cni/net.d'
[other]
  conf_dir = "no"
"""


def test_the_folders_are_those_of_config_toml(lab: tuple[LabHost, Host]) -> None:
    model, host = lab
    model.files.write_text("C:\\Program Files\\containerd\\config.toml", CONFIG)
    model.files.write_text("C:\\opt\\cni\\bin\\sdnbridge.exe", "MZ")
    network = {"name": "pods", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "10.45.0.0/24"}
    entry = {"name": "pods", "runtime": "kubelet", "outbound_nat_exceptions": ["10.0.0.0/8"], "local_ports": True}
    result = host.apply(site(container_networks=[network], cni=[entry]))
    assert result.left is not None
    assert result.left.empty
    text = model.files.read("C:\\etc\\cni\\net.d\\10-pods.conflist").decode()
    (plugin,) = json.loads(text)["plugins"]
    assert plugin["type"] == "sdnbridge"
    assert plugin["optionalFlags"] == {"localRoutedPortMapping": True}
    policy = {"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.0.0.0/8"]}}
    assert plugin["AdditionalArgs"] == [{"Name": "EndpointPolicy", "Value": policy}]


@pytest.mark.parametrize(
    ("reach", "runtime"),
    [("ports", "nerdctl"), swept(("addresses", "containerd")), ("addresses", "kubernetes")],
)
def test_the_site_of_an_advice_runs_to_the_container(lab: tuple[LabHost, Host], reach: Any, runtime: Any) -> None:
    model, host = lab
    assert model.containerd is not None
    given = advise(reach, "vm", runtime=runtime)
    wanted = parse_site(given.site).for_host("h")
    result = host.apply(wanted)
    assert result.left is not None
    assert result.left.empty
    network = wanted.resources[0].identity.name
    ports = [(8080, 80, "tcp")]
    if runtime == "kubernetes":
        model.containerd.run_pod("web", ports=ports)
    else:
        model.containerd.run("web", network=network, ports=ports)
    (container,) = host.observe().containers
    (endpoint,) = host.observe().endpoints
    assert container.addresses == (endpoint.address,)
    outside = "10.0.0.11" if reach == "ports" else "192.168.10.11"
    verdict = model.receive(Packet("198.51.100.7", outside, 8080))
    assert verdict.delivered, verdict
    assert [item for item in examine(host.observe()) if item.id.startswith("cni-")] == []
    assert host.plan(wanted).empty


@pytest.mark.parametrize(
    ("network", "entry", "finding"),
    [
        ({}, {"plugin": "win-bridge"}, "cni-mode"),
        ({}, {"outbound_nat_exceptions": ["10.0.0.0/8"]}, "cni-nat-exceptions"),
        ({}, {"range_start": "172.20.0.9"}, "cni-range"),
        ({}, {"ipam": "host-local", "range_start": "10.9.9.9"}, "cni-range"),
        ({}, {"name": "other"}, "cni-network-missing"),
        ({"mode": "l2bridge", "adapter": "Ethernet 2"}, {"plugin": "win-bridge", "ipam": "hns"}, "cni-ipam"),
        (
            {"mode": "l2bridge", "adapter": "Ethernet 2"},
            {"plugin": "win-bridge", "local_ports": True},
            "cni-local-ports",
        ),
        ({"mode": "transparent", "adapter": "Ethernet 2"}, {}, "cni-mode"),
    ],
)
def test_what_a_plug_in_cannot_do_is_refused(network: dict[str, Any], entry: dict[str, Any], finding: str) -> None:
    from psnet.checks.lint import lint_site

    wanted = site(container_networks=[NETWORK | network], cni=[{"name": "nat", **entry}])
    found = lint_site(wanted, 20348)
    assert finding in {item.id for item in found if item.severity == "error"}, found


def test_builds_without_hcn_are_refused() -> None:
    from psnet.checks.lint import lint_site

    wanted = site(container_networks=[NETWORK], cni=[{"name": "nat"}])
    assert {item.id for item in lint_site(wanted, 14393)} >= {"cni-build"}
    assert [item for item in lint_site(wanted, 26100) if item.severity == "error"] == []
