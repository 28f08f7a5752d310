"""Sites that have a resource of every kind, for tests of PSNetDsc and of what delivers it."""

from __future__ import annotations

from typing import Any, Final

NAT: Final[dict[str, Any]] = {"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}
FLAT: Final[dict[str, Any]] = {"name": "flat", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "10.44.0.0/24"}
MAPPING: Final[dict[str, Any]] = {
    "name": "http",
    "network": "web",
    "protocol": "TCP",
    "external_port": 8080,
    "internal_address": "172.20.0.10",
    "internal_port": 80,
}
APP: Final[dict[str, Any]] = {"name": "app", "network": "flat", "address": "10.44.0.10"}
FRONT: Final[dict[str, Any]] = {
    "name": "front",
    "vips": ["10.44.0.200"],
    "protocol": "TCP",
    "external_port": 80,
    "internal_port": 8080,
    "members": ["app", "db"],
}
_RULES: Final[list[dict[str, Any]]] = [
    {
        "name": "ping",
        "direction": "Inbound",
        "action": "Allow",
        "protocol": "ICMPv4",
        "icmp_types": ["8"],
        "remote_addresses": ["10.0.0.0/8", "192.168.1.7"],
        "profiles": ["Domain", "Private"],
    },
    {
        "name": "everything",
        "display_name": "Every field",
        "description": "of a rule",
        "enabled": False,
        "direction": "Outbound",
        "action": "Block",
        "edge_traversal": "Block",
        "protocol": "TCP",
        "local_ports": [443, "80-82"],
        "remote_ports": [1],
        "local_addresses": ["10.0.0.1"],
        "program": "C:\\x.exe",
        "service": "Any",
        "interface_type": "Wired",
        "interface_aliases": ["Ethernet"],
    },
]
OWN_NAT: Final[dict[str, Any]] = {"name": "inside", "prefix": "172.23.0.0/24", "switch": "inside"}
INSIDE: Final[dict[str, Any]] = MAPPING | {"network": "inside", "internal_address": "172.23.0.10"}
#: A nat network, a NAT of its own with port mappings, and firewall rules.
SHOP: Final[dict[str, Any]] = {
    "name": "shop",
    "container_networks": [NAT | {"gateway": "172.20.0.254", "dns_servers": ["10.0.0.9"], "dns_suffix": "x.example"}],
    "nats": [OWN_NAT],
    "nat_static_mappings": [
        INSIDE,
        INSIDE | {"name": "voice", "protocol": "UDP", "external_port": "27000-27002", "internal_port": "80-82"},
    ],
    "firewall_rules": _RULES,
}
#: An l2bridge network in a VLAN with endpoints, and every kind that belongs to endpoints.
TENANT: Final[dict[str, Any]] = {
    "name": "tenant",
    "container_networks": [
        FLAT | {"vlan": 7, "mac_pools": [{"start": "00:15:5d:10:00:00", "end": "00-15-5D-10-0F-FF"}]}
    ],
    "endpoints": [
        APP | {"mac": "00-15-5D-01-02-03", "dns_servers": ["10.0.0.9"], "dns_suffix": "x.example"},
        {"name": "db", "network": "flat"},
        {"name": "probe", "network": "flat", "attach": "host"},
    ],
    "acls": [
        {
            "endpoint": "app",
            "rules": [
                {
                    "action": "Allow",
                    "direction": "In",
                    "protocols": "TCP",
                    "local_ports": 80,
                    "remote_addresses": "10.0.0.7",
                },
                {"action": "Block", "direction": "In", "priority": 200, "rule_type": "Host"},
            ],
        }
    ],
    "qos": [{"endpoint": "app", "maximum_outgoing_bandwidth": "100 Mbit"}],
    "outbound_nats": [{"endpoint": "app", "exceptions": ["10.0.0.0/8", "192.168.0.0/16"]}],
    "routes": [{"endpoint": "app", "routes": [{"destination": "10.96.0.0/12", "encapsulate": True}]}],
    "proxies": [{"endpoint": "db", "port": 15001, "exceptions": ["10.0.0.0/8"], "outbound_nat": True}],
    "load_balancers": [{**FRONT, "members": ["db", "app"]}],
}
#: A NAT for virtual machines.
MACHINES: Final[dict[str, Any]] = {
    "name": "machines",
    "nats": [
        {
            "name": "vms",
            "prefix": "192.168.100.0/24",
            "external_addresses": [{"address": "192.168.10.11", "ports": "40000-50000"}],
        }
    ],
}
VX: dict[str, Any] = {"name": "vx", "mode": "overlay", "adapter": "Ethernet 2", "subnet": "10.244.1.0/24", "vsid": 4096}
PEER: dict[str, Any] = {
    "name": "node-2",
    "network": "vx",
    "subnet": "10.244.2.0/24",
    "provider_address": "192.168.10.12",
}
PEER |= {"mac": "00:15:5d:aa:00:02"}
_FROM: list[dict[str, Any]] = [{"action": "Allow", "direction": "In", "source_sets": ["all"], "priority": 200}]
SETS: dict[str, Any] = {
    "container_networks": [FLAT],
    "endpoints": [{"name": "app", "network": "flat", "address": "10.44.0.10"}],
    "ip_sets": [
        {"name": "all", "network": "flat", "sets": ["web"]},
        {"name": "web", "network": "flat", "addresses": ["10.44.0.10", "10.50.0.0/24"]},
    ],
    "network_acls": [{"network": "flat", "rules": _FROM}],
    "acls": [{"endpoint": "app", "rules": [*_FROM, {"action": "Allow", "direction": "Out", "priority": 300}]}],
}
