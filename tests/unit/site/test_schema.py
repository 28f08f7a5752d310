"""The schema for editors, and the pages that are written from the models."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from psnet.errors import SiteError
from psnet.inventories.schema import inventory_schema
from psnet.resources import KINDS
from psnet.site.load import parse_site
from psnet.site.schema import site_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
DOCS = runpy.run_path(str(ROOT / "tools" / "resource_docs.py"))


def errors(data: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(site_schema()).iter_errors(data)]


@pytest.mark.parametrize(
    "path",
    sorted([*ROOT.glob("examples/*/site.yaml"), *ROOT.glob("examples/modes/*.yaml")]),
    ids=lambda path: str(path.name),
)
def test_the_examples_fit_the_schema(path: Path) -> None:
    assert errors(yaml.safe_load(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_worked_examples_of_the_pages_are_sites(kind: str) -> None:
    text = DOCS["EXAMPLES"][kind]
    assert errors(yaml.safe_load(text)) == []
    assert {item.kind for item in parse_site(text).for_host("h").resources} >= {kind}


@pytest.mark.parametrize(
    "data",
    [
        {"container_network": []},
        {"container_networks": [{"mode": "nat"}]},
        {"container_networks": [{"name": "x", "mode": "bridge"}]},
        {"container_networks": [{"name": "x", "vlan": 9999}]},
        {"acls": [{"endpoint": "x", "rules": [{"action": "Deny", "direction": "In"}]}]},
    ],
)
def test_the_schema_finds_what_an_editor_should_mark(data: Any) -> None:
    assert errors(data)


def inventory_errors(data: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(inventory_schema()).iter_errors(data)]


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for model, item in (("", schema), *schema["$defs"].items()):
        for name, each in item.get("properties", {}).items():
            yield f"{model}.{name}", each


@pytest.mark.parametrize("schema", [site_schema(), inventory_schema()], ids=["site", "inventory"])
def test_each_property_has_a_description_and_examples_that_are_right(schema: dict[str, Any]) -> None:
    found = dict(properties(schema))
    assert len(found) > 50
    assert [name for name, item in found.items() if not item.get("description")] == []
    assert [name for name, item in found.items() if not item.get("examples")] == []
    for name, item in found.items():
        check = Draft202012Validator({**item, "$defs": schema["$defs"]})
        assert [(name, each) for each in item["examples"] if not check.is_valid(each)] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("examples/*/*hosts*.yaml")), ids=lambda path: path.name)
def test_inventories_fit_their_schema(path: Path) -> None:
    assert inventory_errors(yaml.safe_load(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "data",
    [
        {"host": {}},
        {"hosts": {"a": {"adress": "x"}}},
        {"connection": {"port": 0}},
        {"connection": {"transport": "ssh"}},
        {"connection": {"password": "secret"}},
        {"connection": {"password": {}}},
        {"connection": {"password": {"env": "A", "file": "b"}}},
        {"groups": {"a": {"hosts": "b"}}},
    ],
)
def test_the_inventorys_schema_finds_mistakes(data: Any) -> None:
    assert inventory_errors(data)


#: A declaration that the models refuse for more than one field -> the same put right.
RULED = {
    "container_networks": [
        ({"name": "x", "subnet": "10.1.0.0/24", "subnets": []}, {"name": "x", "subnet": "10.1.0.0/24"}),
        ({"name": "x", "mode": "nat", "adapter": "Ethernet"}, {"name": "x", "mode": "nat", "adapter": None}),
        ({"name": "x", "mode": "ics"}, {"name": "x", "mode": "nat"}),
        ({"name": "x", "mode": "l2bridge"}, {"name": "x", "mode": "l2bridge", "subnet": "10.1.0.0/24"}),
        ({"name": "x", "mode": "private", "subnet": "10.1.0.0/24"}, {"name": "x", "mode": "private"}),
    ],
    "firewall_rules": [
        ({"name": "r", "local_ports": 80}, {"name": "r", "local_ports": 80, "protocol": "tcp"}),
        ({"name": "r", "remote_ports": "80", "protocol": "ICMPv4"}, {"name": "r", "remote_ports": "Any"}),
        (
            {"name": "r", "icmp_types": ["8"], "protocol": "TCP"},
            {"name": "r", "icmp_types": ["8"], "protocol": "icmpv4"},
        ),
    ],
    "nat_static_mappings": [
        (
            {"network": "n", "protocol": "icmpv4", "external_port": 1, "internal_address": "10.1.1.1"},
            {"network": "n", "protocol": "UDP", "external_port": 1, "internal_address": "10.1.1.1"},
        ),
        (
            {"network": "n", "protocol": "TCP", "external_port": 1},
            {"network": "n", "protocol": "TCP", "external_port": "{{ p }}", "internal_address": "{{ a }}"},
        ),
    ],
    "endpoints": [
        ({"name": "e", "network": "n", "forwarding": True}, {"name": "e", "network": "n", "forwarding": False}),
        (
            {"name": "e", "network": "n", "remote": True},
            {"name": "e", "network": "n", "remote": True, "address": "10.1.1.1"},
        ),
        (
            {"name": "e", "network": "n", "provider_address": "10.0.0.1"},
            {"name": "e", "network": "n", "provider_address": "10.0.0.1", "remote": True, "address": "10.1.1.1"},
        ),
    ],
    "ip_sets": [
        (
            {"name": "s", "network": "n", "addresses": ["10.1.1.1"], "sets": ["t"]},
            {"name": "s", "network": "n", "addresses": ["10.1.1.1"], "sets": []},
        ),
    ],
    "nats": [
        (
            {"name": "n", "prefix": "10.1.0.0/24", "gateway": "10.1.0.1"},
            {"name": "n", "prefix": "10.1.0.0/24", "gateway": "10.1.0.1", "switch": "n"},
        ),
    ],
}


@pytest.mark.parametrize(
    ("section", "wrong", "right"), [(section, *pair) for section, pairs in RULED.items() for pair in pairs]
)
def test_rules_over_several_fields_are_the_models(section: str, wrong: Any, right: Any) -> None:
    with pytest.raises(SiteError):
        parse_site(yaml.safe_dump({section: [wrong]})).for_host("h")
    assert errors({section: [wrong]})
    assert errors({section: [right]}) == []
    if "{{" not in str(right):
        parse_site(yaml.safe_dump({section: [right]})).for_host("h")


#: What only the models can say of a bad site in the tables of the tests: arithmetic, several declarations, YAML itself.
BEYOND = (
    "the prefix is 10.1.0.0/24",
    "lies outside",
    "ranges of one size",
    "declared twice",
    "stands here again",
)


def test_the_bad_sites_of_the_loaders_table_are_refused_by_the_schema_too() -> None:
    table = runpy.run_path(str(Path(__file__).with_name("test_load.py")))["BAD_SITES"]
    for text, _, said in table:
        if said not in BEYOND:
            assert errors(yaml.safe_load(text)), text


@pytest.mark.parametrize("backend", ["auto", "containers", "hns", "hcn", "docker"])
def test_each_backend_is_a_value(backend: str) -> None:
    assert errors({"backend": backend}) == []


def test_a_template_may_stand_for_any_value() -> None:
    assert errors({"container_networks": [{"name": "x", "vlan": "{{ vlan }}"}]}) == []


def test_the_schema_is_valid_and_json() -> None:
    Draft202012Validator.check_schema(json.loads(json.dumps(site_schema())))


@pytest.mark.parametrize("path", list(DOCS["pages"]()), ids=lambda path: path.stem)
def test_the_pages_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == DOCS["pages"]()[path], "run python tools/resource_docs.py"
