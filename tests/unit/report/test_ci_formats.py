"""JUnit by Jenkins' schema, SARIF by 2.1.0's rules: for every status, and with texts that nobody chose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from junitparser import JUnitXml
from lxml import etree
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import Problem
from psnet.journal import RunRecord
from psnet.powershell.lint import Finding as ScriptFinding
from psnet.powershell.lint.sarif import sarif
from psnet.report.junit import junit_xml
from psnet.report.sarif import site_sarif
from psnet.resources import Finding

HERE = Path(__file__).resolve().parent
JENKINS = etree.XMLSchema(etree.parse(str(HERE / "junit-10.xsd")))
SARIF = Draft202012Validator(json.loads((HERE / "sarif-2.1.0.json").read_text(encoding="utf-8")))
BEGAN, ENDED = "2026-01-02T03:04:05.000+00:00", "2026-01-02T03:04:06.500+00:00"
GOOD = ("unchanged", "changed", "ok", "healthy", "done", "compliant", "published", "applied")


def record(ended: str, *, options: str = "{}", error: str | None = None, found: str = "", **change: Any) -> RunRecord:
    run = {"id": "r", "command": "apply", "site": "s.yaml", "inventory": "", "options": options}
    host = {"host": "web01", "status": ended, "started": BEGAN, "ended": ENDED, "error": error, "plan": None}
    host["findings"] = found
    said = {"change": "1", "kind": "nat", "name": "web", "operation": "create", "error_id": None, "message": None}
    return RunRecord(
        {**run, "started": BEGAN, "ended": "2026-01-02T04:04:05.000+00:00", "status": "done"},
        (host,),
        {"web01": ({**said, **change},)} if change else {},
    )


def suites(text: str) -> Any:
    tree = etree.fromstring(text.encode())
    JENKINS.assertValid(tree)
    return JUnitXml.fromstring(text.encode())


@pytest.mark.parametrize("status", [*GOOD, "sick", "refused", "planned", "failed", "error", "not begun", "applying"])
def test_a_host_of_each_status_is_valid(status: str) -> None:
    read = suites(junit_xml(record(status)))
    failed = status in ("sick", "refused", "planned", "failed")
    assert (read.failures, read.errors) == (int(failed), int(status not in GOOD and not failed))
    assert read.time == 3600


@pytest.mark.parametrize("status", ["changed", "ok", "planned", "failed", "unknown", "sent", "skipped"])
def test_a_change_of_each_status_is_valid(status: str) -> None:
    read = suites(junit_xml(record("changed", status=status)))
    assert read.failures == int(status in ("planned", "failed", "unknown", "sent"))


@given(st.text(), st.text())
def test_whatever_a_host_says_is_valid(name: str, said: str) -> None:
    suites(junit_xml(record("failed", status="failed", name=name, message=said, error_id=said)))
    suites(junit_xml(record("error", error=said)))


@pytest.mark.parametrize(("options", "failed"), [("{}", 1), ('{"strict": true}', 2)])
def test_a_doctors_findings_appear_as_such(options: str, failed: int) -> None:
    findings = [
        Finding(id="no-link", severity="error", reason="no link", remedy="plug it in"),
        Finding(id="foreign-nat", severity="warning", reason="a NAT of another's", resource="nat x"),
        Finding(id="nat-gone-at-reboot", severity="info", reason="it goes"),
    ]
    kept = json.dumps([item.model_dump(mode="json") for item in findings])
    read = suites(junit_xml(record("sick", options=options, found=kept)))
    assert (read.tests, read.failures, read.errors) == (4, failed, 0)
    cases = {case.name: case for suite in read for case in suite}
    assert cases["no-link"].result[0].message == "no link"
    assert "plug it in" in cases["no-link"].result[0].text
    assert (cases["foreign-nat nat x"].result != []) == (failed == 2)
    assert "info: it goes" in cases["nat-gone-at-reboot"].system_out


@given(st.text(min_size=1), st.text(), st.integers(1, 9))
def test_sarif_of_whatever_is_wrong_is_valid(path: str, said: str, line: int) -> None:
    findings = [(Finding(id="x", severity="warning", reason=said or "-"), path.replace("\0", "") or "-")]
    made = site_sarif([Problem(said or "-", path.replace("\0", "") or "-", line, None)], findings, "1")
    assert list(SARIF.iter_errors(made)) == []
    rules = [item["id"] for item in made["runs"][0]["tool"]["driver"]["rules"]]
    assert all(rules[item["ruleIndex"]] == item["ruleId"] for item in made["runs"][0]["results"])
    script = ScriptFinding(path.replace("\0", "") or "-", line, 1, "unknown-command", said or "-")
    assert list(SARIF.iter_errors(sarif([script], "1"))) == []


def test_sarif_as_commands_write_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my site.yaml").write_text("name: x\nnatts: []\n", encoding="utf-8")
    Path("my script.ps1").write_text("Get-NetNatt\n", encoding="utf-8")
    assert CliRunner().invoke(app, ["validate", "my site.yaml", "--sarif", "s.json"]).exit_code == 3
    made = json.loads(Path("s.json").read_text(encoding="utf-8"))
    checked = json.loads(CliRunner().invoke(app, ["check", "my script.ps1", "--format", "sarif"]).output)
    for document, uri in ((made, "my%20site.yaml"), (checked, "my%20script.ps1")):
        assert list(SARIF.iter_errors(document)) == []
        place = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == uri
