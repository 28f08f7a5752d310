"""Every resource of PSNetDsc on simulated nodes: what it makes is what psnet pushes, and both find the other's work."""

from __future__ import annotations

from typing import Any

import pytest
from dsc_node import Node, instances, site

ALL = ("2016", "2019", "2022", "2025")
NAT: dict[str, Any] = {"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}
FLAT: dict[str, Any] = {"name": "flat", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "10.44.0.0/24"}
RULE: dict[str, Any] = {"name": "ping", "direction": "Inbound", "action": "Allow", "protocol": "ICMPv4"}
MAPPING: dict[str, Any] = {
    "name": "http",
    "network": "web",
    "protocol": "TCP",
    "external_port": 8080,
    "internal_address": "172.20.0.10",
    "internal_port": 80,
}
APP: dict[str, Any] = {"name": "app", "network": "flat", "address": "10.44.0.10"}
FRONT: dict[str, Any] = {"name": "front", "vips": ["10.44.0.200"], "protocol": "TCP", "external_port": 80}
FRONT |= {"internal_port": 8080, "members": ["app", "db"]}
ALLOW: dict[str, Any] = {"action": "Allow", "direction": "In", "protocols": "TCP", "local_ports": 80}
ON_FLAT: dict[str, Any] = {"container_networks": [FLAT], "endpoints": [APP]}
Case = tuple[tuple[str, ...], dict[str, Any]]
SITES: dict[str, Case] = {
    "nat network": (ALL, {"container_networks": [NAT | {"gateway": "172.20.0.254", "dns_servers": ["10.0.0.9"]}]}),
    "l2bridge network": (ALL, {"container_networks": [FLAT | {"dns_suffix": "x.example"}]}),
    "transparent network": (
        ("2022",),
        {"container_networks": [{"name": "t", "mode": "transparent", "adapter": "Ethernet 2"}]},
    ),
    "vlan": (
        ALL,
        {
            "container_networks": [
                FLAT | {"vlan": 7, "mac_pools": [{"start": "00:15:5d:10:00:00", "end": "00-15-5D-10-0F-FF"}]}
            ]
        },
    ),
    "overlay": (("2019",), {"container_networks": [FLAT | {"mode": "overlay", "vsid": 5001}]}),
    "private": (("2022",), {"container_networks": [{"name": "p", "mode": "private"}]}),
    "through hns": (("2016",), {"backend": "hns", "container_networks": [NAT]}),
    "through containers": (
        ("2016",),
        {"backend": "containers", "container_networks": [NAT], "nat_static_mappings": [MAPPING]},
    ),
    "through docker": (
        ("2022",),
        {"backend": "docker", "container_networks": [FLAT | {"vlan": 7, "dns_servers": ["10.0.0.9"]}]},
    ),
    "mapping through docker": (
        ("2019",),
        {"backend": "docker", "container_networks": [NAT], "nat_static_mappings": [MAPPING]},
    ),
    "mapping": (ALL, {"container_networks": [NAT], "nat_static_mappings": [MAPPING]}),
    "range": (
        ("2022",),
        {
            "container_networks": [NAT],
            "nat_static_mappings": [MAPPING | {"external_port": "27000-27003", "internal_port": "80-83"}],
        },
    ),
    "endpoint": (ALL, ON_FLAT),
    "endpoint of the host": (
        ("2022",),
        {
            "container_networks": [FLAT],
            "endpoints": [
                APP
                | {"attach": "host", "mac": "00-15-5D-01-02-03", "dns_servers": ["10.0.0.9"], "dns_suffix": "x.example"}
            ],
        },
    ),
    "acl": (
        ALL,
        ON_FLAT
        | {
            "acls": [
                {
                    "endpoint": "app",
                    "rules": [
                        ALLOW | {"remote_addresses": "10.0.0.7"},
                        {"action": "Block", "direction": "In", "priority": 200},
                    ],
                }
            ]
        },
    ),
    "acl lists": (
        ("2019",),
        ON_FLAT
        | {
            "acls": [
                {
                    "endpoint": "app",
                    "rules": [
                        ALLOW | {"local_ports": [80, "8000-8010"], "remote_addresses": ["10.9.0.0/16", "10.0.0.7"]}
                    ],
                }
            ]
        },
    ),
    "qos": (ALL, ON_FLAT | {"qos": [{"endpoint": "app", "maximum_outgoing_bandwidth": "100 Mbit"}]}),
    "outbound nat": (
        ("2019", "2025"),
        ON_FLAT | {"outbound_nats": [{"endpoint": "app", "exceptions": ["10.0.0.0/8", "192.168.0.0/16"]}]},
    ),
    "route": (
        ("2019", "2025"),
        ON_FLAT | {"routes": [{"endpoint": "app", "routes": [{"destination": "10.96.0.0/12", "encapsulate": True}]}]},
    ),
    "proxy": (
        ("2019", "2025"),
        ON_FLAT | {"proxies": [{"endpoint": "app", "port": 15001, "exceptions": ["10.0.0.0/8"], "outbound_nat": True}]},
    ),
    "load balancer": (
        ALL,
        {
            "container_networks": [FLAT],
            "endpoints": [APP, {"name": "db", "network": "flat"}],
            "load_balancers": [FRONT],
        },
    ),
    "nat of its own": (
        ALL,
        {
            "nats": [
                {
                    "name": "vms",
                    "prefix": "192.168.100.0/24",
                    "external_addresses": [{"address": "192.168.10.11", "ports": "40000-50000"}],
                }
            ]
        },
    ),
    "firewall rule": (
        ALL,
        {
            "firewall_rules": [
                RULE
                | {
                    "icmp_types": ["8"],
                    "remote_addresses": ["10.0.0.0/8", "192.168.1.7"],
                    "profiles": ["Domain", "Private"],
                }
            ]
        },
    ),
    "firewall rule with all": (
        ("2022",),
        {
            "firewall_rules": [
                {
                    "name": "r",
                    "display_name": "R",
                    "description": "d",
                    "enabled": False,
                    "direction": "Outbound",
                    "action": "Block",
                    "protocol": "TCP",
                    "local_ports": [443, "80-82"],
                    "remote_ports": [1],
                    "local_addresses": ["10.0.0.1"],
                    "program": "C:\\x.exe",
                    "service": "Any",
                    "interface_type": "Wired",
                    "interface_aliases": ["Ethernet"],
                }
            ]
        },
    ),
}
CASES = [(os, name) for name, (systems, _) in SITES.items() for os in systems]


@pytest.mark.parametrize(("os", "name"), CASES)
def test_the_lcm_and_psnet_find_each_others_work_done(os: str, name: str) -> None:
    data = SITES[name][1]
    wanted = site(data)
    made = instances(data)
    docker = data.get("backend") == "docker"
    node = Node(os, docker=docker)
    assert [node.get(item)["Ensure"] for item in made] == ["Absent"] * len(made)
    assert [item.id for item in node.converge(data)] == [item.id for item in made]
    assert node.converge(data) == []
    assert [node.get(item)["Ensure"] for item in made] == ["Present"] * len(made)
    assert node.plan(wanted).empty
    other = Node(os, docker=docker)
    other.push(wanted)
    assert [item.id for item in made if not other.test(item)] == []
    assert other.observe(wanted) == node.observe(wanted)
    for item in reversed(made):
        node.set(item, Ensure="Absent")
        assert node.test(item, Ensure="Absent")
    assert [item.kind for item in node.plan(wanted).changes] == [item.cls.kind for item in made]
    assert node.observe().ledger == {}
