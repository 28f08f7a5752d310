"""HNS v1: what it takes, what it refuses, and what else changes on the host."""

from __future__ import annotations

import json
from typing import Any

import pytest

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.labhost import LabHost

Document = dict[str, Any]
NAT = {
    "Name": "web",
    "Type": "nat",
    "Subnets": [{"AddressPrefix": "172.20.0.0/24", "GatewayAddress": "172.20.0.1"}],
}
BRIDGE = {
    "Name": "flat",
    "Type": "l2bridge",
    "NetworkAdapterName": "Ethernet 2",
    "Subnets": [{"AddressPrefix": "10.44.0.0/24", "GatewayAddress": "10.44.0.1"}],
}
SECOND = {"AddressPrefix": "10.45.0.0/24", "GatewayAddress": "10.45.0.1"}


def call(host: LabHost, method: str, path: str, body: Document | None = None) -> Document:
    answer: Document = json.loads(host.hns.call(method, path, "" if body is None else json.dumps(body)))
    return answer


def made(host: LabHost, path: str, body: Document) -> Document:
    answer = call(host, "POST", path, body)
    assert answer["Success"], answer
    output: Document = answer["Output"]
    return output


def with_endpoint(os: str = "2022", network: Document = NAT, **more: Any) -> tuple[LabHost, Document]:
    host = LabHost("a", os)
    found = made(host, "/networks/", network)
    return host, made(host, "/endpoints/", {"VirtualNetwork": found["ID"], "Name": "e", **more})


@pytest.mark.parametrize(
    ("os", "platform", "network", "accepted"),
    [
        ("2016", "vm", BRIDGE, True),
        ("2022", "vm", {**BRIDGE, "Subnets": [*BRIDGE["Subnets"], SECOND]}, True),
        ("2019", "vm", {**BRIDGE, "Subnets": [*BRIDGE["Subnets"], SECOND]}, False),
        ("2022", "vm", {**NAT, "Subnets": [*NAT["Subnets"], SECOND]}, False),
        ("2022", "vm", {**BRIDGE, "Type": "l2tunnel"}, False),
        ("2022", "azure", {**BRIDGE, "Type": "l2tunnel"}, True),
        ("2022", "vm", {**BRIDGE, "Type": "overlay"}, True),
        ("2022", "vm", {**BRIDGE, "Policies": [{"Type": "VLAN", "VLAN": 5}]}, True),
        ("2022", "vm", {**BRIDGE, "Policies": [{"Type": "VLAN", "VLAN": 5000}]}, False),
        ("2022", "vm", {**BRIDGE, "Policies": [{"Type": "vlan", "VLAN": 5}]}, False),
        ("2022", "vm", {**NAT, "Policies": [{"Type": "VLAN", "VLAN": 5}]}, False),
        ("2022", "vm", {"Name": "t", "Type": "transparent", "NetworkAdapterName": "Ethernet 2"}, True),
        ("2022", "vm", {"Name": "t", "Type": "transparent"}, True),  # HNS takes a free NIC: claim c44
        ("2022", "vm", {"Name": "t", "Type": "internal"}, True),
        ("2022", "vm", {"Name": "t", "Type": "internal", "NetworkAdapterName": "Ethernet 2"}, False),
        ("2022", "vm", {"Name": "t", "Type": "ics"}, True),  # claim c49
        ("2022", "vm", {**BRIDGE, "ManagementIP": "10.0.0.1"}, False),
        ("2022", "vm", {**BRIDGE, "MacPools": [{"StartMacAddress": "00-15-5D-00-00-00"}]}, True),
        ("2022", "vm", {**BRIDGE, "MacPools": [{"StartMacAddress": "00:15:5D:00:00:00"}]}, False),
        ("2022", "vm", {**BRIDGE, "Subnets": [{**BRIDGE["Subnets"][0], "Gateway": "10.44.0.1"}]}, False),
    ],
)
def test_networks(os: str, platform: str, network: Document, *, accepted: bool) -> None:
    host = LabHost("a", os, platform=platform)
    answer = call(host, "POST", "/networks/", network)
    assert answer["Success"] is accepted, answer
    assert len(host.hns.networks) == int(accepted)
    assert len(host.links.switches) == int(accepted)


def test_an_endpoint_gets_the_next_free_address_and_keeps_what_it_was_given() -> None:
    host, first = with_endpoint()
    network = first["VirtualNetwork"]
    second = made(host, "/endpoints/", {"VirtualNetwork": network, "IPAddress": "172.20.0.9"})
    assert (first["IPAddress"], first["PrefixLength"], first["GatewayAddress"]) == ("172.20.0.2", 24, "172.20.0.1")
    assert second["IPAddress"] == "172.20.0.9"
    for refused in ("172.20.0.9", "172.20.0.1", "172.20.0.0", "172.20.0.255", "10.0.0.5", "nowhere"):
        answer = call(host, "POST", "/endpoints/", {"VirtualNetwork": network, "IPAddress": refused})
        assert answer["Success"] is False, refused
    assert not call(host, "POST", "/endpoints/", {"VirtualNetwork": network, "MacAddress": first["MacAddress"]})[
        "Success"
    ]
    assert len(host.hns.endpoints) == 2


def test_a_nat_policy_publishes_a_port_and_makes_a_firewall_rule_until_the_endpoint_goes() -> None:
    policy = {"Type": "NAT", "Protocol": "TCP", "InternalPort": 80, "ExternalPort": 8080}
    host, endpoint = with_endpoint(Policies=[policy])
    rules = len(LabHost("b", "2022").firewall.rules) + 1  # the network's own (claim c92)
    assert [(item.external_port, item.internal_address) for item in host.nat.published] == [(8080, "172.20.0.2")]
    assert len(host.firewall.rules) == rules + 1
    other = {"VirtualNetwork": endpoint["VirtualNetwork"], "Policies": [policy]}
    assert call(host, "POST", "/endpoints/", other)["Success"] is False
    changed = made(host, f"/endpoints/{endpoint['ID']}", {"Policies": [{**policy, "ExternalPort": 8081}]})
    assert changed["Policies"][0]["ExternalPort"] == 8081
    assert [item.external_port for item in host.nat.published] == [8081]
    assert call(host, "DELETE", f"/endpoints/{endpoint['ID']}")["Success"]
    assert host.nat.published == []
    assert len(host.firewall.rules) == rules


def test_a_refused_change_of_policies_leaves_the_old_ones() -> None:
    policy = {"Type": "NAT", "Protocol": "TCP", "InternalPort": 80, "ExternalPort": 8080}
    host, endpoint = with_endpoint(Policies=[policy])
    wanted = [{**policy, "ExternalPort": 8081}, {**policy, "ExternalPort": 5985}]  # 5985 is reserved
    assert call(host, "POST", f"/endpoints/{endpoint['ID']}", {"Policies": wanted})["Success"] is False
    assert call(host, "GET", f"/endpoints/{endpoint['ID']}")["Output"]["Policies"] == [policy]
    assert [item.external_port for item in host.nat.published] == [8080]


ACL = {"Type": "ACL", "Action": "Block", "Direction": "In"}


@pytest.mark.parametrize(
    ("os", "policy", "accepted"),
    [
        ("2022", ACL, True),
        ("2022", {**ACL, "Protocols": "6,17", "LocalPorts": "80,443,8000-8010", "Id": "x"}, True),
        ("2016", {**ACL, "LocalPorts": "80,443"}, False),
        ("2016", {**ACL, "LocalPorts": "8000-8010"}, False),
        ("1709", {**ACL, "RemoteAddresses": "10.0.0.1,10.0.0.2"}, False),
        ("2016", {**ACL, "LocalPorts": "80", "RemoteAddresses": "10.0.0.0/8"}, True),
        ("2022", {**ACL, "Action": "Deny"}, False),
        ("2022", {**ACL, "Direction": "in"}, False),
        ("2022", {**ACL, "RemoteAddresses": "10.0.0.0/33"}, False),
        ("2022", {**ACL, "LocalPorts": "0"}, False),
        ("2022", {**ACL, "LocalPorts": "90-80"}, False),
        ("2022", {**ACL, "Priority": 70000}, False),
        ("2022", {**ACL, "Nonsense": 1}, True),  # stored unchecked: claim c113
        ("2022", {"Type": "QOS", "MaximumOutgoingBandwidthInBytes": 1000000}, True),
        ("2022", {"Type": "QOS"}, False),
        ("2022", {"Type": "QOS", "MaximumOutgoingBandwidthInBytes": "1"}, False),
        ("2022", {"Type": "OutBoundNAT", "ExceptionList": ["10.0.0.0/8"]}, True),
        ("2022", {"Type": "OutBoundNAT", "Exceptions": ["10.0.0.0/8"]}, True),  # as above
        ("2022", {"Type": "ROUTE", "DestinationPrefix": "10.9.0.0/16", "NeedEncap": True}, True),
        ("2022", {"Type": "ELB", "InternalPort": 1, "ExternalPort": 1}, False),
        ("2022", {"Type": "NAT", "Protocol": "TCP", "InternalPort": 0, "ExternalPort": 80}, False),
    ],
)
def test_policies_of_endpoints(os: str, policy: Document, *, accepted: bool) -> None:
    host, endpoint = with_endpoint(os)
    answer = call(host, "POST", f"/endpoints/{endpoint['ID']}", {"Policies": [policy]})
    assert answer["Success"] is accepted, answer
    assert len(host.hns.endpoints[0].policies) == int(accepted)


@pytest.mark.parametrize(("hyperv", "accepted"), [(False, True), (True, False)])
def test_acls_under_hyperv_isolation_on_nat_cannot_change(*, hyperv: bool, accepted: bool) -> None:
    host = LabHost("a", "2022")
    made(host, "/networks/", NAT)
    endpoint = host.hns.attach("web", "c", hyperv=hyperv)
    assert call(host, "POST", f"/endpoints/{endpoint.id}", {"Policies": [ACL]})["Success"] is accepted


def test_an_endpoint_of_the_host_has_an_adapter_while_it_is_attached() -> None:
    host, endpoint = with_endpoint()
    path = f"/endpoints/{endpoint['ID']}"
    attached = made(host, f"{path}/attach", {"SystemType": "Host", "CompartmentId": 1})
    assert attached["State"] == 2
    assert host.links.adapter("vEthernet (e)") is not None
    assert call(host, "POST", f"{path}/attach", {"SystemType": "Host", "CompartmentId": 1})["Success"] is False
    assert made(host, f"{path}/detach", {"SystemType": "Host"})["State"] == 4
    assert host.links.adapter("vEthernet (e)") is None
    assert call(host, "POST", f"{path}/detach", {"SystemType": "Host"})["Success"] is False


def test_a_load_balancer_lives_as_long_as_its_members() -> None:
    host, endpoint = with_endpoint(network=BRIDGE)
    elb = {"Type": "ELB", "Protocol": 6, "InternalPort": 80, "ExternalPort": 80, "VIPs": ["10.44.0.200"]}
    body = {"References": [f"/endpoints/{endpoint['ID']}"], "Policies": [elb]}
    found = made(host, "/policylists/", body)
    assert call(host, "POST", "/policylists/", body)["Success"] is False
    assert call(host, "POST", "/policylists/", {**body, "References": ["/endpoints/" + "0" * 36]})["Success"] is False
    assert [item["ID"] for item in call(host, "GET", "/policylists/")["Output"]] == [found["ID"]]
    call(host, "DELETE", f"/endpoints/{endpoint['ID']}")
    assert call(host, "GET", "/policylists/")["Output"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/networks/"),
        ("GET", "/nonsense/"),
        ("POST", "/globals/version"),
        ("GET", "/networks/00000000-0000-0000-0000-000000000000"),
        ("DELETE", "/endpoints/00000000-0000-0000-0000-000000000000"),
        ("DELETE", "/policylists/00000000-0000-0000-0000-000000000000"),
    ],
)
def test_what_is_no_call_is_refused(method: str, path: str) -> None:
    assert call(LabHost("a", "2022"), method, path, {})["Success"] is False


def test_a_path_of_hns_that_the_lab_does_not_know_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="HNS POST /activities/"):
        call(LabHost("a", "2022"), "POST", "/activities/", {})


@pytest.mark.parametrize(("os", "answers"), [("2016", False), ("1709", False), ("1803", True), ("2025", True)])
def test_only_1803_and_later_answer_the_version_query(os: str, *, answers: bool) -> None:
    assert call(LabHost("a", os), "GET", "/globals/version")["Success"] is answers


def test_messages_are_the_cultures_and_nothing_else_changes() -> None:
    english, german = LabHost("a", "2022"), LabHost("a", "2022", culture="de-DE")
    wrong = {"Name": "more", "Type": "transparent", "NetworkAdapterName": "vEthernet (Ethernet 2)"}
    for host in (english, german):
        made(host, "/networks/", BRIDGE)
    answers = [call(host, "POST", "/networks/", wrong) for host in (english, german)]
    assert answers[0] == {"Success": False, "Error": "The parameter is incorrect. ", "ErrorCode": 0x80070057}
    assert answers[1] == {**answers[0], "Error": "Falscher Parameter. "}
