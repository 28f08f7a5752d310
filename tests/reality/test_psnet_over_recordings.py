"""Everything psnet reads from a host is run over every recorded one, and finds nothing that is not there."""

from __future__ import annotations

import pytest
from sampling import every

from psnet.adoption import declare, fold, site_text
from psnet.checks import examine
from psnet.planning import plan
from psnet.recording.compare import CUT
from psnet.report.graph import Graph, state_graph, svg
from psnet.site import parse_site
from reality.played import host_of, observed, playable, record, state_of

#: What doctor rightly says of a recorded host.
SICK = {
    "e03": "orphan-mapping",  # the record shows the mapping alone, without the endpoint that it leads to
    "n04": "orphan-mapping",
    "n06": "no-winnat",
}


@pytest.mark.parametrize("identifier", every(3, playable()))
def test_a_recorded_host_is_read_without_a_false_finding(identifier: str) -> None:
    state = state_of(identifier)
    found = {item.id for item in examine(state) if item.severity != "info"}
    assert found <= {SICK.get(identifier)}
    assert svg(Graph(title="recorded", hosts=(state_graph(state, "recorded"),)))


@pytest.mark.parametrize("identifier", every(3, playable(), first=1))
def test_a_recorded_host_is_adopted_and_its_plan_is_empty(identifier: str) -> None:
    state = state_of(identifier)
    made = declare(state, "recorded")
    text = site_text(fold([made])[0], [made], version="1")
    planned = plan(parse_site(text).for_host("recorded"), state, host="recorded")
    assert planned.empty, text
    told = {item.what for item in made.undeclared}
    known = {f"{entry.kind.kind} {entry.name}" for entry in made.entries}
    for network in state.networks:  # each network is declared, or it is said why not
        words = {f"network {network.name}", f"container_network {network.name}"}
        assert words & (told | known), network
    assert {item.what: item.reason for item in made.undeclared if item.what in SAID} == {
        item: SAID[item] for item in told & SAID.keys()
    }


#: Why some of what hosts had cannot be declared.
SAID = {
    "network HvsiIcs": "Windows makes it by itself",
    "network Default Switch": "Windows makes it by itself",
    "load balancer *:80": "it has no address in front and several members",
}


def test_what_is_recorded_reaches_the_state() -> None:
    assert state_of("e01").nats[0].internal_prefix == "172.31.0.1/20"
    (network,) = state_of("a15").networks
    assert (network.name, network.mode, network.management_ip) == ("External", "overlay", "10.1.36.50")
    assert [item.remote for item in state_of("b01").endpoints] == [True]
    assert state_of("n06").facts.has_winnat is False
    assert {item.name for item in state_of("g15").docker_networks} == set()


def test_several_records_of_one_host_are_one_host() -> None:
    state = state_of("a11", "f02", "e04")
    assert (state.facts.build, len(state.adapters), state.nats) == (17763, 4, ())
    assert [item.name for item in state.networks] == ["nat"]


def test_a_record_that_is_no_answer_is_listed_and_never_crashes() -> None:
    host = host_of("k01", "p01", "i26")
    assert host.recording is not None
    assert host.recording.unplayed == ["k01", "p01", "i26"]
    assert observed(host).facts.build == 17763


def test_a_host_that_plays_a_recording_changes_nothing() -> None:
    from psnet.lab.cmdlets import lab_registry
    from psnet.lab.dotnet.errors import UnsupportedError
    from psnet.lab.engine.execute import run_file

    host = host_of("e01")
    with pytest.raises(UnsupportedError, match="plays a recording"):
        run_file(host, "Get-NetNat | Remove-NetNat -Confirm:$false", registry=lab_registry(host))
    with pytest.raises(UnsupportedError, match="plays a recording"):
        host.hns.call("POST", "/networks", "{}")


def test_what_was_cut_is_left_out() -> None:
    assert CUT not in str(record("a32").output) or CUT not in str(host_of("a32").hns.call("GET", "/networks/", ""))
