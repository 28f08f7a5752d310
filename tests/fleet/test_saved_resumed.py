"""A run that goes on: saved plans, the same options, and what two runs left differently."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.journal import open_journal
from psnet.lab.wire import Fault, FaultPlan
from psnet.lab.wire.faults import Injector

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

SITE = str(Path(__file__).resolve().parents[2] / "examples" / "minimal" / "site.yaml")


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def mend(lab: Lab) -> None:
    """Take the faults away."""
    for name in lab.hosts:
        lab.server.service(name).injector = Injector(FaultPlan(), name)


def test_what_is_left_of_a_saved_plan_is_done_and_nothing_else(psnet_lab: LabMaker, tmp_path: Path) -> None:
    faults = FaultPlan.of(
        Fault(action="fail", cmdlet="Add-NetNatStaticMapping", host="ws2022-0[12]", error_id="X", times="always"),
        Fault(action="drop", operation="Create", host="ws2022-03", times="always"),
    )
    lab = psnet_lab("2022", count=4, faults=faults)
    common = ("-i", str(lab.inventory), "--journal", str(tmp_path / "j.sqlite"))
    saved, journal = tmp_path / "plan.json", open_journal(f"sqlite:///{tmp_path / 'j.sqlite'}")
    mend(lab)
    assert run("plan", SITE, *common, "--out", str(saved)).exit_code == 0
    for name in lab.hosts:
        lab.server.service(name).injector = Injector(faults, name)
    first = run("apply", str(saved), *common, "--serial", "2,1", "--max-fail", "9", "--forks", "1")
    assert first.exit_code == 1
    record = journal.read("last")
    assert record.counts() == {"failed": 2, "error": 1, "changed": 1}
    assert [item["status"] for item in record.changes["ws2022-01"]] == ["changed", "failed", "skipped"]
    saved.unlink()  # the journal has the plans
    mend(lab)
    undone = lab.hosts["ws2022-02"].hns
    undone.call("DELETE", f"/networks/{undone.networks[0].id}", "")  # what was done is undone behind psnet's back
    resumed = run("runs", "resume", "last", *common[2:])
    assert resumed.exit_code != 0
    again = journal.read("last")
    assert {str(row["host"]): row["status"] for row in again.hosts} == {
        "ws2022-01": "changed",
        "ws2022-02": "error",
        "ws2022-03": "changed",
    }
    assert "nat web would have to be changed, which is not among what is left" in resumed.output
    assert [item["name"] for item in again.changes["ws2022-01"]] == ["http", "psnet-mapping-http"]
    options = json.loads(str(again.run["options"]))
    assert (options["serial"], options["max_fail"], options["forks"]) == ("2,1", "9", 1)
    assert options["resumes"] == record.id
    told = run("runs", "diff", record.id, again.id, "--json", *common[2:]).output
    found = {item["host"]: item for item in json.loads(told)}
    assert found["ws2022-01"]["old"] == "failed"
    assert {"kind": "nat_static_mapping", "name": "http", "old": "failed", "new": "changed"} in found["ws2022-01"][
        "changes"
    ]
    assert found["ws2022-04"] == {
        "host": "ws2022-04",
        "old": "changed",
        "new": None,
        "changes": [
            {"kind": item["kind"], "name": item["name"], "old": "changed", "new": None}
            for item in record.changes["ws2022-04"]
        ],
    }


def test_a_site_that_changed_since_is_said(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022", faults=FaultPlan.of(Fault(action="drop", operation="Create", times="always")))
    site = tmp_path / "site.yaml"
    site.write_text(Path(SITE).read_text(encoding="utf-8"), encoding="utf-8")
    common = ("--journal", str(tmp_path / "j.sqlite"))
    assert run("apply", str(site), "-i", str(lab.inventory), "--yes", *common).exit_code == 4
    mend(lab)
    site.write_text(site.read_text(encoding="utf-8").replace("8080", "8081"), encoding="utf-8")
    resumed = run("runs", "resume", "last", "--yes", *common)
    assert resumed.exit_code == 0, resumed.output
    assert "has changed since: what it says now is applied" in resumed.output
    assert [item.external_port for item in lab.hosts["ws2022"].nat.mappings] == [8081]


def test_only_an_apply_is_resumed(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022")
    common = ("--journal", str(tmp_path / "j.sqlite"))
    assert run("observe", "-i", str(lab.inventory), *common).exit_code == 0
    shown = run("runs", "show", "last", *common).output
    assert "observe" in shown
    identifier = open_journal(f"sqlite:///{tmp_path / 'j.sqlite'}").read("last").id
    assert "only apply is resumed" in str(run("runs", "resume", identifier, *common).exception)
