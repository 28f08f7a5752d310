"""Site and host state in, ordered changes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from psnet.apply import apply_script, read_outcomes
from psnet.errors import PlanError
from psnet.planning import Plan, plan
from psnet.planning.saved import load_plans, save_plans, saved_plans
from psnet.powershell.syntax import parse
from psnet.site.load import parse_site
from psnet.state import HostState

if TYPE_CHECKING:
    from psnet.site import Site

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))


def state(build: int, **parts: Any) -> HostState:
    facts = {
        "computer_name": "H",
        "build": build,
        "product": "Windows Server",
        "has_container_network": build == 14393,
        "has_hns": True,
        **parts.pop("facts", {}),
    }
    return HostState.model_validate({"facts": facts, **parts})


def site(data: dict[str, Any]) -> Site:
    return parse_site(yaml.safe_dump(data, allow_unicode=True)).for_host("h")


def made(case: dict[str, Any]) -> Plan:
    return plan(site(case["site"]), state(case["build"], **case.get("host", {})), host="h")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_changes_fields_and_findings(case: dict[str, Any]) -> None:
    result = made(case)
    assert [f"{item.operation} {item.kind} {item.name}" for item in result.changes] == case["expect"]
    assert [item.id for item in result.findings if item.severity != "info"] == case.get("findings", [])
    if "fields" in case:
        assert [[item.field, item.old, item.new] for item in result.changes[-1].fields] == case["fields"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_plan_is_json_and_comes_back_the_same(case: dict[str, Any], tmp_path: Path) -> None:
    result = made(case)
    save_plans(tmp_path / "plan.json", saved_plans(parse_site("name: x"), [], [result]))
    assert load_plans(tmp_path / "plan.json").by_host() == {"h": result}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_script_is_windows_powershell(case: dict[str, Any]) -> None:
    result = made(case)
    if not result.refusals:
        parse(apply_script(result), language="5.1")


def test_2016_uses_the_container_cmdlet_and_later_builds_the_hns() -> None:
    old, new = (apply_script(plan(site(CASES[0]["site"]), state(build), host="h")) for build in (14393, 20348))
    assert "New-ContainerNetwork @parameters" in old
    assert "Invoke-PSNetHns -Method POST -Path '/networks/'" in new
    for script in (old, new):
        assert "Add-NetNatStaticMapping -NatName $nat[0].Name -Protocol 'TCP'" in script
        assert "New-NetFirewallRule -Name 'psnet-mapping-http'" in script
    assert "HNSCall" not in old
    assert "New-ContainerNetwork" not in new


def test_removals_come_first_and_in_reverse() -> None:
    case = next(case for case in CASES if case["id"] == "a-replaced-network-takes-its-mappings-with-it")
    script = apply_script(made(case))
    places = [script.index(f"-Id '{step}'") for step in ("2.remove", "1.remove", "1.make", "2.make")]
    assert places == sorted(places)


def test_a_host_without_a_backend_is_told_what_to_install() -> None:
    bare = state(20348).model_copy(update={"facts": state(20348).facts.model_copy(update={"has_hns": False})})
    with pytest.raises(PlanError, match="install the Containers feature"):
        plan(site(CASES[0]["site"]), bare)


def test_a_backend_that_the_build_lacks_is_refused() -> None:
    with pytest.raises(PlanError, match="build 20348 has no backend containers"):
        plan(site({"backend": "containers"}), state(20348))


def test_outcomes_account_for_every_change_whatever_the_host_said() -> None:
    result = made(CASES[0])
    said = [
        json.dumps({"step": "1.make", "status": "failed", "error_id": "X,New", "message": "no", "category": "A"}),
        "noise that a profile printed",
        json.dumps({"step": "2.make", "status": "skipped", "blocked_by": "1.make"}),
    ]
    outcomes = read_outcomes(result, said)
    assert [item.status for item in outcomes] == ["failed", "skipped", "unknown"]
    assert outcomes[0].error_id == "X,New"
    assert outcomes[1].blocked_by == "container_network web"


def test_the_state_tells_when_anything_changed() -> None:
    one = state(20348)
    assert one.fingerprint() == state(20348).fingerprint()
    assert one.fingerprint() != state(20348, nats=[{"name": "n"}]).fingerprint()
