"""psnet adopt: what hosts have becomes a site whose plan is empty, on every build and whatever made what is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from dsc_sites import FRONT
from reality.played import observed
from sampling import every
from typer.testing import CliRunner

from psnet.adoption import declare, fold, site_text
from psnet.adoption.document import SECTION_COMMENTS
from psnet.apply import apply_script
from psnet.cli.app import app
from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file
from psnet.lab.host.kubernetes import join_cluster
from psnet.lab.labhost import LabHost
from psnet.planning import plan
from psnet.resources import KINDS
from psnet.site import load_site, parse_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.adoption import Declaration
    from psnet.site import Site
    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

ROOT = Path(__file__).resolve().parents[2]
BUILDS = ("tp5", "2016", "1709", "1803", "2019", "1903", "2004", "2022", "2025")
ALLOW = {"action": "Allow", "direction": "In", "protocols": "TCP", "local_ports": 80, "priority": 50}
OUT = {"action": "Allow", "direction": "Out", "priority": 4000}
NAT: dict[str, Any] = {
    "container_networks": [{"name": "web", "mode": "nat", "subnet": "172.20.0.0/24", "gateway": "172.20.0.9"}],
    "endpoints": [{"name": "app", "network": "web", "address": "172.20.0.10"}],
    "nat_static_mappings": [
        {"name": "http", "network": "web", "protocol": "TCP", "external_port": 8080, "internal_address": "172.20.0.10"},
        {
            "name": "voice",
            "network": "web",
            "protocol": "UDP",
            "external_port": "27000-27003",
            "internal_address": "172.20.0.10",
            "firewall": {"remote_addresses": ["10.0.0.0/8"]},
        },
        {
            "name": "old",
            "network": "web",
            "protocol": "TCP",
            "external_port": 8090,
            "internal_address": "172.20.0.77",
            "internal_port": 90,
            "via": "portproxy",
            "firewall": False,
        },
    ],
    "firewall_rules": [
        {"name": "ping", "direction": "Inbound", "action": "Allow", "protocol": "ICMPv4", "icmp_types": ["8", "3:4"]},
        {"name": "off", "enabled": False, "direction": "Outbound", "action": "Block", "protocol": "TCP",
         "remote_ports": ["25", "465-587"], "profiles": ["Public"], "interface_aliases": ["Ethernet"]},
    ],
}  # fmt: skip
FLAT: dict[str, Any] = {
    "container_networks": [
        {"name": "flat", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "10.44.0.0/24", "vlan": 7}
    ],
    "endpoints": [{"name": "app", "network": "flat", "address": "10.44.0.10"}, {"name": "db", "network": "flat"}],
    "acls": [{"endpoint": "app", "rules": [ALLOW, OUT]}],
    "qos": [{"endpoint": "app", "maximum_outgoing_bandwidth": "100 Mbit"}],
    "outbound_nats": [{"endpoint": "db", "exceptions": ["10.0.0.0/8", "192.168.0.0/16"]}],
    "routes": [{"endpoint": "db", "routes": [{"destination": "10.96.0.0/12", "encapsulate": True}]}],
    "proxies": [{"endpoint": "db", "port": 15001, "exceptions": ["10.0.0.0/8"]}],
    "load_balancers": [FRONT],
}
OWN: dict[str, Any] = {
    "nats": [
        {"name": "machines", "prefix": "192.168.100.0/24", "switch": "inside",
         "external_addresses": [{"address": "192.168.10.11", "ports": "40000-50000"}]},
    ],
    "nat_static_mappings": [
        {"name": "rdp", "network": "machines", "protocol": "TCP", "external_port": 33890,
         "internal_address": "192.168.100.7", "internal_port": 3389},
    ],
}  # fmt: skip

OVERLAY: dict[str, Any] = {
    "container_networks": [
        {"name": "vx", "mode": "overlay", "adapter": "Ethernet 2", "subnet": "10.244.1.0/24", "vsid": 4096}
    ],
    "overlay_peers": [
        {"name": "node-2", "network": "vx", "subnet": "10.244.2.0/24", "provider_address": "192.168.10.12",
         "mac": "00-15-5D-AA-00-02"},
        {"name": "node-3", "network": "vx", "subnet": "10.244.3.0/24", "provider_address": "192.168.10.13",
         "mac": "00-15-5D-AA-00-03", "vsid": 4097},
    ],
    "endpoints": [
        {"name": "far", "network": "vx", "address": "10.244.2.7", "mac": "0E-2A-0A-F4-02-07", "remote": True,
         "provider_address": "192.168.10.12"},
    ],
}  # fmt: skip
FROM_SET = {"action": "Allow", "direction": "In", "source_sets": ["all"], "priority": 100}
SETS: dict[str, Any] = {
    "container_networks": FLAT["container_networks"],
    "endpoints": [FLAT["endpoints"][0], {"name": "db", "network": "flat", "address": "10.44.0.20"}],
    "ip_sets": [
        {"name": "web", "network": "flat", "addresses": ["10.44.0.10", "10.50.0.0/24"]},
        {"name": "none", "network": "flat"},
        {"name": "all", "network": "flat", "sets": ["web"]},
    ],
    "network_acls": [
        {"network": "flat", "rules": [FROM_SET, {"action": "Block", "direction": "Out", "protocols": "TCP",
                                                 "remote_ports": [25, "465-587"], "priority": 200}]},
    ],
    "acls": [{"endpoint": "app", "rules": [FROM_SET | {"destination_sets": ["web", "none"]}, OUT]}],
    "tier_acls": [
        {"endpoint": "db", "tiers": [
            {"name": "admin", "direction": "In", "order": 1, "rules": [
                {"action": "Block", "remote_addresses": ["10.9.0.0/16"], "priority": 100},
                {"action": "Pass", "source_sets": ["web"], "priority": 200},
            ]},
        ]},
    ],
}  # fmt: skip


def site(**data: Any) -> Site:
    return parse_site(yaml.safe_dump({"manage": "exclusive", **data})).for_host("h")


def bring(host: LabHost, wanted: Site) -> None:
    """Apply a site in this process, with the scripts that ship."""
    made = plan(wanted, observed(host), host="h")
    assert not made.refusals, made.refusals
    result = run_file(host, apply_script(made), registry=lab_registry(host), width=1_000_000)
    assert [line for line in result.stdout if '"failed"' in line] == []
    assert plan(wanted, observed(host), host="h").empty


def adopted(host: LabHost) -> tuple[Declaration, dict[str, Any]]:
    """Return what adopt says of a host, proven over its text, which is read again."""
    state = observed(host)
    made = declare(state, "h")
    text = site_text(fold([made])[0], [made], version="1")
    again = parse_site(text).for_host("h")
    assert plan(again, state, host="h").empty, text
    return made, yaml.safe_load(text)


def kinds(data: dict[str, Any]) -> set[str]:
    return {key for key, value in data.items() if isinstance(value, list)}


def bare(name: str, **settings: Any) -> LabHost:
    host = LabHost("h", name, **settings)
    for network in list(host.hns.networks):
        host.hns.remove(network)
    return host


def test_every_section_of_a_host_has_a_comment_in_an_adopted_site() -> None:
    assert set(SECTION_COMMENTS) == {cls.section for cls in KINDS.values()}


@pytest.mark.parametrize("name", every(3, BUILDS))
def test_what_psnet_made_on_a_build_is_declared_as_it_was(name: str) -> None:
    host = bare(name)
    wanted = {
        key: value for key, value in NAT.items() if name != "tp5" or key in ("container_networks", "firewall_rules")
    }
    bring(host, site(**wanted))
    made, data = adopted(host)
    assert kinds(data) == kinds(wanted)
    assert [item for item in made.undeclared if "HNS makes it" not in item.reason] == []
    for section in kinds(wanted):
        assert sorted(item["name"] for item in data[section]) == sorted(item["name"] for item in wanted[section])
    assert data["container_networks"] == wanted["container_networks"]
    if name != "tp5":
        by_name = {item["name"]: item for item in data["nat_static_mappings"]}
        assert by_name["voice"]["firewall"] == {"remote_addresses": ["10.0.0.0/8"]}
        assert (by_name["old"]["via"], by_name["old"]["firewall"]) == ("portproxy", False)
        assert by_name["voice"]["external_port"] == "27000-27003"


@pytest.mark.parametrize("name", every(3, ["2019", "2022", "2025"], first=1))
def test_policies_of_every_kind_are_read_back(name: str) -> None:
    host = bare(name)
    bring(host, site(**FLAT))
    made, data = adopted(host)
    assert made.undeclared == ()
    assert kinds(data) == kinds(FLAT)
    assert data["acls"] == FLAT["acls"]
    assert data["qos"] == [{"endpoint": "app", "maximum_outgoing_bandwidth": 12_500_000}]
    for section in ("outbound_nats", "routes", "proxies", "load_balancers", "container_networks"):
        assert data[section] == FLAT[section]


def alike(entries: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(entry, sort_keys=True) for entry in entries)


@pytest.mark.parametrize("name", every(3, ["2019", "1903", "2004", "2022", "2025"], first=2))
def test_peers_of_an_overlay_are_read_back_on_every_build_with_hcn(name: str) -> None:
    host = bare(name)
    bring(host, site(**OVERLAY))
    made, data = adopted(host)
    assert made.undeclared == ()
    assert kinds(data) == kinds(OVERLAY)
    for section in kinds(OVERLAY):
        assert alike(data[section]) == alike(OVERLAY[section])


def test_sets_and_the_rules_that_name_them_are_read_back() -> None:
    host = bare("2025")
    bring(host, site(**SETS))
    made, data = adopted(host)
    assert made.undeclared == ()
    assert kinds(data) == kinds(SETS)
    for section in kinds(SETS):
        assert alike(data[section]) == alike(SETS[section])


def test_peers_and_sets_of_others_are_declared_or_said() -> None:
    """Peers have no owner: they are declared. Rules name sets by ids, and Azure's and Calico's are not psnet's."""
    host = bare("2025")
    bring(host, site(container_networks=OVERLAY["container_networks"]))
    (network,) = host.hns.networks
    route = {"DestinationPrefix": "10.244.9.0/24", "IsolationId": 4096, "ProviderAddress": "192.168.10.19"}
    network.policies.append({"Type": "RemoteSubnetRoute", **route, "DistributedRouterMacAddress": "c6:71:00:00:00:01"})
    network.policies.append(
        {"Type": "SetPolicy", "Id": "azure-npm-1", "Name": "ns-x", "PolicyType": "IPSET", "Values": "10.0.0.1"}
    )
    made, data = adopted(host)
    (peer,) = data["overlay_peers"]
    assert (peer["name"], peer["mac"]) == ("vx-10.244.9.0", "C6-71-00-00-00-01")
    told = {item.what: item.reason for item in made.undeclared}
    assert told == {"ip_set ns-x of network vx": "it has an id that psnet did not give, by which rules name it"}


@pytest.mark.parametrize("name", every(2, ["2016", "2022"]))
def test_a_nat_of_its_own_keeps_its_switch_and_its_addresses(name: str) -> None:
    host = bare(name)
    bring(host, site(**OWN))
    made, data = adopted(host)
    assert made.undeclared == ()
    assert data["nats"] == OWN["nats"]
    assert data["nat_static_mappings"] == OWN["nat_static_mappings"]


@pytest.mark.parametrize("path", sorted((ROOT / "examples" / "modes").glob("*.yaml")), ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "name", ["2025", *(pytest.param(name, marks=pytest.mark.sweep) for name in ("2016", "2019", "2022"))]
)
def test_the_example_of_a_mode_is_adopted(path: Path, name: str) -> None:
    host = bare(name, platform="azure")
    wanted = load_site(path).for_host("h")
    bring(host, wanted)
    made, data = adopted(host)
    declared = {(item.kind, item.identity.name) for item in wanted.resources}
    assert {(entry.kind.kind, entry.name) for entry in made.entries} == declared, data


def test_what_a_runtime_made_is_said_and_left_to_it() -> None:
    host = LabHost("h", "2022", docker=True)
    host.run_container("shop", "nat", ports=[(8080, 80, "tcp")])
    made, data = adopted(host)
    assert kinds(data) == {"container_networks"}
    told = {item.what: item.reason for item in made.undeclared}
    assert told["endpoint shop"] == "docker makes it and removes it with its container"
    assert "publishes it" in told["port 8080/TCP of shop"]


def test_networks_that_docker_makes_are_dockers() -> None:
    host = bare("2022", docker=True)
    assert host.docker is not None
    host.docker.networks.clear()
    wanted = site(backend="docker", container_networks=[{"name": "shop", "mode": "nat", "subnet": "172.30.0.0/24"}])
    bring(host, wanted)
    made, data = adopted(host)
    assert data["backend"] == "docker"
    assert [item["name"] for item in data["container_networks"]] == ["shop"]
    assert made.undeclared == () or all("HNS makes it" in item.reason for item in made.undeclared)


def test_a_conflist_and_its_network_are_adopted() -> None:
    host = LabHost("h", "2022", containerd=True)
    wanted = {
        "container_networks": [{"name": "nat", "mode": "nat", "subnet": "172.20.0.0/24", "dns_servers": ["10.0.0.53"]}],
        "cni": [{"name": "nat", "capabilities": ["portMappings"]}],
    }
    for network in list(host.hns.networks):
        host.hns.remove(network)
    bring(host, site(**wanted))
    _, data = adopted(host)
    assert data["cni"] == [{"name": "nat", "plugin": "nat", "capabilities": ["portMappings"]}]


def test_a_node_of_a_cluster_is_left_to_its_makers() -> None:
    host = LabHost("h", "2022", containerd=True)
    join_cluster(host)
    made, data = adopted(host)
    assert "endpoints" not in data
    assert any("another host" in item.reason or "kube-proxy" in item.reason for item in made.undeclared)


def test_peers_of_a_cluster_are_left_to_its_plug_in() -> None:
    """flannel's vxlan makes the overlay and its peers, and again after each restart of its own."""
    host = LabHost("h", "2022", containerd=True)
    join_cluster(host, backend="vxlan")
    made, data = adopted(host)
    assert "overlay_peers" not in data
    assert [item.reason for item in made.undeclared if item.what.startswith("overlay peer")] == [
        "the cluster's network plug-in makes it, and will again"
    ]


def test_rules_of_container_networks_are_declared_whoever_made_them(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022", count=3)
    for number, host in enumerate(lab.hosts.values(), 1):
        for network in list(host.hns.networks):
            host.hns.remove(network)
        mine = json.loads(json.dumps(NAT).replace("172.20.0", f"172.20.{number}"))
        bring(host, site(**mine))
        host.firewall.create(
            {"name": "theirs", "display_name": "Theirs", "protocol": "TCP", "local_port": ["443"],
             "interface_alias": ["vEthernet (web)"]}
        )  # fmt: skip
        host.firewall.create({"name": "inside", "display_name": "Inside", "local_address": [f"172.20.{number}.10"]})
        host.firewall.create({"name": "elsewhere", "display_name": "Elsewhere", "local_address": ["10.9.9.9"]})
    out = tmp_path / "adopted"
    common = ("-i", str(lab.inventory), "--out", str(out), "--journal", str(tmp_path / "j.sqlite"))
    result = CliRunner().invoke(app, ["adopt", *common])
    assert result.exit_code == 0, result.output
    assert "proven: the plan of it is empty" in result.output
    text = (out / "site.yaml").read_text(encoding="utf-8")
    rules = {item["name"] for item in yaml.safe_load(text)["firewall_rules"]}
    assert rules == {"ping", "off", "theirs", "inside"}
    assert "# psnet did not make it" in text
    assert yaml.safe_load(text)["container_networks"][0]["subnet"] == "{{ web_subnet }}"
    inventory = yaml.safe_load((out / "hosts.yaml").read_text(encoding="utf-8"))
    assert [item["vars"]["web_subnet"] for item in inventory["hosts"].values()] == [
        f"172.20.{number}.0/24" for number in (1, 2, 3)
    ]
    assert inventory["groups"] == {"ws2022": {"hosts": list(lab.hosts)}, "os2022": {"hosts": list(lab.hosts)}}
    assert "password" in inventory["connection"]
    planned = CliRunner().invoke(
        app, ["plan", str(out / "site.yaml"), "-i", str(out / "hosts.yaml"), "--detailed-exitcode", *common[4:]]
    )
    assert planned.exit_code == 0, planned.output
    again = CliRunner().invoke(app, ["adopt", *common])
    assert "is there already" in str(again.exception)


def test_what_hcn_alone_shows_is_read_from_a_host(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2025")
    (host,) = lab.hosts.values()
    bring(host, site(**SETS))
    out = tmp_path / "adopted"
    common = ("-i", str(lab.inventory), "--journal", str(tmp_path / "j.sqlite"))
    result = CliRunner().invoke(app, ["adopt", *common, "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "proven: the plan of it is empty" in result.output
    data = yaml.safe_load((out / "site.yaml").read_text(encoding="utf-8"))
    assert alike(data["ip_sets"]) == alike(SETS["ip_sets"])
    assert data["tier_acls"] == SETS["tier_acls"]
    next(item for item in data["ip_sets"] if item["name"] == "web")["addresses"] = ["10.44.0.99"]
    (tmp_path / "other.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    differs = CliRunner().invoke(app, ["diff", str(tmp_path / "other.yaml"), *common])
    assert differs.exit_code == 2, differs.output
    assert "ip_set web: addresses" in differs.output


def test_hosts_with_different_things_get_a_site_each(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022", count=3)
    first, *others = lab.hosts.values()
    for host in lab.hosts.values():
        for network in list(host.hns.networks):
            host.hns.remove(network)
    bring(first, site(**NAT))
    for host in others:
        bring(host, site(container_networks=FLAT["container_networks"]))
    out = tmp_path / "adopted"
    result = CliRunner().invoke(
        app, ["adopt", "-i", str(lab.inventory), "-o", str(out), "--json", "--journal", str(tmp_path / "j.sqlite")]
    )
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert [group["hosts"] for group in data["groups"]] == [["ws2022-01"], ["ws2022-02", "ws2022-03"]]
    assert set(data["empty"].values()) == {True}
    assert sorted(path.name for path in out.iterdir()) == ["hosts.yaml", "site-ws2022-01.yaml", "site-ws2022.yaml"]
