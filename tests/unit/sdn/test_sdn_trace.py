"""psnet sdn trace: questions with their answers, from the documented rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import InputError
from psnet.sdn.topology import Topology
from psnet.sdn.trace import Endpoint, Tracer, TraceRequest
from psnet.site import load_site
from psnet.site.load import parse_site

HERE = Path(__file__).resolve().parent
SITE = HERE.parents[2] / "examples" / "sdn" / "site.yaml"
QUESTIONS = yaml.safe_load((HERE / "questions.yaml").read_text())
NETWORK = """
sdn:
  controller: {url: "https://nc.test"}
  logical_networks: [{name: pa, network_virtualization: true}]
  virtual_networks:
    - name: v
      logical_network: pa
      address_space: [10.1.0.0/16]
      subnets: [{name: a, prefix: 10.1.1.0/24%s}, {name: b, prefix: 10.1.2.0/24}]
  network_interfaces:
    - {name: n1, mac: 00155D000001, ip_configurations: [{name: i, address: 10.1.1.4, subnet: v/a}]}
    - {name: n2, mac: 00155D000002, ip_configurations: [{name: i, address: 10.1.2.4, subnet: v/b%s}]}
    - {name: n3, mac: 00155D000003, ip_configurations: [{name: i, address: 10.1.2.9, subnet: v/b}]}
"""


def topology_of(text: str) -> Topology:
    sdn = parse_site(text).with_placeholders("sdn")
    assert sdn is not None
    return Topology.of_declared(sdn)


def example() -> Tracer:
    sdn = load_site(SITE).with_placeholders("sdn")
    assert sdn is not None
    return Tracer(Topology.of_declared(sdn))


@pytest.mark.parametrize("case", QUESTIONS, ids=lambda case: f"{case['from']}-{case['to']}-{case['port']}")
def test_a_question_has_its_answer(case: dict[str, Any]) -> None:
    question = TraceRequest(
        source=case["from"], destination=case["to"], port=case["port"], protocol=case.get("protocol", "TCP")
    )
    answer = example().trace(question)
    assert answer.verdict == case["verdict"], answer
    assert [step.kind for step in answer.paths[0].steps] == case["steps"]
    last = answer.paths[0].steps[-1].rule if answer.paths[0].steps else None
    assert (last or "").endswith(case["rule"] or "")
    assert (last is None) == (case["rule"] is None)


def ask(text: str, source: str, destination: str, port: int, endpoints: tuple[Endpoint, ...] = ()) -> Any:
    question = TraceRequest(source=source, destination=destination, port=port)
    return Tracer(topology_of(text), endpoints).trace(question)


def test_without_a_list_everything_goes_out_and_nothing_comes_in() -> None:
    answer = ask(NETWORK % ("", ""), "10.1.1.4", "10.1.2.4", 80)
    assert [(step.kind, step.action) for step in answer.paths[0].steps] == [("acl", "Allow"), ("acl", "Deny")]
    assert answer.verdict == "denied"
    assert "by default inbound is blocked" in answer.why


def test_the_lists_of_the_address_are_looked_at_before_the_subnets() -> None:
    lists = """
  access_control_lists:
    - {name: shut, rules: [{name: all, direction: in, action: Deny, priority: 100}]}
    - {name: door, rules: [{name: web, direction: in, action: Allow, destination_ports: 80, priority: 60000}]}
"""
    text = (NETWORK % ("", ", acl: door")).replace(
        "{name: b, prefix: 10.1.2.0/24}", "{name: b, prefix: 10.1.2.0/24, acl: shut}"
    )
    assert ask(text + lists, "10.1.1.4", "10.1.2.4", 80).verdict == "allowed"
    assert ask(text + lists, "10.1.1.4", "10.1.2.4", 81).why.startswith("Deny All")


@pytest.mark.parametrize(
    ("route", "verdict", "kinds"),
    [
        ("{name: r, prefix: 10.1.2.0/24, next_hop_type: None}", "denied", ["acl", "route"]),
        ("{name: r, prefix: 10.1.0.0/16, next_hop_type: None}", "denied", ["acl", "route"]),
        ("{name: r, prefix: 10.0.0.0/8, next_hop_type: None}", "denied", ["acl", "acl"]),
        ("{name: r, prefix: 10.1.2.0/24, next_hop_type: VirtualAppliance, next_hop: 10.1.2.9}", "denied",
         ["acl", "route", "acl"]),
        ("{name: r, prefix: 10.1.2.0/24, next_hop_type: VirtualNetworkGateway}", "denied", ["acl", "route", "lookup"]),
    ],
)  # fmt: skip
def test_the_longest_prefix_wins_and_of_two_alike_the_users(route: str, verdict: str, kinds: list[str]) -> None:
    text = NETWORK % (", route_table: t", "") + f"  route_tables: [{{name: t, routes: [{route}]}}]\n"
    answer = ask(text, "10.1.1.4", "10.1.2.4", 80)
    assert answer.verdict == verdict
    assert [step.kind for step in answer.paths[0].steps] == kinds


BLOCK = {"Type": "ACL", "Action": "Block", "Direction": "In", "LocalPorts": "22", "Priority": 100}
ALLOW = {"Type": "ACL", "Action": "Allow", "Direction": "In", "Protocols": "6", "LocalPorts": "80", "Priority": 200}
OUT = {"Type": "ACL", "Action": "Allow", "Direction": "Out", "Priority": 100}


@pytest.mark.parametrize(
    ("policies", "build", "port", "verdict"),
    [
        ((), 20348, 80, "allowed"),
        ((BLOCK,), 20348, 22, "denied"),
        ((BLOCK,), 20348, 80, "denied"),  # a lone Block denies everything of its direction
        ((BLOCK, ALLOW), 20348, 80, "allowed"),
        ((ALLOW,), 20348, 81, "allowed"),
        ((ALLOW,), 26100, 81, "denied"),  # on 2025 any ACL makes an endpoint default-deny
        ((OUT,), 26100, 80, "denied"),
        ((OUT,), 20348, 80, "allowed"),
    ],
)
def test_hns_acls_of_an_endpoint_decide_too(
    policies: tuple[dict[str, Any], ...], build: int, port: int, verdict: str
) -> None:
    endpoint = Endpoint("web", "192.168.9.4", build, policies)
    answer = Tracer(Topology({}), (endpoint,)).trace(
        TraceRequest(source="10.9.9.9", destination="192.168.9.4", port=port)
    )
    assert answer.verdict == verdict


def test_a_pool_of_which_some_members_refuse_depends() -> None:
    text = SITE.read_text().replace(
        "subnet: shop/web}\n        - {name: db1", "subnet: shop/web, acl: db}\n        - {name: db1"
    )
    sdn = parse_site(text).with_placeholders("sdn")
    assert sdn is not None
    question = TraceRequest(source="198.51.100.7", destination="203.0.113.10", port=443)
    answer = Tracer(Topology.of_declared(sdn)).trace(question)
    assert answer.verdict == "depends"
    assert answer.why == "1 of 2 members of the pool take it"


def test_containers_of_one_host_in_one_subnet_are_noted() -> None:
    text = (
        SITE.read_text()
        .replace("subnet: shop/app}", "subnet: shop/web}")
        .replace("10.1.2.11, subnet", "10.1.1.21, subnet")
    )
    sdn = parse_site(text).with_placeholders("sdn")
    assert sdn is not None
    answer = Tracer(Topology.of_declared(sdn)).trace(
        TraceRequest(source="10.1.1.11", destination="10.1.1.21", port=8443)
    )
    assert "l2bridge" in answer.notes[0]


def test_an_address_of_two_networks_needs_its_network() -> None:
    topology = topology_of(NETWORK % ("", ""))
    other = ("/virtualNetworks/w", topology.documents["/virtualnetworks/v"][1])
    doubled = Topology(
        {
            **topology.documents,
            "/virtualnetworks/w": other,
            "/networkinterfaces/m": ("/networkInterfaces/m", _moved(topology)),
        }
    )
    question = TraceRequest(source="10.1.1.4", destination="10.1.2.4", port=80)
    with pytest.raises(InputError, match="stands in several networks"):
        Tracer(doubled).trace(question)
    named = question.model_copy(update={"network": "/virtualNetworks/v"})
    assert Tracer(doubled).trace(named).verdict == "denied"


def _moved(topology: Topology) -> Any:
    text = json.dumps(topology.documents["/networkinterfaces/n1"][1])
    return json.loads(text.replace("/virtualNetworks/v/", "/virtualNetworks/w/"))


def test_the_command_prints_a_path_and_json_and_exits_by_the_verdict() -> None:
    run = CliRunner()
    asked = ["sdn", "trace", str(SITE), "--from", "10.1.1.11", "--to", "10.1.3.12", "--port", "1433/tcp"]
    said = run.invoke(app, asked)
    assert said.exit_code == 1
    assert "/accessControlLists/web/aclRules/to-db" in said.output
    assert "denied: Deny All * -> 10.1.3.0/24, priority 210" in said.output
    answer = json.loads(run.invoke(app, [*asked, "--json"]).output)
    assert answer["verdict"] == "denied"
    assert answer["paths"][0]["steps"][0]["action"] == "Deny"
    assert run.invoke(app, [*asked[:-1], "8443"]).exit_code == 1
    with pytest.raises(InputError, match="is no port"):
        run.invoke(app, [*asked[:-1], "http"], catch_exceptions=False)
