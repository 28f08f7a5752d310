"""Every resource of PSNetDsc on simulated nodes: what it makes is what psnet pushes, and both find the other's work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dsc_node import Node, compared, instances, site
from dsc_sites import FLAT, MACHINES, MAPPING, NAT, PEER, SETS, SHOP, TENANT, VX
from sampling import one_of_each, swept

from psnet.dsc.resources import resources
from psnet.lab.engine.flow import PipelineFailed

if TYPE_CHECKING:
    from psnet.dsc.resources import DscInstance

POLICIES = ("acls", "qos", "outbound_nats", "routes", "proxies", "load_balancers")
ALL = ("2016", "2019", "2022", "2025")
LISTS = [{"action": "Allow", "direction": "In", "protocols": "6", "local_ports": [80, "8000-8010"]}]
LISTS[0] |= {"remote_addresses": ["10.9.0.0/16", "10.0.0.7"]}
NUMBERS = [{"action": "Allow", "direction": "In", "protocols": "TCP", "local_ports": 80}]
NUMBERS += [{"action": "Block", "direction": "In", "priority": 200, "rule_type": "Host"}]
NAMES: dict[str, Any] = {"dns_suffix": "x.example", "dns_servers": ["10.0.0.9"]}
DB = TENANT["endpoints"][1:2]
PODS: dict[str, Any] = {
    "container_networks": [FLAT | {"dns_servers": ["10.0.0.9"], "dns_suffix": "x.example"}],
    "cni": [{"name": "flat", "runtime": "kubelet", "outbound_nat_exceptions": ["10.0.0.0/8"], "local_ports": True}],
}
SITES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "shop": (("2022", "2025"), SHOP),
    "tenant": (tuple(os for os in ALL if os != "2016"), TENANT),
    # HNS 1.1 has single numbers in an ACL and no addresses (hns_schema.yaml: HNSVersion1803; case acl-2016).
    "tenant of 2016": (("2016",), TENANT | {"acls": [{"endpoint": "app", "rules": NUMBERS}]}),
    "machines": (("2016", "2025"), MACHINES),
    "through hns": (
        ("2016",),
        {"backend": "hns", "container_networks": [NAT], "nat_static_mappings": [MAPPING]},
    ),
    "through containers": (
        ("2016",),
        {"backend": "containers", "container_networks": [FLAT | {"dns_servers": ["10.0.0.9"]}]},
    ),
    "through docker": (
        ("2022",),
        {
            "backend": "docker",
            "container_networks": [FLAT | {"vlan": 7, "dns_suffix": "x.example", "dns_servers": ["10.0.0.9"]}],
        },
    ),
    "mapping": (
        ("2016",),
        {"backend": "containers", "container_networks": [NAT], "nat_static_mappings": [MAPPING]},
    ),
    "pods": (("2019", "2022"), PODS),
    "overlay": (("2019",), {"container_networks": [FLAT | {"mode": "overlay", "vsid": 5001}]}),
    "through hcn": (
        ("2019", "2022"),
        {
            "backend": "hcn",
            "container_networks": [
                FLAT
                | {"vlan": 7, "dns_suffix": "x.example", "dns_servers": ["10.0.0.9"]}
                | {"mac_pools": [{"start": "00:15:5d:10:00:00", "end": "00-15-5D-10-0F-FF"}]}
            ],
        },
    ),
    "nat through hcn": (("2022",), {"backend": "hcn", "container_networks": [NAT | {"gateway": "172.20.0.254"}]}),
    "restarts": (("2022",), {"container_networks": [NAT], "reapply": [{"name": "networks"}]}),
    "private": (("2022",), {"container_networks": [{"name": "p", "mode": "private"}]}),
    "acl lists": (
        ("2019",),
        {
            "container_networks": [FLAT],
            "endpoints": TENANT["endpoints"][1:2],
            "acls": [{"endpoint": "db", "rules": LISTS}],
        },
    ),
}
CASES = [(os, name) for name, (systems, _) in SITES.items() for os in systems]


#: The two longest go without make test, which has their kinds in others and each of their properties below.
LONG = ("shop", "tenant")


@pytest.mark.parametrize(
    ("os", "name"),
    one_of_each(lambda case: case[1], [case for case in CASES if case[1] not in LONG])
    + [swept(case) for case in CASES if case[1] in LONG],
)
def test_the_lcm_and_psnet_find_each_others_work_done(os: str, name: str) -> None:
    data = SITES[name][1]
    wanted, made = site(data), instances(data)
    docker = data.get("backend") == "docker"
    node = Node(os, docker=docker)
    if os == "2022":
        assert [node.get(item)["Ensure"] for item in made] == ["Absent"] * len(made)
    assert [item.id for item in node.converge(data)] == [item.id for item in made]
    assert node.converge(data) == []
    if os == "2022":
        assert [node.get(item)["Ensure"] for item in made] == ["Present"] * len(made)
    state = node.observe(wanted)
    assert node.plan(wanted, state).empty
    other = Node(os, docker=docker)
    other.push(wanted)
    assert [item.id for item in made if not other.test(item)] == []
    assert compared(other.observe(wanted)) == compared(state)
    for item in reversed(made):
        node.set(item, Ensure="Absent", **_all_may_go(item))
        assert node.test(item, Ensure="Absent")
    state = node.observe(wanted)
    assert [item.kind for item in node.plan(wanted, state).changes] == [item.cls.kind for item in made]
    assert state.ledger == {}


def _all_may_go(item: DscInstance) -> dict[str, str]:
    """Return what lets an endpoint go that is attached to the host."""
    return {"AllowDowntime": "all"} if "AllowDowntime" in {each.name for each in item.cls.settable} else {}


@pytest.mark.parametrize("rule", [LISTS[0], {"action": "Allow", "direction": "In", "remote_addresses": "10.0.0.7"}])
def test_a_rule_that_2016_would_widen_is_refused_by_both(rule: dict[str, Any]) -> None:
    data = {"container_networks": [FLAT], "endpoints": DB, "acls": [{"endpoint": "db", "rules": [rule]}]}
    node = Node("2016")
    *rest, acl = instances(data)
    for item in rest:
        node.set(item)
    with pytest.raises(PipelineFailed, match=r"from 7\.2 \(Windows Server 1803\) on"):
        node.set(acl)
    assert "acl-lists" in {item.id for item in node.plan(site(data)).refusals}
    assert node.host.hns.endpoints[-1].policies == []


CHANGES: dict[str, list[dict[str, Any]]] = {
    "PSNetCni flat": [
        {"Plugin": "win-bridge", "LocalPorts": None},
        {"Capabilities": ["dns"]},
        {"DnsSearch": ["y.example"]},
        {"OutboundNatExceptions": ["10.1.0.0/16", "10.2.0.0/16"]},
        {"Ipam": "host-local"},
        {"Ipam": "host-local", "RangeStart": "10.44.0.50", "RangeEnd": "10.44.0.99"},
        {"LoopbackDsr": True},
        {"LocalPorts": False},
        {"CniVersion": "0.4.0"},
        {"Directory": "C:\\k\\cni\\config"},
        {"File": "0-flat.conflist"},
    ],
    "PSNetContainerNetwork web": [
        {"Subnets": ["Prefix=172.21.0.0/24"]},
        {"Subnets": ["Prefix=172.20.0.0/24; Gateway=172.20.0.253"]},
        {"DnsServers": ["10.0.0.8", "10.0.0.9"]},
        {"DnsSuffix": "y.example"},
    ],
    "PSNetContainerNetwork flat": [
        {"Mode": "transparent"},
        {"Adapter": "Ethernet"},
        {"Vlan": 8},
        {"Vlan": None, "Vsid": 5001},
        {"MacPools": ["Start=00-15-5D-20-00-00; End=00-15-5D-20-0F-FF"]},
    ],
    "PSNetNatStaticMapping http": [
        {"Protocol": "UDP"},
        {"ExternalAddress": "192.168.10.11"},
        {"ExternalPort": "8081"},
        {"InternalAddress": "172.23.0.11"},
        {"InternalPort": "81"},
        {"ExternalPort": "8080-8082", "InternalPort": "80-82"},
        {"Via": "portproxy"},
    ],
    "PSNetFirewallRule everything": [
        {"DisplayName": "every field"},
        {"Description": "of the rule"},
        {"Enabled": True},
        {"Profiles": ["Public"]},
        {"Direction": "Inbound"},
        {"Action": "Allow"},
        {"Protocol": "UDP"},
        {"LocalPorts": ["443"]},
        {"RemotePorts": ["2", "4-5"]},
        {"LocalAddresses": ["10.0.0.2", "10.0.1.0/24"]},
        {"RemoteAddresses": ["10.0.0.0/255.0.0.0"]},
        {"Program": "C:\\y.exe"},
        {"Service": "W3SVC"},
        {"InterfaceAliases": ["Ethernet 2"]},
        {"InterfaceType": "Wireless"},
    ],
    "PSNetFirewallRule ping": [{"IcmpTypes": ["0", "8"]}],
    "PSNetEndpoint app": [
        {"Address": "10.44.0.77"},
        {"Mac": "00-15-5d-01-02-04"},
        {"DnsServers": ["10.0.0.8"]},
        {"DnsSuffix": "y.example"},
        {"Attach": "host"},
        {"Attach": "host", "Forwarding": True},
        {"Gateway": "10.44.0.9"},
        {"Remote": True},
        {"Remote": True, "ProviderAddress": "192.168.10.12"},
    ],
    "PSNetEndpointAcl app": [
        {"Rules": ["Action=Block; Direction=Out"]},
        {"Rules": ["Action=Allow; Direction=In; Protocols=TCP; LocalPorts=81; RemoteAddresses=10.0.0.7; Priority=101"]},
    ],
    "PSNetEndpointQos app": [{"MaximumOutgoingBandwidth": 5_000_000_000}],
    "PSNetEndpointOutboundNat app": [
        {"Exceptions": ["10.0.0.0/8"]},
        {"Vip": "192.168.10.11"},
        {"Destinations": ["10.1.0.0/16"]},
    ],
    "PSNetEndpointRoute app": [
        {"Routes": ["10.96.0.0/12"]},
        {"Routes": ["Destination=10.96.0.0/12; NextHop=10.44.0.1"]},
    ],
    "PSNetEndpointProxy db": [
        {"Port": "15002"},
        {"Address": "10.44.0.10"},
        {"Destination": "10.0.0.0/8"},
        {"Exceptions": ["10.1.0.0/16"]},
        {"OutboundNat": False},
    ],
    "PSNetLoadBalancer front": [
        {"Vips": "10.44.0.200, 10.44.0.201"},
        {"InternalPort": 8081},
        {"Members": ["app"]},
        {"SourceVip": "10.44.0.150"},
        {"Internal": True},
        {"Dsr": True},
    ],
    "PSNetOverlayPeer node-2": [
        {"ProviderAddress": "192.168.10.13"},
        {"Mac": "00-15-5D-AA-00-03"},
        {"Vsid": 5000},
    ],
    "PSNetIpSet web": [{"Addresses": ["10.44.0.11"]}, {"Addresses": None, "Sets": ["other"]}],
    "PSNetNetworkAcl flat": [{"Rules": ["Action=Block; Direction=In", "Action=Allow; Direction=Out; Protocols=TCP"]}],
    "PSNetStartupTask networks": [{"Script": "Get-Date\n"}],
    "PSNetNat inside": [{"Switch": "other", "Gateway": "172.23.0.9"}],
    "PSNetNat vms": [
        {"ExternalAddresses": ["Address=192.168.10.11; Ports=40000-40010"]},
        {"ExternalAddresses": ["192.168.10.11"]},
        {"Prefix": "192.168.101.0/24"},
    ],
}


PARTS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "rules": (SHOP, ("firewall_rules",)),
    "nat": (SHOP, ("container_networks", "nats", "nat_static_mappings")),
    "network": (TENANT, ("container_networks",)),
    "policies": (TENANT, ("container_networks", "endpoints", *POLICIES)),
    "machines": (MACHINES, ("nats",)),
    "pods": (PODS, ("container_networks", "cni")),
    "restarts": (SITES["restarts"][1], ("container_networks", "reapply")),
    "peers": ({"container_networks": [VX], "overlay_peers": [PEER]}, ("container_networks", "overlay_peers")),
    "sets": (SETS, ("container_networks", "ip_sets", "network_acls")),
}


@pytest.mark.parametrize("step", [27, swept(1)])
@pytest.mark.parametrize("part", PARTS)
def test_the_drift_of_each_property_is_found_and_mended(part: str, step: int) -> None:
    whole, sections = PARTS[part]
    data = {section: whole[section] for section in sections}
    node = Node("2025" if part == "sets" else "2022")
    node.converge(data)
    for item in instances(data):
        if part in ("policies", "pods", "peers", "sets") and item.cls.kind == "container_network":
            continue  # its endpoints would go with it
        for change in CHANGES.get(f"{item.cls.friendly} {item.name}", [])[::step]:
            assert not node.test(item, **change), (item.id, change)
            node.set(item, **change, **_all_may_go(item))
            assert node.test(item, **change), (item.id, change)
        node.set(item, **_all_may_go(item))
        assert node.test(item), item.id


@pytest.mark.parametrize("os", ["2019", swept("2022"), swept("2025")])
def test_a_start_up_task_makes_nat_networks_again_as_psnets_own_does(os: str) -> None:
    node = Node(os)
    data = SITES["restarts"][1]
    node.converge(data)
    node.host.reboot()
    assert [item.name for item in node.host.hns.networks if item.type == "nat"] == ["web"]
    assert node.plan(site(data)).empty
    node.host.tasks.known["psnet-reapply-networks"].state = "Disabled"
    *_, task = instances(data)
    assert not node.test(task)
    node.set(task)
    assert node.test(task)


def test_a_start_up_task_whose_name_leads_elsewhere_is_refused() -> None:
    node = Node("2022")
    *_, task = instances(SITES["restarts"][1])
    for name in ("..\\..\\other", "*", "a/b", " a"):
        with pytest.raises(PipelineFailed, match="cannot be the name of a start-up task"):
            node.set(task, Name=name)


def test_every_property_has_a_case_of_drift() -> None:
    changed = {(case.split()[0], name) for case, changes in CHANGES.items() for change in changes for name in change}
    always = {"Ensure", "Backend", "Name", "Endpoint", "Network", "AllowDowntime"}
    settable = ((cls.friendly, item.name) for cls in resources().values() for item in cls.settable)
    assert {pair for pair in settable if pair[1] not in always} - changed == {
        ("PSNetCni", "Runtime"),  # it says whether config.toml names the folder
        ("PSNetFirewallRule", "EdgeTraversal"),  # Windows has it for inbound rules alone
        ("PSNetLoadBalancer", "Protocol"),  # these two are what a front is found by
        ("PSNetLoadBalancer", "ExternalPort"),
        ("PSNetOverlayPeer", "Subnet"),  # and a peer by this
    }
