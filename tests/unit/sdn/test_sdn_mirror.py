"""What a service insertion mirrors: psnet sdn trace and the lab's packets, written apart from each other, agree."""

from __future__ import annotations

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

SITE = """
sdn:
  controller: {{url: https://nc.test}}
  logical_networks: [{{name: pa, network_virtualization: true}}]
  access_control_lists:
    - name: open
      rules:
        - {{name: smtp, direction: in, action: Deny, protocol: TCP, destination_ports: 25, priority: 100}}
        - {{name: in, direction: in, action: Allow, priority: 200}}
        - {{name: out, direction: out, action: Allow, priority: 200}}
  virtual_networks:
    - name: v
      logical_network: pa
      address_space: [10.1.0.0/16]
      subnets: [{{name: a, prefix: 10.1.1.0/24, acl: open}}]
  service_insertions:
    - name: mirror
      priority: 1
      rules: [{{name: r, {rule}}}]
      elements:
        - {{name: second, interface: recorder, order: 2}}
        - {{name: first, interface: sensor, order: 1}}
  network_interfaces:
    - name: web
      mac: 00-15-5D-70-00-01
      ip_configurations: [{{name: web1, address: 10.1.1.10, subnet: v/a, service_insertion: mirror}}]
    - {{name: db, mac: 00-15-5D-70-00-04, ip_configurations: [{{name: db1, address: 10.1.1.11, subnet: v/a}}]}}
    - {{name: sensor, mac: 00-15-5D-70-00-02, ip_configurations: [{{name: s, address: 10.1.1.20, subnet: v/a}}]}}
    - {{name: recorder, mac: 00-15-5D-70-00-03, ip_configurations: [{{name: r, address: 10.1.1.21, subnet: v/a}}]}}
"""
BOTH = ["/networkinterfaces/sensor", "/networkinterfaces/recorder"]


def asked(rule: str, source: str, destination: str, port: int) -> tuple[list[str], list[str], bool]:
    """Return the interfaces that get a copy: by the trace, by the lab, and whether the packet arrived."""
    sdn: Any = parse_site(SITE.format(rule=rule)).for_target("sdn", "nc").sections["sdn"]
    controller = Controller(seconds=0)
    for desired in desired_resources(sdn, ControllerState(url="https://nc.test")):
        controller.put(desired.resource.path, {"properties": declared_properties(sdn, desired.resource)})
        controller.settle()
    request = TraceRequest(source=source, destination=destination, port=port)
    answer = Tracer(Topology.of_declared(sdn), ()).trace(request)
    told = [step.why.split()[4].strip(",") for path in answer.paths for step in path.steps if step.kind == "mirror"]
    verdict = send(controller, Packet(source, destination, port))
    seen = [step.at.lower() for step in verdict.steps if step.kind == "mirror"]
    assert (answer.verdict == "allowed") is verdict.delivered
    return told, seen, verdict.delivered


@pytest.mark.parametrize(
    ("rule", "source", "destination", "port", "copies", "arrives"),
    [
        ("description: all", "10.1.1.10", "10.1.1.11", 443, BOTH, True),
        ("description: all", "10.1.1.11", "10.1.1.10", 443, BOTH, True),
        ("description: all", "10.1.1.11", "10.1.1.20", 443, [], True),
        ("description: all", "10.1.1.11", "10.1.1.10", 25, [], False),
        ("destination_ports: 80-443", "10.1.1.11", "10.1.1.10", 443, BOTH, True),
        ("destination_ports: 80-442", "10.1.1.11", "10.1.1.10", 443, [], True),
        ("protocol: UDP", "10.1.1.11", "10.1.1.10", 443, [], True),
        ("source_subnets: [10.1.1.0/28, 10.1.9.0/24]", "10.1.1.11", "10.1.1.10", 443, BOTH, True),
        ("source_subnets: [10.1.9.0/24]", "10.1.1.11", "10.1.1.10", 443, [], True),
        ("destination_subnets: [10.1.1.10/32]", "10.1.1.11", "10.1.1.10", 443, BOTH, True),
        ("source_ports: 1-1024", "10.1.1.11", "10.1.1.10", 443, [], True),
    ],
)
def test_a_copy_goes_to_each_element_and_the_packet_goes_on(
    rule: str,
    source: str,
    destination: str,
    port: int,
    copies: list[str],
    arrives: bool,  # noqa: FBT001 - a table
) -> None:
    assert asked(rule, source, destination, port) == (copies, copies, arrives)
