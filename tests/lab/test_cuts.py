"""Which change cuts the line, by build and by the adapter of the session; how a cut ends, whatever happens to it."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Interface
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from cuts import CARRIERS, Case, drawn, judged
from dsc_node import Node
from sampling import every

from psnet.planning import plan
from psnet.resources.session_path import network_cut_reason, uplinks
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from pathlib import Path

    from psnet.state import HostState

ONE, TWO = "10.0.0.11", "192.168.10.11"
SESSIONS: dict[str, list[str]] = {
    "the default route's adapter": [ONE],
    "another adapter": [TWO],
    "two that could be ours": [ONE, TWO],
    "IPv4 in its IPv6 form": [f"::ffff:{ONE}"],
    "a TCP table that says nothing": [],
}
FLAT = {"name": "flat", "mode": "l2bridge", "adapter": "Ethernet", "subnet": "10.44.0.0/24"}
BLOCK = {"name": "block", "direction": "Inbound", "action": "Block", "protocol": "TCP", "local_ports": ["5985", "5986"]}
#: change -> what is declared, whether flat is there before, the sessions that it does not cut (None: it cuts none)
CHANGES: dict[str, tuple[dict[str, Any], bool, tuple[str, ...] | None]] = {
    "a nat network": ({"container_networks": [{"name": "web", "subnet": "172.20.0.0/24"}]}, False, None),
    "an internal network": ({"container_networks": [{"name": "in", "mode": "internal"}]}, False, None),
    "an l2bridge on the first adapter": ({"container_networks": [FLAT]}, False, ("another adapter",)),
    "a transparent one on the second adapter": (
        {"container_networks": [{"name": "lan", "mode": "transparent", "adapter": "Ethernet 2"}]},
        False,
        ("the default route's adapter", "IPv4 in its IPv6 form", "a TCP table that says nothing"),
    ),
    "a transparent one where HNS chooses": (
        {"container_networks": [{"name": "lan", "mode": "transparent"}]},
        False,
        (),
    ),
    "a network replaced": ({"container_networks": [FLAT | {"vlan": 7}]}, True, ("another adapter",)),
    "a network removed": ({"manage": "exclusive"}, True, ("another adapter",)),
    "another network beside it": (
        {"container_networks": [FLAT, {"name": "web", "subnet": "172.20.0.0/24"}]},
        True,
        None,
    ),
    "a firewall rule": ({"firewall_rules": [{"name": "r", "display_name": "R"}]}, False, None),
}


@cache
def observed(os: str, session: str, *, there: bool) -> HostState:
    node = Node(os)
    if there:
        flat = [{"AddressPrefix": FLAT["subnet"], "GatewayAddress": "10.44.0.1"}]
        node.host.hns.create("flat", "l2bridge", subnets=flat, adapter="Ethernet")
    node.host.sessions = SESSIONS[session]
    state = node.observe()
    return state.model_copy(update={"ledger": {"container_network/flat": {"name": "flat"}} if there else {}})


@pytest.mark.parametrize("os", every(4, ["2016", "2019", "2022", "2025"], first=2))
@pytest.mark.parametrize("session", SESSIONS)
def test_which_change_cuts_the_line(os: str, session: str) -> None:
    for name, (data, there, spared) in CHANGES.items():
        wanted = parse_site(yaml.safe_dump({"backend": "hns", **data})).for_host("h")
        made = plan(wanted.model_copy(update={"prune": True}), observed(os, session, there=there), host="h")
        cut = spared is not None and session not in spared
        assert made.changes, name
        assert any(item.cuts for item in made.changes) is cut, (name, session, os)
        assert all(bool(item.proof) is item.cuts for item in made.changes), name


@pytest.mark.parametrize("os", ["2016", "2022"])
def test_a_rule_that_closes_winrm_is_a_cut(os: str) -> None:
    wanted = parse_site(yaml.safe_dump({"firewall_rules": [BLOCK | {"display_name": "b"}]})).for_host("h")
    (change,) = plan(wanted, observed(os, "another adapter", there=False), host="h").changes
    assert (change.cuts, change.undo) == (True, {"remove": {"name": "block"}})


#: A sample of the table: each change and each thing that can happen, over the builds.
SAMPLE = (
    Case("2022", "create", "Ethernet 2", "nothing", 1),
    Case("2019", "replace", "Ethernet", "dropped line", 2),
    Case("2025", "remove", "Ethernet", "restart", 3),
    Case("2016", "replace", "Ethernet", "failing step", 4),
    Case("2004", "create", "Ethernet", "dead psnet", 5),
    Case("2019", "create", "team", "failing step", 6, "transparent"),
    Case("2022", "replace", "embedded team", "nothing", 7, "transparent"),
    Case("2025", "create", "IPv6", "restart", 8, "l2tunnel"),
    Case("2022", "rule made", "Ethernet", "nothing", 9),
    Case("2016", "rule changed", "Ethernet 2", "dead psnet", 10),
    Case("2025", "rule removed", "two connections", "dropped line", 11),
)


@pytest.mark.parametrize("case", every(2, SAMPLE), ids=str)
def test_a_cut_ends_applied_and_confirmed_or_as_before(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert case.carrier in CARRIERS
    judged(case, tmp_path, monkeypatch)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(100))
def test_of_a_hundred_drawn_cuts_every_one_does(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(drawn(seed), tmp_path, monkeypatch)


@pytest.mark.parametrize("session", [ONE, TWO])
def test_every_adapter_of_an_embedded_team_counts(session: str) -> None:
    data = {"name": "lan", "mode": "transparent", "adapter": "Ethernet, Ethernet 2"}
    node = Node("2022")
    node.host.sessions = [session]
    wanted = parse_site(yaml.safe_dump({"backend": "hns", "container_networks": [data]})).for_host("h")
    (change,) = plan(wanted, node.observe(), host="h").changes
    assert change.cuts


@pytest.mark.parametrize("session", ["10.0.0.11", "10.30.0.11"])
@pytest.mark.parametrize("adapter", ["Ethernet", "Ethernet 2", "Team"])
def test_a_team_of_windows_is_known_by_its_members(session: str, adapter: str) -> None:
    """A VLAN of it too: its interface has the MAC of one member alone."""
    node = Node("2019")
    node.host.links.add_team("Team", ("Ethernet", "Ethernet 2"), (30,))
    vlan = node.host.links.adapter("Team - VLAN 30")
    assert vlan is not None
    vlan.addresses.append(IPv4Interface("10.30.0.11/24"))
    node.host.sessions = [session]
    data = {"name": "lan", "mode": "transparent", "adapter": adapter}
    wanted = parse_site(yaml.safe_dump({"backend": "hns", "container_networks": [data]})).for_host("h")
    (change,) = plan(wanted, node.observe(), host="h").changes
    assert change.cuts
    assert "an interface of the team Team (Ethernet, Ethernet 2)" in change.proof


def test_a_vnic_of_its_own_mac_is_known_by_its_switch() -> None:
    """A further interface of the host on an embedded team has a MAC of its own: its port tells the switch."""
    node = Node("2022")
    switch = node.host.links.add_switch("converged", "External", "Ethernet", team=("Ethernet 2",))
    vnic = node.host.links.nic_of(switch)
    assert vnic is not None
    vnic.mac = "00-15-5D-AA-00-01"
    node.host.sessions = ["10.0.0.11"]
    state = node.observe()
    assert state.switches[0].ports == (vnic.name,)
    assert "Ethernet 2" in uplinks(state)
    assert network_cut_reason(state, "lan", "Ethernet 2").endswith("over the switch converged")


def test_a_listener_on_another_port_is_known() -> None:
    """Its connections are in the TCP table, and a rule that closes it is refused."""
    node = Node("2022")
    node.host.winrm_listeners = {"HTTP": 47123}
    node.host.sessions = [TWO]
    state = node.observe()
    assert state.winrm_ports == (5985, 5986, 47123)
    assert state.sessions == (TWO,)
    rule = {"name": "block", "display_name": "B", "direction": "Inbound", "action": "Block", "protocol": "TCP"}
    text = yaml.safe_dump({"firewall_rules": [{**rule, "local_ports": ["47000-48000"]}]})
    found = plan(parse_site(text).for_host("h"), state, host="h").findings
    assert "rule-closes-winrm" in {item.id for item in found}
