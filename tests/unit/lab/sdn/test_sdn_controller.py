"""The model of the Network Controller: what it keeps, what it refuses, how a write goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from psnet.lab.host.clock import Clock
from psnet.lab.sdn.controller import Controller
from psnet.lab.sdn.errors import SdnError
from psnet.lab.sdn.provisioning import SdnFault
from psnet.lab.sdn.state import restored, saved


def rule(name: str = "https", priority: str = "100", **fields: Any) -> dict[str, Any]:
    properties = {
        "protocol": "TCP",
        "sourcePortRange": "*",
        "destinationPortRange": "443",
        "action": "Allow",
        "sourceAddressPrefix": "*",
        "destinationAddressPrefix": "10.0.1.0/24",
        "priority": priority,
        "type": "Inbound",
        "logging": "Enabled",
    }
    return {"resourceId": name, "properties": {**properties, **fields}}


def acl(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"properties": {"aclRules": list(rules or (rule(),))}}


def ref(path: str) -> dict[str, str]:
    return {"resourceRef": path}


def provider(*subnets: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"properties": {"networkVirtualizationEnabled": True, "subnets": list(subnets), **fields}}


def logical_subnet(name: str, prefix: str, **fields: Any) -> dict[str, Any]:
    return {"resourceId": name, "properties": {"addressPrefix": prefix, "vlanId": 7, **fields}}


def network(**fields: Any) -> dict[str, Any]:
    properties = {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "logicalNetwork": ref("/logicalNetworks/hnv"),
        "subnets": [
            {
                "resourceId": "web",
                "properties": {"addressPrefix": "10.0.1.0/24", "accessControlList": ref("/accessControlLists/web")},
            },
            {"resourceId": "db", "properties": {"addressPrefix": "10.0.2.0/24"}},
        ],
    }
    return {"properties": {**properties, **fields}}


def interface(address: str = "10.0.1.10", mac: str = "00-15-5D-00-00-01", **fields: Any) -> dict[str, Any]:
    configuration = {
        "privateIPAddress": address,
        "privateIPAllocationMethod": "Static",
        "subnet": ref("/virtualNetworks/shop/subnets/web"),
    }
    return {
        "properties": {
            "privateMacAddress": mac,
            "privateMacAllocationMethod": "Static",
            "ipConfigurations": [{"resourceId": "ip", "properties": {**configuration, **fields}}],
        }
    }


@pytest.fixture
def controller() -> Controller:
    made = Controller(Clock(frozen=True), seconds=0)
    made.put("/accessControlLists/web", acl())
    made.put("/logicalNetworks/hnv", provider(logical_subnet("pa", "10.10.0.0/24")))
    vips = {"resourceId": "vips", "properties": {"startIPAddress": "203.0.113.10", "endIPAddress": "203.0.113.20"}}
    made.put(
        "/logicalNetworks/public",
        {"properties": {"subnets": [logical_subnet("vip", "203.0.113.0/24", isPublic=True, ipPools=[vips])]}},
    )
    made.put("/virtualNetworks/shop", network())
    made.put("/networkInterfaces/web1", interface())
    return made


def balancer(**changes: Any) -> dict[str, Any]:
    base = "/loadBalancers/lb"
    front = {
        "privateIPAddress": "203.0.113.10",
        "privateIPAllocationMethod": "Static",
        "subnet": ref("/logicalNetworks/public/subnets/vip"),
    }
    balancing = {
        "frontendIPConfigurations": [ref(f"{base}/frontendIPConfigurations/fe")],
        "backendAddressPool": ref(f"{base}/backendAddressPools/be"),
        "protocol": "TCP",
        "frontendPort": 443,
        "backendPort": 8443,
        "probe": ref(f"{base}/probes/http"),
        **changes.pop("rule", {}),
    }
    probe = {"protocol": "HTTP", "port": 80, "requestPath": "/health", "intervalInSeconds": 5, "numberOfProbes": 11}
    return {
        "properties": {
            "frontendIPConfigurations": [{"resourceId": "fe", "properties": {**front, **changes.pop("front", {})}}],
            "backendAddressPools": [{"resourceId": "be", "properties": {}}],
            "probes": [{"resourceId": "http", "properties": {**probe, **changes.pop("probe", {})}}],
            "loadBalancingRules": [{"resourceId": "https", "properties": balancing}],
            **changes,
        }
    }


REFUSED = [
    ("/accessControlLists/x", acl(rule(colour="red")), "InvalidRequestFormat"),
    ("/accessControlLists/x", acl(rule(protocol="GRE")), "InvalidParameterValue"),
    ("/accessControlLists/x", acl(rule(action="Permit")), "InvalidParameterValue"),
    ("/accessControlLists/x", acl(rule(type="Both")), "InvalidParameterValue"),
    ("/accessControlLists/x", acl(rule(logging="On")), "InvalidParameterValue"),
    ("/accessControlLists/x", acl(rule(destinationPortRange="443-80")), "InvalidParameterValue"),
    ("/accessControlLists/x", acl(rule(sourcePortRange="65536")), "InvalidParameterValue"),
    ("/accessControlLists/x", acl(rule(destinationAddressPrefix="10.0.1.7/24")), "InvalidParameterValue"),
    ("/accessControlLists/x", acl(rule(sourceAddressPrefix="Nowhere")), "InvalidParameterValue"),
    ("/accessControlLists/x", acl(rule(priority="99")), "InvalidParameterValue"),
    ("/accessControlLists/x", acl(rule(priority="65001")), "InvalidParameterValue"),
    ("/accessControlLists/x", acl(rule(), rule("other")), "SecurityRuleConflict"),
    ("/accessControlLists/x", acl(rule(), rule(priority="101")), "DuplicateResourceName"),
    (
        "/accessControlLists/x",
        {"properties": {"aclRules": [{"properties": rule()["properties"]}]}},
        "InvalidParameterValue",
    ),
    ("/accessControlLists/x", {"resourceId": "y", **acl()}, "InvalidParameterValue"),
    ("/accessControlLists/x", {}, "InvalidParameterValue"),
    ("/accessControlLists/missing/aclRules/x", rule(), "ParentResourceNotFound"),
    ("/widgets/x", {}, "ResourceNotFound"),
    (
        "/logicalNetworks/x",
        provider(logical_subnet("a", "10.1.0.0/24"), logical_subnet("b", "10.1.0.0/25")),
        "NetcfgSubnetRangesOverlap",
    ),
    ("/logicalNetworks/x", provider(logical_subnet("a", "10.1.0.0/24", vlanId=4095)), "InvalidParameterValue"),
    (
        "/logicalNetworks/x",
        provider(logical_subnet("a", "10.1.0.0/24", defaultGateways=["10.2.0.1"])),
        "InvalidParameterValue",
    ),
    (
        "/logicalNetworks/x",
        provider(
            logical_subnet(
                "a",
                "10.1.0.0/24",
                ipPools=[{"resourceId": "p", "properties": {"startIPAddress": "10.1.0.9", "endIPAddress": "10.1.0.5"}}],
            )
        ),
        "InvalidParameterValue",
    ),
    ("/virtualNetworks/x", network(logicalNetwork=ref("/logicalNetworks/none")), "InvalidResourceReference"),
    ("/virtualNetworks/x", network(logicalNetwork=ref("/logicalNetworks/public")), "InvalidParameterValue"),
    ("/virtualNetworks/x", network(logicalNetwork=ref("/accessControlLists/web")), "InvalidParameterValue"),
    ("/virtualNetworks/x", network(addressSpace={"addressPrefixes": ["192.168.0.0/16"]}), "NetcfgInvalidSubnet"),
    ("/virtualNetworks/shop", network(subnets=[]), "InUseVirtualSubnetCannotBeDeleted"),
    (
        "/virtualNetworks/shop",
        network(subnets=[{"resourceId": "web", "properties": {"addressPrefix": "10.0.9.0/24"}}]),
        "InUsePrefixCannotBeDeleted",
    ),
    ("/networkInterfaces/x", interface("10.0.1.11"), "MacAddressInUse"),
    ("/networkInterfaces/x", interface(mac="00155D000002"), "PrivateIPAddressInUse"),
    ("/networkInterfaces/x", interface("10.0.2.5", "00155D000002"), "PrivateIPAddressNotInSubnet"),
    ("/networkInterfaces/x", interface("10.0.1.1", "00155D000002"), "PrivateIPAddressInReservedRange"),
    ("/networkInterfaces/x", interface("10.0.1.11", "00155D0002"), "InvalidParameterValue"),
    (
        "/networkInterfaces/x",
        interface("10.0.1.11", "00155D000002", accessControlList=ref("/accessControlLists/none")),
        "InvalidResourceReference",
    ),
    ("/networkInterfaces/x", interface("10.0.1.11", "00155D000002", subnet={}), "InvalidParameterValue"),
    ("/loadBalancers/lb", balancer(front={"privateIPAddress": "203.0.113.30"}), "VipNotInPool"),
    ("/loadBalancers/lb", balancer(front={"privateIPAddress": "198.51.100.1"}), "PrivateIPAddressNotInSubnet"),
    ("/loadBalancers/lb", balancer(rule={"frontendPort": 0}), "InvalidParameterValue"),
    ("/loadBalancers/lb", balancer(rule={"idleTimeoutInMinutes": 3}), "InvalidParameterValue"),
    ("/loadBalancers/lb", balancer(rule={"probe": ref("/loadBalancers/lb/probes/none")}), "InvalidResourceReference"),
    ("/loadBalancers/lb", balancer(probe={"protocol": "TCP"}), "InvalidParameterValue"),
    (
        "/routeTables/x",
        {
            "properties": {
                "routes": [
                    {"resourceId": "r", "properties": {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance"}}
                ]
            }
        },
        "InvalidParameterValue",
    ),
    (
        "/servers/x",
        {"properties": {"connections": [{"managementAddresses": ["h1"], "credential": ref("/credentials/c")}]}},
        "InvalidResourceReference",
    ),
    ("/publicIPAddresses/x", {"properties": {"ipAddress": "198.51.100.4"}}, "InvalidParameterValue"),
    ("/credentials/x", {"properties": {"type": "UsernamePassword", "value": "secret"}}, "InvalidParameterValue"),
]


@pytest.mark.parametrize(("path", "document", "code"), REFUSED)
def test_what_windows_would_refuse_or_may_refuse_is_refused_and_changes_nothing(
    controller: Controller, path: str, document: dict[str, Any], code: str
) -> None:
    before = {key: dict(value) for key, value in controller.documents.items()}
    with pytest.raises(SdnError) as refused:
        controller.put(path, document)
    assert refused.value.code == code
    assert controller.documents == before


def test_a_resource_has_ids_paths_and_states_down_to_its_children(controller: Controller) -> None:
    found = controller.get("/ACCESSCONTROLLISTS/WEB")
    (inner,) = found["Properties"]["AclRules"]
    assert found["ResourceRef"] == "/accessControlLists/web"
    assert inner["ResourceRef"] == "/accessControlLists/web/aclRules/https"
    assert inner["Etag"] == found["Etag"]
    assert inner["InstanceId"] != found["InstanceId"]
    assert found["Properties"]["ConfigurationState"]["Status"] == "Success"
    assert found["Properties"]["Subnets"] == [{"ResourceRef": "/virtualNetworks/shop/subnets/web"}]


def test_what_was_read_can_be_sent_back_and_changes_only_the_etag(controller: Controller) -> None:
    controller.put("/loadBalancers/lb", balancer())
    for path in ("/accessControlLists/web", "/virtualNetworks/shop", "/networkInterfaces/web1", "/loadBalancers/lb"):
        before = controller.get(path)
        controller.put(path, before, before["Etag"])
        after = controller.get(path)
        assert after["Etag"] != before["Etag"]
        assert _without_etags(after) == _without_etags(before)


def _without_etags(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_etags(item) for key, item in value.items() if key not in ("Etag", "LastUpdatedTime")}
    return [_without_etags(item) for item in value] if isinstance(value, list) else value


def test_a_write_with_an_old_etag_is_refused(controller: Controller) -> None:
    before = controller.get("/accessControlLists/web")
    controller.touch("/accessControlLists/web")
    for write in (
        lambda: controller.put("/accessControlLists/web", before, before["Etag"]),
        lambda: controller.delete("/accessControlLists/web", before["Etag"]),
        lambda: controller.put("/accessControlLists/new", acl(), before["Etag"]),
    ):
        with pytest.raises(SdnError) as refused:
            write()
        assert refused.value.status == 412


def test_what_is_referred_to_is_not_deleted(controller: Controller) -> None:
    for path, code in (
        ("/accessControlLists/web", "InUseAccessControlListCannotBeDeleted"),
        ("/logicalNetworks/hnv", "InUseLogicalNetworkCannotBeDeleted"),
        ("/virtualNetworks/shop", "InUseVirtualSubnetCannotBeDeleted"),
        ("/virtualNetworks/shop/subnets/web", "InUseVirtualSubnetCannotBeDeleted"),
    ):
        with pytest.raises(SdnError) as refused:
            controller.delete(path)
        assert refused.value.code == code


def test_in_the_right_order_everything_is_deleted(controller: Controller) -> None:
    for path in (
        "/networkInterfaces/web1",
        "/virtualNetworks/shop/subnets/db",
        "/virtualNetworks/shop",
        "/logicalNetworks/hnv",
        "/logicalNetworks/public",
        "/accessControlLists/web",
    ):
        assert controller.delete(path) is not None
    assert controller.documents == {}
    assert controller.delete("/accessControlLists/web") is None


def test_a_child_is_written_alone_and_its_siblings_stay(controller: Controller) -> None:
    before = controller.get("/accessControlLists/web")
    controller.put("/accessControlLists/web/aclRules/ssh", rule("ssh", "101", destinationPortRange="22"))
    after = controller.get("/accessControlLists/web")
    assert [item["ResourceId"] for item in after["Properties"]["AclRules"]] == ["https", "ssh"]
    assert after["Properties"]["AclRules"][0]["InstanceId"] == before["Properties"]["AclRules"][0]["InstanceId"]
    assert after["Etag"] != before["Etag"]
    controller.delete("/accessControlLists/web/aclRules/https")
    assert [item["ResourceId"] for item in controller.collection("/accessControlLists/web/aclRules")] == ["ssh"]


def test_a_write_is_updating_until_the_clock_says_so() -> None:
    clock = Clock(frozen=True)
    controller = Controller(clock, seconds=2)
    operation = controller.put("/accessControlLists/web", acl())
    assert controller.get("/accessControlLists/web")["Properties"]["ProvisioningState"] == "Updating"
    for write in (
        lambda: controller.put("/accessControlLists/web", acl()),
        lambda: controller.delete("/accessControlLists/web"),
    ):
        with pytest.raises(SdnError, match="in progress"):
            write()
    assert controller.enforced == {}
    clock.advance(2)
    assert controller.get("/accessControlLists/web")["Properties"]["ProvisioningState"] == "Succeeded"
    assert operation.status == "Succeeded"
    assert list(controller.enforced) == ["/accesscontrollists/web"]
    controller.delete("/accessControlLists/web")
    assert controller.get("/accessControlLists/web")["Properties"]["ProvisioningState"] == "Deleting"
    clock.advance(2)
    with pytest.raises(SdnError):
        controller.get("/accessControlLists/web")


def test_nothing_refers_to_what_is_not_provisioned(controller: Controller) -> None:
    controller.faults.add(SdnFault(provisioning="fail", resource="/accessControlLists/bad", code="Vfp", message="no"))
    operation = controller.put("/accessControlLists/bad", acl())
    found = controller.get("/accessControlLists/bad")["Properties"]
    assert (operation.status, found["ProvisioningState"]) == ("Failed", "Failed")
    assert found["ConfigurationState"]["DetailedInfo"] == [
        {"Source": "AccessControlList", "Message": "no", "Code": "Vfp"}
    ]
    with pytest.raises(SdnError) as refused:
        controller.put(
            "/networkInterfaces/x",
            interface("10.0.1.11", "00155D000002", accessControlList=ref("/accessControlLists/bad")),
        )
    assert refused.value.code == "ReferencedResourceNotProvisioned"
    assert "/accesscontrollists/bad" not in controller.enforced
    controller.put("/accessControlLists/bad", acl())
    assert controller.get("/accessControlLists/bad")["Properties"]["ProvisioningState"] == "Succeeded"


def test_a_lost_etag_is_somebody_elses_write_after_the_read(controller: Controller) -> None:
    controller.faults.add(SdnFault(provisioning="lost", resource="/accessControlLists/*"))
    read = controller.get("/accessControlLists/web")
    with pytest.raises(SdnError) as refused:
        controller.put("/accessControlLists/web", read, read["Etag"])
    assert refused.value.status == 412
    again = controller.get("/accessControlLists/web")
    controller.put("/accessControlLists/web", again, again["Etag"])


def test_dynamic_addresses_are_chosen_and_kept(controller: Controller) -> None:
    controller.put("/macPools/p", {"properties": {"startMacAddress": "001DD8000001", "endMacAddress": "001DD80000FF"}})
    dynamic = {"privateIPAllocationMethod": "Dynamic", "subnet": ref("/virtualNetworks/shop/subnets/web")}
    document = {"properties": {"ipConfigurations": [{"resourceId": "ip", "properties": dynamic}]}}
    controller.put("/networkInterfaces/web2", document)
    first = controller.get("/networkInterfaces/web2")["Properties"]
    assert first["PrivateMacAddress"] == "001DD8000001"
    assert first["IpConfigurations"][0]["Properties"]["PrivateIPAddress"] == "10.0.1.2"
    controller.put("/networkInterfaces/web2", document)
    assert (
        controller.get("/networkInterfaces/web2")["Properties"]["IpConfigurations"][0]["Properties"]["PrivateIPAddress"]
        == "10.0.1.2"
    )


def test_pool_members_are_the_interfaces_that_name_the_pool(controller: Controller) -> None:
    controller.put("/loadBalancers/lb", balancer())
    pool = "/loadBalancers/lb/backendAddressPools/be"
    controller.put("/networkInterfaces/web1", interface(loadBalancerBackendAddressPools=[ref(pool)]))
    members = controller.get(pool)["Properties"]["BackendIPConfigurations"]
    assert members == [{"ResourceRef": "/networkInterfaces/web1/ipConfigurations/ip"}]
    with pytest.raises(SdnError) as refused:
        controller.delete("/loadBalancers/lb")
    assert refused.value.code == "InUseLoadBalancerBackendAddressPoolCannotBeDeleted"


def test_a_password_is_not_given_back_and_a_deleted_credential_leaves_its_servers(controller: Controller) -> None:
    secret = {"type": "UsernamePassword", "userName": "lab\\admin", "value": "hunter2"}
    controller.put("/credentials/host", {"properties": secret})
    connection = {
        "managementAddresses": ["web1"],
        "credential": ref("/credentials/host"),
        "credentialType": "UsernamePassword",
    }
    controller.put("/servers/web1", {"properties": {"connections": [connection]}})
    assert "Value" not in controller.get("/credentials/host")["Properties"]
    controller.delete("/credentials/host")
    assert "Credential" not in controller.get("/servers/web1")["Properties"]["Connections"][0]


def test_a_controller_outlives_its_lab_on_disk() -> None:
    clock = Clock(frozen=True)
    controller = Controller(clock, seconds=0)
    controller.put("/accessControlLists/web", acl())
    controller.faults.add(SdnFault(provisioning="fail", resource="/accessControlLists/late", times=2))
    controller.seconds = 5
    controller.put("/accessControlLists/late", acl())
    again = restored(json.loads(json.dumps(saved(controller))), clock)
    assert again.get("/accessControlLists/web") == controller.get("/accessControlLists/web")
    assert again.get("/accessControlLists/late")["Properties"]["ProvisioningState"] == "Updating"
    clock.advance(5)
    assert again.get("/accessControlLists/late")["Properties"]["ProvisioningState"] == "Failed"
    assert [fault.times for fault in again.faults.remaining()] == [1]
    again.seconds = 0
    again.put("/accessControlLists/new", acl())
    ids = [item["InstanceId"] for item in again.collection("/accessControlLists")]
    assert len(set(ids)) == 3
