"""Ports of a host that lead to an address: each way made, verified, changed and taken back; or refused, or unmet."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from sampling import swept

from psnet.apply import apply_script
from psnet.errors import PlanError
from psnet.lab.host.listeners import Listener, PortProxy
from psnet.lab.host.reach import Packet
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire.server import LabServer
from psnet.site.load import parse_site
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psnet.api import Host
    from psnet.site import Site

NAT = {"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}
FLAT = {"name": "flat", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "10.44.0.0/24"}


def mapping(network: str = "web", **fields: Any) -> dict[str, Any]:
    address = "172.20.0.10" if network == "web" else "10.44.0.10"
    shared = {"name": "http", "network": network, "protocol": "TCP", "external_port": 8080}
    return {**shared, "internal_address": address, "internal_port": 80, **fields}


def endpoint(network: str = "web") -> dict[str, Any]:
    return {"name": "app", "network": network, "address": "172.20.0.10" if network == "web" else "10.44.0.10"}


def site(*mappings: dict[str, Any], prune: bool = False, **data: Any) -> Site:
    text = json.dumps({"manage": "exclusive", **data, "nat_static_mappings": list(mappings)})
    return parse_site(text).for_host("h").model_copy(update={"prune": prune})


class Running:
    """One simulated host and a connection to it."""

    def __init__(self, model: LabHost, host: Host, inventory: Path) -> None:
        self.model, self.host, self.inventory = model, host, inventory

    def converged(self, wanted: Site) -> list[str]:
        """Apply and verify; return what was done."""
        result = self.host.apply(wanted)
        assert not result.failed, (result.outcomes, result.left and result.left.changes)
        assert self.host.plan(wanted).empty
        return [f"{item.operation} {item.kind} {item.name}" for item in result.outcomes]

    def published(self) -> list[tuple[int, str, int]]:
        nat = self.model.nat
        found = [*nat.mappings, *nat.published]
        return sorted((item.external_port, item.internal_address, item.internal_port) for item in found)


@pytest.fixture
def lab(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    from psnet.api import Host
    from psnet.inventories import load_inventory

    os, docker = request.param if isinstance(request.param, tuple) else (request.param, False)
    model = LabHost("h", os, docker=docker)
    with LabServer([model]) as server:
        path = write_inventory(server, [model], tmp_path / "hosts.yaml")
        with Host(load_inventory(path)["h"].settings(), "h") as host:
            yield Running(model, host, path)


@pytest.mark.parametrize("lab", [swept("2016"), swept("2019"), swept("2022"), "2025"], indirect=True)
def test_an_endpoint_with_its_mapping_is_true_on_every_build(lab: Running) -> None:
    wanted = site(mapping(), container_networks=[NAT], endpoints=[endpoint()])
    manner = next(item.manner for item in lab.host.plan(wanted).changes if item.kind == "nat_static_mapping")
    on_2016 = lab.model.os.key == "2016"
    assert ("static mapping" in manner) == on_2016  # claims c01, c02
    assert ("create document of the endpoint app" in manner) != on_2016  # ports.md 1
    lab.converged(wanted)
    assert lab.published() == [(8080, "172.20.0.10", 80)]
    moved = site(mapping(external_port=8081), container_networks=[NAT], endpoints=[endpoint()])
    done = lab.converged(moved)
    expected = ["replace nat_static_mapping http"]
    assert done == (expected if on_2016 else ["replace endpoint app", "update nat_static_mapping http"])
    assert lab.published() == [(8081, "172.20.0.10", 80)]
    # Declared no more and pruned: HNS takes a port back with its endpoint only, which is made again as it was.
    done = lab.converged(site(prune=True, container_networks=[NAT], endpoints=[endpoint()]))
    assert done == ["remove nat_static_mapping http", "remove firewall_rule psnet-mapping-http"]
    assert lab.published() == []
    assert [(item.name, item.address) for item in lab.model.hns.endpoints] == [("app", "172.20.0.10")]


@pytest.mark.parametrize("lab", ["2022"], indirect=True)
def test_an_endpoint_that_goes_takes_its_ports_along(lab: Running) -> None:
    lab.converged(site(mapping(), container_networks=[NAT], endpoints=[endpoint()]))
    lab.converged(site(prune=True, container_networks=[NAT]))
    assert (lab.published(), lab.model.hns.endpoints) == ([], [])


@pytest.mark.parametrize("lab", ["2022"], indirect=True)
def test_a_port_that_was_taken_away_is_drift_and_comes_back(lab: Running) -> None:
    wanted = site(mapping(), container_networks=[NAT], endpoints=[endpoint()])
    lab.converged(wanted)
    (made,) = lab.model.hns.endpoints
    lab.model.hns.call("POST", f"/endpoints/{made.id}", json.dumps({"Policies": []}))
    changes = lab.host.plan(wanted).changes
    assert [(item.operation, item.kind) for item in changes] == [
        ("replace", "endpoint"),
        ("create", "nat_static_mapping"),
    ]
    assert changes[0].fields[0].field == "published_ports"
    lab.converged(wanted)
    assert lab.published() == [(8080, "172.20.0.10", 80)]


@pytest.mark.parametrize("lab", [swept("2019"), "2022", swept("2025")], indirect=True)
def test_a_nat_network_without_the_endpoint_is_refused_with_the_ways_out(lab: Running) -> None:
    # The case nat of cases/sites, on a host without a runtime.
    made = lab.host.plan(site(mapping(), container_networks=[NAT]))
    (refusal,) = made.refusals
    assert refusal.id == "mapping-hns-nat"
    for way in ("endpoints: - name", "docker run --publish", "nats: - name", "via: portproxy"):
        assert way in refusal.remedy
    with pytest.raises(PlanError, match="keeps the NAT"):
        lab.host.apply(site(mapping(), container_networks=[NAT]))
    assert lab.model.hns.networks == []


@pytest.mark.parametrize("lab", [swept((("2019", True),)), ("2022", True), swept((("2025", True),))], indirect=True)
def test_what_the_runtime_does_not_publish_is_unmet_and_the_rest_is_done(lab: Running, tmp_path: Path) -> None:
    text = tmp_path / "site.yaml"
    (bridge,) = lab.model.hns.networks
    container = lab.model.run_container("shop", bridge.name)
    address = next(item.address for item in lab.model.hns.endpoints if item.id == container.endpoint)
    wanted = {
        "nat_static_mappings": [mapping("nat", internal_address=address)],
        "firewall_rules": [{"name": "ping", "protocol": "ICMPv4", "direction": "Inbound", "action": "Allow"}],
    }
    text.write_text(yaml.safe_dump(wanted), encoding="utf-8")

    def psnet(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "psnet", words[0], str(text), *words[1:], "-i", str(lab.inventory)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=110)
        return done.returncode, done.stdout + done.stderr

    code, said = psnet("apply", "--yes")
    assert code == 1, said
    assert "docker run --detach --network nat --name shop --publish 8080:80/tcp IMAGE" in said.replace("\n", " ")
    assert {"ping", "psnet-mapping-http"} <= set(lab.model.firewall.rules)
    again = lab.host.plan(parse_site(text.read_text()).for_host("h"))
    assert (again.changes, [item.resource for item in again.unmet]) == ((), ["nat_static_mapping http"])
    assert not again.empty
    code, said = psnet("plan", "--detailed-exitcode")
    assert (code, "unmet nat_static_mapping http" in said) == (2, True), said
    lab.model.stop_container("shop")
    lab.model.run_container("shop", bridge.name, ports=[(8080, 80, "tcp")])
    code, said = psnet("apply", "--yes")
    assert (code, "nothing to do" in said) == (0, True), said


@pytest.mark.parametrize("lab", [swept("2016"), "2019", swept("2022")], indirect=True)
def test_a_load_balancer_with_one_member(lab: Running) -> None:
    wanted = site(mapping("flat", via="load_balancer"), container_networks=[FLAT], endpoints=[endpoint("flat")])
    if lab.model.os.key == "2016":
        assert [item.id for item in lab.host.plan(wanted).refusals] == ["mapping-no-way"]
        return
    lab.converged(wanted)
    assert [item.policies[0]["ExternalPort"] for item in lab.model.hns.lists] == [8080]
    moved = site(
        mapping("flat", via="load_balancer", external_port=8081),
        container_networks=[FLAT],
        endpoints=[endpoint("flat")],
    )
    assert "replace nat_static_mapping http" in lab.converged(moved)
    assert [item.policies[0]["ExternalPort"] for item in lab.model.hns.lists] == [8081]
    lab.converged(site(prune=True, container_networks=[FLAT], endpoints=[endpoint("flat")]))
    assert lab.model.hns.lists == []


@pytest.mark.parametrize("lab", [swept("2016"), swept("2019"), "2022", swept("2025")], indirect=True)
def test_a_host_port_on_l2bridge_takes_hcn(lab: Running) -> None:
    # The case nat-policy of cases/sites: with its endpoint HCN gives it, without it is refused.
    wanted = site(mapping("flat"), container_networks=[FLAT], endpoints=[endpoint("flat")])
    made = lab.host.plan(wanted)
    if lab.model.os.key == "2016":
        assert [item.id for item in made.refusals] == ["mapping-no-way"]
        return
    assert (made.backend, made.backend_reason) == ("hcn", "nat_static_mapping http is a host port on l2bridge")
    lab.converged(wanted)
    (app,) = lab.model.hns.endpoints
    (policy,) = [item for item in app.policies if item["Type"] == "NAT"]
    assert (policy["ExternalPort"], policy["Flags"]) == (8080, 1)  # claim c70
    moved = site(mapping("flat", external_port=8081), container_networks=[FLAT], endpoints=[endpoint("flat")])
    assert lab.converged(moved) == ["replace endpoint app", "update nat_static_mapping http"]
    assert lab.model.hcn is not None
    assert lab.model.hcn.handles == {}
    alone = lab.host.plan(site(mapping("flat", internal_address="10.44.0.20"), container_networks=[FLAT]))
    assert [item.id for item in alone.refusals] == ["mapping-no-way"]
    assert "via: load_balancer" in alone.refusals[0].remedy


@pytest.mark.parametrize("lab", ["2022"], indirect=True)
def test_what_hcn_refuses_is_told_with_its_code_and_document(lab: Running) -> None:
    wanted = site(
        backend="hcn",
        container_networks=[
            {"name": "vx", "mode": "overlay", "adapter": "Ethernet 2", "subnet": "10.244.1.0/24", "vsid": 4096}
        ],
    )
    made = lab.host.plan(wanted)
    lab.model.hns.create("other", "transparent", adapter="Ethernet 2")  # behind psnet's back, after planning
    session = open_session(lab.host.settings, "h")
    said = json.loads(session.run(apply_script(made)).lines()[-1])
    session.close()
    assert said["error_id"] == "PSNet.HcnFailed,Confirm-PSNetHcn"
    assert "HcnCreateNetwork failed with 0x803b0006" in said["message"]
    assert '"ErrorCode":2151350278' in said["message"]


@pytest.mark.parametrize("lab", [swept("2016"), "2025"], indirect=True)
def test_portproxy(lab: Running) -> None:
    wanted = mapping("flat", via="portproxy", external_port="8080-8081", internal_port="80-81")
    lab.converged(site(wanted, container_networks=[FLAT]))
    assert [(item.listen_port, item.connect_address, item.connect_port) for item in lab.model.nat.proxies] == [
        (8080, "10.44.0.10", 80),
        (8081, "10.44.0.10", 81),
    ]
    assert lab.model.firewall.rules["psnet-mapping-http"].local_port == ["8080-8081"]  # a listener of the host
    lab.converged(site(mapping("flat", via="portproxy", internal_port=8000), container_networks=[FLAT]))
    assert [(item.listen_port, item.connect_port) for item in lab.model.nat.proxies] == [(8080, 8000)]
    lab.converged(site(prune=True, container_networks=[FLAT]))
    assert lab.model.nat.proxies == []
    udp = site(mapping("flat", via="portproxy", protocol="UDP"), container_networks=[FLAT])
    assert [item.reason for item in lab.host.plan(udp).refusals] == ["netsh interface portproxy forwards TCP only"]
    lab.model.services.stop(lab.model.services.find("iphlpsvc"))
    stopped = site(mapping("flat", via="portproxy"), container_networks=[FLAT])
    assert [item.id for item in lab.host.plan(stopped).refusals] == ["portproxy-service"]


@pytest.mark.parametrize("lab", ["2019", swept("2025")], indirect=True)
def test_a_port_of_one_address_of_the_host(lab: Running) -> None:
    """HCN's PortMapping has a VIP: Microsoft's and the CNI project's plug-ins send it (ports.md 3)."""
    wanted = site(mapping(external_address="10.0.0.11"), container_networks=[NAT], endpoints=[endpoint()])
    made = lab.host.plan(wanted)
    assert made.backend == "hcn"
    lab.converged(wanted)
    (app,) = lab.model.hns.endpoints
    assert [item["VIP"] for item in app.policies if item["Type"] == "NAT"] == ["10.0.0.11"]
    lab.model.hns.call("POST", f"/endpoints/{app.id}/attach", '{"SystemType": "Container", "ContainerId": "c1"}')
    lab.model.listening["c1"] = (("TCP", 80),)
    assert lab.model.receive(Packet("198.51.100.7", "10.0.0.11", 8080)).delivered
    other = lab.model.receive(Packet("198.51.100.7", "192.168.10.11", 8080)).decided_by
    assert other is not None
    assert other.kind == "listener"


WAYS_OF_FLAT = {"portproxy": {"via": "portproxy"}, "load_balancer": {"via": "load_balancer"}, "endpoint": {}}


@pytest.mark.parametrize("lab", ["2022"], indirect=True)
def test_a_mapping_that_changes_its_way_is_taken_back_the_old_one_first(lab: Running) -> None:
    inner = {"container_networks": [FLAT], "endpoints": [endpoint("flat")]}
    before = ""
    for way in ("portproxy", "load_balancer", "endpoint", "portproxy"):
        wanted = site(mapping("flat", **WAYS_OF_FLAT[way]), **inner)
        planned = lab.host.plan(wanted)
        if before:
            old = planned.changes[-1]  # removals run before anything is made, the last first
            assert (old.operation, old.name) == ("remove", "http")
            assert "taken back first" in old.reason
        lab.converged(wanted)
        (made_endpoint,) = lab.model.hns.endpoints
        held = {
            "portproxy": bool(lab.model.nat.proxies),
            "load_balancer": bool(lab.model.hns.lists),
            "endpoint": any(item["Type"] == "NAT" for item in made_endpoint.policies),
        }
        assert [name for name, there in held.items() if there] == [way]
        before = way


@pytest.mark.parametrize("lab", [("2022", True)], indirect=True)
def test_ports_that_others_hold_collide_while_planning(lab: Running) -> None:
    lab.model.processes.append({"Id": 77, "Name": "nginx"})
    lab.model.nat.listeners.append(Listener("TCP", "0.0.0.0", 9001, 77))
    lab.model.nat.proxies.append(PortProxy("*", 9002, "10.0.0.9", 80))
    (bridge,) = lab.model.hns.networks
    lab.model.run_container("shop", bridge.name, ports=[(9003, 80, "tcp")])
    inner = {"container_networks": [NAT], "endpoints": [endpoint()]}
    for port, who in ((9001, "nginx listens"), (9002, "portproxy forwards"), (9003, "the container shop publishes")):
        (refusal,) = lab.host.plan(site(mapping(external_port=port), **inner)).refusals
        assert (refusal.id, who in refusal.reason) == ("port-held", True), refusal
    assert lab.host.plan(site(mapping(external_port=9004), **inner)).refusals == ()
    (refusal,) = lab.host.plan(site(mapping("web", via="portproxy", external_port=9003), **inner)).refusals
    assert refusal.id == "port-held"


@pytest.mark.parametrize("lab", ["2022"], indirect=True)
def test_modes_that_map_nothing_are_refused(lab: Running) -> None:
    wanted = {"name": "lan", "mode": "transparent", "adapter": "Ethernet 2"}
    made = lab.host.plan(site(mapping("lan"), container_networks=[wanted]))
    assert [(item.id, "portproxy" in item.remedy) for item in made.refusals] == [("mapping-no-way", True)]
