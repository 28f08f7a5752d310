"""What a host costs: pipelines, requests, and one pass over its firewall."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sampling import swept

from psnet.fleet import apply_host
from psnet.inventories import load_inventory
from psnet.lab.wire import Fault, FaultPlan
from psnet.site.load import load_site, parse_site
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

WEB = load_site(Path(__file__).resolve().parents[2] / "examples" / "web" / "site.yaml")
FILTERS = ("Port", "Address", "Application", "Service", "Interface", "InterfaceType")


def converge(lab: Lab, **changes: Any) -> tuple[int, dict[str, int]]:
    """Converge the first host over a session of its own; return the requests, and those of each kind."""
    host = load_inventory(lab.inventory).hosts[0]
    before = lab.server.stats(host.name)
    session = open_session(host.settings().model_copy(update={"auth": "basic", **changes}), host.name)
    try:
        apply_host(session, host.name, WEB.for_host(host.name, {"http_port": 8080}))
    finally:
        session.close()
    after = lab.server.stats(host.name)
    return after.requests - before.requests, dict(after.operations - before.operations)


@pytest.mark.parametrize("os", [swept("2016"), "2022"])
def test_a_changed_host_costs_three_pipelines_and_an_unchanged_one_a_single_one(psnet_lab: LabMaker, os: str) -> None:
    lab = psnet_lab(os)
    _, changed = converge(lab)
    assert (changed["Create"], changed["Command"], changed["Delete"]) == (1, 3, 1)
    requests, unchanged = converge(lab)
    # shell made, its private data (so that it is open), the pipeline, its output, shell removed
    assert unchanged == {"Create": 1, "Command": 1, "Receive": 2, "Delete": 1}
    assert requests == 5
    with_logon, _ = converge(lab, auth="ntlm")
    assert with_logon == 6  # the first leg of NTLM, once a connection; the second carries the request
    by_pypsrp, _ = converge(lab, transport="pypsrp")
    assert by_pypsrp == 6


def test_many_firewall_rules_are_read_without_a_cmdlet_of_the_firewall(psnet_lab: LabMaker) -> None:
    names = ("Rule", *(f"{kind}Filter" for kind in FILTERS))
    faults = [Fault(action="slow", cmdlet=f"Get-NetFirewall{name}", seconds=0.001, times="always") for name in names]
    lab = psnet_lab("2022", faults=FaultPlan.of(*faults))
    with lab.connect() as host:
        made = host.run("New-NetFirewallRule -Name 'r0' -DisplayName 'r0' -Group 'psnet' -Protocol TCP -LocalPort 80")
        assert not made.failed
        rules = lab.hosts[host.name].firewall.rules
        for number in range(1, 200):
            rules[f"r{number}"] = copy.copy(rules["r0"])
            rules[f"r{number}"].name = f"r{number}"
        before = lab.server.stats(host.name)
        state = host.observe()
        after = lab.server.stats(host.name)
    assert len(state.rules) == 200
    assert {str(rule.local_ports) for rule in state.rules} == {"80"}
    assert after.operations["Command"] - before.operations["Command"] == 1
    assert after.injected == before.injected  # the registry says it all, in one read (page [MS-GPFAS] 2.2.2.19)


def test_two_hundred_changes_take_few_requests_and_each_list_is_asked_for_once(psnet_lab: LabMaker) -> None:
    faults = [Fault(action="slow", cmdlet="Get-NetNat", seconds=0.001, times="always")]
    lab = psnet_lab("2016", faults=FaultPlan.of(*faults))
    way = "firewall: false, network: web, protocol: TCP, internal_address: 172.20.0.10, internal_port: 80"
    mappings = "".join(f"  - {{name: m{n}, external_port: {9000 + n}, {way}}}\n" for n in range(100))
    rules = "".join(f"  - {{name: r{n}, protocol: TCP, local_ports: {9000 + n}}}\n" for n in range(100))
    text = (
        "container_networks:\n  - {name: web, mode: nat, subnet: 172.20.0.0/24}\n"
        f"nat_static_mappings:\n{mappings}firewall_rules:\n{rules}"
    )
    with lab.connect() as host:
        host.observe()
        before = lab.server.stats(host.name)
        result = host.apply(parse_site(text).for_host(host.name))
        after = lab.server.stats(host.name)
        assert (result.failed, result.changed) == (False, 201)
        files = lab.hosts[host.name].files
    assert after.operations["Receive"] - before.operations["Receive"] <= 25
    assert after.injected - before.injected == 3  # it is observed twice; the mappings ask once
    ledger = files.find("C:\\ProgramData\\psnet\\ledger.json")
    assert ledger is not None
    assert len(json.loads(ledger.data.decode("utf-8-sig"))) == 101
    assert files.find("C:\\ProgramData\\psnet\\ledger.jsonl") is None
