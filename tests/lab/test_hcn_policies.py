"""What HCN alone gives, what HNS takes with an endpoint only, and a host's endpoint as gateway: on simulated hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from sampling import every

from psnet.apply import apply_script
from psnet.container_host.target import observe_scope_of
from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file
from psnet.lab.labhost import LabHost
from psnet.observe.read import observe_script, read_state
from psnet.planning import plan
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from psnet.planning import Plan
    from psnet.site import Site

FLAT: dict[str, Any] = {"name": "flat", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "10.44.0.0/24"}
DB: dict[str, Any] = {"name": "db", "network": "flat", "address": "10.44.0.20"}
WEB: dict[str, Any] = {"name": "web", "network": "flat", "addresses": ["10.44.0.10", "10.50.0.0/24"]}
VX: dict[str, Any] = {
    "name": "vx",
    "mode": "overlay",
    "adapter": "Ethernet 2",
    "subnet": "10.244.1.0/24",
    "vsid": 4096,
}
PEER: dict[str, Any] = {
    "name": "node-2",
    "network": "vx",
    "subnet": "10.244.2.0/24",
    "provider_address": "192.168.10.12",
    "mac": "00:15:5d:aa:00:02",
}
FAR: dict[str, Any] = {
    "name": "far",
    "network": "vx",
    "address": "10.244.2.7",
    "mac": "0E-2A-0A-F4-02-07",
    "remote": True,
    "provider_address": "192.168.10.12",
}
TIERS: dict[str, Any] = {
    "endpoint": "db",
    "tiers": [
        {
            "name": "admin",
            "direction": "In",
            "order": 1,
            "rules": [{"action": "Block", "remote_addresses": "10.9.0.0/16"}, {"action": "Pass", "priority": 200}],
        }
    ],
}


class Simulated:
    """One simulated host, observed, planned for and changed by psnet's own scripts."""

    def __init__(self, os: str, **options: Any) -> None:
        self.host = LabHost("h", os, **options)

    def plan(self, wanted: Site) -> Plan:
        done = run_file(self.host, observe_script(observe_scope_of(wanted)), registry=lab_registry(self.host))
        assert not done.errors, done.stderr_text
        return plan(wanted, read_state(done.stdout, "h"), host="h")

    def apply(self, wanted: Site) -> list[str]:
        """Apply a site, hold that nothing is left to do, and return what was done."""
        made = self.plan(wanted)
        assert made.refusals == ()
        done = run_file(self.host, apply_script(made), registry=lab_registry(self.host))
        assert not done.errors, done.stderr_text
        assert '"failed"' not in "".join(done.stdout), done.stdout
        assert self.plan(wanted).empty, self.plan(wanted).changes
        return [f"{item.operation} {item.kind} {item.name}" for item in made.changes]


def site(**data: Any) -> Site:
    prune = data.pop("prune", False)
    return parse_site(yaml.safe_dump(data)).for_host("h").model_copy(update={"prune": prune})


def exclusive(**data: Any) -> Site:
    return site(manage="exclusive", prune=True, **data)


@pytest.mark.parametrize("os", every(2, ["2019", "2025"], first=1))
def test_an_overlay_has_peers(os: str) -> None:
    lab = Simulated(os)
    wanted = site(container_networks=[VX], overlay_peers=[PEER], endpoints=[FAR])
    assert (lab.plan(wanted).backend, lab.plan(wanted).backend_reason) == (
        "hcn",
        "endpoint far is a peer of an overlay",
    )
    assert lab.apply(wanted) == ["create container_network vx", "create overlay_peer node-2", "create endpoint far"]
    (network,) = [item for item in lab.host.hns.networks if item.name == "vx"]
    # flannel sets a HostRoute from build 18321 on (pkg/backend/vxlan/device_windows.go)
    assert [item["Type"] for item in network.policies] == ["HostRoute"] * (os != "2019") + ["RemoteSubnetRoute"]
    (far,) = lab.host.hns.endpoints
    assert (far.remote, far.policies) == (True, [{"Type": "PA", "PA": "192.168.10.12"}])
    moved = {**PEER, "provider_address": "192.168.10.13"}
    assert lab.apply(site(container_networks=[VX], overlay_peers=[moved], endpoints=[FAR])) == [
        "replace overlay_peer node-2"
    ]
    assert lab.apply(exclusive(container_networks=[VX])) == ["remove overlay_peer node-2", "remove endpoint far"]
    assert [item["Type"] for item in network.policies] == ["HostRoute"] * (os != "2019")


def test_sets_are_named_by_rules_and_change_in_place() -> None:
    lab = Simulated("2025")
    rules = [{"action": "Allow", "direction": "In", "source_sets": ["all"]}]
    wanted = {
        "container_networks": [FLAT],
        "endpoints": [DB],
        "ip_sets": [WEB, {"name": "all", "network": "flat", "sets": ["web"]}],
        "network_acls": [{"network": "flat", "rules": rules}],
        "acls": [{"endpoint": "db", "rules": [*rules, {"action": "Allow", "direction": "Out", "priority": 300}]}],
        "tier_acls": [TIERS],
    }
    assert len(lab.apply(site(**wanted))) == 7
    (network,) = [item for item in lab.host.hns.networks if item.name == "flat"]
    (db,) = lab.host.hns.endpoints
    assert [item.get("Id") for item in network.policies] == ["psnet-web", "psnet-all", None]
    assert sorted(item["Type"] for item in db.policies) == ["ACL", "ACL", "TierAcl"]
    assert {item.get("LocalAddresses") for item in db.policies} == {"psnet-all", None}
    less = {**wanted, "ip_sets": [{**WEB, "addresses": ["10.44.0.11"]}, wanted["ip_sets"][1]]}
    assert lab.apply(site(**less)) == ["update ip_set web"]
    assert [item["Values"] for item in network.policies if item.get("Id") == "psnet-web"] == ["10.44.0.11"]
    block = {**TIERS["tiers"][0], "rules": [{"action": "Block"}]}
    changed = {**less, "tier_acls": [{"endpoint": "db", "tiers": [block]}]}
    changed["network_acls"] = [{"network": "flat", "rules": [*rules, {"action": "Block", "direction": "In"}]}]
    assert sorted(lab.apply(site(**changed))) == ["update network_acl flat", "update tier_acl db"]
    assert sorted(item["Type"] for item in db.policies) == ["ACL", "ACL", "TierAcl"]
    gone = lab.apply(exclusive(container_networks=[FLAT], endpoints=[DB]))
    assert gone == [
        f"remove {item}" for item in ("ip_set web", "ip_set all", "network_acl flat", "acl db", "tier_acl db")
    ]
    assert (network.policies, db.policies) == ([], [])


@pytest.mark.parametrize(
    ("os", "data", "lacking"),
    [
        ("2022", {"tier_acls": [TIERS]}, "HNS 14.0 or later; the host has 13.3"),
        (
            "2022",
            {"network_acls": [{"network": "flat", "rules": [{"action": "Allow", "direction": "In"}]}]},
            "HNS 15.0",
        ),
        ("2022", {"ip_sets": [WEB, {"name": "all", "network": "flat", "sets": ["web"]}]}, "HNS 15.0 or later"),
        ("2019", {"ip_sets": [WEB]}, "HNS 13.0 or later; the host has 9."),
        ("2016", {"ip_sets": [WEB]}, "only HCN has it"),
    ],
)
def test_what_the_hosts_hns_has_not_is_refused(os: str, data: dict[str, Any], lacking: str) -> None:
    """hcn.md 5: features go by the version of HNS."""
    made = Simulated(os).plan(site(container_networks=[FLAT], endpoints=[DB], **data))
    assert [item.id for item in made.refusals] == ["not-in-this-backend"]
    assert lacking in made.refusals[0].reason


def test_a_host_that_tells_a_newer_hns_has_its_features() -> None:
    lab = Simulated("2019")
    lab.host.hns.build = lab.host.hns.build.__class__(
        **{name: getattr(lab.host.hns.build, name) for name in lab.host.hns.build.__slots__} | {"hns": (13, 0)}
    )
    assert lab.plan(site(container_networks=[FLAT], ip_sets=[WEB])).refusals == ()


CREATION: dict[str, Any] = {
    "container_networks": [FLAT],
    "endpoints": [DB],
    "outbound_nats": [{"endpoint": "db", "exceptions": ["10.0.0.0/8"]}],
    "routes": [{"endpoint": "db", "routes": [{"destination": "10.96.0.0/12", "encapsulate": True}]}],
    "qos": [{"endpoint": "db", "maximum_outgoing_bandwidth": "100 Mbit"}],
    "acls": [{"endpoint": "db", "rules": [{"action": "Allow", "direction": "In"}]}],
}


BUILDS = [("2016", "hns"), ("2019", "hcn"), ("2022", "hns"), ("2025", "hcn")]


@pytest.mark.parametrize(("os", "backend"), every(3, BUILDS))
def test_what_hns_takes_with_an_endpoint_only_makes_a_new_one(os: str, backend: str) -> None:
    lab = Simulated(os)
    assert len(lab.apply(site(backend=backend, **CREATION))) == 6
    (db,) = lab.host.hns.endpoints
    assert sorted(item["Type"] for item in db.policies if item["Type"] != "L2Driver") == [
        *("ACL", "OutBoundNAT", "QOS", "ROUTE")
    ]
    slower = {**CREATION, "qos": [{"endpoint": "db", "maximum_outgoing_bandwidth": "10 Mbit"}]}
    assert lab.apply(site(backend=backend, **slower)) == [
        "replace endpoint db",
        *("replace acl db", "update qos db", "update outbound_nat db", "update route db"),
    ]
    (again,) = lab.host.hns.endpoints
    assert again.id != db.id
    rules = {"acls": [{"endpoint": "db", "rules": [{"action": "Block", "direction": "In"}]}]}
    assert lab.apply(site(backend=backend, **slower | rules)) == ["update acl db"]
    assert [item.id for item in lab.host.hns.endpoints] == [again.id]
    left = {name: CREATION[name] for name in ("container_networks", "endpoints", "routes")}
    done = lab.apply(exclusive(backend=backend, **left))
    assert {"remove qos db", "remove outbound_nat db", "remove acl db"} <= set(done)
    (last,) = lab.host.hns.endpoints
    assert last.id != again.id
    assert [item["Type"] for item in last.policies if item["Type"] != "L2Driver"] == ["ROUTE"]


GATEWAY: dict[str, Any] = {
    "container_networks": [{**FLAT, "name": "cbr0", "subnet": "10.244.1.0/24"}],
    "endpoints": [
        {"name": "cbr0_ep", "network": "cbr0", "address": "10.244.1.2", "attach": "host", "forwarding": True},
        {"name": "pod", "network": "cbr0", "address": "10.244.1.10", "gateway": "10.244.1.2"},
    ],
    "outbound_nats": [{"endpoint": "pod", "exceptions": ["10.244.0.0/16", "10.96.0.0/12"]}],
}


@pytest.mark.parametrize(("os", "backend"), every(2, BUILDS, first=1))
def test_a_hosts_endpoint_is_the_gateway(os: str, backend: str) -> None:
    """As flannel's host-gw makes it: pkg/backend/hostgw/hostgw_windows.go; with the address that comes back late."""
    lab = Simulated(os, delays=True)
    nic = next(item for item in lab.host.links.adapters if item.name == "Ethernet")
    data = {**GATEWAY, "container_networks": [{**GATEWAY["container_networks"][0], "adapter": "Ethernet"}]}
    assert nic.addresses
    wanted = site(backend=backend, **data)
    assert "Wait-PSNetNetwork" in apply_script(lab.plan(wanted))
    assert len(lab.apply(wanted)) == 4
    forwards = {item.name for item in lab.host.links.adapters if item.forwarding}
    assert len(forwards) == 2, forwards
    assert "vEthernet (cbr0_ep)" in forwards
    pod = next(item for item in lab.host.hns.endpoints if item.name == "pod")
    assert pod.gateway == "10.244.1.2"
    for item in lab.host.links.adapters:
        item.forwarding = False
    assert lab.apply(wanted) == ["update endpoint cbr0_ep"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ("hns", "HNS v1 gives all that is declared")),
        ({"containerd": True}, ("hcn", "containerd is this host's runtime: its CNI plug-ins speak HCN")),
    ],
)
def test_auto_follows_what_makes_the_hosts_networks(options: dict[str, Any], expected: tuple[str, str]) -> None:
    made = Simulated("2022", **options).plan(site(container_networks=[{**FLAT, "name": "pods"}]))
    assert (made.backend, made.backend_reason) == expected


def test_a_proxy_beside_tiers_is_refused() -> None:
    """HNS's own call sends all policies again, and tiers come by HCN's requests alone (a guess)."""
    wanted = site(
        container_networks=[FLAT],
        endpoints=[DB],
        tier_acls=[TIERS],
        proxies=[{"endpoint": "endpoint:db", "port": 4143}],
    )
    assert [item.id for item in Simulated("2025").plan(wanted).refusals] == ["tier-beside-proxy"]
