"""Reasons of every resource of PSNetDsc, and parameters that are omitted or $null, in the lab's two languages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from dsc_node import Node, instances, plain
from sampling import every

from psnet.dsc.examples import EXAMPLES
from psnet.dsc.resources import resources

if TYPE_CHECKING:
    from psnet.dsc.resources import DscInstance

LANGUAGES = ("5.1", "7")
#: What is declared otherwise than the host has it, and the property that the reason names.
DRIFT: dict[str, tuple[dict[str, Any], str]] = {
    "nat": ({"Prefix": "172.21.0.0/24"}, "Prefix"),
    "container_network": ({"Subnets": ["Prefix=172.21.0.0/24"]}, "Subnets"),
    "cni": ({"Capabilities": ["dns"]}, "File"),
    "endpoint": ({"Address": "10.44.0.11"}, "Address"),
    "nat_static_mapping": ({"InternalPort": "81"}, "ExternalPort"),
    "firewall_rule": ({"LocalPorts": ["81"]}, "LocalPorts"),
    "acl": ({"Rules": ["Action=Allow; Direction=In; Protocols=TCP; LocalPorts=81"]}, "Policies"),
    "qos": ({"MaximumOutgoingBandwidth": 1000}, "Policies"),
    "outbound_nat": ({"Exceptions": ["10.1.0.0/16"]}, "Policies"),
    "route": ({"Routes": ["10.97.0.0/16"]}, "Policies"),
    "proxy": ({"Port": "15002"}, "Policies"),
    "overlay_peer": ({"ProviderAddress": "192.168.10.13"}, "ProviderAddress"),
    "ip_set": ({"Addresses": ["10.44.0.11"]}, "Addresses"),
    "network_acl": ({"Rules": ["Action=Block; Direction=In"]}, "Rules"),
    "reapply": ({"Script": "Get-Date"}, "Script"),
    "load_balancer": ({"InternalPort": 8081}, "InternalPort"),
}


def _os(kind: str) -> str:
    """Return the Windows that has a kind: ACLs of networks come with HNS 15."""
    return "2025" if kind == "network_acl" else "2022"


@cache
def converged(kind: str, language: str) -> tuple[Node, DscInstance]:
    """Return a node with the example of a kind, and its instance; what asks it leaves it as it is."""
    node = Node(_os(kind), language=language)
    node.converge(EXAMPLES[kind])
    return node, instances(EXAMPLES[kind])[-1]


def reasons(node: Node, item: DscInstance, **changes: Any) -> list[tuple[str, str]]:
    """Return (code, phrase) of what Get says when it is told what is declared."""
    (found,) = node.call("Get", item.cls.name, {**item.properties, **changes}).values
    told = [{str(key): str(plain(value)) for key, value in reason.items()} for reason in found["Reasons"]]
    assert all(set(reason) == {"Code", "Phrase"} for reason in told)
    return [(reason["Code"], reason["Phrase"]) for reason in told]


def test_every_kind_has_a_case() -> None:
    assert DRIFT.keys() == resources().keys() == EXAMPLES.keys()


@pytest.mark.parametrize(("kind", "language"), every(4, [(kind, language) for kind in DRIFT for language in LANGUAGES]))
def test_reasons_say_what_is_otherwise(kind: str, language: str) -> None:
    node, item = converged(kind, language)
    name = item.cls.friendly
    assert reasons(node, item) == []
    change, code = DRIFT[kind]
    told = reasons(node, item, **change)
    assert f"{name}:{name}:{code}" in dict(told), told
    assert all(phrase.strip() for _, phrase in told)
    assert [code for code, _ in reasons(node, item, Ensure="Absent")] == [f"{name}:{name}:Ensure"]
    keys = {part.name for part in item.cls.properties if part.qualifier in ("Key", "Required")}
    (found,) = node.call("Get", item.cls.name, {key: item.properties[key] for key in keys}).values
    assert plain(found["Reasons"]) == [], "with what finds it alone there is nothing to compare"


@pytest.mark.parametrize(
    ("kind", "language"), every(3, [(kind, language) for kind in DRIFT for language in LANGUAGES], first=1)
)
def test_what_is_null_is_as_what_is_left_out(kind: str, language: str) -> None:
    """Invoke-DscResource passes $null on as an empty text or no list; the LCM passes nothing on."""
    node, item = converged(kind, language)
    texts = [
        part.name
        for part in item.cls.settable
        if part.qualifier == "Write" and not part.needed and part.type == "string" and not part.values
    ]
    for name in texts:
        left = {key: value for key, value in item.properties.items() if key != name}
        for verb in ("Get", "Test"):
            (without,) = node.call(verb, item.cls.name, left).values
            (null,) = node.call(verb, item.cls.name, left, (name,)).values
            if verb == "Test":
                assert without == null, name
            else:
                assert _properties(null) == _properties(without), name
        node.call("Set", item.cls.name, left, (name,))
        assert node.call("Test", item.cls.name, left).values == [True], name
        node.set(item)
    assert node.test(item)


def _properties(found: Any) -> dict[str, Any]:
    return {str(key): plain(value) for key, value in found.items() if str(key) != "Reasons"}


@pytest.mark.parametrize("kind", every(2, DRIFT))
def test_what_is_absent_says_so_in_either_language(kind: str) -> None:
    for language in LANGUAGES:
        item = instances(EXAMPLES[kind])[-1]
        node, name = Node(_os(kind), language=language), item.cls.friendly
        told = reasons(node, item)
        assert told, language
        assert all(code.startswith(f"{name}:{name}:") and phrase for code, phrase in told)
        assert not node.test(item)
