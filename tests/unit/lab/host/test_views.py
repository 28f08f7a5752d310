"""One model, many views; and what the host refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from psnet.lab.host import HostRefusal
from psnet.lab.labhost import LabHost

NAT = {
    "Name": "web",
    "Type": "nat",
    "Subnets": [{"AddressPrefix": "172.20.0.0/24", "GatewayAddress": "172.20.0.1"}],
}


def post(host: LabHost, body: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(host.hns.call("POST", "/networks/", json.dumps(body)))
    return answer


def refused(call: Any, *arguments: Any) -> str:
    with pytest.raises(HostRefusal) as caught:
        call(*arguments)
    return caught.value.error_id


@pytest.mark.parametrize("os", ["2016", "2019", "2022", "2025"])
def test_a_nat_network_is_also_a_switch_a_vnic_and_a_netnat(os: str) -> None:
    host = LabHost("a", os)
    answer = post(host, NAT)
    assert answer["Success"]
    assert [(item.name, item.type) for item in host.links.switches] == [("web", "Internal")]
    nic = host.links.adapter("vEthernet (HNS Internal NIC)" if os == "2016" else "vEthernet (web)")  # claims c23, c25
    assert nic is not None
    assert [str(address) for address in nic.addresses] == ["172.20.0.1/24"]
    listed = os == "2016"  # claims c01, c02
    assert [str(nat.prefix) for nat in host.nat.nats] == (["172.20.0.0/24"] if listed else [])
    if listed:
        host.nat.add_mapping(host.nat.nats[0].name, "TCP", "0.0.0.0", 8080, "172.20.0.10", 80)
    host.hns.call("DELETE", f"/networks/{answer['Output']['ID']}", "")
    assert not host.hns.networks
    assert not host.links.switches
    assert not host.nat.nats
    assert not host.nat.hidden
    assert not host.nat.mappings
    assert nic not in host.links.adapters


@pytest.mark.parametrize(
    "change",
    [
        {"Name": "WEB"},
        {"Name": ""},
        {"Type": "bridge"},
        {"Subnets": [{"AddressPrefix": "172.21.0.0/24"}]},
        {"Subnets": [{"AddressPrefix": "172.21.0.0/24", "GatewayAddress": "10.0.0.1"}]},
        {"Subnets": [{"AddressPrefix": "172.21.0.5/24", "GatewayAddress": "172.21.0.1"}]},
        {"Subnets": [{"AddressPrefix": "10.0.0.0/24", "GatewayAddress": "10.0.0.1"}]},
        {"Subnets": [{"AddressPrefix": "172.20.0.128/25", "GatewayAddress": "172.20.0.129"}]},
        {"NetworkAdapterName": "Ethernet"},
        {"Nonsense": 1},
        {"DNSServerList": "nowhere"},
    ],
)
def test_hns_refuses_what_windows_would_not_take(change: dict[str, Any]) -> None:
    host = LabHost("a", "2022")
    assert post(host, NAT)["Success"]
    before = host.hns.call("GET", "/networks/", "")
    answer = post(host, {**NAT, "Name": "other", **change})
    assert answer["Success"] is False
    assert answer["Error"]
    assert host.hns.call("GET", "/networks/", "") == before
    assert len(host.nat.hidden) == 1


def test_2016_has_one_winnat_prefix_and_carves_from_it() -> None:
    new, old = LabHost("a", "2022"), LabHost("b", "2016")
    for host in (new, old):
        host.nat.create("first", "172.16.0.0/12")
    assert refused(old.nat.create, "second", "192.168.100.0/24") == "Windows System Error 87"
    assert new.nat.create("second", "192.168.100.0/24").name == "second"  # reference/ports.md, 4: Antrea makes two
    assert refused(new.nat.create, "carved", "172.20.0.0/24") == "Windows System Error 87"
    assert old.nat.create("carved", "172.20.0.0/24").name == "carved"


@pytest.mark.parametrize(
    ("arguments", "error_id"),
    [
        (("none", "TCP", "0.0.0.0", 80, "172.20.0.9", 80), "Windows System Error 1168"),
        (("n", "ICMP", "0.0.0.0", 80, "172.20.0.9", 80), "Windows System Error 87"),
        (("n", "TCP", "0.0.0.0", 80, "10.9.9.9", 80), "Windows System Error 87"),
        (("n", "TCP", "0.0.0.0", 5985, "172.20.0.9", 80), "Windows System Error 32"),
        (("n", "TCP", "0.0.0.0", 8080, "172.20.0.9", 80), "Windows System Error 183"),
        (("n", "TCP", "10.0.0.11", 8080, "172.20.0.9", 80), "Windows System Error 183"),
    ],
)
def test_mappings_that_cannot_be_are_refused(arguments: tuple[Any, ...], error_id: str) -> None:
    host = LabHost("a", "2022")
    host.nat.create("n", "172.20.0.0/24")
    host.nat.add_mapping("n", "tcp", "0.0.0.0", 8080, "172.20.0.10", 80)
    assert refused(host.nat.add_mapping, *arguments) == error_id
    assert len(host.nat.mappings) == 1


@pytest.mark.parametrize(("os", "left"), [("2016", 1), ("2019", 0), ("2022", 0)])
def test_nat_networks_vanish_at_reboot_from_2019(os: str, left: int) -> None:
    host = LabHost("a", os)
    post(host, NAT)
    host.reboot()
    assert len(host.hns.networks) == left


def test_an_external_network_takes_the_address_to_its_vnic_and_gives_it_back() -> None:
    host = LabHost("a", "2022")
    uplink = host.links.adapter("Ethernet 2")
    assert uplink is not None
    before = list(uplink.addresses)
    answer = post(host, {"Name": "flat", "Type": "transparent", "NetworkAdapterName": "Ethernet 2"})
    nic = host.links.adapter("vEthernet (Ethernet 2)")  # claim c17
    assert nic is not None
    assert (uplink.addresses, nic.addresses) == ([], before)
    second = post(host, {"Name": "more", "Type": "transparent", "NetworkAdapterName": "Ethernet 2"})
    assert second["Success"] is False
    host.hns.call("DELETE", f"/networks/{answer['Output']['ID']}", "")
    assert uplink.addresses == before


def test_containers_get_a_host_vnic_or_a_synthetic_vm_nic() -> None:
    host = LabHost("a", "2022")
    post(host, NAT)
    host.hns.attach("web", "plain")
    host.hns.attach("web", "isolated", hyperv=True)
    documents = json.loads(host.hns.call("GET", "/endpoints/", ""))["Output"]
    assert [item["IPAddress"] for item in documents] == ["172.20.0.2", "172.20.0.3"]
    assert ["VirtualMachine" in item for item in documents] == [False, True]


@pytest.mark.parametrize(
    "values",
    [
        {"local_port": "80"},
        {"protocol": "TCP", "local_port": "http"},
        {"protocol": "TCP", "local_port": "90-80"},
        {"protocol": "999"},
        {"display_name": "a|b"},
        {"display_name": "x" * 10_001},
        {"remote_address": "10.0.0.300"},
        {"protocol": "TCP", "icmp_type": "8"},
        {"direction": "Outbound", "edge_traversal": "Allow"},
    ],
)
def test_the_firewall_refuses_malformed_rules(values: dict[str, Any]) -> None:
    firewall = LabHost("a").firewall
    count = len(firewall.rules)
    assert refused(firewall.create, {"display_name": "x", **values}) == "Windows System Error 87"
    assert len(firewall.rules) == count


def test_names_are_unique_and_prefixes_come_back_as_masks() -> None:
    firewall = LabHost("a").firewall
    rule = firewall.create({"name": "r", "display_name": "r", "remote_address": ["10.0.0.0/8", "fe80::/10"]})
    assert rule.remote_address == ["10.0.0.0/255.0.0.0", "fe80::/10"]
    assert refused(firewall.create, {"name": "R", "display_name": "other"}) == "Windows System Error 183"
