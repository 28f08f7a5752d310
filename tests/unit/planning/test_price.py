"""What a change costs is in the plan, and a run refuses what is above the price that it was given (case w01)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from psnet.api import Host
from psnet.errors import PlanError
from psnet.inventories import load_inventory
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire.server import LabServer
from psnet.planning import Plan, exceeds_allowed_downtime, plan
from psnet.report.plans import plan_lines
from psnet.site.load import parse_site
from psnet.state import HostState, fresh_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psnet.site import Site

WEB = {"name": "web", "id": "n1", "mode": "nat", "subnets": [{"prefix": "172.20.0.0/24", "gateway": "172.20.0.1"}]}
SHOP = {
    "name": "Ethernet",
    "id": "e1",
    "network": "web",
    "address": "172.20.0.5",
    "kind": "host vNIC",
    "containers": ["f" * 64],
    "policies": [
        {"Type": "NAT", "ExternalPort": 8081, "InternalPort": 80, "Protocol": 6},
        {"Type": "ACL", "Action": "Allow"},
    ],
}
IDLE = {"name": "idle", "id": "e2", "network": "web", "address": "172.20.0.6"}
FAR = {"name": "far", "id": "e3", "network": "web", "address": "10.244.1.7", "remote": True}
FRONT = {
    "id": "l1",
    "endpoints": ["E1"],
    "policies": [{"Type": "ELB", "VIPs": ["10.0.0.9"], "ExternalPort": 80, "Protocol": 6}],
}
CHANGED = {
    "container_networks": [{"name": "web", "mode": "nat", "subnet": "172.20.0.0/24", "dns_servers": ["10.0.0.53"]}]
}


def site(data: dict[str, Any]) -> Site:
    return parse_site(yaml.safe_dump(data)).for_host("h")


def planned(data: dict[str, Any], *endpoints: dict[str, Any], **more: Any) -> Plan:
    facts = fresh_state(17763).facts.model_dump()
    state = HostState.model_validate({"facts": facts, "networks": [WEB], "endpoints": list(endpoints), **more})
    return plan(site({"backend": "hns", **data}), state, host="h")


def test_a_replaced_network_names_all_that_goes_with_it() -> None:
    named = [{"name": "shop", "id": "f" * 64, "runtime": "docker"}]
    made = planned(CHANGED, SHOP, IDLE, FAR, policy_lists=[FRONT], containers=named)
    (change,) = made.changes
    assert change.price is not None
    assert change.price.model_dump() == {
        "endpoints": ("Ethernet", "idle"),
        "containers": ("shop",),
        "ports": ("8081/tcp -> 172.20.0.5:80",),
        "policies": ("ACL of Ethernet",),
        "load_balancers": ("10.0.0.9:80/tcp",),
        "remote_routes": ("far 10.244.1.7",),
        "attached": True,
        "outage": "",
        "returns": False,
    }
    text = "\n".join(line.plain for line in plan_lines(made))
    for said in ("containers: shop", "8081/tcp", "does not come back by itself", "--allow-downtime all"):
        assert said in text
    assert Plan.model_validate_json(made.model_dump_json()).changes[0].price == change.price


@pytest.mark.parametrize(
    ("endpoints", "needs"),
    [((), "none"), ((FAR,), "none"), ((IDLE,), "endpoints"), ((SHOP,), "all"), ((IDLE, SHOP), "all")],
)
def test_the_price_is_that_of_the_dearest_thing(endpoints: tuple[dict[str, Any], ...], needs: str) -> None:
    changes = planned(CHANGED, *endpoints).changes
    assert changes[0].price is not None
    assert changes[0].price.needs == needs
    refused = {allowed: bool(exceeds_allowed_downtime(changes, allowed)) for allowed in ("none", "endpoints", "all")}  # type: ignore[arg-type]
    assert refused == {"none": needs != "none", "endpoints": needs == "all", "all": False}


def test_endpoints_that_the_plan_makes_again_come_back() -> None:
    declared = {**CHANGED, "endpoints": [{"name": "idle", "network": "web", "address": "172.20.0.6"}]}
    price = planned(declared, IDLE).changes[0].price
    assert price is not None
    assert price.endpoints == ("idle",)
    assert price.returns


def test_what_changes_nothing_or_is_new_has_no_price() -> None:
    fresh = {"container_networks": [{"name": "other", "mode": "nat", "subnet": "172.30.0.0/24"}]}
    assert [item.price for item in planned(fresh, SHOP).changes] == [None]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[LabHost, Host]]:
    """Case w01-lab: a nat network of 2019 with a running container that publishes a port."""
    model = LabHost("w19", "2019")
    with LabServer([model]) as server:
        inventory = load_inventory(write_inventory(server, [model], tmp_path / "hosts.yaml"))
        with Host(inventory["w19"].settings(), "w19") as host:
            host.apply(site({"container_networks": [{"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}]}))
            model.run_container("shop", "web", ports=[(8081, 80, "tcp")])
            yield model, host


@pytest.mark.parametrize("allowed", ["none", "endpoints"])
def test_w01_is_refused_before_anything_is_sent(shop: tuple[LabHost, Host], allowed: Any) -> None:
    model, host = shop
    wanted = site(CHANGED)
    with pytest.raises(PlanError, match=r"takes with it containers .*8081/tcp") as caught:
        host.apply(wanted, allow_downtime=allowed)
    assert "--allow-downtime all" in str(caught.value.remedy)
    assert [item.dns_servers for item in model.hns.networks] == [""]
    assert len(model.hns.endpoints) == 1
    assert not host.apply(wanted, allow_downtime="all").failed
