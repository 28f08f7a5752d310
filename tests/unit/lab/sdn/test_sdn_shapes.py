"""Objects, documents and JSON are three forms of one thing; ACLs of endpoints decide without a controller too."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psnet.lab.host.reach.packet import Packet
from psnet.lab.labhost import LabHost
from psnet.lab.sdn import endpoints
from psnet.lab.sdn.documents import checked, to_json
from psnet.lab.sdn.filters import decide
from psnet.lab.sdn.objects import to_document, to_object
from psnet.lab.sdn.types import Field, SdnType, camel, sdn_type, types
from psnet.lab.sdn.typetable import RESOURCES

_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "s": st.text("abcXYZ-*/0123456789", min_size=1, max_size=12),
    "b": st.booleans(),
    "i": st.integers(-1000, 70000),
    "ip": st.ip_addresses().map(str),
    "cidr": st.integers(0, 255).map(lambda number: f"10.{number}.0.0/16"),
    "mac": st.integers(0, 2**48 - 1).map(lambda number: f"{number:012X}"),
    "tags": st.dictionaries(st.sampled_from(["Owner", "cost"]), st.text("ab", max_size=3), max_size=2),
}


def _field(field: Field, depth: int) -> st.SearchStrategy[Any]:
    if field.kind == "e":
        one: st.SearchStrategy[Any] = st.sampled_from(field.values)
    elif field.kind == "reference":
        one = st.sampled_from(["/accessControlLists/web", "/logicalNetworks/x/subnets/y"]).map(
            lambda path: {"ResourceRef": path}
        )
    elif field.kind == "object":
        one = documents(sdn_type(field.type), depth - 1)
    else:
        one = _VALUES[field.kind]
    return st.lists(one, min_size=1, max_size=2) if field.many else one


def documents(type_: SdnType, depth: int = 3) -> st.SearchStrategy[Any]:
    """Return documents of a type with what it needs and some of the rest."""
    fields = {each.name: each for each in type_.fields.values() if not each.read_only}
    needed = {name: _field(each, depth) for name, each in fields.items() if each.required}
    others = {} if depth <= 0 else {name: _field(each, depth) for name, each in fields.items() if not each.required}
    return st.fixed_dictionaries(needed, optional=others)


@given(
    st.sampled_from(sorted(set(RESOURCES.values()))).flatmap(
        lambda name: st.tuples(st.just(name), documents(sdn_type(name)))
    )
)
def test_document_object_and_json_are_one_thing(case: tuple[str, Any]) -> None:
    name, document = case
    there = checked(sdn_type(name), document, name)
    assert to_document(to_object(name, there)) == there
    assert checked(sdn_type(name), to_json(there), name) == there


@pytest.mark.parametrize(
    ("field", "json"),
    [
        ("AclRules", "aclRules"),
        ("PrivateIPAddress", "privateIPAddress"),
        ("IPAddress", "ipAddress"),
        ("FrontendIPConfigurations", "frontendIPConfigurations"),
        ("OS", "os"),
        ("VMGuid", "vmGuid"),
        ("VLAN", "vlan"),
        ("PeerASN", "peerASN"),
    ],
)
def test_names_in_json_begin_in_lower_case(field: str, json: str) -> None:
    assert camel(field) == json


def test_every_object_type_and_reference_of_the_table_exists() -> None:
    for type_ in types().values():
        for field in type_.fields.values():
            if field.kind in ("object", "reference"):
                assert field.type.lower() in types(), f"{type_.name}.{field.name}"


ACL = {"Type": "ACL", "Direction": "In", "Protocols": "6", "LocalPorts": "443", "Priority": 100}
BLOCK, ALLOW = {**ACL, "Action": "Block"}, {**ACL, "Action": "Allow"}
ANYTHING = {"Type": "ACL", "Direction": "In", "Action": "Allow"}
ENDPOINTS = [
    # ACLs of the target, its Windows, the port; delivered
    ([], "2022", 443, True),
    ([BLOCK], "2022", 443, False),
    ([BLOCK], "2022", 80, False),
    ([ALLOW], "2022", 80, True),
    ([ALLOW], "2025", 80, False),
    ([BLOCK, {**ANYTHING, "Priority": 200}], "2022", 80, True),
    ([BLOCK, {**ANYTHING, "Priority": 50}], "2022", 443, True),
    ([{**BLOCK, "RemoteAddresses": "10.0.0.0/8"}, {**ANYTHING, "Priority": 200}], "2022", 443, True),
    ([{"Type": "ACL", "Direction": "Out", "Action": "Block", "Priority": 1}], "2022", 443, True),
]


@pytest.mark.parametrize(("acls", "os", "port", "delivered"), ENDPOINTS)
def test_acls_of_endpoints_decide_without_a_controller(acls: list[Any], os: str, port: int, *, delivered: bool) -> None:
    host = LabHost("h1", os)
    host.hns.create(
        "flat",
        "l2bridge",
        adapter="Ethernet 2",
        subnets=[{"AddressPrefix": "172.30.1.0/24", "GatewayAddress": "172.30.1.1"}],
    )
    host.run_container("client", "flat")
    host.run_container("server", "flat")
    source, target = host.hns.endpoints
    target.policies.extend(acls)
    verdict = endpoints.send([host], Packet(source.address, target.address, port))
    assert verdict.delivered is delivered
    assert verdict.interface == (target.id if delivered else "")


_ENDS = st.integers(0, 3)
_RULES = st.tuples(st.sampled_from(["Allow", "Deny"]), st.sampled_from(["TCP", "UDP", "All"]), _ENDS, _ENDS)


@given(st.lists(_RULES, max_size=6), st.sampled_from(["TCP", "UDP"]), _ENDS)
def test_the_first_rule_by_priority_decides(rules: list[tuple[str, str, int, int]], protocol: Any, port: int) -> None:
    from psnet.lab.host.clock import Clock
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.enforced import Port

    controller = Controller(Clock(frozen=True), seconds=0)
    listed = [
        {
            "resourceId": f"r{at}",
            "properties": {
                "protocol": kind,
                "sourcePortRange": "*",
                "destinationPortRange": f"{min(low, high)}-{max(low, high)}",
                "action": action,
                "sourceAddressPrefix": "*",
                "destinationAddressPrefix": "*",
                "priority": str(1000 - at),
                "type": "Inbound",
            },
        }
        for at, (action, kind, low, high) in enumerate(rules)
    ]
    controller.put("/accessControlLists/a", {"properties": {"aclRules": listed}})
    fields = {"AccessControlList": {"ResourceRef": "/accessControlLists/a"}}
    at = Port("/p", "/n", "10.0.0.4", "", "/virtualNetworks/v/subnets/s", fields)
    allowed, _, rule = decide(controller, at, Packet("10.0.0.9", "10.0.0.4", port, protocol), "Inbound")
    hits = [
        number
        for number, (_, kind, low, high) in enumerate(rules)
        if kind in ("All", protocol) and min(low, high) <= port <= max(low, high)
    ]
    assert rule == (f"/accessControlLists/a/aclRules/r{max(hits)}" if hits else "default")
    assert allowed is (rules[max(hits)][0] == "Allow" if hits else True)
