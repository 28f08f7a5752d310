"""Every mode, policy and backend on every build: made, verified, changed and removed on simulated hosts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from dsc_sites import FRONT
from sampling import each_value, one_of_each, swept

from psnet.errors import PlanError
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire.server import LabServer
from psnet.resources.capabilities import BUILDS, why_not
from psnet.site.load import load_site, parse_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.api import Host
    from psnet.site import Site

ROOT = Path(__file__).resolve().parents[2]
SUBNET = {"subnet": "10.44.0.0/24"}
ADAPTER = {"adapter": "Ethernet 2"}
MODES: dict[str, dict[str, Any]] = {
    "nat": SUBNET,
    "transparent": ADAPTER,
    "l2bridge": ADAPTER | SUBNET,
    "l2tunnel": ADAPTER | SUBNET,
    "overlay": ADAPTER | SUBNET | {"vsid": 4096},  # an overlay has a VSID (claim c53)
    "internal": {},
    "private": {},
}
CASES = [
    (os, backend, mode)
    for build, os in BUILDS.items()
    for backend in ("containers", "hns", "hcn", "docker")
    for mode in MODES
    if (backend != "containers" or os == "2016")
    and (backend != "hcn" or os != "2016")
    and why_not(f"mode:{mode}", backend, build) is None  # type: ignore[arg-type]
]


MODE_EXAMPLES = sorted((ROOT / "examples" / "modes").glob("*.yaml"))


def site(backend: str = "hns", **data: Any) -> Site:
    return parse_site(yaml.safe_dump({"backend": backend, **data})).for_host("h")


class Running:
    """One simulated host and a connection to it."""

    def __init__(self, model: LabHost, host: Host) -> None:
        self.model, self.host = model, host


@pytest.fixture
def lab(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    from psnet.api import Host
    from psnet.inventories import load_inventory

    os, docker = request.param
    model = LabHost("h", os, platform="azure", docker=docker)
    if docker:  # its own nat network would be the one that WinNAT allows
        model.hns.remove(model.hns.networks[0])
        assert model.docker is not None
        model.docker.networks.clear()
    with LabServer([model]) as server:
        inventory = load_inventory(write_inventory(server, [model], tmp_path / "hosts.yaml"))
        with Host(inventory["h"].settings(), "h") as host:
            yield Running(model, host)


@pytest.mark.parametrize(
    ("lab", "backend", "mode"),
    each_value(((os, backend == "docker"), backend, mode) for os, backend, mode in CASES),
    indirect=["lab"],
)
def test_a_network_of_every_mode(lab: Running, backend: str, mode: str) -> None:
    network = {"name": "n", "mode": mode, **MODES[mode]}
    wanted = site(backend, manage="exclusive", container_networks=[network])
    result = lab.host.apply(wanted)
    assert [item.status for item in result.outcomes] == ["changed"], result.outcomes
    assert result.left is not None
    assert result.left.empty, result.left.changes
    assert [item.type for item in lab.model.hns.networks] == [mode]
    changed = site(backend, manage="exclusive", container_networks=[{**network, "dns_servers": ["10.0.0.9"]}])
    result = lab.host.apply(changed)
    assert [(item.operation, item.status) for item in result.outcomes] == [("replace", "changed")], result.outcomes
    assert lab.model.hns.networks[0].dns_servers == "10.0.0.9"
    gone = site(backend, manage="exclusive").model_copy(update={"prune": True})
    result = lab.host.apply(gone)
    assert [(item.operation, item.status) for item in result.outcomes] == [("remove", "changed")], result.outcomes
    assert lab.model.hns.networks == []
    assert lab.model.links.switches == []


@pytest.mark.parametrize(
    ("path", "lab"),
    one_of_each(lambda case: case[0], [(path, (os, False)) for path in MODE_EXAMPLES for os in BUILDS.values()]),
    indirect=["lab"],
    ids=lambda value: value.stem if isinstance(value, Path) else value[0],
)
def test_the_example_of_a_mode_converges(lab: Running, path: Path) -> None:
    wanted = load_site(path).for_host("h")
    result = lab.host.apply(wanted)
    assert not result.failed, result.outcomes
    assert lab.host.plan(wanted).empty


FLAT = {"name": "flat", "mode": "l2bridge", **ADAPTER, **SUBNET}
POLICIES: dict[str, Any] = {
    "container_networks": [FLAT],
    "endpoints": [{"name": "app", "network": "flat", "address": "10.44.0.10"}, {"name": "db", "network": "flat"}],
    "acls": [
        {
            "endpoint": "app",
            "rules": [
                {"action": "Allow", "direction": "In", "protocols": "TCP", "local_ports": [80, "8000-8010"]},
                {"action": "Block", "direction": "In", "priority": 200},
            ],
        }
    ],
    "qos": [{"endpoint": "app", "maximum_outgoing_bandwidth": "100 Mbit"}],
    "load_balancers": [FRONT],
}


@pytest.mark.parametrize("lab", [swept((("2019", False),)), ("2022", True), swept((("2025", False),))], indirect=True)
def test_policies_of_endpoints_come_change_and_go(lab: Running) -> None:
    result = lab.host.apply(site(manage="exclusive", **POLICIES))
    assert not result.failed, result.outcomes
    (app, db) = lab.model.hns.endpoints
    # QOS goes into the create document, ACLs are set afterwards (hcn.md 4).
    assert [item["Type"] for item in app.policies] == ["QOS", "ACL", "ACL"]
    assert app.policies[1]["LocalPorts"] == "80,8000-8010"
    # Ids of endpoints are lower case from HNS 13 on (records m03, m12).
    assert [item.lower() for item in lab.model.hns.lists[0].references] == [
        f"/endpoints/{each.id}" for each in (app, db)
    ]
    slower = {**POLICIES, "qos": [{"endpoint": "app", "maximum_outgoing_bandwidth": 1000}]}
    result = lab.host.apply(site(manage="exclusive", **slower))
    # Nobody's code changes QOS on an endpoint that is there: it is made anew, with what stands on it (hcn.md 4).
    assert [(item.kind, item.operation) for item in result.outcomes] == [
        *(("endpoint", "replace"), ("acl", "replace"), ("qos", "update"), ("load_balancer", "replace"))
    ]
    app = next(item for item in lab.model.hns.endpoints if item.name == "app")
    assert [item["Type"] for item in app.policies] == ["QOS", "ACL", "ACL"]
    assert app.policies[0]["MaximumOutgoingBandwidthInBytes"] == 1000
    less = {key: value for key, value in POLICIES.items() if key in ("container_networks", "endpoints")}
    kept = lab.host.plan(site(manage="exclusive", **less))
    assert kept.changes == ()
    assert {item.resource for item in kept.findings if item.id == "undeclared"} == {
        "acl app",
        "qos app",
        "load_balancer front",
    }
    result = lab.host.apply(site(manage="exclusive", **less).model_copy(update={"prune": True}))
    assert not result.failed, result.outcomes
    assert [item.policies for item in lab.model.hns.endpoints] == [[], []]
    assert lab.model.hns.lists == []
    assert len(lab.model.hns.endpoints) == 2


@pytest.mark.parametrize("lab", [("2022", False), ("2025", False)], indirect=True)
def test_what_is_taken_back_with_an_endpoint_leaves_it_a_member_of_its_balancers(lab: Running) -> None:
    """A limit goes with its endpoint only (hcn.md 4), and a balancer names its members by id: it would lose one."""
    assert not lab.host.apply(site(manage="exclusive", **POLICIES)).failed
    less = site(manage="exclusive", **{key: value for key, value in POLICIES.items() if key != "qos"})
    (change,) = lab.host.plan(less.model_copy(update={"prune": True})).changes
    assert (change.kind, change.operation, change.price and change.price.endpoints) == ("qos", "remove", ("app",))
    result = lab.host.apply(less.model_copy(update={"prune": True}))
    assert not result.failed, result.outcomes
    (balancer,) = lab.model.hns.lists
    assert sorted(item.lower() for item in balancer.references) == sorted(
        f"/endpoints/{each.id}".lower() for each in lab.model.hns.endpoints
    )
    assert lab.host.plan(less).empty


@pytest.mark.parametrize("lab", [("2022", False)], indirect=True)
def test_what_is_taken_back_with_an_endpoint_is_not_taken_from_a_container(lab: Running) -> None:
    assert not lab.host.apply(site(manage="exclusive", **POLICIES)).failed
    app = next(item for item in lab.model.hns.endpoints if item.name == "app")
    app.containers.append("c" * 64)
    less = site(manage="exclusive", **{key: value for key, value in POLICIES.items() if key != "qos"})
    with pytest.raises(PlanError, match="--allow-downtime all"):
        lab.host.apply(less.model_copy(update={"prune": True}))
    assert "QOS" in {item["Type"] for item in app.policies}


@pytest.mark.parametrize("lab", [("2019", True), swept((("2022", True),))], indirect=True)
def test_endpoints_stand_on_networks_that_docker_makes_along_with_them(lab: Running) -> None:
    declared = {
        "container_networks": [{"name": "web", "mode": "nat", "subnet": "10.44.0.0/24"}],
        "endpoints": [{"name": "app", "network": "web", "address": "10.44.0.10"}],
    }
    result = lab.host.apply(site("docker", **declared))
    assert not result.failed, result.outcomes
    (app,) = lab.model.hns.endpoints
    assert app.address == "10.44.0.10"
    assert lab.host.plan(site("docker", **declared)).empty
    another = {**declared, "endpoints": [*declared["endpoints"], {"name": "db", "network": "web"}]}
    assert not lab.host.apply(site("docker", **another)).failed  # the network is there already
    assert lab.host.plan(site("docker", **another)).empty


@pytest.mark.parametrize("lab", [("2022", True)], indirect=True)
def test_policies_reach_the_containers_of_others_by_dockers_name(lab: Running) -> None:
    subnet = {"AddressPrefix": "10.44.0.0/24", "GatewayAddress": "10.44.0.1"}
    lab.model.hns.create("flat", "l2bridge", subnets=[subnet], adapter="Ethernet 2")
    assert lab.model.docker is not None
    lab.model.docker.started()  # it adopts the network
    lab.model.run_container("shop", "flat")
    result = lab.host.apply(site(qos=[{"endpoint": "shop", "maximum_outgoing_bandwidth": 5000}]))
    assert not result.failed, result.outcomes
    assert lab.model.hns.endpoints[0].name == "Ethernet"  # claim c58: HNS knows no name of it
    assert lab.model.hns.endpoints[0].policies == [{"Type": "QOS", "MaximumOutgoingBandwidthInBytes": 5000}]


@pytest.mark.parametrize("lab", [("2022", False)], indirect=True)
def test_prune_never_removes_what_psnet_did_not_make(lab: Running) -> None:
    lab.host.apply(site(manage="exclusive", container_networks=[FLAT]))
    lab.model.hns.create("foreign", "internal")
    lab.model.firewall.create({"name": "foreign", "display_name": "Foreign"})
    rules = len(lab.model.firewall.rules)
    lab.host.apply(site(manage="exclusive").model_copy(update={"prune": True}))
    assert [item.name for item in lab.model.hns.networks] == ["foreign"]
    assert len(lab.model.firewall.rules) == rules


@pytest.mark.parametrize("lab", [("2022", False)], indirect=True)
def test_what_somebody_else_made_is_warned_about_and_adopted_without(lab: Running) -> None:
    lab.model.hns.create("web", "nat", subnets=[{"AddressPrefix": "172.20.0.0/24", "GatewayAddress": "172.20.0.1"}])
    network = {"name": "web", "mode": "nat", "subnet": "172.20.0.0/24", "dns_suffix": "x.example"}
    declared = lab.host.plan(site(container_networks=[network]))
    assert "not-made-by-psnet" in {item.id for item in declared.findings}
    adopted = lab.host.plan(site(manage="adopt", container_networks=[network]))
    assert "not-made-by-psnet" not in {item.id for item in adopted.findings}
    assert [item.operation for item in adopted.changes] == ["replace"]


@pytest.mark.parametrize("lab", [("2016", False)], indirect=True)
def test_auto_takes_the_backend_that_gives_everything(lab: Running) -> None:
    assert lab.host.plan(site("auto", container_networks=[FLAT])).backend == "containers"
    assert lab.host.plan(site("auto", container_networks=[{**FLAT, "vlan": 7}])).backend == "hns"
    with pytest.raises(PlanError, match="no vlan on build 14393"):
        lab.host.apply(site("containers", container_networks=[{**FLAT, "vlan": 7}]))
    assert lab.model.hns.networks == []


@pytest.mark.parametrize("lab", [swept((("2019", False),)), ("2025", False)], indirect=True)
def test_routes_proxies_and_outbound_nat_beside_each_other(lab: Running) -> None:
    declared: dict[str, Any] = {
        "container_networks": [FLAT],
        "endpoints": [{"name": "app", "network": "flat"}],
        "outbound_nats": [{"endpoint": "app", "exceptions": ["10.0.0.0/8"]}],
        "routes": [{"endpoint": "app", "routes": [{"destination": "10.96.0.0/12", "encapsulate": True}]}],
        "proxies": [{"endpoint": "app", "port": 15001, "exceptions": ["10.0.0.0/8"]}],
    }
    result = lab.host.apply(site(manage="exclusive", **declared))
    assert not result.failed, result.outcomes
    (app,) = lab.model.hns.endpoints
    assert [item["Type"] for item in app.policies] == ["OutBoundNAT", "ROUTE", "PROXY"]
    less = {key: value for key, value in declared.items() if key != "routes"}
    result = lab.host.apply(site(manage="exclusive", **less).model_copy(update={"prune": True}))
    assert not result.failed, result.outcomes
    (app,) = lab.model.hns.endpoints  # made again: HNS takes a route with its endpoint only (hcn.md 4)
    assert [item["Type"] for item in app.policies] == ["OutBoundNAT", "PROXY"]


@pytest.mark.parametrize("lab", [("2016", False), swept((("2022", False),))], indirect=True)
def test_a_nat_of_its_own_with_external_addresses(lab: Running) -> None:
    nat = {"name": "machines", "prefix": "192.168.100.0/24", "external_addresses": [{"address": "10.0.0.11"}]}
    result = lab.host.apply(site("auto", nats=[nat]))
    assert not result.failed, result.outcomes
    moved = {**nat, "external_addresses": [{"address": "192.168.10.11", "ports": "40000-50000"}]}
    result = lab.host.apply(site("auto", nats=[moved]))
    assert [(item.operation, item.status) for item in result.outcomes] == [("update", "changed")]
    assert [(item.address, item.first) for item in lab.model.nat.nats[0].external] == [("192.168.10.11", 40000)]
    clash = {"name": "n", "mode": "nat", "subnet": "192.168.100.0/25"}
    with pytest.raises(PlanError, match="makes a NAT of its own"):
        lab.host.apply(site("auto", nats=[nat], container_networks=[clash]))


@pytest.mark.parametrize("lab", [swept((("2019", False),)), ("2022", False)], indirect=True)
def test_nat_networks_come_back_after_a_restart_when_told_so(lab: Running) -> None:
    declared: dict[str, Any] = {
        "container_networks": [{"name": "web", "mode": "nat", **SUBNET}],
        "nats": [{"name": "inside", "prefix": "10.45.0.0/24", "switch": "inside"}],
        "nat_static_mappings": [
            {
                "name": "http",
                "network": "inside",
                "protocol": "TCP",
                "external_port": 8080,
                "internal_address": "10.45.0.9",
            }
        ],
        "reapply": [{"name": "networks"}],
    }
    assert not lab.host.apply(site(**declared)).failed
    lab.model.reboot()
    assert [item.name for item in lab.model.hns.networks if item.type == "nat"] == ["web"]
    assert [item.external_port for item in lab.model.nat.mappings] == [8080]
    assert lab.host.plan(site(**declared)).empty
    changed = {**declared, "container_networks": [{"name": "web", "mode": "nat", "dns_suffix": "x.example", **SUBNET}]}
    assert ("update", "reapply") in {(item.operation, item.kind) for item in lab.host.plan(site(**changed)).changes}
    lab.host.apply(
        site(manage="exclusive", container_networks=declared["container_networks"]).model_copy(update={"prune": True})
    )
    lab.model.reboot()
    assert lab.model.hns.networks == []
