"""Objects of WinNAT, adapters, switches and the firewall."""

from __future__ import annotations

import json

from psnet.lab.labhost import LabHost
from psnet.recording import Difference, Record, differences
from reality.asking import equal, hns, made, recorded, script
from reality.compare import situation


@situation("e01", "e02")
def docker_on_2016(record: Record) -> list[Difference]:
    return recorded(LabHost("a", "2016", docker=True), record)


@situation("e03")
def a_published_port_on_tp5(record: Record) -> list[Difference]:
    host = LabHost("a", "tp5", docker=True)
    host.run_container("web", "nat", ports=[(80, 80, "tcp")])
    return recorded(host, record)


@situation("e04")
def docker_on_2019(record: Record) -> list[Difference]:
    return recorded(LabHost("a", "2019", docker=True), record)


@situation("e06")
def docker_on_1709(record: Record) -> list[Difference]:
    result = script(LabHost("a", "1709", docker=True), "@(Get-NetNat).Count")
    return equal("count", [str(record.output)], result.stdout)


@situation("e08")
def docker_was_removed_on_2016(record: Record) -> list[Difference]:
    host = LabHost("a", "2016", docker=True)
    host.docker = None
    return equal("count", [str(record.output["count"])], script(host, "@(Get-NetNat).Count").stdout)


@situation("a12")
def the_counters_of_a_network(record: Record) -> list[Difference]:
    host = LabHost("a", "2019", docker=True)
    found = []
    for number in (1, 2, 3):
        host.run_container(f"c{number}", "nat")
        (document,) = json.loads(host.hns.call("GET", "/networks/", ""))["Output"]
        wanted = record.output[f"after_{number}"]
        found += equal(f"after {number}", wanted, {key: document[key] for key in wanted})
    return found


@situation("b18")
def shared_containers_on_1803(record: Record) -> list[Difference]:
    _ = record
    host = LabHost("a", "1803", docker=True)
    host.run_container("web", "nat")
    (document,) = json.loads(host.hns.call("GET", "/endpoints/", ""))["Output"]
    return equal("SharedContainers", 1, len(document["SharedContainers"]))


@situation("f01")
def adapters_with_one_process_container(record: Record) -> list[Difference]:
    host = LabHost("a", "2019", docker=True)
    host.run_container("web", "nat")
    return recorded(host, record)


@situation("f02")
def adapters_with_an_l2bridge(record: Record) -> list[Difference]:
    return recorded(bridged(), record)


@situation("f04")
def adapters_after_the_l2bridge(record: Record) -> list[Difference]:
    host = bridged()
    host.run_container("second", "nat")  # while the bridge's vNIC holds the second name
    bridge = next(item for item in host.hns.networks if item.type == "l2bridge")
    hns(host, "DELETE", f"/networks/{bridge.id}")
    return recorded(host, record)


def bridged() -> LabHost:
    host = LabHost("a", "2019", docker=True)
    host.run_container("web", "nat")
    subnet = {"AddressPrefix": "10.44.0.0/24", "GatewayAddress": "10.44.0.1"}
    made(host, "/networks", {"Name": "b", "Type": "L2Bridge", "NetworkAdapterName": "Ethernet", "Subnets": [subnet]})
    return host


@situation("f13")
def switches_of_2016(record: Record) -> list[Difference]:
    host = LabHost("a", "2016", docker=True)
    host.links.add_switch("External", "External", "Ethernet 2")
    for name, kind in (("Windows Phone Emulator Internal Switch", "Internal"), ("New HNS Switch", "Private")):
        host.links.add_switch(name, kind)
    rows = [row | {"NetAdapterInterfaceDescription": "cut"} for row in record.output]
    return recorded(host, record.model_copy(update={"output": rows, "partial": True}))


@situation("f17")
def the_switch_of_nat_on_2016(record: Record) -> list[Difference]:
    host = LabHost("a", "2016", docker=True)
    result = script(host, "(Get-VMSwitch).Name; (Get-NetAdapter | Where-Object Virtual).Name")
    return equal("names", [*record.output["Get-VMSwitch"], f"vEthernet ({record.output['host vNIC']})"], result.stdout)


@situation("f18")
def the_vnic_of_a_transparent_network_on_2016(record: Record) -> list[Difference]:
    _ = record
    host = LabHost("a", "2016")
    made(host, "/networks", {"Name": "t", "Type": "transparent"})
    names = [item.name for item in host.links.adapters if item.virtual]
    return equal("name", ["vEthernet (HNSTransparent)"], names)


@situation("h01", "h02")
def the_rules_of_hns(record: Record) -> list[Difference]:
    host = LabHost("a", "2016" if record.id == "h01" else "2019", docker=True)
    host.run_container("web", "nat")
    rules = [rule for rule in host.firewall.rules.values() if "nat" not in rule.name.lower()]
    named = [rule for rule in rules if differences(record.output["DisplayName"], rule.display_name) == []]
    if not named:
        return [Difference(str(record.output["DisplayName"]), "missing")]
    if "Name" not in record.output:
        return []
    shown = {"Name": named[0].name, "Description": named[0].description, "Group": named[0].group or ""}
    return differences({key: record.output[key] for key in shown}, shown)


@situation("n04")
def a_published_port_is_a_static_mapping(record: Record) -> list[Difference]:
    host = LabHost("a", "tp5", docker=True)
    host.run_container("web", "nat", ports=[(80, 80, "tcp")])
    text = "$found = Get-NetNatStaticMapping; $found.NatName; [string] $found.Protocol; $found.ExternalIPAddress"
    result = script(host, text)
    output = record.output
    return differences([output["NatName"], output["Protocol"], output["ExternalIPAddress"]], list(result.stdout))
