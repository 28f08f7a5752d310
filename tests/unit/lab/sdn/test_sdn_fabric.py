"""What becomes of a packet by what the controller enforces: a table of questions and their answers."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from psnet.errors import LabError
from psnet.lab.host.reach.packet import Packet
from psnet.lab.labhost import LabHost
from psnet.lab.management import management_host
from psnet.lab.sdn.documents import to_json
from psnet.lab.sdn.enforced import port_policies
from psnet.lab.sdn.fabric import send
from psnet.lab.sdn.provisioning import SdnFault
from psnet.sdn import kinds
from psnet.sdn.kinds import BY_COLLECTION
from psnet.sdn.state import canonical, read_controller
from psnet.sdn.topology import Topology
from psnet.sdn.trace import Tracer, TraceRequest

if TYPE_CHECKING:
    from psnet.lab.sdn.controller import Controller

SHOP = "/virtualNetworks/shop"
LB = "/loadBalancers/lb"
ACLS = "/accessControlLists"


def ref(path: str) -> dict[str, str]:
    return {"resourceRef": path}


def rule(name: str, priority: int, action: str, direction: str = "Inbound", **fields: Any) -> dict[str, Any]:
    properties = {
        "protocol": "All",
        "sourcePortRange": "*",
        "destinationPortRange": "*",
        "sourceAddressPrefix": "*",
        "destinationAddressPrefix": "*",
        "priority": str(priority),
        "type": direction,
        "action": action,
    }
    return {"resourceId": name, "properties": {**properties, **fields}}


def named(name: str, **properties: Any) -> dict[str, Any]:
    return {"resourceId": name, "properties": properties}


def interface(number: int, subnet: str, **fields: Any) -> dict[str, Any]:
    configuration = {
        "privateIPAddress": f"10.0.{subnet[-1]}.{number}" if subnet[-1].isdigit() else subnet,
        "privateIPAllocationMethod": "Static",
        "subnet": ref(f"{SHOP}/subnets/{subnet}"),
        **fields,
    }
    mac = f"00155D00{subnet[-1]}0{number:02X}"
    return {
        "properties": {
            "privateMacAddress": mac.ljust(12, "0")[:12],
            "privateMacAllocationMethod": "Static",
            "ipConfigurations": [named("ip", **configuration)],
        }
    }


def build(controller: Controller) -> None:
    put = controller.put
    https = rule("https", 100, "Allow", protocol="TCP", destinationPortRange="443")
    put(f"{ACLS}/web", {"properties": {"aclRules": [https, rule("rest", 200, "Deny")]}})
    from_web = rule(
        "from-web", 100, "Allow", protocol="TCP", sourceAddressPrefix="10.0.1.0/24", destinationPortRange="5432-5433"
    )
    no_out = rule("no-out", 300, "Deny", "Outbound", destinationAddressPrefix="198.51.100.0/24")
    put(f"{ACLS}/db", {"properties": {"aclRules": [rule("rest", 200, "Deny"), from_web, no_out]}})
    put(
        f"{ACLS}/admin",
        {"properties": {"aclRules": [rule("ssh", 500, "Allow", protocol="TCP", destinationPortRange="22")]}},
    )
    put(f"{ACLS}/closed", {"properties": {"inboundDefaultAction": "Deny"}})
    put(f"{ACLS}/open", {"properties": {}})
    put("/logicalNetworks/hnv", {"properties": {"networkVirtualizationEnabled": True}})
    vips = named("vips", startIPAddress="203.0.113.10", endIPAddress="203.0.113.20")
    public = named("vip", addressPrefix="203.0.113.0/24", isPublic=True, ipPools=[vips])
    put("/logicalNetworks/public", {"properties": {"subnets": [public]}})
    put("/publicIPAddresses/own", {"properties": {"ipAddress": "203.0.113.20"}})
    routes = [
        named("firewall", addressPrefix="172.16.0.0/12", nextHopType="VirtualAppliance", nextHopIpAddress="10.0.3.9"),
        named("hole", addressPrefix="192.0.2.0/24", nextHopType="None"),
        named("near", addressPrefix="10.0.4.0/24", nextHopType="VirtualAppliance", nextHopIpAddress="10.0.3.9"),
        named("tie", addressPrefix="0.0.0.0/0", nextHopType="Internet"),
    ]
    put("/routeTables/db", {"properties": {"routes": routes}})
    subnets = [
        named("net1", addressPrefix="10.0.1.0/24", accessControlList=ref(f"{ACLS}/web")),
        named(
            "net2", addressPrefix="10.0.2.0/24", accessControlList=ref(f"{ACLS}/db"), routeTable=ref("/routeTables/db")
        ),
        named("net3", addressPrefix="10.0.3.0/24", accessControlList=ref(f"{ACLS}/open")),
        named("net4", addressPrefix="10.0.4.0/24"),
    ]
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "logicalNetwork": ref("/logicalNetworks/hnv")}
    put(SHOP, {"properties": {**space, "subnets": subnets}})
    put("/virtualNetworks/other", {"properties": {**space, "subnets": [named("net1", addressPrefix="10.0.1.0/24")]}})
    front = {"privateIPAllocationMethod": "Static", "subnet": ref("/logicalNetworks/public/subnets/vip")}
    inner = {
        "privateIPAllocationMethod": "Static",
        "subnet": ref(f"{SHOP}/subnets/net4"),
        "privateIPAddress": "10.0.4.100",
    }
    fe, be = [ref(f"{LB}/frontendIPConfigurations/fe")], ref(f"{LB}/backendAddressPools/be")
    probe = named("up", protocol="TCP", port=443, intervalInSeconds=5, numberOfProbes=2)
    https_rule = {
        "protocol": "TCP",
        "frontendPort": 443,
        "backendPort": 443,
        "backendAddressPool": be,
        "probe": ref(f"{LB}/probes/up"),
    }
    put(
        LB,
        {
            "properties": {
                "frontendIPConfigurations": [
                    named("fe", privateIPAddress="203.0.113.10", **front),
                    named("inner", **inner),
                ],
                "backendAddressPools": [named("be"), named("db")],
                "probes": [probe],
                "loadBalancingRules": [
                    named("https", frontendIPConfigurations=fe, **https_rule),
                    named(
                        "inner",
                        **{**https_rule, "frontendPort": 8443},
                        frontendIPConfigurations=[ref(f"{LB}/frontendIPConfigurations/inner")],
                    ),
                    named(
                        "closed", **{**https_rule, "frontendPort": 80, "backendPort": 80}, frontendIPConfigurations=fe
                    ),
                ],
                "inboundNatRules": [
                    named("ssh", frontendIPConfigurations=fe, protocol="TCP", frontendPort=2222, backendPort=22)
                ],
                "outboundNatRules": [named("out", frontendIPConfigurations=fe, protocol="ALL", backendAddressPool=be)],
            }
        },
    )
    pools = [be]
    put("/networkInterfaces/web1", interface(11, "net1", loadBalancerBackendAddressPools=pools))
    admin = {
        "accessControlList": ref(f"{ACLS}/admin"),
        "loadBalancerInboundNatRules": [ref(f"{LB}/inboundNatRules/ssh")],
    }
    put("/networkInterfaces/web2", interface(12, "net1", loadBalancerBackendAddressPools=pools, **admin))
    put("/networkInterfaces/db1", interface(5, "net2"))
    put("/networkInterfaces/fw", interface(9, "net3", publicIPAddress=ref("/publicIPAddresses/own")))
    put("/networkInterfaces/bare", interface(7, "net4"))
    put("/networkInterfaces/shut", interface(10, "net3", accessControlList=ref(f"{ACLS}/closed")))


@pytest.fixture
def controller() -> Controller:
    return made()


@pytest.fixture(scope="module")
def shared() -> Controller:
    """A controller that nobody changes."""
    return made()


def made() -> Controller:
    host = management_host([LabHost("web1", "2022"), LabHost("db1", "2025", seed=1)], "secret", seconds=0)
    assert host.sdn is not None
    host.sdn.clock.freeze()
    build(host.sdn)
    return host.sdn


WEB1, WEB2 = "/networkInterfaces/web1/ipConfigurations/ip", "/networkInterfaces/web2/ipConfigurations/ip"
DB, FW = "/networkInterfaces/db1/ipConfigurations/ip", "/networkInterfaces/fw/ipConfigurations/ip"
OUTSIDE = "198.51.100.7"

QUESTIONS = [
    # source, destination, port, protocol; delivered to (None: dropped), decided last by
    ("10.0.1.11", "10.0.2.5", 5432, "TCP", DB, f"{ACLS}/db/aclRules/from-web"),
    ("10.0.1.11", "10.0.2.5", 5433, "TCP", DB, f"{ACLS}/db/aclRules/from-web"),
    ("10.0.1.11", "10.0.2.5", 5434, "TCP", None, f"{ACLS}/db/aclRules/rest"),
    ("10.0.1.11", "10.0.2.5", 5432, "UDP", None, f"{ACLS}/db/aclRules/rest"),
    ("10.0.3.9", "10.0.2.5", 5432, "TCP", None, f"{ACLS}/db/aclRules/rest"),
    ("10.0.2.5", "10.0.1.11", 443, "TCP", WEB1, f"{ACLS}/web/aclRules/https"),
    ("10.0.2.5", "10.0.1.11", 22, "TCP", None, f"{ACLS}/web/aclRules/rest"),
    # the interface's list comes before the subnet's, and what it does not match goes on to that
    ("10.0.2.5", "10.0.1.12", 22, "TCP", WEB2, f"{ACLS}/admin/aclRules/ssh"),
    ("10.0.2.5", "10.0.1.12", 443, "TCP", WEB2, f"{ACLS}/web/aclRules/https"),
    ("10.0.2.5", "10.0.1.12", 80, "TCP", None, f"{ACLS}/web/aclRules/rest"),
    # defaults
    ("10.0.1.11", "10.0.3.9", 80, "TCP", FW, "default"),
    ("10.0.1.11", "10.0.3.10", 80, "TCP", None, "default"),
    ("10.0.1.11", "10.0.4.7", 80, "TCP", None, "default"),
    ("10.0.4.7", "10.0.3.9", 80, "TCP", FW, "default"),
    ("10.0.1.11", "10.0.1.99", 80, "TCP", None, "default"),
    # routes
    ("10.0.2.5", "172.16.1.1", 80, "TCP", FW, "default"),
    ("10.0.2.5", "192.0.2.1", 80, "TCP", None, "/routeTables/db/routes/hole"),
    ("10.0.2.5", "10.0.4.100", 8443, "TCP", FW, "default"),
    ("10.0.2.5", OUTSIDE, 443, "TCP", None, f"{ACLS}/db/aclRules/no-out"),
    ("10.0.2.5", "8.8.8.8", 53, "UDP", None, "default"),
    # out and in
    ("10.0.1.11", OUTSIDE, 443, "TCP", "", f"{LB}/outboundNatRules/out"),
    ("10.0.3.9", OUTSIDE, 443, "TCP", "", "/publicIPAddresses/own"),
    ("10.0.3.10", OUTSIDE, 443, "TCP", None, "default"),
    (OUTSIDE, "203.0.113.20", 8080, "TCP", FW, "default"),
    (OUTSIDE, "203.0.113.10", 2222, "TCP", WEB2, f"{ACLS}/admin/aclRules/ssh"),
    (OUTSIDE, "203.0.113.10", 80, "TCP", None, f"{ACLS}/web/aclRules/rest"),
    (OUTSIDE, "203.0.113.10", 25, "TCP", None, "default"),
    (OUTSIDE, "203.0.113.10", 443, "UDP", None, "default"),
    (OUTSIDE, "10.0.1.11", 443, "TCP", None, "default"),
]


@pytest.mark.parametrize(("source", "destination", "port", "protocol", "to", "by"), QUESTIONS)
def test_a_packet_goes_where_the_policy_says(
    shared: Controller, source: str, destination: str, port: int, protocol: Any, to: str | None, by: str
) -> None:
    network = SHOP if source.startswith("10.") else ""
    verdict = send(shared, Packet(source, destination, port, protocol, network=network))
    assert verdict.decided_by is not None
    assert (verdict.interface if verdict.delivered else None, verdict.decided_by.rule) == (to, by)


def test_a_vip_spreads_connections_over_the_healthy_members_and_stays_with_one(controller: Controller) -> None:
    def member(source_port: int) -> str:
        verdict = send(controller, Packet(OUTSIDE, "203.0.113.10", 443, source_port=source_port))
        assert (verdict.delivered, verdict.packet.destination) == (
            True,
            "10.0.1.11" if verdict.interface == WEB1 else "10.0.1.12",
        )
        assert verdict.steps[0].rule == f"{LB}/loadBalancingRules/https"
        return verdict.interface

    chosen = {number: member(number) for number in range(50000, 50020)}
    assert set(chosen.values()) == {WEB1, WEB2}
    assert all(member(number) == where for number, where in chosen.items())
    controller.unhealthy.add(WEB1.lower())
    assert {member(number) for number in chosen} == {WEB2}
    controller.unhealthy.add(WEB2.lower())
    assert not send(controller, Packet(OUTSIDE, "203.0.113.10", 443)).delivered


def test_a_vip_of_the_network_itself_keeps_the_source(controller: Controller) -> None:
    verdict = send(controller, Packet("10.0.3.9", "10.0.4.100", 8443, network=SHOP))
    assert (verdict.delivered, verdict.packet.source, verdict.packet.port) == (True, "10.0.3.9", 443)
    assert verdict.candidates == (WEB1, WEB2)


def test_from_a_network_to_a_public_vip_the_source_is_translated(controller: Controller) -> None:
    verdict = send(controller, Packet("10.0.1.11", "203.0.113.10", 443, network=SHOP))
    assert [step.kind for step in verdict.steps] == ["acl", "outbound nat", "load balancer", "acl"]
    assert verdict.packet.source == "203.0.113.10"


def test_only_what_succeeded_is_enforced(controller: Controller) -> None:
    controller.faults.add(SdnFault(provisioning="fail", resource=f"{ACLS}/web"))
    controller.put(f"{ACLS}/web", {"properties": {"aclRules": [rule("rest", 200, "Deny")]}})
    assert send(controller, Packet("10.0.2.5", "10.0.1.11", 443, network=SHOP)).delivered
    controller.put(f"{ACLS}/web", {"properties": {"aclRules": [rule("rest", 200, "Deny")]}})
    assert not send(controller, Packet("10.0.2.5", "10.0.1.11", 443, network=SHOP)).delivered


def test_a_source_in_two_networks_needs_its_network(controller: Controller) -> None:
    document = interface(11, "net1")
    document["properties"]["privateMacAddress"] = "00155DFFFFFF"
    document["properties"]["ipConfigurations"][0]["properties"]["subnet"] = ref("/virtualNetworks/other/subnets/net1")
    controller.put("/networkInterfaces/twin", document)
    with pytest.raises(LabError, match="several networks"):
        send(controller, Packet("10.0.1.11", "10.0.2.5", 443))
    lost = send(controller, Packet("10.0.1.11", "10.0.2.5", 443, network="/virtualNetworks/other"))
    assert (lost.delivered, lost.decided_by and lost.decided_by.kind) == (False, "lookup")


@pytest.mark.parametrize(("os", "delivered"), [("2022", True), ("2025", False)])
def test_endpoints_of_hosts_get_policy_and_their_own_acls_count_too(os: str, *, delivered: bool) -> None:
    worker = LabHost("web1", os)
    worker.hns.create(
        "flat",
        "l2bridge",
        adapter="Ethernet 2",
        subnets=[{"AddressPrefix": "10.0.1.0/24", "GatewayAddress": "10.0.1.1"}],
    )
    container = worker.run_container("shop", "flat")
    (endpoint,) = [item for item in worker.hns.endpoints if item.id == container.endpoint]
    endpoint.address = "10.0.1.11"
    controller = management_host([worker], "secret", seconds=0).sdn
    assert controller is not None
    build(controller)
    shown = controller.get("/networkInterfaces/web1")["Properties"]
    assert shown["Server"] == {"ResourceRef": "/servers/web1"}
    (policy,) = port_policies(controller, worker)
    assert (policy.endpoint, policy.address) == (endpoint.id, "10.0.1.11")
    assert policy.inbound == (f"{ACLS}/web/aclRules/https", f"{ACLS}/web/aclRules/rest")
    packet = Packet("10.0.2.5", "10.0.1.11", 443, network=SHOP)
    assert send(controller, packet).delivered
    acl = {
        "Type": "ACL",
        "Action": "Block",
        "Direction": "In",
        "Protocols": "6",
        "LocalPorts": "443",
        "Priority": 100,
        "Id": "no",
    }
    endpoint.policies.append(acl)
    refused = send(controller, packet)
    assert (refused.delivered, refused.decided_by and refused.decided_by.rule) == (False, "no")
    endpoint.policies[-1] = {**acl, "Action": "Allow", "LocalPorts": "80"}
    assert send(controller, packet).delivered is delivered


INSIDE = ("10.0.4.7", "10.0.1.11", "10.0.1.12", "10.0.2.5", "10.0.3.9", "10.0.3.10")
TARGETS = (*INSIDE, "10.0.1.99", "10.0.4.100", "203.0.113.10", "203.0.113.20", "172.16.1.1", "192.0.2.1", OUTSIDE)
PORTS = (("TCP", 22), ("TCP", 80), ("TCP", 443), ("TCP", 2222), ("TCP", 5432), ("TCP", 8443), ("UDP", 443))


def observed(controller: Controller) -> Topology:
    """Return what a client reads of the controller, as trace takes it."""
    names = [name for name, cls in BY_COLLECTION.items() if cls.kind not in kinds.INSIDE]
    collections = {name: canonical(to_json(controller.collection(f"/{name}"))) for name in names}
    return Topology.of_state(read_controller("https://nc01", collections))


def test_trace_was_written_apart_and_says_the_same_over_every_pair(shared: Controller) -> None:
    tracer = Tracer(observed(shared))
    wrong = []
    for source, target, (protocol, port) in itertools.product((*INSIDE, OUTSIDE), TARGETS, PORTS):
        network = SHOP if source in INSIDE else ""
        verdict = send(shared, Packet(source, target, port, protocol, network=network))
        question = TraceRequest(
            source=source, destination=target, port=port, protocol=protocol, network=network or None
        )
        answer = tracer.trace(question)
        ways = [path for path in answer.paths if not verdict.interface or path.to == verdict.interface]
        rules = {(path.steps[-1].rule or "default").lower() for path in ways if path.steps} or {"default"}
        decided = verdict.decided_by.rule.lower() if verdict.decided_by else "default"
        if not any(path.allowed is verdict.delivered for path in ways) or decided not in rules:
            wrong.append((str(question), verdict.delivered, decided, answer.verdict, rules))
    assert wrong == []
