"""Network documents of HNS v1, build by build."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.labhost import LabHost
from reality.claims import claim
from reality.records import records
from reality.shapes import differences

if TYPE_CHECKING:
    from collections.abc import Iterator

NAT: Final = {
    "Name": "nat",
    "Type": "nat",
    "Subnets": [{"AddressPrefix": "172.24.144.0/20", "GatewayAddress": "172.24.144.1"}],
}
BRIDGE: Final = {
    "Name": "flat",
    "Type": "L2Bridge",
    "Subnets": [{"AddressPrefix": "10.44.0.0/24", "GatewayAddress": "10.44.0.1"}],
}
OVERLAY: Final = {
    "Name": "External",
    "Type": "overlay",
    "Subnets": [
        {
            "AddressPrefix": "192.168.255.0/30",
            "GatewayAddress": "192.168.255.1",
            "Policies": [{"Type": "VSID", "VSID": 9999}],
        }
    ],
}
EVERY: Final = ("2016", "1709", "1803", "2019", "1903", "2004", "2022", "2025")
EMPTY: Final = "00000000-0000-0000-0000-000000000000"
V2: Final = {"Major": 2, "Minor": 0}


def call(host: LabHost, method: str, path: str, body: Any = None) -> dict[str, Any]:
    """Return what HNSCall answers."""
    answer: dict[str, Any] = json.loads(host.hns.call(method, path, json.dumps(body) if body is not None else ""))
    return answer


def made(host: LabHost, path: str, body: Any) -> dict[str, Any]:
    """Return what a POST made."""
    answer = call(host, "POST", path, body)
    assert answer["Success"], answer
    output: dict[str, Any] = answer["Output"]
    return output


def networks(host: LabHost) -> dict[str, dict[str, Any]]:
    """Return the networks that HNS lists by name."""
    return {item["Name"]: item for item in call(host, "GET", "/networks/")["Output"]}


def hcn(host: LabHost, function: str, *arguments: Any) -> Any:
    """Return what a function of computenetwork.dll answers."""
    assert host.hcn is not None
    texts = [json.dumps(item) if isinstance(item, dict) else item for item in arguments]
    return host.hcn.call(function, texts)


@claim("c12", "c101")
def hns_picks_a_free_prefix() -> None:
    pools = (IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))
    found = set()
    for os in EVERY:
        prefix = IPv4Network(
            made(LabHost(os, os), "/networks/", {"Name": "n", "Type": "nat"})["Subnets"][0]["AddressPrefix"]
        )
        assert prefix.prefixlen == 20
        assert any(prefix.subnet_of(pool) for pool in pools)
        found.add(prefix)
    assert len(found) > len(EVERY) // 2, "the prefix is drawn, not the first one"


@claim("c34", "c35")
def networks_count_their_endpoints() -> None:
    for os in EVERY:
        host = LabHost("a", os)
        network = made(host, "/networks/", NAT)
        path = f"/networks/{network['ID']}"
        assert {"MacPools", "Version"} <= network.keys()
        kept = [made(host, "/endpoints/", {"VirtualNetwork": network["ID"]}) for _ in range(2)]
        call(host, "DELETE", f"/endpoints/{kept[0]['ID']}")
        made(host, "/endpoints/", {"VirtualNetwork": network["ID"]})
        shown = call(host, "GET", path)["Output"]
        counts = [shown[name] for name in ("CurrentEndpointCount", "MaxConcurrentEndpoints", "TotalEndpoints")]
        assert counts == [2, 2, 3]


@claim("c36", "c37", "c38", "c39", "c40")
def the_version_is_that_of_hns() -> None:
    versions = {
        "2016": (1, 1),
        "1709": (5, 1),
        "1803": (7, 2),
        "17763.107": (9, 1),
        "17763.557": (9, 2),
        "2019": (9, 2),
        "17763.2183": (9, 3),
        "1903": (10, 3),
        "2022": (13, 3),
        "2025": (16, 0),
    }
    for os, (major, minor) in versions.items():
        host = LabHost("a", os)
        assert made(host, "/networks/", NAT)["Version"] == major << 32 | minor, os
        answer = call(host, "GET", "/globals/version")
        if answer["Success"]:
            assert answer["Output"] == {"Version": {"Major": major, "Minor": minor}}
        else:
            assert os in ("2016", "1709")


@claim("c41", "c105")
def ids_change_their_letter_case() -> None:
    for os in EVERY:
        identifier = made(LabHost("a", os), "/networks/", NAT)["ID"]
        assert identifier == (identifier.lower() if os in ("2016", "1709", "1803") else identifier.upper())
    wanted = "abcdefab-2222-3333-4444-555555555555"
    for os, shown in (("2019", wanted.upper()), ("2022", wanted), ("2025", wanted)):
        host = LabHost("a", os)
        document = {"Name": "v2", "Type": "NAT", "SchemaVersion": V2}
        assert hcn(host, "HcnCreateNetwork", wanted, document).code == 0
        assert networks(host)["v2"]["ID"] == shown
        network = hcn(host, "HcnOpenNetwork", wanted).handle
        point = "fedcbafe-2222-3333-4444-555555555555"
        assert hcn(host, "HcnCreateEndpoint", network, point, {"SchemaVersion": V2}).code == 0
        elb = {"Type": "ELB", "InternalPort": 80, "ExternalPort": 80, "VIPs": ["10.0.0.99"]}
        made_list = made(host, "/policylists/", {"References": [f"/endpoints/{point}"], "Policies": [elb]})
        assert made_list["References"] == [f"/endpoints/{point}"]


@claim("c42")
def a_type_comes_back_as_sent() -> None:
    for os in EVERY:
        for word in ("L2Bridge", "l2bridge", "L2BRIDGE"):
            assert made(LabHost("a", os), "/networks/", {**BRIDGE, "Type": word})["Type"] == word


@claim("c43", "c44", "c45")
def hns_chooses_an_adapter_and_names_it_only_when_it_was_named() -> None:
    for os in EVERY:
        host = LabHost("a", os)
        chosen = made(host, "/networks/", BRIDGE)
        assert "NetworkAdapterName" not in chosen
        lost = os == "2004"  # 19041 drops a static address (claim c33)
        assert chosen["ManagementIP"].startswith("169.254.") if lost else chosen["ManagementIP"] == "10.0.0.11"
        named = made(host, "/networks/", {"Name": "t", "Type": "transparent", "NetworkAdapterName": "Ethernet 2"})
        assert named["NetworkAdapterName"] == "Ethernet 2"
        assert "Subnets" not in named
        third = call(host, "POST", "/networks/", {"Name": "third", "Type": "transparent"})
        assert not third["Success"], "there is no NIC left"


@claim("c46", "c45")
def switches_made_by_hand_are_networks() -> None:
    for os in EVERY:
        host = LabHost("a", os)
        for kind in ("External", "Internal", "Private"):
            host.links.add_switch(f"by hand {kind}", kind, "Ethernet 2" if kind == "External" else None)
        shown = networks(host)
        assert [item["Type"] for item in shown.values()] == ["Transparent", "Internal", "Private"]
        assert all("ManagementIP" not in item and "NetworkAdapterName" not in item for item in shown.values())
        host.links.remove_switch(next(item for item in host.links.switches if item.type == "Private"))
        assert len(networks(host)) == 2


@claim("c47", "c49")
def ics_networks_are_made_through_hns_and_hcn() -> None:
    default = "C08CB7B8-9B3C-408E-8E30-5E16A3AEB444"
    for os in ("2019", "1903", "2004", "2022"):
        host = LabHost("a", os)
        wsl = {"Name": "WSL", "Type": "ICS", "IsolateSwitch": True, "Flags": 9}
        assert hcn(host, "HcnCreateNetwork", EMPTY, wsl).code == 0
        switch = {"Name": "Default Switch", "Type": "ICS", "IsolateSwitch": True, "Flags": 11}
        assert hcn(host, "HcnCreateNetwork", EMPTY, switch).code == 0
        shown = networks(host)
        assert shown["Default Switch"]["ID"].upper() == default
        assert (shown["WSL"]["Type"], shown["WSL"]["Flags"], shown["Default Switch"]["Flags"]) == ("ICS", 9, 11)
        assert shown["WSL"]["NatName"].startswith("ICS")
    assert made(LabHost("a", "1803"), "/networks/", {"Name": "x", "Type": "ICS"})["Type"] == "ICS"


@claim("c48")
def docker_adopts_an_ics_network_as_ics() -> None:
    host = LabHost("a", "1903", docker=True)
    made(host, "/networks/", {"Name": "Default Switch", "Type": "ICS"})
    assert host.docker is not None
    host.docker.started()
    assert host.docker.document(next(i for i in host.docker.networks if i.name == "Default Switch"))["Driver"] == "ics"


@claim("c50", "c51", "c131")
def nat_is_non_persistent_with_vlan_1_from_2022_on() -> None:
    for os in EVERY:
        host, late = LabHost("a", os), os in ("2022", "2025")
        shown = made(host, "/networks/", NAT)
        assert shown["Policies"] == ([{"Type": "VLAN", "VLAN": 1}] if late else [])
        if os not in ("2016", "1709", "1803"):
            assert shown["Flags"] == (8 if late else 0)
        host.hns.attach("nat", "a" * 64)
        (endpoint,) = call(host, "GET", "/endpoints/")["Output"]
        found = [
            item for item in endpoint.get("Resources", {}).get("Allocators", []) if item["Tag"] == "Isolation Policy"
        ]
        assert [(item["IsolationID"], item["IsolationType"]) for item in found] == ([(1, 3)] if late else [])


@claim("c52", "c53")
def subnets_grew_fields() -> None:
    since_2019 = {"ID", "State", "Health", "AdditionalParams", "Policies"}
    for os in EVERY:
        shown = made(LabHost("a", os), "/networks/", OVERLAY)
        (subnet,) = shown["Subnets"]
        assert subnet["Policies"] == [{"Type": "VSID", "VSID": 9999}]
        old = os in ("2016", "1709", "1803")
        assert (since_2019 | {"ObjectType"} <= subnet.keys()) is not old
        assert ({"Flags", "IpSubnets"} <= subnet.keys()) is (os in ("2004", "2022", "2025"))
        assert ({"DrMacAddress", "DNSServerCompartment"} <= shown.keys()) is not old


@claim("c54")
def a_v2_network_shows_its_policies_flat() -> None:
    host = LabHost("a", "1903")
    route = {
        "IsolationId": 4096,
        "ProviderAddress": "172.27.10.47",
        "DestinationPrefix": "10.244.0.0/24",
        "DistributedRouterMacAddress": "c6:71:00:00:00:01",
    }
    subnet = {
        "IpAddressPrefix": "10.244.1.0/24",
        "Routes": [{"NextHop": "10.244.1.1", "DestinationPrefix": "0.0.0.0/0"}],
        "Policies": [{"Type": "VSID", "Settings": {"IsolationId": 4096}}],
    }
    document = {
        "Name": "vxlan0",
        "Type": "Overlay",
        "Flags": 8,
        "Ipams": [{"Type": "Static", "Subnets": [subnet]}],
        "Policies": [{"Type": "HostRoute", "Settings": {}}],
        "SchemaVersion": V2,
    }
    handle = hcn(host, "HcnCreateNetwork", EMPTY, document).handle
    add = {"ResourceType": "Policy", "RequestType": "Add"}
    policies = {"Policies": [{"Type": "RemoteSubnetRoute", "Settings": route}]}
    assert hcn(host, "HcnModifyNetwork", handle, {**add, "Settings": policies}).code == 0
    shown = networks(host)["vxlan0"]
    assert shown["Policies"] == records()["a25"]["output"]["Policies"]
    assert [*differences(records()["a25"]["output"], shown, partial=True)] == []


@claim("c55", "c56")
def extensions_have_their_ids_and_states() -> None:
    for os in EVERY[1:]:
        for body, vfp in ((NAT, False), (BRIDGE, True), (OVERLAY, True)):
            shown = made(LabHost("a", os), "/networks/", body)["Extensions"]
            ids = [item["Id"].lower() for item in shown]
            late, latest = os in ("2004", "2022", "2025"), os in ("2022", "2025")
            assert ids[1] == ("f74f241b" if latest else "e9b59cfa") + ids[1][8:]
            assert ids[2] == ("430bdadd" if late else "ea24cd6c") + ids[2][8:]
            assert shown[1]["IsEnabled"] is vfp


@claim("c74", "c84")
def a_name_is_taken_also_by_what_is_not_listed() -> None:
    for os in ("2019", "1903", "2022"):
        host = LabHost("a", os)
        host.hns.hidden_names.add("cbr0")
        assert networks(host) == {}
        answer = call(host, "POST", "/networks/", {**BRIDGE, "Name": "cbr0"})
        text = "A network with this name already exists. "
        assert answer == {"Error": text, "ErrorCode": 0x803B0010, "Success": False}
        made(host, "/networks/", BRIDGE)
        assert call(host, "POST", "/networks/", {**BRIDGE, "Name": "FLAT"}) == answer


@claim("c139")
def json_before_2019_has_blanks_and_escaped_slashes() -> None:
    for os in EVERY:
        host = LabHost("a", os)
        text = host.hns.call("POST", "/networks/", json.dumps(NAT))
        old = os in ("2016", "1709", "1803")
        assert ('"Name" : "nat"' in text) is old
        assert (r"172.24.144.0\/20" in text) is old


@claim("c140")
def a_network_whose_switch_was_removed_stays() -> None:
    host = LabHost("a", "2016")
    network = made(host, "/networks/", NAT)
    host.links.remove_switch(host.links.switches[0])
    answer = call(host, "DELETE", f"/networks/{network['ID']}")
    assert answer == {"Error": "The parameter is incorrect. ", "Success": False}
    assert "nat" in networks(host)


@claim("c146")
def flags_8_removes_an_external_network_at_a_restart() -> None:
    for os in ("2019", "2022", "2025"):
        host = LabHost("a", os)
        made(host, "/networks/", {**BRIDGE, "Flags": 8})
        made(host, "/networks/", {"Name": "t", "Type": "transparent", "NetworkAdapterName": "Ethernet 2"})
        host.reboot()
        assert [*networks(host)] == ["t"]


def _situations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield records that say a build, with what the host is brought to and asked."""
    for name in ("a11", "a16", "a19", "a21", "a22"):
        yield name, "2019", NAT
    for name in ("a15", "a17", "a23"):
        yield name, "2019", OVERLAY if name != "a17" else {**OVERLAY, "NetworkAdapterName": "Ethernet 2"}
    yield "a08", "1803", NAT
    yield "a09", "1803", {"Name": "Default Switch", "Type": "ICS", "IsolateSwitch": True}
    yield "a10", "1803", {**NAT, "AutomaticDNS": True}
    yield "a27", "1903", {"Name": "Default Switch", "Type": "ICS", "Flags": 11}
    yield "a28", "2004", {"Name": "Default Switch", "Type": "ICS", "Flags": 11}
    yield "a29", "2004", {"Name": "WSL", "Type": "ICS", "Flags": 9, "DNSServerList": "172.31.32.1"}
    for name in ("a32", "a33"):
        yield name, "2022", NAT
    yield "a36", "2022", OVERLAY
    yield "a38", "2025", NAT


@claim("c34", "c41", "c50", "c52")
def network_documents_have_the_recorded_shape() -> None:
    found = []
    for name, os, body in _situations():
        record = records()[name]
        shown = made(LabHost("a", os), "/networks/", body)
        partial = bool(record.get("partial"))
        found += [f"{name}{line}" for line in differences(record["output"], shown, partial=partial)]
    assert not found, "\n".join(found)


@claim("c45", "c46")
def adopted_switches_have_the_recorded_shape() -> None:
    found = []
    for name, os in (("a04", "2016"), ("a14", "17763.107")):
        host = LabHost("a", os)
        record = records()[name]
        host.links.add_switch(record["output"]["Name"], "External", "Ethernet 2")
        (shown,) = networks(host).values()
        found += [f"{name}{line}" for line in differences(record["output"], shown, partial=bool(record.get("partial")))]
    assert not found, "\n".join(found)
