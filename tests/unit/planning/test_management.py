"""Which adapter carries psnet is known by evidence, and what closes WinRM is refused (cases transparent, empty)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from psnet.planning import plan
from psnet.report.plans import plan_lines
from psnet.site.load import parse_site
from psnet.state import HostState, fresh_state

NICS = [
    {"name": "Ethernet", "description": "NIC", "index": 4, "mac": "00-15-5D-00-00-01"},
    {"name": "Ethernet 2", "description": "NIC 2", "index": 7, "mac": "00-15-5D-00-00-02"},
]
VNIC = {"name": "vEthernet (Ethernet) 2", "index": 9, "mac": "00-15-5D-00-00-01", "virtual": True}
FLAT = {"name": "flat", "mode": "transparent", "adapter": "Ethernet"}
THERE = {"name": "flat", "id": "n1", "mode": "transparent", "adapter": "Ethernet", "management_ip": "10.0.0.4"}


def address(text: str, interface: str) -> dict[str, Any]:
    return {"address": text, "prefix_length": 24, "interface": interface, "index": 4}


def planned(data: dict[str, Any], *, prune: bool = False, build: int = 20348, **parts: Any) -> Any:
    facts = fresh_state(build).facts.model_dump()
    state = HostState.model_validate({"facts": facts, "adapters": NICS, **parts})
    wanted = parse_site(yaml.safe_dump({"backend": "hns", **data})).for_host("h").model_copy(update={"prune": prune})
    return plan(wanted, state, host="h")


@pytest.mark.parametrize(
    ("sessions", "addresses", "uplinks", "cut"),
    [
        (["10.0.0.4"], [address("10.0.0.4", "Ethernet")], [], True),  # no default route
        (["10.0.0.4"], [address("10.0.0.4", "Ethernet")], ["Ethernet 2"], True),  # another carries the default route
        (["10.1.0.4"], [address("10.1.0.4", "Ethernet 2")], ["Ethernet"], False),  # the session is elsewhere
        (["10.1.0.4"], [address("10.1.0.4", "Ethernet 2")], ["Ethernet", "Ethernet 2"], False),  # two default routes
        (["fe80::1%4"], [address("fe80::1%4", "Ethernet")], [], True),  # IPv6, with its zone
        (["::ffff:10.0.0.4"], [address("10.0.0.4", "Ethernet")], [], True),  # IPv4 in its IPv6 form
        (["10.1.0.4", "10.0.0.4"], [address("10.1.0.4", "Ethernet 2"), address("10.0.0.4", "Ethernet")], [], True),
        ([], [address("10.0.0.4", "Ethernet")], ["Ethernet"], True),  # the TCP table says nothing
        ([], [], [], False),
    ],
)
@pytest.mark.parametrize("build", [14393, 17763, 20348, 26100])
def test_making_a_network_cuts_when_its_adapter_carries_the_session(
    sessions: list[str],
    addresses: list[dict[str, Any]],
    uplinks: list[str],
    cut: bool,  # noqa: FBT001 - a table
    build: int,
) -> None:
    made = planned({"container_networks": [FLAT]}, build=build, sessions=sessions, addresses=addresses, uplinks=uplinks)
    (change,) = made.changes
    assert change.cuts is cut
    assert bool(change.proof) is cut
    assert any(item.id == "cuts-management" for item in made.findings) is cut
    if cut:
        assert "this session uses" in "\n".join(line.plain for line in plan_lines(made))


@pytest.mark.parametrize("operation", ["replace", "remove"])
def test_replacing_and_removing_it_cut_too(operation: str) -> None:
    ledger = {"container_network/flat": {"name": "flat", "backend": "hns"}}
    data = {"container_networks": [{**FLAT, "vlan": 7}]} if operation == "replace" else {"manage": "exclusive"}
    here: dict[str, Any] = {
        "networks": [THERE],
        "adapters": [*NICS, VNIC],
        "sessions": ["10.0.0.4"],
        "addresses": [address("10.0.0.4", VNIC["name"])],
    }
    (change,) = planned(data, prune=True, ledger=ledger, **here).changes
    assert (change.operation, change.cuts) == (operation, True)
    assert "00-15-5D-00-00-01" in change.proof
    assert change.price.outage


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        ({"action": "Block", "protocol": "TCP", "local_ports": ["5985-5986"], "direction": "Inbound"}, True),
        ({"action": "Block", "direction": "Inbound"}, True),
        ({"action": "Block", "direction": "Outbound"}, False),
        ({"action": "Block", "protocol": "UDP", "local_ports": [5985], "direction": "Inbound"}, False),
        ({"action": "Block", "protocol": "TCP", "local_ports": [80], "direction": "Inbound"}, False),
        ({"action": "Block", "direction": "Inbound", "remote_addresses": ["10.9.0.0/16"]}, False),
        ({"action": "Allow", "direction": "Inbound", "protocol": "TCP", "local_ports": [5985]}, False),
    ],
)
def test_a_rule_that_locks_psnet_out_is_a_cut(rule: dict[str, Any], refused: bool) -> None:  # noqa: FBT001 - a table
    """The issue's own words: it is made detached, and the host takes it back unless psnet still gets in."""
    made = planned({"firewall_rules": [{"name": "r", **rule}]})
    (change,) = made.changes
    assert change.cuts is refused
    assert any(item.id == "rule-closes-winrm" for item in made.findings) is refused
    assert not made.refusals
    if refused:
        assert change.undo == {"remove": {"name": "r"}}
        assert "this session" in "\n".join(line.plain for line in plan_lines(made))
