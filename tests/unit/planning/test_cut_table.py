"""Which change cuts the session: every change, on every build, wherever the session comes from."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from sampling import every

from psnet.planning import plan
from psnet.site.load import parse_site
from psnet.state import HostState, fresh_state

if TYPE_CHECKING:
    from psnet.planning import Plan

BUILDS = (14393, 17763, 20348, 26100)
MODES = ("transparent", "l2bridge", "l2tunnel", "overlay")
NICS = [
    {"name": f"Ethernet{suffix}", "description": f"NIC{suffix}", "index": 4 + place, "mac": f"00-15-5D-00-00-0{place}"}
    for place, suffix in enumerate(("", " 2", " 3"))
]
ONE, TWO, THREE = (item["name"] for item in NICS)


def at(interface: str, address: str, length: int = 24) -> dict[str, Any]:
    return {"address": address, "prefix_length": length, "interface": interface, "index": 9}


HERE = [at(ONE, "10.0.0.4"), at(TWO, "10.1.0.4"), at(THREE, "10.3.0.4")]
BOTH = {"name": "Team", "members": [ONE, TWO], "interfaces": ["Team", "Team - VLAN 30"]}
TEAM = [
    *NICS,
    {"name": "Team", "description": "Multiplexor", "index": 20, "mac": NICS[0]["mac"]},
    {"name": "Team - VLAN 30", "description": "Multiplexor #2", "index": 21, "mac": NICS[0]["mac"]},
]
SET = {
    "switches": [
        {
            "name": "converged",
            "type": "External",
            "adapter": "Teamed-Interface",
            "adapters": ["NIC", "NIC 2"],
            "ports": ["vEthernet (mgmt)"],
        }
    ],
    "adapters": [
        *NICS,
        {"name": "vEthernet (mgmt)", "index": 22, "mac": "00-15-5D-00-00-77", "virtual": True},
    ],
}
INTERNAL = {
    "switches": [{"name": "inside", "type": "Internal"}],
    "adapters": [*NICS, {"name": "vEthernet (inside)", "index": 23, "mac": "00-15-5D-00-00-88", "virtual": True}],
}
#: where the session comes from -> the state's part, and the adapters that carry it
SESSIONS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "the uplink": ({"sessions": ["10.0.0.4"], "uplinks": [ONE]}, {ONE}),
    "another adapter": ({"sessions": ["10.1.0.4"], "uplinks": [ONE]}, {TWO}),
    "no default route": ({"sessions": ["10.0.0.4"], "uplinks": []}, {ONE}),
    "several default routes": ({"sessions": ["10.1.0.4"], "uplinks": [ONE, TWO, THREE]}, {TWO}),
    "several connections": ({"sessions": ["10.0.0.4", "10.1.0.4"], "uplinks": [ONE]}, {ONE, TWO}),
    "no word of the TCP table": ({"sessions": [], "uplinks": [ONE]}, {ONE}),
    "IPv6": (
        {"sessions": ["2001:db8::4"], "addresses": [*HERE, at(TWO, "2001:db8::4", 64)], "uplinks": [ONE]},
        {TWO},
    ),
    "IPv6 of the link": (
        {"sessions": ["fe80::4%4"], "addresses": [*HERE, at(ONE, "fe80::4%4", 64)], "uplinks": [TWO]},
        {ONE},
    ),
    "IPv4 in its IPv6 form": ({"sessions": ["::ffff:10.1.0.4"], "uplinks": [ONE]}, {TWO}),
    "a team of Windows (LBFO)": (
        {"sessions": ["10.2.0.4"], "addresses": [at("Team", "10.2.0.4")], "teams": [BOTH], "adapters": TEAM},
        {ONE, TWO, "Team", "Team - VLAN 30"},
    ),
    "a VLAN of a team": (
        {"sessions": ["10.2.0.4"], "addresses": [at("Team - VLAN 30", "10.2.0.4")], "teams": [BOTH], "adapters": TEAM},
        {ONE, TWO, "Team", "Team - VLAN 30"},
    ),
    "a VLAN interface of a driver": (
        {
            "sessions": ["10.2.0.4"],
            "addresses": [at("Ethernet - VLAN 30", "10.2.0.4")],
            "adapters": [*NICS, {"name": "Ethernet - VLAN 30", "index": 24, "mac": NICS[0]["mac"]}],
        },
        {ONE},
    ),
    "an embedded team (SET)": (
        {"sessions": ["10.2.0.4"], "addresses": [at("vEthernet (mgmt)", "10.2.0.4")], **SET},
        {ONE, TWO},
    ),
    "IPv6 over an embedded team": (
        {"sessions": ["2001:db8::4"], "addresses": [at("vEthernet (mgmt)", "2001:db8::4", 64)], **SET},
        {ONE, TWO},
    ),
    "an internal switch": (
        {"sessions": ["10.2.0.4"], "addresses": [at("vEthernet (inside)", "10.2.0.4")], **INTERNAL},
        set(),
    ),
}


def planned(data: dict[str, Any], session: str, build: int, **more: Any) -> Plan:
    parts = {"adapters": NICS, "addresses": HERE} | SESSIONS[session][0] | more
    state = HostState.model_validate({"facts": fresh_state(build).facts.model_dump(), **parts})
    wanted = parse_site(yaml.safe_dump({"backend": "hns", **data})).for_host("h").model_copy(update={"prune": True})
    return plan(wanted, state, host="h")


def held(made: Plan, *, cut: bool) -> None:
    assert any(item.cuts for item in made.changes) is cut, made.changes
    for change in made.changes:
        assert bool(change.proof) is change.cuts
        assert not change.cuts or "this session" in change.proof


#: Every session on every build; the parameters of the table's rows.
TABLE = [(build, session) for build in BUILDS for session in SESSIONS]


@pytest.mark.parametrize(("build", "session"), every(3, TABLE))
def test_networks(build: int, session: str) -> None:
    carrying = SESSIONS[session][1]
    for mode, adapter in itertools.product(MODES, (ONE, TWO, THREE)):
        subnet = {} if mode == "transparent" else {"subnet": "10.44.0.0/24"}
        network = {"name": "flat", "mode": mode, "adapter": adapter, **subnet}
        cut = adapter in carrying
        held(planned({"container_networks": [network]}, session, build), cut=cut)
        there = {
            "networks": [
                {"name": "flat", "id": "n1", "mode": mode, "adapter": adapter, "subnets": [{"prefix": "10.44.0.0/24"}]}
            ],
            "ledger": {"container_network/flat": {"name": "flat", "backend": "hns"}},
        }
        changed = {**network, "subnet": "10.45.0.0/24"} if subnet else {**network, "vlan": 7}
        (replaced,) = planned({"container_networks": [changed]}, session, build, **there).changes
        assert (replaced.operation, replaced.cuts, bool(replaced.proof)) == ("replace", cut, cut), (mode, adapter)
        (removed,) = planned({"manage": "exclusive"}, session, build, **there).changes
        assert (removed.operation, removed.cuts, bool(removed.proof)) == ("remove", cut, cut), (mode, adapter)
        for change in (replaced, removed):  # how long traffic stops is said in any case
            assert change.price is not None
            assert "3 to 25 s" in change.price.outage
            assert change.price.outage.endswith(f"only what goes over {adapter}") is not cut


@pytest.mark.parametrize(("build", "session"), every(3, TABLE))
def test_a_network_whose_adapter_hns_chooses(build: int, session: str) -> None:
    """It takes a free one: those of an embedded team are taken, and an internal switch has none (claim c44)."""
    spared = {"an embedded team (SET)", "IPv6 over an embedded team", "an internal switch"}
    made = planned({"container_networks": [{"name": "flat", "mode": "transparent"}]}, session, build)
    assert any(item.cuts for item in made.changes) is (session not in spared)


@pytest.mark.parametrize(("build", "session"), every(3, TABLE))
def test_networks_without_an_uplink_cut_nothing(build: int, session: str) -> None:
    for network in ({"name": "web", "subnet": "172.20.0.0/24"}, {"name": "in", "mode": "internal"}):
        held(planned({"container_networks": [network]}, session, build), cut=False)


@pytest.mark.parametrize(("build", "session"), every(3, TABLE))
def test_the_switch_of_a_nat_and_the_hosts_address_on_it(build: int, session: str) -> None:
    cut = session == "an internal switch"
    nat = {"name": "n", "internal_prefix": "10.2.0.0/24", "external_prefix": "", "active": True}
    entry = {"name": "n", "prefix": "10.2.0.0/24", "switch": "inside"}
    switches = [{"name": "inside", "type": "Internal"}, *SESSIONS[session][0].get("switches", [])[:1]]
    there = {"nats": [nat], "ledger": {"nat/n": entry}, "switches": switches}
    (removed,) = planned({"manage": "exclusive"}, session, build, **there).changes
    assert (removed.operation, removed.cuts, bool(removed.proof)) == ("remove", cut, cut)
    assert removed.undo is None, "no session comes back to an address that is gone: refused (docs/confirm.md)"
    made = planned({"nats": [{"name": "n", "prefix": "10.9.0.0/24", "switch": "inside"}]}, session, build, **there)
    held(made, cut=False)  # another address beside the one that is there


RULE = {
    "name": "r",
    "display_name": "R",
    "group": "psnet",
    "enabled": True,
    "profiles": "Any",
    "direction": "Inbound",
    "action": "Allow",
    "protocol": "TCP",
    "local_ports": ["5985"],
    "remote_ports": "Any",
    "local_addresses": "Any",
    "remote_addresses": "Any",
}
CLIENT = {"clients": ["10.9.9.9"]}
BLOCK = {"name": "r", "action": "Block", "direction": "Inbound"}
#: a rule as declared (None: it goes), the rule that is there, and whether WinRM is closed to psnet at 10.9.9.9
RULES: list[tuple[dict[str, Any] | None, dict[str, Any] | None, bool]] = [
    (BLOCK, None, True),
    (BLOCK | {"protocol": "TCP", "local_ports": ["5980-5990"]}, None, True),
    (BLOCK | {"protocol": "TCP", "local_ports": ["80"]}, None, False),
    (BLOCK | {"protocol": "UDP"}, None, False),
    (BLOCK | {"enabled": False}, None, False),
    (BLOCK | {"direction": "Outbound"}, None, False),
    (BLOCK | {"remote_addresses": ["10.9.0.0/16"]}, None, True),
    (BLOCK | {"remote_addresses": ["10.9.9.1-10.9.9.20"]}, None, True),
    (BLOCK | {"remote_addresses": ["10.9.9.9"]}, None, True),
    (BLOCK | {"remote_addresses": ["10.8.0.0/16"]}, None, False),
    (BLOCK | {"remote_addresses": ["2001:db8::/32"]}, None, False),
    (BLOCK | {"remote_addresses": ["DNS"]}, None, False),
    (BLOCK | {"remote_addresses": ["LocalSubnet"]}, None, False),
    (BLOCK | {"remote_addresses": ["Internet"]}, None, True),
    (BLOCK | {"program": "C:\\x.exe"}, None, False),
    (BLOCK | {"program": "System"}, None, True),
    (BLOCK | {"service": "Dnscache"}, None, False),
    (BLOCK | {"interface_type": "Wireless"}, None, False),
    (BLOCK | {"local_addresses": ["10.77.0.1"]}, None, False),
    ({"name": "r", "local_ports": ["8080"], "protocol": "TCP"}, RULE, True),
    ({"name": "r", "enabled": False}, RULE, True),
    ({"name": "r", "action": "Block"}, RULE, True),
    ({"name": "r", "remote_addresses": ["10.8.0.0/16"]}, RULE, True),
    ({"name": "r", "display_name": "another"}, RULE, False),
    ({"name": "r", "description": "text"}, RULE | {"action": "Block"}, False),
    (None, RULE, True),
    (None, RULE | {"local_ports": ["80"]}, False),
    (None, RULE | {"enabled": False}, False),
    (None, RULE | {"action": "Block"}, False),
]


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("session", ["the uplink", "another adapter", "IPv6", "an embedded team (SET)"])
def test_firewall_rules(build: int, session: str) -> None:
    for declared, found, cut in RULES:
        parts = CLIENT | ({"rules": [found]} if found else {})
        data = {"firewall_rules": [declared]} if declared else {"manage": "exclusive"}
        made = planned(data, session, build, **parts)
        (change,) = made.changes
        assert (change.cuts, bool(change.proof)) == (cut, cut), (declared, found, change)
        assert (change.undo is not None) is cut
        assert not made.refusals


def test_a_rule_for_the_adapter_of_the_session_alone() -> None:
    for alias, cut in ((TWO, True), (ONE, False)):
        made = planned({"firewall_rules": [BLOCK | {"interface_aliases": [alias]}]}, "another adapter", 20348, **CLIENT)
        held(made, cut=cut)


def test_a_rule_is_taken_back_to_what_it_was() -> None:
    undone = {
        "update": planned({"firewall_rules": [{"name": "r", "enabled": False}]}, "the uplink", 20348, rules=[RULE]),
        "create": planned({"manage": "exclusive"}, "the uplink", 20348, rules=[RULE]),
    }
    assert undone["update"].changes[0].undo == {"update": {"name": "r", "parameters": {"Enabled": "True"}}}
    again = undone["create"].changes[0].undo
    assert again is not None
    assert again["create"]["parameters"]["LocalPort"] == ["5985"]
    assert again["create"]["parameters"]["Group"] == "psnet"
