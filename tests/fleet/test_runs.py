"""Runs over many hosts: batches, failures, the journal, and going on after anything."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from psnet.apply import Outcome
from psnet.cli.app import app
from psnet.errors import InputError
from psnet.fleet.batches import batches, exceeds_failure_limit, sizes_of
from psnet.fleet.events import ChangeDone, HostBegan, HostFinished, HostPlanned, RunBegan, Step
from psnet.journal import Recorder, open_journal
from psnet.lab.wire import Fault, FaultPlan
from psnet.lab.wire.faults import Injector

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

SITE = str(Path(__file__).resolve().parents[2] / "examples" / "minimal" / "site.yaml")
PSNET = [sys.executable, "-m", "psnet"]


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.mark.parametrize(
    ("serial", "total", "sizes"),
    [
        (None, 5, [5]),
        ("2", 5, [2, 2, 1]),
        ("20%", 10, [2, 2, 2, 2, 2]),
        ("1,25%,100%", 8, [1, 2, 5]),
        ("1,2", 6, [1, 2, 2, 1]),
        ("1%", 3, [1, 1, 1]),
        (None, 0, []),
    ],
)
def test_batches_are_sized_as_ansible_sizes_them(serial: str | None, total: int, sizes: list[int]) -> None:
    assert sizes_of(serial, total) == sizes


@given(st.lists(st.integers(1, 200), min_size=1, max_size=4), st.lists(st.integers(), max_size=60))
def test_batches_hold_every_item_once_and_in_order(numbers: list[int], items: list[int]) -> None:
    found = batches(items, ",".join(map(str, numbers)))
    assert [item for batch in found for item in batch] == items
    assert all(found)


@pytest.mark.parametrize("text", ["0", "x", "5,,3", "-1", "120x"])
def test_a_size_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--serial"):
        sizes_of(text, 10)


@pytest.mark.parametrize(
    ("limit", "failed", "in_batch", "size", "over"),
    [
        (None, 9, 9, 10, False),
        ("0", 0, 0, 10, False),
        ("0", 1, 1, 10, True),
        ("3", 3, 3, 10, False),
        ("3", 4, 1, 10, True),
        ("10%", 1, 1, 10, False),  # exceeded, not met, as max_fail_percentage
        ("10%", 2, 2, 10, True),
        ("10%", 9, 0, 10, False),  # of the batch under way
        ("0%", 1, 1, 10, True),
        ("30%", 1, 1, 3, True),
    ],
)
def test_how_many_failures_a_run_bears(limit: str | None, failed: int, in_batch: int, size: int, over: Any) -> None:
    assert exceeds_failure_limit(limit, failed=failed, in_batch=in_batch, size=size) is over


def test_a_run_is_in_the_journal_host_by_host_and_change_by_change(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2019", "2022")
    path, junit = tmp_path / "j.sqlite", tmp_path / "out.xml"
    result = run(
        *("apply", SITE, "-i", str(lab.inventory), "--yes", "--journal", str(path), "--junit", str(junit)),
    )
    assert result.exit_code == 0, result.output
    record = open_journal(url(path)).read("last")
    assert record.run["status"] == "done"
    assert [(row["host"], row["status"]) for row in record.hosts] == [("ws2019", "changed"), ("ws2022", "changed")]
    assert [(item["kind"], item["status"]) for item in record.changes["ws2019"]] == [
        ("nat", "changed"),
        ("nat_static_mapping", "changed"),
        ("firewall_rule", "changed"),
    ]
    suites = ET.parse(junit).getroot()
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in suites] == [
        ("ws2019", "4", "0"),  # the changes, and that nothing is left after them
        ("ws2022", "4", "0"),
    ]
    again = run("apply", SITE, "-i", str(lab.inventory), "--yes", "--journal", str(path))
    assert again.exit_code == 0
    assert open_journal(url(path)).read("last").counts() == {"unchanged": 2}
    listed = run("runs", "list", "--journal", str(path)).output
    assert listed.count("apply ") == 2
    exported = json.loads(run("runs", "export", record.id, "--journal", str(path)).output)
    assert exported["hosts"][0]["changes"][0]["operation"] == "create"
    password = lab.hosts["ws2019"].password
    assert password not in path.read_bytes().decode("latin-1")
    shown = run("runs", "show", record.id, "--journal", str(path)).output
    assert "create nat web" in shown
    assert "changed" in run("runs", "diff", record.id, "last", "--journal", str(path)).output


def test_a_failing_host_is_gone_on_with_and_the_others_are_left_alone(psnet_lab: LabMaker, tmp_path: Path) -> None:
    fault = Fault(action="fail", cmdlet="Add-NetNatStaticMapping", host="ws2022-02", error_id="X")
    lab = psnet_lab("2022", count=3, faults=FaultPlan.of(fault))
    path = tmp_path / "j.sqlite"
    common = ("-i", str(lab.inventory), "--yes", "--journal", str(path))
    result = run("apply", SITE, *common)
    assert result.exit_code == 1
    record = open_journal(url(path)).read("last")
    assert record.counts() == {"changed": 2, "failed": 1}
    assert record.unfinished() == ("ws2022-02",)
    assert f"psnet runs resume {record.id}" in result.output
    requests = {name: lab.server.stats(name).requests for name in lab.hosts}
    resumed = run("runs", "resume", record.id, "--yes", "--journal", str(path))
    assert resumed.exit_code == 0, resumed.output
    assert open_journal(url(path)).read("last").counts() == {"changed": 1}
    assert lab.server.stats("ws2022-01").requests == requests["ws2022-01"]
    assert len(lab.hosts["ws2022-02"].nat.mappings) == 1
    done = run("runs", "resume", "last", "--journal", str(path))
    assert "every host is as declared" in done.output


def test_a_canary_that_fails_spares_the_others(psnet_lab: LabMaker, tmp_path: Path) -> None:
    fault = Fault(action="fail", cmdlet="Add-NetNatStaticMapping", host="ws2022-01", error_id="X")
    lab = psnet_lab("2022", count=4, faults=FaultPlan.of(fault))
    path = tmp_path / "j.sqlite"
    result = run("apply", SITE, "-i", str(lab.inventory), "--yes", "--canary", "--journal", str(path))
    assert result.exit_code == 1
    assert open_journal(url(path)).read("last").counts() == {"failed": 1, "not begun": 3}
    assert "not begun: ws2022-[02:04] (the canary failed)" in result.output
    assert [len(host.nat.nats) for host in lab.hosts.values()] == [1, 0, 0, 0]


def test_too_many_failures_end_a_run_between_hosts(psnet_lab: LabMaker, tmp_path: Path) -> None:
    fault = Fault(action="drop", operation="Create", times="always", host="ws2022-0[12]")
    lab = psnet_lab("2022", count=5, faults=FaultPlan.of(fault))
    path = tmp_path / "j.sqlite"
    words = ("--serial", "1", "--max-fail", "1", "--journal", str(path))
    result = run("apply", SITE, "-i", str(lab.inventory), "--yes", *words)
    assert result.exit_code != 0
    counts = open_journal(url(path)).read("last").counts()
    assert counts == {"error": 2, "not begun": 3}


def test_ctrl_c_lets_hosts_under_way_finish(psnet_lab: LabMaker, tmp_path: Path) -> None:
    fault = Fault(action="slow", cmdlet="Get-NetAdapter", seconds=0.5, times="always")
    lab = psnet_lab("2022", count=4, faults=FaultPlan.of(fault))
    path = tmp_path / "j.sqlite"
    command = [*PSNET, "apply", SITE, "-i", str(lab.inventory), "--yes", "--forks", "1", "--journal", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(path, lambda record: "running" in record.counts())
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert "hosts under way finish" in said
    record = open_journal(url(path)).read("last")
    assert record.run["status"] == "interrupted"
    assert record.counts() == {"changed": 1, "not begun": 3}


def test_a_second_ctrl_c_stops_the_pipelines_on_the_hosts(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022", count=2)
    path, asleep = tmp_path / "j.sqlite", threading.Event()

    class Eye(Injector):
        def __bool__(self) -> bool:
            return True

        def for_cmdlet(self, name: str) -> list[Any]:
            if name == "Start-Sleep":
                asleep.set()
            return []

    for name in lab.hosts:
        lab.server.service(name).injector = Eye(FaultPlan(), name)
    command = [*PSNET, "run", "-i", str(lab.inventory), "--forks", "1", "--journal", str(path), "--"]
    script = "'begun'; while ($true) { Start-Sleep -Seconds 1 }"
    process = subprocess.Popen([*command, script], stderr=subprocess.PIPE, text=True)
    assert asleep.wait(60)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    for line in process.stderr:
        if "hosts under way finish" in line:
            process.send_signal(signal.SIGINT)
    assert process.wait(60) == 1
    record = open_journal(url(path)).read("last")
    assert record.run["status"] == "interrupted"
    assert record.counts() == {"stopped": 1, "not begun": 1}
    assert [item["status"] for item in record.changes["ws2022-01"]] == ["unknown"]


def wait_for(path: Path, condition: Callable[[Any], bool]) -> None:
    deadline = time.monotonic() + 60
    while True:
        if path.exists():
            records = open_journal(url(path)).list(1)
            if records and condition(records[0]):
                return
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_journal_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        open_journal(f"sqlite:///{tmp_path}")
    with pytest.raises(InputError, match="no run begins with nothing"):
        open_journal(url(tmp_path / "j.sqlite")).read("nothing")


def test_what_is_heard_together_is_written_together_and_reads_as_if_one_by_one(tmp_path: Path) -> None:
    common = {"run": "r", "time": "t"}
    names = tuple(f"h{number}" for number in range(30))
    step = [Step(id=str(number), operation="create", kind="k", name=f"n{number}") for number in range(4)]
    news: list[Any] = [
        RunBegan(**common, command="a", site=None, inventory=None, options={}, documents={}, hosts=names)
    ]
    for name in names:
        done = [
            ChangeDone(
                **common,
                host=name,
                change=Outcome(id=item.id, kind="k", name=item.name, operation="create", status=status),
            )
            for item, status in zip(step, ("changed", "failed", "skipped", "changed"), strict=True)
        ]
        news += [
            HostBegan(**common, host=name),
            HostPlanned(**common, host=name, sent=True, changes=tuple(step[:2]), document="{}"),
            done[0],
            HostPlanned(**common, host=name, sent=True, changes=tuple(step), document="[]"),
            *done[1:3],
            HostFinished(**common, host=name, status="changed", failed=False, seconds=1.0),
        ]
    records = []
    for size in (1, 7, 1000):
        journal = open_journal(f"sqlite:///{tmp_path}/{size}.sqlite")
        for at in range(0, len(news), size):
            Recorder(journal).handle(news[at : at + size])
        record = journal.read("r")
        kept = {
            host: [(row["change"], row["status"]) for row in sorted(rows, key=lambda row: row["change"])]
            for host, rows in record.changes.items()
        }
        records.append(([dict(row) for row in record.hosts], kept))
    assert records[0] == records[1] == records[2]
    assert records[0][1]["h3"] == [("0", "changed"), ("1", "failed"), ("2", "skipped"), ("3", "sent")]
    assert records[0][0][3]["plan"] == "[]"


def test_20_000_events_a_second_are_written_when_they_come_in_bulk(tmp_path: Path) -> None:
    common = {"run": "r", "time": "t"}
    names = tuple(f"h{number}" for number in range(200))
    recorder = Recorder(open_journal(f"sqlite:///{tmp_path}/journal.sqlite"))
    recorder.handle([RunBegan(**common, command="a", site=None, inventory=None, options={}, documents={}, hosts=names)])
    step = tuple(Step(id=str(number), operation="create", kind="k", name="n") for number in range(48))
    news: list[Any] = []
    for name in names:
        news += [
            HostBegan(**common, host=name),
            HostPlanned(**common, host=name, sent=True, changes=step, document="{}"),
        ]
        news += [
            ChangeDone(
                **common,
                host=name,
                change=Outcome(id=item.id, kind="k", name="n", operation="create", status="changed"),
            )
            for item in step
        ]
    began = time.process_time()
    for at in range(0, len(news), 1000):
        recorder.handle(news[at : at + 1000])
    assert len(news) / (time.process_time() - began) > 20_000
