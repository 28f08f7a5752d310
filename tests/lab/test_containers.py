"""The containers of a host are seen whatever runs them; what CNI, docker and kube-proxy made is marked as theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psnet.checks.doctor import examine
from psnet.lab.host.kubernetes import join_cluster
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire.server import LabServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import HostState


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, HostState]]:
    from psnet.api import Host
    from psnet.inventories import load_inventory

    hosts = [
        LabHost(name, "2022", seed=seed, containerd=name != "docker", docker=name == "docker")
        for seed, name in enumerate(("docker", "nerdctl", "node", "bare", "stopped", "overlay"))
    ]
    docker, nerdctl, node, bare, stopped, overlay = hosts
    docker.run_container("shop", "nat", ports=[(8080, 80, "tcp")], isolation="hyperv")
    assert nerdctl.containerd is not None
    nerdctl.containerd.run("web", ports=[(8080, 80, "tcp"), (5353, 53, "udp")], labels={"tier": "front"})
    nerdctl.containerd.run("db", space="tests", isolation="hyperv")
    join_cluster(node)
    join_cluster(bare)
    join_cluster(overlay, backend="vxlan")
    for name in ("nerdctl", "crictl"):  # ctr alone is there
        bare.files.remove(bare.programs.pop(name).path)
    stopped.services.stop(stopped.services.find("containerd") or {})
    with LabServer(hosts) as server:
        inventory = load_inventory(write_inventory(server, hosts, tmp_path_factory.mktemp("lab") / "hosts.yaml"))
        states = {}
        for host in hosts:
            with Host(inventory[host.name].settings(), host.name) as connected:
                states[host.name] = connected.observe()
        yield states


def test_docker_says_image_ports_and_isolation(seen: dict[str, HostState]) -> None:
    (shop,) = seen["docker"].containers
    assert (shop.name, shop.runtime, shop.isolation) == ("shop", "docker", "hyperv")
    assert [(str(item.protocol), item.external_port, item.internal_port) for item in shop.ports] == [("TCP", 8080, 80)]
    (endpoint,) = seen["docker"].endpoints
    assert (shop.endpoints, shop.addresses, endpoint.owner) == ((endpoint.id,), (endpoint.address,), "docker")


def test_nerdctl_containers_of_every_namespace(seen: dict[str, HostState]) -> None:
    found = {item.name: item for item in seen["nerdctl"].containers}
    assert {name: (item.runtime, item.namespace, item.isolation) for name, item in found.items()} == {
        "web": ("nerdctl", "default", "process"),
        "db": ("nerdctl", "tests", "hyperv"),
    }
    assert [(str(item.protocol), item.external_port) for item in found["web"].ports] == [("TCP", 8080), ("UDP", 5353)]
    assert found["web"].labels == {"tier": "front"}
    assert {item.owner for item in seen["nerdctl"].endpoints} == {"CNI"}


@pytest.mark.parametrize("host", ["node", "bare", "overlay"])
def test_pods_of_a_kubelet_with_and_without_crictl(seen: dict[str, HostState], host: str) -> None:
    state = seen[host]
    assert sorted((item.pod, item.pod_namespace, item.name, item.runtime) for item in state.containers) == [
        ("log-agent", "kube-system", "agent", "kubelet"),
        ("web-6c9f", "default", "app", "kubelet"),
        ("web-6c9f", "default", "sidecar", "kubelet"),
        ("web-7d21", "default", "app", "kubelet"),
    ]
    assert all(len(item.endpoints) == 1 and item.addresses[0].startswith("10.244.1.") for item in state.containers)
    assert {item.labels["app"] for item in state.containers} == {"web", "log"}


@pytest.mark.parametrize("host", ["node", "overlay"])
def test_a_kubernetes_node_has_no_finding_and_its_things_are_marked(seen: dict[str, HostState], host: str) -> None:
    """Claims c60, c61, c62: remote endpoints of one name are kube-proxy's, no stale endpoints."""
    state = seen[host]
    assert [str(item) for item in examine(state)] == []
    assert {item.owner for item in state.endpoints} == {"CNI", "kube-proxy"}
    assert {item.owner for item in state.policy_lists} == {"kube-proxy"}


def test_a_service_that_does_not_run_is_no_error(seen: dict[str, HostState]) -> None:
    assert seen["stopped"].facts.has_containerd
    assert seen["stopped"].containers == ()
    assert seen["stopped"].cni is not None
    assert "win-overlay" in seen["stopped"].cni.programs
