"""HNS answers with success for what it does not keep (claim c113): policies are read back and compared by field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from dsc_node import Node, instances, site

from psnet.apply import apply_script
from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file
from psnet.lab.host.hns import calls, endpoints
from psnet.lab.host.hns.hcn import Hcn

if TYPE_CHECKING:
    from collections.abc import Callable

DATA: dict[str, Any] = {
    "container_networks": [{"name": "web", "subnet": "172.20.0.0/24"}],
    "endpoints": [{"name": "app", "network": "web", "address": "172.20.0.10"}],
    "acls": [{"endpoint": "app", "rules": [{"action": "Allow", "direction": "In", "protocols": "6", "priority": 200}]}],
}


def changed(policy: dict[str, Any]) -> list[dict[str, Any]]:
    return [policy | {"Priority": 1}]


def without(policy: dict[str, Any]) -> list[dict[str, Any]]:
    return [{key: value for key, value in policy.items() if key != "Priority"}]


def dropped(_: dict[str, Any]) -> list[dict[str, Any]]:
    return []


def kept(policy: dict[str, Any]) -> list[dict[str, Any]]:
    return [policy | {"Priority": str(policy["Priority"])}]


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[dict[str, Any]], list[dict[str, Any]]]], Node]:
    def build(keep: Callable[[dict[str, Any]], list[dict[str, Any]]]) -> Node:
        real = endpoints.set_policies

        def other(hns: Any, network: Any, endpoint: Any, policies: Any) -> None:
            real(hns, network, endpoint, policies)
            acls = [each for item in endpoint.policies if item["Type"] == "ACL" for each in keep(item)]
            endpoint.policies = [*(item for item in endpoint.policies if item["Type"] != "ACL"), *acls]

        monkeypatch.setattr(endpoints, "set_policies", other)
        return Node("2022")

    return build


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        (kept, ""),
        (changed, "Priority is 1, not 200"),
        (without, "Priority is"),
        (dropped, "HNS keeps 0 policies of type ACL at the endpoint app, 1 were set"),
    ],
    ids=["numbers as texts", "another value", "a field left out", "not stored"],
)
def test_a_policy_that_hns_does_not_keep_is_an_error(node: Any, keep: Any, said: str) -> None:
    host = node(keep)
    done = run_file(host.host, apply_script(host.plan(site(DATA))), registry=lab_registry(host.host))
    assert not done.errors, done.stderr_text
    failed = [item for item in map(json.loads, done.stdout) if item["status"] == "failed"]
    assert [item["error_id"].partition(",")[0] for item in failed] == (["PSNet.PolicyNotKept"] if said else [])
    assert said in "".join(item["message"] for item in failed)


def test_a_dsc_resource_says_so_too(node: Any) -> None:
    host = node(changed)
    network, endpoint, acl = instances(DATA)
    host.set(network)
    host.set(endpoint)
    with pytest.raises(Exception, match="Priority is 1, not 200"):
        host.set(acl)


SETS: dict[str, Any] = {
    "container_networks": [
        {"name": "flat", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "10.44.0.0/24"},
    ],
    "ip_sets": [{"name": "web", "network": "flat", "addresses": ["10.44.0.10", "10.44.0.11"]}],
}


@pytest.mark.parametrize("forgets", [True, False])
def test_a_policy_of_hcn_is_read_back_too(monkeypatch: pytest.MonkeyPatch, forgets: bool) -> None:  # noqa: FBT001 - a table
    """HCN stores what it does not understand, and drops what it likes (claim c113)."""
    call = Hcn.call

    def other(hcn: Hcn, function: str, arguments: list[Any]) -> Any:
        answer = call(hcn, function, arguments)
        if function == "HcnModifyNetwork" and forgets:
            for item in hcn.hns.networks:
                item.policies = [each | {"Values": "10.44.0.10"} for each in item.policies]
        return answer

    monkeypatch.setattr(Hcn, "call", other)
    host = Node("2025")
    done = run_file(host.host, apply_script(host.plan(site(SETS))), registry=lab_registry(host.host))
    failed = [item for item in map(json.loads, done.stdout) if item["status"] == "failed"]
    assert [item["error_id"].partition(",")[0] for item in failed] == ["PSNet.PolicyNotKept"] * forgets
    assert "HCN does not keep a policy of type SetPolicy" in "".join(item["message"] for item in failed) or not forgets


def test_what_an_endpoint_is_made_with_is_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Policies that HNS takes with an endpoint only, in the document that makes it."""
    made = endpoints.set_policies

    def forgetful(hns: Any, network: Any, endpoint: Any, _: Any) -> None:
        made(hns, network, endpoint, [])

    monkeypatch.setattr(endpoints, "set_policies", forgetful)
    host = Node("2022")
    data = {
        "container_networks": DATA["container_networks"],
        "endpoints": DATA["endpoints"],
        "qos": [{"endpoint": "app", "maximum_outgoing_bandwidth": 1000000}],
    }
    made_plan = host.plan(site(data))
    assert any((item.create or {}).get("policies") for item in made_plan.changes)
    done = run_file(host.host, apply_script(made_plan), registry=lab_registry(host.host))
    failed = [item for item in map(json.loads, done.stdout) if item["status"] == "failed"]
    assert "PSNet.PolicyNotKept" in {item["error_id"].partition(",")[0] for item in failed}


BALANCED: dict[str, Any] = {
    "container_networks": [{"name": "flat", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "10.44.0.0/24"}],
    "endpoints": [
        {"name": "app", "network": "flat", "address": "10.44.0.10"},
        {"name": "db", "network": "flat", "address": "10.44.0.11"},
    ],
    "load_balancers": [
        {"name": "front", "vips": ["10.0.0.9"], "protocol": "TCP", "external_port": 80, "internal_port": 8080}
        | {"members": ["app", "db"], "dsr": True},
    ],
}


def _port(body: dict[str, Any]) -> None:
    body["Policies"][0]["InternalPort"] = 81


def _no_dsr(body: dict[str, Any]) -> None:
    del body["Policies"][0]["IsDSR"]


def _front(body: dict[str, Any]) -> None:
    body["Policies"][0]["VIPs"] = ["10.0.0.10"]


def _member(body: dict[str, Any]) -> None:
    body["References"] = body["References"][:1]


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (_port, "InternalPort is 81, not 8080"),
        (_no_dsr, "IsDSR is"),
        (_front, "VIPs is"),
        (_member, "the host does not keep Members"),
    ],
    ids=["port", "flag", "front", "member"],
)
def test_a_balancer_that_hns_keeps_otherwise_is_an_error_of_its_resource(
    monkeypatch: pytest.MonkeyPatch, alter: Any, said: str
) -> None:
    """And Test compares with what the host says, not with what Set sent."""
    real = calls.answer

    def other(host: Any, method: str, path: str, body: str) -> Any:
        if method == "POST" and path.startswith("/policylists"):
            document = json.loads(body)
            alter(document)
            body = json.dumps(document)
        return real(host, method, path, body)

    node = Node("2022")
    *rest, balancer = instances(BALANCED)
    for item in rest:
        node.set(item)
    with monkeypatch.context() as patched:
        patched.setattr(calls, "answer", other)
        with pytest.raises(Exception, match=said):
            node.set(balancer)
    assert not node.test(balancer)
    node.set(balancer)
    assert node.test(balancer)


@pytest.mark.parametrize(
    ("field", "value"),
    [("IPAddress", "172.20.0.99"), ("DNSServerList", "10.0.0.1"), ("DNSSuffix", "other"), ("MacAddress", None)],
)
def test_an_endpoint_that_hns_makes_otherwise_is_an_error_of_its_resource(
    monkeypatch: pytest.MonkeyPatch, field: str, value: str | None
) -> None:
    real = calls.answer

    def other(host: Any, method: str, path: str, body: str) -> Any:
        if method == "POST" and path.startswith("/endpoints"):
            document = json.loads(body) | {field: value}
            body = json.dumps({key: item for key, item in document.items() if item is not None})
        return real(host, method, path, body)

    node = Node("2022")
    told = {"dns_servers": ["10.0.0.53"], "dns_suffix": "x.example", "mac": "00-15-5D-44-00-10"}
    data = DATA | {"acls": [], "endpoints": [DATA["endpoints"][0] | told]}
    network, endpoint = instances(data)
    node.set(network)
    monkeypatch.setattr(calls, "answer", other)
    with pytest.raises(Exception, match=f"the host does not keep {field}"):
        node.set(endpoint)
    assert not node.test(endpoint)


def test_a_port_that_hns_does_not_publish_is_an_error_of_its_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    made = endpoints.set_policies
    port = {"name": "http", "network": "web", "protocol": "TCP", "external_port": 8080, "internal_port": 80}
    data = DATA | {"acls": [], "nat_static_mappings": [port | {"internal_address": "172.20.0.10", "firewall": False}]}
    node = Node("2022")
    *rest, mapping = instances(data)
    for item in rest:
        node.set(item)
    monkeypatch.setattr(endpoints, "set_policies", lambda hns, network, endpoint, _: made(hns, network, endpoint, []))
    with pytest.raises(Exception, match="HNS does not keep a policy of type NAT of app"):
        node.set(mapping)
    assert not node.test(mapping)
