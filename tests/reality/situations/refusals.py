"""Calls that HNS refused, and with what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psnet.lab.labhost import LabHost
from reality.asking import equal, hns, holds, made, refusal, script
from reality.compare import situation

if TYPE_CHECKING:
    from psnet.recording import Difference, Record

BRIDGE: dict[str, Any] = {
    "Name": "bridge",
    "Type": "L2Bridge",
    "Subnets": [{"AddressPrefix": "10.44.0.0/24", "GatewayAddress": "10.44.0.1"}],
}
NAT: dict[str, Any] = {
    "Name": "n",
    "Type": "nat",
    "Subnets": [{"AddressPrefix": "172.30.0.0/24", "GatewayAddress": "172.30.0.1"}],
}


def said(record: Record) -> tuple[str, str]:
    return str(record.output.get("code", "")), str(record.output["Error"])


def wanted(record: Record, answer: dict[str, Any]) -> list[Difference]:
    code, text = said(record)
    number = int(code, 16) if code else 0
    return refusal(answer, f"0x{number if number > 0xFFFF else 0x80070000 | number:08x}" if code else "", text)


@situation("i01")
def the_nic_holds_an_external_switch(record: Record) -> list[Difference]:
    host = LabHost("a", "2019")
    host.links.add_switch("by hand", "External", "Ethernet 2")
    answer = hns(host, "POST", "/networks", {**BRIDGE, "NetworkAdapterName": "Ethernet 2"})
    return wanted(record, answer) + equal("fields", set(record.output["document"]), set(answer))


@situation("i02")
def beside_a_transparent_network_on_the_only_nic(record: Record) -> list[Difference]:
    host = LabHost("a", "2019")
    host.links.adapters.pop()
    made(host, "/networks", {"Name": "t", "Type": "Transparent"})
    return wanted(record, hns(host, "POST", "/networks", BRIDGE))


@situation("i06", "i07")
def a_name_that_is_held_but_not_listed(record: Record) -> list[Difference]:
    host = LabHost("a", "18362" if "18362" in record.build else "2019")
    host.hns.hidden_names.add("held")
    return wanted(record, hns(host, "POST", "/networks", {**BRIDGE, "Name": "held"}))


@situation("k10", "d05")
def a_name_that_is_held_after_a_reboot(record: Record) -> list[Difference]:
    _ = record
    host = LabHost("a", "2022")
    host.hns.hidden_names.add("held")
    answer = hns(host, "POST", "/networks", {**BRIDGE, "Name": "held"})
    return refusal(answer, "0x803b0010", "A network with this name already exists. ")


@situation("i08")
def a_port_that_is_published(record: Record) -> list[Difference]:
    return wanted(record, twice("19041"))


@situation("i12")
def a_port_published_twice_on_2016_and_1709(record: Record) -> list[Difference]:
    answer = twice("2016")
    first_1709 = twice("1709")
    return wanted(record, answer) + holds("1709 takes it", first_1709["Success"])


def twice(os: str) -> dict[str, Any]:
    host = LabHost("a", os)
    network = made(host, "/networks", NAT)["ID"]
    policy = {"Type": "NAT", "Protocol": "TCP", "InternalPort": 80, "ExternalPort": 8080}
    body = {"VirtualNetwork": network, "Policies": [policy]}
    made(host, "/endpoints", body)
    return hns(host, "POST", "/endpoints", body)


@situation("i14", "d03")
def a_reserved_address(record: Record) -> list[Difference]:
    _ = record
    host = LabHost("a", "19041")
    network = made(host, "/networks", NAT)["ID"]
    answers = [
        hns(host, "POST", "/endpoints", {"VirtualNetwork": network, "IPAddress": address})
        for address in ("172.30.0.0", "172.30.0.255")
    ]
    return [
        one
        for answer in answers
        for one in refusal(answer, "0x803b002f", "An address provided is invalid or reserved. ")
    ]


@situation("i16")
def a_policy_list_that_is_wrong(record: Record) -> list[Difference]:
    answer = hns(LabHost("a", "2019"), "POST", "/policylists", {"References": [], "Policies": [{"Type": "ELB"}]})
    return wanted(record, answer)


@situation("i18", "i19")
def a_vethernet_adapter(record: Record) -> list[Difference]:
    host = LabHost("a", "2016" if "14393" in record.build else "2019")
    host.links.add_switch("prodSwitch", "External", "Ethernet 2")
    name = next(item.name for item in host.links.adapters if item.virtual)
    body = {"Name": "t", "Type": "Transparent", "NetworkAdapterName": name}
    return wanted(record, hns(host, "POST", "/networks", body))


@situation("i29", "u18")
def a_network_that_is_gone(record: Record) -> list[Difference]:
    host = LabHost("a", "2025" if "26100" in record.build else "2019")
    gone = made(host, "/networks", NAT)["ID"]
    hns(host, "DELETE", f"/networks/{gone}")
    answer = hns(host, "POST", "/endpoints", {"VirtualNetwork": gone})
    return refusal(answer, "0x80070490", "Element not found. ")


@situation("i34", "u11")
def the_service_does_not_stop(record: Record) -> list[Difference]:
    _ = record
    host = LabHost("a", "2022")
    host.services.stuck.add("hns")
    result = script(host, "Restart-Service hns")
    return equal("id", ["StopServiceFailed,Microsoft.PowerShell.Commands.RestartServiceCommand"], result.errors)


@situation("l08")
def an_endpoint_of_a_namespace_that_is_gone(record: Record) -> list[Difference]:
    host = LabHost("a", "2019")
    assert host.hcn is not None
    answer = host.hcn.call("HcnOpenNamespace", ["ea7c8a35-5d2d-54c6-a09f-54eb91d1cc7a"])
    return equal("document", record.output["document"], json.loads(answer.error))


@situation("u17")
def hns_refuses_before_2019_without_a_code(record: Record) -> list[Difference]:
    _ = record
    answer = hns(LabHost("a", "2016"), "POST", "/networks", {"Name": "x", "Type": "overlay", "VSID": 1})
    return refusal(answer, "", "The parameter is incorrect. ") + holds("no ErrorCode", "ErrorCode" not in answer)


@situation("e05")
def a_nat_over_the_prefix_of_hns(record: Record) -> list[Difference]:
    host = LabHost("a", "2019", docker=True)
    prefix = next(str(item.prefix) for item in host.hns.networks)
    result = script(host, f"New-NetNat -Name nat -InternalIPInterfaceAddressPrefix {prefix}")
    found = equal("id", ["Windows System Error 52,New-NetNat"], result.errors)
    text = str(record.output["error"]).partition(". ")[0]
    return found + holds("text", text in result.stderr_text.replace("\n", ""))
