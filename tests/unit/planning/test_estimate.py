"""What a run would take a real Windows: charged by lab hosts, foretold by ``plan --estimate``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sampling import swept

from psnet.apply import apply_script
from psnet.container_host.target import observe_scope_of
from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file
from psnet.lab.host.nat import Mapping
from psnet.lab.labhost import LabHost
from psnet.observe.read import observe_script, read_state
from psnet.planning import plan
from psnet.planning.estimate import estimate_observe, estimate_plan
from psnet.powershell.facts.costs import costs
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from psnet.state import HostState

SITE = """
container_networks: [{name: web, mode: nat, subnet: 172.20.0.0/24}]
nat_static_mappings:
  - {name: a, network: web, protocol: TCP, external_port: 8000-8004, internal_address: 172.20.0.9, internal_port: 80-84}
  - {name: b, network: web, protocol: TCP, external_port: 9000, internal_address: 172.20.0.9, internal_port: 90}
firewall_rules: [{name: r1, protocol: TCP, local_ports: 80}, {name: r0, description: other}]
"""


def busy(rules: int, mappings: int, endpoints: int, os: str = "2016") -> LabHost:
    """Return a host with so many of each, whose answers take time on its clock."""
    host = LabHost("a", os)
    charges = host.charge_time()
    for number in range(rules - len(host.firewall.rules)):
        host.firewall.create({"name": f"r{number}", "display_name": f"r{number}", "group": "psnet"})
    run(host, "New-NetNat -Name n -InternalIPInterfaceAddressPrefix 172.30.0.0/16")
    for number in range(mappings):
        host.nat.mappings.append(Mapping(number, "n", "TCP", "0.0.0.0", 2000 + number, "172.30.1.1", 80))
    subnets = [{"AddressPrefix": "10.9.0.0/16", "GatewayAddress": "10.9.0.1"}]
    made = host.hns.call("POST", "/networks/", json.dumps({"Name": "o", "Type": "private", "Subnets": subnets}))
    network = json.loads(made)["Output"]["ID"]
    for number in range(endpoints):
        host.hns.call("POST", "/endpoints/", json.dumps({"Name": f"e{number}", "VirtualNetwork": network}))
    charges.seconds.clear()
    return host


def run(host: LabHost, script: str) -> list[str]:
    done = run_file(host, script, registry=lab_registry(host))
    assert not done.errors, done.stderr_text
    return done.stdout


def seen(host: LabHost) -> HostState:
    return read_state(run(host, observe_script()), "a")


LARGE = (1100, 1000, 500)


@pytest.mark.parametrize("many", [(300, 200, 100), swept((LARGE,))], ids=str)
def test_looking_at_a_large_host_takes_a_real_windows_less_than_twenty_seconds(many: tuple[int, int, int]) -> None:
    host = busy(*many)
    before = host.clock.now()
    state = seen(host)
    assert (len(state.mappings), len(state.endpoints)) == many[1:]
    assert host.charges is not None
    assert host.charges.total < 20
    assert (host.clock.now() - before).total_seconds() >= host.charges.total  # the host's clock shows it
    # By cmdlets the rules alone took 48 s (PS2-Servers pull request 83).
    assert not [call for call in host.charges.seconds if "Firewall" in call]
    assert estimate_observe(state.counts(many[0])) == pytest.approx(host.charges.total, rel=0.2)
    large = dict(zip(("rules", "mappings", "endpoints"), LARGE, strict=True))
    assert estimate_observe({**state.counts(), **large}) < 20  # what the sample stands for


@pytest.mark.parametrize(
    ("site", "asked"),
    [
        (SITE, True),
        ("firewall_rules: [{name: r1, protocol: TCP, local_ports: 80}]", False),
        ("container_networks: [{name: web, mode: nat, subnet: 172.20.0.0/24}]", False),
    ],
)
def test_a_host_is_asked_for_its_ports_only_where_the_site_leads_some_in(site: str, *, asked: bool) -> None:
    host = busy(50, 0, 0)
    script = observe_script(observe_scope_of(parse_site(site).for_host("a")), compact=True)
    run(host, script)
    assert host.charges is not None
    ports = ("Get-NetUDPEndpoint", "Get-Process")
    assert [call in host.charges.seconds for call in ports] == [asked, asked]
    assert ("excludedportrange" in script) is asked
    assert host.charges.seconds["netsh"] > 0  # portproxies may be those of a mapping that the site has no more


@pytest.mark.parametrize("os", ["2016", swept("2022")])
def test_an_estimate_is_what_a_lab_host_charges(os: str) -> None:
    host = busy(300, 20, 10, os)
    site = parse_site(SITE if os == "2016" else SITE.split("nat_static", maxsplit=1)[0]).for_host("a")
    run(host, "Get-NetNatStaticMapping | Out-Null; Remove-NetNat -Name n -Confirm:$false")
    state = seen(host)
    made = plan(site, state, host="a")
    assert not made.refusals
    assert host.charges is not None
    host.charges.seconds.clear()
    run(host, apply_script(made))
    told = estimate_plan(made, state.counts(300))
    assert told.apply == pytest.approx(host.charges.total, rel=0.25)
    assert told.total > told.apply + told.verify


def test_each_row_says_what_it_rests_on() -> None:
    for row in costs().values():
        assert row.source.startswith("guess") or any(word in row.source for word in (" pull request ", " issue ")), row
