"""Declaration and state -> exact plan, exact PowerShell, exact JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from psnet.sdn.cmdlets import sdn_apply_script
from psnet.sdn.edits import apply_edits
from psnet.sdn.plan import plan_sdn
from psnet.sdn.state import read_controller
from psnet.sdn.target import sdn_of
from psnet.site.load import parse_site

CASES = yaml.safe_load((Path(__file__).resolve().parent / "scripts.yaml").read_text())


def plan_of(case: dict[str, Any]) -> Any:
    text = "name: shop\nsdn:\n  controller: {url: 'https://nc.test', host: nc01}\n" + case["declared"]
    site = parse_site(case.get("manage", "") + text).for_target("sdn", "nc01")
    state = read_controller("https://nc.test", case.get("state", {}))
    pruned = site.model_copy(update={"prune": "manage" in case})
    return sdn_of(site), plan_sdn(pruned, sdn_of(site), state, host="nc01")


def step_of(script: str, number: str) -> str:
    """Return the body of one step."""
    start = script.index(f"Invoke-PSNetStep -Id '{number}")
    begin = script.index("{\n", start) + 2
    lines = script[begin : script.index("\n}\n", begin)].splitlines()
    end = next(at for at, line in enumerate(lines) if "$changed[" in line)
    return "\n".join(line.strip() for line in lines[:end])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_declaration_and_a_state_give_the_exact_powershell(case: dict[str, Any]) -> None:
    sdn, plan = plan_of(case)
    script = sdn_apply_script(plan, sdn.controller)
    change = next(item for item in plan.changes if f"{item.kind} {item.name}" == case["change"])
    assert step_of(script, f"{change.id}.") == case["script"].strip()


@pytest.mark.parametrize("case", [case for case in CASES if "json" in case], ids=lambda case: case["case"])
def test_the_same_change_gives_the_exact_json(case: dict[str, Any]) -> None:
    _, plan = plan_of(case)
    change = next(item for item in plan.changes if f"{item.kind} {item.name}" == case["change"])
    values = change.create or {}
    if change.operation == "create":
        assert values["properties"] == case["json"]
        return
    present = next(iter(case["state"][values["collection"]]))["properties"]
    assert apply_edits(present, values["edits"]) == case["json"]


def test_every_change_keeps_the_version_that_it_was_planned_from() -> None:
    case = next(case for case in CASES if case["case"] == "one field of a list's rule")
    _, plan = plan_of(case)
    assert [(item.create or {})["etag"] for item in plan.changes] == ["W/1"]
    moved = {**case, "state": {"accessControlLists": [{**case["state"]["accessControlLists"][0], "etag": "W/2"}]}}
    assert plan_of(moved)[1].fingerprint != plan.fingerprint


def test_a_resource_that_failed_to_be_provisioned_is_written_again() -> None:
    case = next(case for case in CASES if case["case"] == "one field of a list's rule")
    failed = {**case["state"]["accessControlLists"][0]}
    failed["properties"] = {**failed["properties"], "provisioningState": "Failed"}
    _, plan = plan_of({**case, "state": {"accessControlLists": [failed]}})
    assert plan.changes[0].fields[0].field == "provisioningState"
