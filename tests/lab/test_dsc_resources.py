"""Every resource of PSNetDsc on simulated nodes: what it makes is what psnet pushes, and both find the other's work."""

from __future__ import annotations

from typing import Any

import pytest
from dsc_node import Node, instances, site

NAT: dict[str, Any] = {"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}
RULE: dict[str, Any] = {"name": "ping", "direction": "Inbound", "action": "Allow", "protocol": "ICMPv4"}
SITES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "nat network": (("2016", "2019", "2022", "2025"), {"container_networks": [NAT]}),
    "firewall rule": (("2016", "2025"), {"firewall_rules": [RULE | {"icmp_types": ["8"]}]}),
}
CASES = [(os, name) for name, (systems, _) in SITES.items() for os in systems]


@pytest.mark.parametrize(("os", "name"), CASES)
def test_the_lcm_and_psnet_find_each_others_work_done(os: str, name: str) -> None:
    data = SITES[name][1]
    wanted = site(data)
    made = instances(data)
    node = Node(os)
    assert [node.get(item)["Ensure"] for item in made] == ["Absent"] * len(made)
    assert [item.id for item in node.converge(data)] == [item.id for item in made]
    assert node.converge(data) == []
    assert [node.get(item)["Ensure"] for item in made] == ["Present"] * len(made)
    assert node.plan(wanted).empty
    other = Node(os)
    other.push(wanted)
    assert [item.id for item in made if not other.test(item)] == []
    assert other.observe(wanted) == node.observe(wanted)
    for item in reversed(made):
        node.set(item, Ensure="Absent")
        assert node.test(item, Ensure="Absent")
    assert [item.kind for item in node.plan(wanted).changes] == [item.cls.kind for item in made]
    assert node.observe().ledger == {}
