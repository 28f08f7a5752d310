"""Endpoint documents of HNS v1, build by build."""

from __future__ import annotations

from typing import Any, Final

from psnet.lab.labhost import LabHost
from reality.claims import claim
from reality.held.hns_networks import BRIDGE, EMPTY, EVERY, NAT, OVERLAY, V2, call, hcn, made
from reality.records import records
from reality.shapes import differences

OLD: Final = ("2016", "1709", "1803")
NEW: Final = ("2022", "2025")
ACL: Final = {"Type": "ACL", "Action": "Block", "Direction": "In", "Priority": 100, "Protocols": "6"}
REMOTE: Final = {"IsRemoteEndpoint": True, "IPAddress": "10.240.0.11", "MacAddress": "00:11:22:33:44:55"}
FLANNEL: Final = {
    "Name": "vxlan0",
    "Type": "Overlay",
    "Subnets": [{"AddressPrefix": "10.244.0.0/16", "GatewayAddress": "10.244.0.1"}],
    "Policies": [{"Type": "VSID", "VSID": 4096}],
}


def on(os: str, network: dict[str, Any], **fields: Any) -> tuple[LabHost, dict[str, Any]]:
    """Return a host and an endpoint made on a network of it."""
    host = LabHost("a", os)
    found = made(host, "/networks/", network)
    return host, made(host, "/endpoints/", {"VirtualNetwork": found["ID"], **fields})


def endpoints(host: LabHost) -> list[dict[str, Any]]:
    """Return the endpoints that HNS lists."""
    found: list[dict[str, Any]] = call(host, "GET", "/endpoints/")["Output"]
    return found


def agrees(name: str, shown: dict[str, Any]) -> None:
    """Hold that an endpoint has the shape of a record."""
    record = records()[name]
    found = [*differences(record["output"], shown, partial=bool(record.get("partial")))]
    assert not found, "\n".join(f"{name}{line}" for line in found)


@claim("c58", "c60")
def endpoints_are_called_ethernet_and_names_are_not_unique() -> None:
    for os in EVERY:
        host, first = on(os, NAT)
        made(host, "/endpoints/", {"VirtualNetwork": first["VirtualNetwork"]})
        assert [item["Name"] for item in endpoints(host)] == ["Ethernet", "Ethernet"]
        cni = made(host, "/endpoints/", {"VirtualNetwork": first["VirtualNetwork"], "Name": f"{'ab' * 32}_nat"})
        assert cni["Name"] == f"{'ab' * 32}_nat"


@claim("c59", "c67")
def shared_containers_are_ids() -> None:
    for os in EVERY[1:]:
        host = LabHost("a", os)
        made(host, "/networks/", NAT)
        ran = host.run_container("web", "nat")
        (shown,) = endpoints(host)
        assert shown["SharedContainers"] == [ran.id]
        assert len(ran.id) == 64
        assert shown["State"] == 2
        free = made(host, "/endpoints/", {"VirtualNetwork": shown["VirtualNetwork"]})
        assert (free["State"], free["SharedContainers"]) == (1, [])
        attached = made(host, f"/endpoints/{free['ID']}/attach", {"SystemType": "Host", "CompartmentId": 1})
        assert (attached["State"], attached["SharedContainers"]) == (2, [])


@claim("c61", "c62", "c64", "c65")
def remote_endpoints_may_have_any_address_and_keep_their_mac() -> None:
    for os in EVERY[1:]:
        host, local = on(os, BRIDGE, IPAddress="10.44.0.9", MacAddress="0a-00-00-00-00-3b")
        assert local["MacAddress"] == "0a-00-00-00-00-3b"
        twin = made(
            host, "/endpoints/", {**REMOTE, "VirtualNetwork": local["VirtualNetwork"], "IPAddress": "10.44.0.9"}
        )
        away = made(host, "/endpoints/", {**REMOTE, "VirtualNetwork": local["VirtualNetwork"]})
        for shown in (twin, away):
            assert shown["MacAddress"] == "00:11:22:33:44:55"
            assert shown["IsRemoteEndpoint"] is True
            assert {"Type": "L2Driver"} in shown["Policies"]
            assert "GatewayAddress" not in shown
        assert (away.get("Type"), away.get("PrefixLength")) == (
            (("L2Bridge", None) if os in OLD else ("L2Bridge", 24)) if os not in NEW else (None, 24)
        )
    host, local = on("1709", {**BRIDGE, "Name": "l2bridge"})
    shown = made(host, "/endpoints/", {**REMOTE, "VirtualNetwork": local["VirtualNetwork"]})
    agrees("b02", shown)
    agrees(
        "b01",
        made(host, "/endpoints/", {**REMOTE, "VirtualNetwork": local["VirtualNetwork"], "DNSServerList": "10.0.0.10"})
        | {"Type": "l2bridge"},
    )


@claim("c63", "c102")
def hns_15_shows_no_policies_where_there_are_none() -> None:
    for os in EVERY:
        _, shown = on(os, NAT)
        assert shown.get("Policies") == (None if os in NEW else [])
        late = {"Type", "ActivityId", "Health"} & shown.keys()
        assert not late if os in NEW else late or os == "2016"
    host = LabHost("a", "2022")
    made(host, "/networks/", NAT)
    host.run_container("web", "nat")
    (shown,) = endpoints(host)
    wanted = ["ID", "Name", "Version", "AdditionalParams", "Resources", "State", "VirtualNetwork", "VirtualNetworkName"]
    wanted += ["MacAddress", "EnableInternalDNS", "IPAddress", "PrefixLength", "GatewayAddress", "IPSubnetId"]
    assert [*shown] == [*wanted, "DNSServerList", "DNSSuffix", "SharedContainers"]
    assert "parentId" in shown["Resources"]


@claim("c66", "c129")
def hns_fills_gateway_and_dns_from_subnet_and_host() -> None:
    for os in ("2019", "1903", "2004", "2022", "2025"):
        host, shown = on(os, NAT, DNSServerList="", DNSSuffix="", GatewayAddress="")
        assert shown["GatewayAddress"] == "172.24.144.1"
        assert (shown["DNSServerList"], shown["DNSSuffix"]) == ("10.0.255.253", host.hns.dns_suffix)
        docker = made(host, "/endpoints/", {"VirtualNetwork": shown["VirtualNetwork"], "EnableInternalDNS": True})
        assert docker["DNSServerList"] == "172.24.144.1,10.0.255.253"
        sent = made(host, "/endpoints/", {"VirtualNetwork": shown["VirtualNetwork"], "DNSServerList": "10.0.0.10"})
        assert sent["DNSServerList"] == "10.0.0.10"


@claim("c103")
def dockers_endpoint_on_2019_has_the_recorded_shape() -> None:
    _, shown = on("2019", NAT, EnableInternalDNS=True)
    agrees("m05", shown)


@claim("c104")
def state_3_is_a_namespace_that_containers_share() -> None:
    for os in ("2019", "2022"):
        host, shown = on(os, {**BRIDGE, "Type": "Transparent"}, Name="pod", AdditionalParams={"pod-name": "pod-1"})
        namespace = hcn(host, "HcnCreateNamespace", EMPTY, {"SchemaVersion": {"Major": 0, "Minor": 0}}).handle
        add = {"ResourceType": "Endpoint", "RequestType": "Add", "Settings": {"EndpointId": shown["ID"]}}
        assert hcn(host, "HcnModifyNamespace", namespace, add).code == 0
        (found,) = endpoints(host)
        assert found["State"] == 3
        assert found["Namespace"]["ID"]
        host.run_container("c", "flat")
        assert endpoints(host)[1]["State"] == 2


@claim("c144")
def additional_params_are_the_clients_own() -> None:
    params = {"container-id": "7fd9", "pod-name": "pod-1"}
    host, shown = on("2019", {**BRIDGE, "Type": "Transparent"}, AdditionalParams=params)
    assert shown["AdditionalParams"] == params
    assert made(host, f"/endpoints/{shown['ID']}", {"Policies": []})["AdditionalParams"] == params


@claim("c148", "c65", "c61")
def remote_endpoints_of_overlay_have_a_vnet_policy() -> None:
    remote = {
        "Name": "remote_10.244.2.141",
        "IsRemoteEndpoint": True,
        "IPAddress": "10.244.2.141",
        "MacAddress": "0E-2A-0a-f4-02-8d",
        "Policies": [{"Type": "PA", "PA": "10.123.74.74"}],
    }
    _, shown = on("1709", FLANNEL, **remote)
    agrees("m13", shown)
    assert (shown["PrefixLength"], shown["EncapOverhead"]) == (16, 50)


@claim("c130")
def without_acls_hns_allows_at_65500() -> None:
    host, shown = on("2019", NAT)
    made(host, f"/endpoints/{shown['ID']}/attach", {"SystemType": "Host", "CompartmentId": 1})
    agrees("m15", {"Allocators": endpoints(host)[0]["Resources"]["Allocators"]})


@claim("c72", "c113")
def policies_come_later_and_are_stored_unchecked() -> None:
    for os in EVERY[1:]:
        host, shown = on(os, BRIDGE, Policies=[{"Type": "OutBoundNAT", "ExceptionList": ["<your service cidr>"]}])
        path = f"/endpoints/{shown['ID']}"
        proxy = {"Type": "PROXY", "IP": "169.254.169.254", "Port": "80", "OutbountNat": True}
        assert proxy in made(host, path, {"Policies": [*shown["Policies"], proxy]})["Policies"]
        refused = call(host, "POST", f"{path}/attach", {"SystemType": "Host", "CompartmentId": 1})
        if os not in OLD:
            assert refused == {"Error": "Endpoint is in invalid state. ", "ErrorCode": 0x803B0017, "Success": False}
        other, running = on(os, NAT)
        made(other, f"/endpoints/{running['ID']}/attach", {"SystemType": "Container", "ContainerId": "a" * 64})
        assert made(other, f"/endpoints/{running['ID']}", {"Policies": [ACL]})["Policies"][0]["Action"] == "Block"


@claim("c71")
def acl_addresses_are_addresses() -> None:
    for field in ("LocalAddresses", "RemoteAddresses"):
        host, shown = on("2019", NAT)
        answer = call(host, "POST", f"/endpoints/{shown['ID']}", {"Policies": [{**ACL, field: "Any"}]})
        assert answer["ErrorCode"] == 0x803B000D


@claim("c70")
def a_nat_policy_on_l2bridge_does_nothing() -> None:
    nat = {"Type": "NAT", "Protocol": "TCP", "InternalPort": 80, "ExternalPort": 8081}
    for os in ("2019", "2022"):
        host, shown = on(os, BRIDGE, Policies=[nat])
        assert shown["Policies"][0]["ExternalPort"] == 8081
        assert host.nat.mappings == []
        network = hcn(host, "HcnOpenNetwork", shown["VirtualNetwork"]).handle
        mapping = {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8082, "Flags": 1}
        wanted = {"Policies": [{"Type": "PortMapping", "Settings": mapping}]}
        assert hcn(host, "HcnCreateEndpoint", network, EMPTY, {**wanted, "SchemaVersion": V2}).code == 0
        assert [item["Type"] for item in endpoints(host)[1]["Policies"]] == ["NAT", "ROUTE"]
        old = hcn(host, "HcnOpenEndpoint", shown["ID"]).handle
        add = {"ResourceType": "Policy", "RequestType": "Add", "Settings": wanted}
        assert hcn(host, "HcnModifyEndpoint", old, add).code == 0x803B000E


@claim("c112")
def add_appends_and_update_replaces() -> None:
    host, shown = on("2022", NAT)
    made(host, f"/endpoints/{shown['ID']}/attach", {"SystemType": "Container", "ContainerId": "a" * 64})
    handle = hcn(host, "HcnOpenEndpoint", shown["ID"]).handle
    block = {key: value for key, value in ACL.items() if key != "Type"}
    for action, settings, left in (("Add", block, 1), ("Add", block, 2), ("Update", {**block, "Action": "Allow"}, 1)):
        policies = {"Policies": [{"Type": "ACL", "Settings": settings}]}
        request = {"ResourceType": "Policy", "RequestType": action, "Settings": policies}
        assert hcn(host, "HcnModifyEndpoint", handle, request).code == 0
        found = endpoints(host)[0]["Policies"]
        assert [item["Action"] for item in found] == [settings["Action"]] * left
        assert all(item["Scope"] == 0 for item in found)


@claim("c58", "c67")
def an_endpoint_of_windows_10_has_the_recorded_shape() -> None:
    _, shown = on(
        "1803", {**BRIDGE, "Name": "winl2bridge"}, Policies=[{"Type": "OutBoundNAT"}], DNSServerList="10.0.0.1"
    )
    agrees("m08", shown)
    host, shown = on("2019", {**BRIDGE, "Type": "Transparent"}, IPAddress="10.44.0.5", PrefixLength=24)
    agrees("m14", {"response": shown} | {"request": records()["m14"]["output"]["request"]})
    _ = host, OVERLAY
