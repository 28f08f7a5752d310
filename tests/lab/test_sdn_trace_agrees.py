"""psnet sdn trace against the lab's packets: written apart from each other, they agree on every generated policy."""

from __future__ import annotations

import random
from typing import Any

import pytest

from psnet.lab.host.reach.packet import Packet
from psnet.lab.sdn.controller import Controller
from psnet.lab.sdn.fabric import send
from psnet.sdn.desired import desired_resources
from psnet.sdn.pool_members import declared_properties
from psnet.sdn.state import ControllerState
from psnet.sdn.topology import Topology
from psnet.sdn.trace import Tracer, TraceRequest
from psnet.site.load import parse_site

OUTSIDE = "198.51.100.7"
ADDRESSES = ["10.1.1.4", "10.1.1.5", "10.1.2.4", "10.1.2.5", "10.1.3.4", "10.1.3.9"]
PLACES = ["203.0.113.10", "203.0.113.11", "203.0.113.12", "10.1.3.200", "10.1.2.77", OUTSIDE]
PORTS = [22, 80, 443, 8080]


def rules(chance: random.Random) -> list[dict[str, Any]]:
    numbers = chance.sample(range(100, 400), chance.randint(1, 5))
    sides = ["*", "10.1.0.0/16", "10.1.1.0/24", "10.1.2.4", "198.51.100.0/24", "10.1.3.0/24"]
    return [
        {
            "name": f"r{number}",
            "direction": chance.choice(["in", "out"]),
            "action": chance.choice(["Allow", "Deny"]),
            "protocol": chance.choice(["TCP", "UDP", "All"]),
            "source": chance.choice(sides),
            "destination": chance.choice(sides),
            "source_ports": chance.choice(["*", "49152-65535", 1024]),
            "destination_ports": chance.choice(["*", 80, "80-443", 8080]),
            "priority": number,
        }
        for number in numbers
    ]


def policy(seed: int) -> dict[str, Any]:
    chance = random.Random(seed)
    lists = [
        {
            "name": f"l{number}",
            "rules": rules(chance),
            **({"inbound_default": chance.choice(["Permit", "Deny"])} if chance.random() < 0.5 else {}),
            **({"outbound_default": chance.choice(["Permit", "Deny"])} if chance.random() < 0.3 else {}),
        }
        for number in range(4)
    ]
    names = [None, *(item["name"] for item in lists)]
    hops = [
        {"prefix": chance.choice(["10.1.2.0/24", "10.1.0.0/16", "0.0.0.0/0", "198.51.100.0/24"])}
        | chance.choice(
            [
                {"next_hop_type": "None"},
                {"next_hop_type": "VnetLocal"},
                {"next_hop_type": "Internet"},
                {"next_hop_type": "VirtualNetworkGateway"},
                {"next_hop_type": "VirtualAppliance", "next_hop": "10.1.3.9"},
            ]
        )
        for _ in range(2)
    ]
    unique = {item["prefix"]: {"name": f"h{at}", **item} for at, item in enumerate(hops)}

    def bound(value: Any, key: str = "acl") -> dict[str, Any]:
        return {key: value} if value else {}

    configurations = [
        {
            "name": f"i{at}",
            "address": address,
            "subnet": f"v/{'abc'[int(address[5]) - 1]}",
            **bound(chance.choice(names)),
        }
        for at, address in enumerate(ADDRESSES)
    ]
    if chance.random() < 0.5:
        configurations[5]["public_ip"] = "pip"
    members = chance.sample([f"n{at}/i{at}" for at in range(5)], chance.randint(0, 3))
    return {
        "sdn": {
            "controller": {"url": "https://nc.test"},
            "logical_networks": [
                {"name": "pa", "network_virtualization": True},
                {
                    "name": "vip",
                    "network_virtualization": False,
                    "subnets": [
                        {
                            "name": "s",
                            "prefix": "203.0.113.0/24",
                            "public": True,
                            "pools": [{"name": "p", "start": "203.0.113.10", "end": "203.0.113.99"}],
                        }
                    ],
                },
            ],
            "access_control_lists": lists,
            "route_tables": [{"name": "t", "routes": list(unique.values())}],
            "virtual_networks": [
                {
                    "name": "v",
                    "logical_network": "pa",
                    "address_space": ["10.1.0.0/16"],
                    "subnets": [
                        {
                            "name": name,
                            "prefix": f"10.1.{at}.0/24",
                            **bound(chance.choice(names)),
                            **bound(chance.choice([None, "t"]), "route_table"),
                        }
                        for at, name in enumerate("abc", 1)
                    ],
                }
            ],
            "public_ip_addresses": [{"name": "pip", "address": "203.0.113.12"}],
            "load_balancers": [
                {
                    "name": "lb",
                    "frontends": [
                        {"name": "f", "address": "203.0.113.10", "logical_subnet": "vip/s"},
                        {"name": "inside", "address": "10.1.3.200", "subnet": "v/c"},
                    ],
                    "pools": [{"name": "p", "members": members}],
                    "rules": [
                        {
                            "name": "r",
                            "frontends": ["f", "inside"],
                            "pool": "p",
                            "protocol": "TCP",
                            "frontend_port": 443,
                            "backend_port": 8080,
                            "floating_ip": chance.random() < 0.2,
                        }
                    ],
                    "inbound_nat": [
                        {
                            "name": "n",
                            "frontends": ["f"],
                            "protocol": "TCP",
                            "frontend_port": 22,
                            "backend": "n4/i4",
                            "backend_port": 22,
                        }
                    ],
                    "outbound_nat": [{"name": "o", "frontends": ["f"], "pool": "p"}],
                }
            ],
            "network_interfaces": [
                {"name": f"n{at}", "mac": f"00155D00000{at}", "ip_configurations": [item]}
                for at, item in enumerate(configurations)
            ],
        }
    }


def controller_with(sdn: Any) -> Controller:
    controller = Controller(seconds=0)
    for wish in desired_resources(sdn, ControllerState(url="x")):
        controller.put(wish.resource.path, {"properties": declared_properties(sdn, wish.resource)})
        controller.settle()
    return controller


@pytest.mark.parametrize("seed", range(20))
def test_trace_and_the_lab_agree(seed: int) -> None:
    sdn = parse_site(_yaml(policy(seed))).with_placeholders("sdn")
    assert sdn is not None
    controller = controller_with(sdn)
    tracer = Tracer(Topology.of_declared(sdn))
    chance = random.Random(-seed)
    for _ in range(20):
        source = chance.choice([*ADDRESSES, OUTSIDE])
        destination = chance.choice([item for item in (*ADDRESSES, *PLACES) if item != source])
        port, protocol = chance.choice(PORTS), chance.choice(["TCP", "UDP"])
        sent = send(controller, Packet(source, destination, port, protocol))
        answer = tracer.trace(TraceRequest(source=source, destination=destination, port=port, protocol=protocol))
        same = [path for path in answer.paths if path.to == sent.interface or path.to is None]
        about = f"seed {seed}: {answer.question}\n{sent}\n{answer}"
        if answer.verdict != "depends":
            assert sent.delivered == (answer.verdict == "allowed"), about
        if sent.delivered:
            path = next(item for item in answer.paths if (item.to or "") == sent.interface)
            assert (path.destination, path.port) == (sent.packet.destination, sent.packet.port), about
            assert [s.kind for s in path.steps] == [s.kind for s in sent.steps], about
            rules_ = [(s.rule or "default").lower() for s in path.steps]
            assert rules_ == [s.rule.lower() for s in sent.steps], about
        assert same, about


def _yaml(data: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(data)
