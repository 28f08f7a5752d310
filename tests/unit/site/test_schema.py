"""The schema for editors, and the pages that are written from the models."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from psnet.resources import KINDS
from psnet.site.load import parse_site
from psnet.site.schema import site_schema

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


def test_a_template_may_stand_for_any_value() -> None:
    assert errors({"container_networks": [{"name": "x", "vlan": "{{ vlan }}"}]}) == []


def test_the_schema_is_valid_and_json() -> None:
    Draft202012Validator.check_schema(json.loads(json.dumps(site_schema())))


@pytest.mark.parametrize("path", list(DOCS["pages"]()), ids=lambda path: path.stem)
def test_the_pages_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == DOCS["pages"]()[path], "run python tools/resource_docs.py"
