"""The exact changes and the exact script of every kind, backend and build; PSNET_UPDATE_SCRIPTS=1 writes them anew."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from psnet.apply import apply_script
from psnet.planning import Change, Plan, plan
from psnet.powershell.lint import lint_text
from psnet.powershell.syntax import parse
from psnet.resources import KINDS
from psnet.resources.capabilities import table
from psnet.resources.cni_document import PLUGINS_OF
from psnet.site.load import parse_site
from psnet.state import HostState

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "scripts.yaml").read_text(encoding="utf-8"))
ADAPTERS = [
    {"name": "Ethernet", "description": "NIC", "index": 4},
    {"name": "Ethernet 2", "description": "NIC 2", "index": 7},
]


def made(case: dict[str, Any]) -> Plan:
    host = dict(case.get("host", {}))
    facts = {
        "computer_name": "H",
        "build": case["build"],
        "product": "Windows Server",
        "has_container_network": case["build"] == 14393,
        "has_hns": True,
        **host.pop("facts", {}),
    }
    state = HostState.model_validate({"facts": facts, "adapters": ADAPTERS, "uplinks": ["Ethernet"], **host})
    data = dict(case["site"])
    prune = data.pop("prune", False)
    site = parse_site(yaml.safe_dump(data, allow_unicode=True)).for_host("h")
    return plan(site.model_copy(update={"prune": prune}), state, host="h")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_changes_and_script_are_exactly_these(case: dict[str, Any]) -> None:
    result = made(case)
    assert [item for item in result.findings if item.severity == "error"] == []
    assert [f"{item.operation} {item.kind} {item.name}" for item in result.changes] == case["expect"]
    script = apply_script(result)
    path = HERE / "scripts" / f"{case['id']}.ps1"
    if os.environ.get("PSNET_UPDATE_SCRIPTS"):
        path.write_text(script, encoding="utf-8")
    assert script == path.read_text(encoding="utf-8"), "set PSNET_UPDATE_SCRIPTS=1 to write it anew, and read the diff"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_script_is_right_on_its_windows(case: dict[str, Any]) -> None:
    script = apply_script(made(case))
    parse(script)
    os_ = {14393: "2016", 17763: "2019", 20348: "2022", 26100: "2025"}[case["build"]]
    assert [item for item in lint_text(script, os=os_) if item.severity == "error"] == []


@cache
def all_changes() -> tuple[Change, ...]:
    """Return the changes of all cases."""
    return tuple(item for case in CASES for item in made(case).changes)


def test_every_kind_and_every_template_is_in_the_table() -> None:
    seen = {(item.kind, item.backend) for item in all_changes()}
    assert {kind for kind, _ in seen} == set(KINDS)
    folders = {
        (folder.parent.name, folder.name)
        for folder in (HERE.parents[2] / "templates").glob("*/*")
        if folder.is_dir() and folder.parent.name in KINDS
    }
    assert folders <= seen


def test_every_mode_of_every_backend_is_in_the_table() -> None:
    seen = {
        (item.create.get("mode"), item.backend)
        for item in all_changes()
        if item.kind == "container_network" and item.create is not None
    }
    wanted = {
        (feature.removeprefix("mode:"), backend)
        for feature, backend, builds in table()
        if feature.startswith("mode:") and any(builds.values())
    }
    assert wanted - seen == set()


def test_every_plug_in_of_cni_is_in_the_table() -> None:
    texts = "".join(str(item.create) for item in all_changes() if item.kind == "cni")
    plugs = {plug for plugs in PLUGINS_OF.values() for plug in plugs}
    assert [plug for plug in plugs if f'"type": "{plug}"' not in texts] == []
