"""What HNS and HCN refuse, and how they say it; policy lists and namespaces."""

from __future__ import annotations

import json

from psnet.lab.labhost import LabHost
from reality.claims import claim
from reality.held.hns_endpoints import on
from reality.held.hns_networks import BRIDGE, EMPTY, EVERY, NAT, V2, call, hcn, made
from reality.records import records
from reality.shapes import differences

UNKNOWN = "11111111-2222-3333-4444-555555555555"
ELB = {"Type": "ELB", "Protocol": 6, "InternalPort": 8080, "ExternalPort": 80, "VIPs": ["10.99.234.145"]}


@claim("c73")
def v1_refuses_with_hcns_text_and_code_from_2019_on() -> None:
    for os in EVERY:
        host = LabHost("a", os)
        host.links.add_switch("by hand", "External", "Ethernet 2")
        text = host.hns.call("POST", "/networks/", json.dumps({**BRIDGE, "NetworkAdapterName": "Ethernet 2"}))
        if os in ("2016", "1709", "1803"):
            assert set(json.loads(text)) == {"Error", "Success"}
        else:
            assert text == '{"Error":"An adapter was not found. ","ErrorCode":2151350278,"Success":false}'
            assert json.loads(text) == records()["i01"]["output"]["document"]


@claim("c80")
def an_id_twice_is_win32_183() -> None:
    for os in ("2019", "2022"):
        host = LabHost("a", os)
        for name, code in (("one", 0), ("two", 0x800700B7)):
            document = {"Name": name, "Type": "NAT", "SchemaVersion": V2}
            assert hcn(host, "HcnCreateNetwork", UNKNOWN, document).code == code


@claim("c81")
def an_unknown_network_is_win32_1168_on_v1() -> None:
    answer = call(LabHost("a", "2025"), "POST", "/endpoints/", {"VirtualNetwork": UNKNOWN})
    assert answer == {"Error": "Element not found. ", "ErrorCode": 0x80070490, "Success": False}


@claim("c107")
def host_bits_are_an_invalid_network() -> None:
    subnet = {
        "IpAddressPrefix": "172.22.16.0/16",
        "Routes": [{"NextHop": "172.22.16.1", "DestinationPrefix": "0.0.0.0/0"}],
    }
    document = {"Name": "n", "Type": "NAT", "Ipams": [{"Subnets": [subnet]}], "SchemaVersion": V2}
    answer = hcn(LabHost("a", "2022"), "HcnCreateNetwork", EMPTY, document)
    assert json.loads(answer.error) == records()["l12"]["output"]["document"]
    assert answer.code == records()["l12"]["output"]["HRESULT"]


@claim("c149")
def load_balancers_need_ports() -> None:
    host, shown = on("2019", BRIDGE)
    body = {"References": [f"/endpoints/{shown['ID']}"], "Policies": [{**ELB, "ExternalPort": 5985}]}
    assert call(host, "POST", "/policylists/", body)["ErrorCode"] == 0x803B0013
    for action in ("attach", "detach"):
        made(host, f"/endpoints/{shown['ID']}/{action}", {"SystemType": "Host"})
    answer = call(host, "POST", "/policylists/", {**body, "Policies": [ELB]})
    assert answer == records()["u15"]["output"]["document"]


@claim("c68", "c105")
def policy_lists_have_the_recorded_shape() -> None:
    host, shown = on("2019", BRIDGE)
    found = made(
        host,
        "/policylists/",
        {"References": [f"/endpoints/{shown['ID']}"], "Policies": [{**ELB, "SourceVIP": "10.44.0.66"}]},
    )
    assert not [
        *differences(
            records()["l03"]["output"], found | {"References": records()["l03"]["output"]["References"]}, partial=True
        )
    ]
    assert not {"Flags", "HostComputeNetwork"} & found.keys()
    late, shown = on("2025", BRIDGE)
    found = made(late, "/policylists/", {"References": [f"/endpoints/{shown['ID']}"], "Policies": [ELB]})
    assert {"HostComputeNetwork", "IsApplied", "Version", "Resources"} <= found.keys()
    assert found["State"] == 2


@claim("c69", "c106")
def namespaces_have_a_v1_view_and_the_hosts_is_well_known() -> None:
    for os in ("2019", "1903", "2004", "2022", "2025"):
        host = LabHost("a", os)
        (own,) = call(host, "GET", "/namespaces/")["Output"]
        assert own["ID"] == "910F7D92-BA2D-4C3F-98AE-7C0AC590D2DC"
        assert own["CompartmentGuid"] == "B1062982-2B18-4B4F-B3D5-A78DDB9CDD49"
        assert (own["IsDefault"], own["CompartmentId"]) == (True, 1)
        assert own["SchemaVersion"] == {"Major": 0, "Minor": 0}
        assert not [*differences(records()["l15"]["output"], own, partial=True)]
        hcn(host, "HcnCreateNamespace", EMPTY, {"SchemaVersion": {"Major": 0, "Minor": 0}})
        fresh = call(host, "GET", "/namespaces/")["Output"][1]
        assert ("CompartmentId" in fresh) is (os in ("2022", "2025"))
    _ = NAT
