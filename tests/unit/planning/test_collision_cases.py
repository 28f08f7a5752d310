"""Site files of operators whose collisions are refused before anything is sent: each with what is said, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from psnet.checks import lint_site
from psnet.errors import SiteError
from psnet.planning import plan
from psnet.site.load import load_site, parse_site
from psnet.state import fresh_state

FOLDER = Path(__file__).with_name("collisions")
#: File -> (line, finding, severity) of everything that is more than a note, on Windows Server 2022.
FOUND: dict[str, set[tuple[int, str, str]]] = {
    "people-address-outside": {(5, "mapping-address-outside", "error")},
    "people-endpoint-is-gateway": {(5, "endpoint-address-special", "error")},
    "people-overlapping-ranges": {(6, "collision", "error")},
    "people-same-endpoint-address": {(6, "collision", "error")},
    "people-same-port-twice": {(6, "collision", "error")},
    "people-winrm-port": {(5, "mapping-management-port", "error"), (6, "mapping-management-port", "error")},
    "site-d2": {(6, "collision", "error"), (7, "collision", "error")},
    "site-d4b": {
        (5, "mapping-address-outside", "error"),
        (6, "mapping-address-special", "error"),
        (7, "mapping-address-special", "error"),
    },
    "site-d5": {(6, "collision", "error")},
    "site-i09c": {(3, "rule-opens-host", "warning")},
    "site-i16": {(10, "collision", "error")},
    "site-i20": {(5, "mapping-loopback", "warning")},
    "site-lb-nat": {(7, "balancer-mode", "error")},
    "site-two-nats": {(3, "nat-third-port", "warning")},
}
#: File -> (line, words) of what is refused when it is read: one mistake, one error.
REFUSED: dict[str, list[tuple[int, str]]] = {
    "people-cascade": [(5, "No filter named 'defualt'")],
    "people-duplicate-name": [(4, "declared twice, first at line 3")],
}
#: Texts where an address belongs, each one error with its line.
NAMES = [
    "endpoints:\n- {name: a, network: w, dns_servers: [dns.contoso.com]}",
    "container_networks:\n- {name: w, mode: nat, subnet: 10.0.0.0/24, dns_servers: [dns.contoso.com]}",
    "firewall_rules:\n- {name: a, remote_addresses: [web.contoso.com]}",
    "nat_static_mappings:\n- {network: w, protocol: TCP, external_port: 80, internal_address: web01}",
    "load_balancers:\n- {name: l, members: [a], vips: [w.example], protocol: TCP, external_port: 8, internal_port: 8}",
    "proxies:\n- {endpoint: e, address: proxy.contoso.com, port: 80}",
    "acls:\n- {endpoint: e, rules: [{action: Allow, direction: In, remote_addresses: [web.contoso.com]}]}",
    "routes:\n- {endpoint: e, routes: [{destination: host.example}]}",
    "nats:\n- {name: n, prefix: 10.0.0.0/24, external_addresses: [{address: host.example}]}",
]


def test_every_case_has_its_row() -> None:
    assert {item.stem for item in FOLDER.glob("*.yaml")} == {*FOUND, *REFUSED}


@pytest.mark.parametrize("name", FOUND)
def test_a_case_is_told_with_file_and_line_by_lint_and_plan(name: str) -> None:
    site = load_site(FOLDER / f"{name}.yaml").for_host("h")
    for found in (lint_site(site, 20348), plan(site, fresh_state(20348), host="h").findings):
        told = {
            (int(str(item.where).rpartition(":")[2]), item.id, item.severity)
            for item in found
            if item.severity != "info" and item.id != "adapter-missing"
        }
        assert told == FOUND[name]
        assert all(str(item.where).startswith(str(FOLDER / f"{name}.yaml")) for item in found if item.where)


@pytest.mark.parametrize("name", REFUSED)
def test_one_mistake_is_one_error(name: str) -> None:
    with pytest.raises(SiteError) as caught:
        load_site(FOLDER / f"{name}.yaml").for_host("h")
    found = caught.value.problems
    assert [item.line for item in found] == [line for line, _ in REFUSED[name]]
    assert all(words in item.message for item, (_, words) in zip(found, REFUSED[name], strict=True))


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_no_address(text: str) -> None:
    with pytest.raises(SiteError) as caught:
        parse_site(text, "site.yaml").for_host("h")
    (problem,) = caught.value.problems
    assert problem.line == 2
    assert (
        " is a name" in problem.message or "is no IPv4 address" in problem.message or "is no address" in problem.message
    )


def test_the_rule_of_a_mapping_and_a_declared_one_of_its_name_are_told_at_a_line() -> None:
    text = (
        "nat_static_mappings:\n- {name: m, network: w, protocol: TCP, external_port: 80, internal_address: 10.0.0.4}\n"
        "firewall_rules:\n- {name: PSNET-mapping-m, direction: Inbound, protocol: TCP, local_ports: 80}\n"
    )
    with pytest.raises(SiteError) as caught:
        parse_site(text, "site.yaml").for_host("h")
    (problem,) = caught.value.problems
    assert (problem.line, "declared twice, first at line 2" in problem.message) == (4, True)
