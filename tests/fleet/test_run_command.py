"""psnet run, and what every command that goes over hosts prints: JSON lines by their schema, groups for many hosts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from command_line import ROOT, SITE, run

from psnet.errors import JournalError
from psnet.fleet.events import HostFinished, events_schema
from psnet.inventories import load_inventory
from psnet.journal import Recorder, open_journal
from psnet.lab.wire import Fault, FaultPlan
from psnet.report.grouping import name_ranges

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]


def lines(text: str) -> list[dict[str, Any]]:
    """Return the events of an output, each checked against the schema that is shipped."""
    schema = json.loads((ROOT / "docs" / "events.schema.json").read_text(encoding="utf-8"))
    found = [json.loads(line) for line in text.splitlines()]
    for item in found:
        jsonschema.validate(item, schema)
    return found


def test_the_shipped_schema_is_the_models() -> None:
    shipped = json.loads((ROOT / "docs" / "events.schema.json").read_text(encoding="utf-8"))
    assert shipped == events_schema()


def test_every_command_prints_json_lines_that_keep_their_schema(psnet_lab: LabMaker) -> None:
    fault = Fault(action="fail", cmdlet="Add-NetNatStaticMapping", host="ws2022-02", error_id="X")
    lab = psnet_lab("2022", count=2, faults=FaultPlan.of(fault))
    common = ("-i", str(lab.inventory), "--json")
    planned = lines(run("plan", SITE, *common).stdout)
    assert planned[0]["event"] == "run_began"
    assert planned[0]["hosts"] == ["ws2022-01", "ws2022-02"]
    assert planned[-1]["event"] == "run_ended"
    assert planned[-1]["counts"] == {"planned": 2}
    results = [item["result"] for item in planned if item["event"] == "host_finished"]
    assert [change["kind"] for change in results[0]["changes"]] == [
        "nat",
        "nat_static_mapping",
        "firewall_rule",
    ]
    applied = lines(run("apply", SITE, *common, "--yes", "--canary", "--forks", "1").stdout)
    kinds = [item["event"] for item in applied]
    assert kinds[:4] == ["run_began", "batch_began", "host_began", "host_planned"]
    changes = [(item["host"], item["change"]["status"]) for item in applied if item["event"] == "change_done"]
    assert changes.count(("ws2022-02", "failed")) == 1
    assert sum(status == "changed" for _, status in changes) >= 4
    assert applied[-1]["counts"] == {"changed": 1, "failed": 1}
    assert applied[-1]["status"] == "failed"
    observed = lines(run("observe", *common).stdout)
    assert {item["result"]["nats"][0]["name"] for item in observed if item["event"] == "host_finished"} == {"web"}
    assert {item["event"] for item in lines(run("doctor", *common, "--limit", "ws2022-01").stdout)} == {
        "run_began",
        "host_began",
        "host_finished",
        "run_ended",
    }


def test_objects_are_tables_and_data_and_errors_are_told_by_host(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2019", "2022")
    lab.hosts["ws2022"].nat.create("blue", "192.168.7.0/24")
    common = ("-i", str(lab.inventory), "--journal", str(tmp_path / "j.sqlite"))
    done = run("run", *common, "--", "Get-NetNat | Select-Object Name, InternalIPInterfaceAddressPrefix")
    assert done.exit_code == 0, done.output
    assert "blue" in done.stdout
    assert "InternalIPInterfaceAddressPrefix" in done.stdout
    found = lines(run("run", *common, "--json", "--", "Get-NetNat -Name blue").stdout)
    by_host = {item["host"]: item for item in found if item["event"] == "host_finished"}
    assert by_host["ws2022"]["result"]["objects"][0]["Name"] == "blue"
    assert by_host["ws2022"]["status"] == "ok"
    assert by_host["ws2019"]["status"] == "failed"
    assert by_host["ws2019"]["result"]["errors"][0]["error_id"]
    failed = run("run", *common, "--", "Write-Warning careful; throw 'no'")
    assert failed.exit_code == 1
    assert failed.stdout.count("error: no") == 2
    assert failed.stdout.count("warning: careful") == 2


def test_a_script_from_a_file_is_recorded_without_its_text(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022")
    script, journal = tmp_path / "count.ps1", tmp_path / "j.sqlite"
    script.write_text("$secret = 'hidden-in-script'\n(1, 2, 3).Count\n", encoding="utf-16")
    done = run("run", "-i", str(lab.inventory), "--file", str(script), "--journal", str(journal))
    assert done.exit_code == 0, done.output
    assert "3" in done.stdout
    record = open_journal(f"sqlite:///{journal}").read("last")
    assert [(item["name"], item["status"]) for item in record.changes["ws2022"]] == [("count.ps1", "ok")]
    assert b"hidden-in-script" not in journal.read_bytes()


def test_nothing_to_run_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_text("hosts: {h01: }", encoding="utf-8")
    where = ("-i", str(tmp_path / "hosts.yaml"))
    assert "nothing to run" in str(run("run", *where).exception)
    assert "both a script and --file" in str(run("run", *where, "--file", "x", "--", "1").exception)


def test_many_hosts_are_reported_by_what_they_have_in_common(psnet_lab: LabMaker) -> None:
    faults = FaultPlan.of(
        Fault(action="drop", operation="Create", times="always", host="ws2022-0[45]"),
    )
    lab = psnet_lab("2022", count=22, faults=faults)
    lab.hosts["ws2022-07"].nat.create("foreign", "172.20.0.0/16")
    done = run("plan", SITE, "-i", str(lab.inventory), "--forks", "8")
    assert done.exit_code != 0
    assert "ws2022-[01:03],ws2022-06,ws2022-[08:22]  19 hosts" in done.stdout
    assert "ws2022-07" in done.stdout
    assert "ws2022-[04:05]  2 hosts" in done.stdout
    assert "22 hosts in" in done.stdout
    assert len(done.stdout.splitlines()) < 80  # each on its own would take hundreds
    ended = [line.split("] ")[1] for line in done.stderr.splitlines() if line.startswith("[")]
    assert {line.partition(":")[0] for line in ended} == set(lab.hosts)  # a line each, as they came
    assert "ws2022-01: planned" in " ".join(ended)


@pytest.mark.parametrize("error", [JournalError("the disk is full"), RuntimeError("of psnet's own")])
def test_many_hosts_that_ended_are_shown_whatever_ends_the_run(
    error: Exception, psnet_lab: LabMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one host came to is never lost by what comes later."""
    lab = psnet_lab("2022", count=22)
    write, ended = Recorder.handle, []

    def handle(self: Recorder, events: Sequence[Any]) -> None:
        ended.extend(event for event in events if isinstance(event, HostFinished))
        if len(ended) > 6:
            raise error
        write(self, events)

    monkeypatch.setattr(Recorder, "handle", handle)
    done = run("run", "-i", str(lab.inventory), "--forks", "2", "--", "'said-by-a-host'")
    assert done.exit_code != 0
    assert "said-by-a-host" in done.stdout


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["web01", "web02", "web03"], "web[01:03]"),
        (["web9", "web10"], "web9,web10"),
        (["a", "b2", "b3.x"], "a,b2,b3.x"),
        (["n1.x.org", "n2.x.org", "m1"], "n[1:2].x.org,m1"),
        ([], ""),
    ],
)
def test_names_fold_to_what_limit_takes(tmp_path: Path, names: list[str], text: str) -> None:
    assert name_ranges(names) == text
    if names:
        path = tmp_path / "hosts.yaml"
        path.write_text(json.dumps({"hosts": dict.fromkeys([*names, "other7"])}), encoding="utf-8")
        assert [host.name for host in load_inventory(path).select(text)] == names
