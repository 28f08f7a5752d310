"""Manifests of adapted resources against what Microsoft DSC v3 publishes of them; instances against the manifests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from psnet.dsc.adapted import adapted_file
from psnet.dsc.examples import EXAMPLES, example_instances
from psnet.dsc.resources import resources

HERE = Path(__file__).parent
MODULE = HERE.parents[2] / "dsc" / "PSNetDsc"
PUBLISHED: dict[str, Any] = yaml.safe_load((HERE / "adapted_manifest.yaml").read_text(encoding="utf-8"))
KINDS = sorted(resources())


def manifest(kind: str) -> dict[str, Any]:
    return dict(json.loads((MODULE / adapted_file(resources()[kind])).read_text(encoding="utf-8")))


def valid(value: Any, schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(schema).validate(value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_manifest_is_what_dsc_has_published(kind: str) -> None:
    said = manifest(kind)
    valid(said, PUBLISHED)
    assert (MODULE / said["path"]).is_file(), "the path is relative to the manifest"
    assert adapted_file(resources()[kind]).lower().endswith(".dsc.adaptedresource.json")
    jsonschema.Draft202012Validator.check_schema(said["schema"]["embedded"])


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "adapter"},
        {"version": "0.3"},
        {"type": "PSNetNat"},
        {"capabilities": ["apply"]},
        {"other": 1},
        {"schema": {"command": {}}},
        {"$schema": "https://aka.ms/dsc/schemas/v2/manifest.json"},
    ],
)
def test_what_dsc_would_refuse_is_refused_by_what_is_held_against(change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        valid(manifest("nat") | change, PUBLISHED)


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_what_psnet_compiles_is_an_instance_of_its_manifest(kind: str) -> None:
    for item in example_instances(kind):
        valid(item.properties, manifest(item.cls.kind)["schema"]["embedded"])
        wrong: Any = {**item.properties, "Ensure": "Gone"}
        with pytest.raises(jsonschema.ValidationError):
            valid(wrong, manifest(item.cls.kind)["schema"]["embedded"])


@pytest.mark.parametrize(("word", "good"), [("none", True), ("all", True), (True, False), ("True", False)])
def test_what_may_go_is_a_word_in_the_manifest_too(word: Any, good: bool) -> None:  # noqa: FBT001 - a table
    validator = jsonschema.Draft202012Validator(manifest("endpoint")["schema"]["embedded"])
    assert validator.is_valid({"Name": "app", "AllowDowntime": word}) is good
