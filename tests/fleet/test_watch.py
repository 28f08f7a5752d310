"""psnet watch: drift made behind its back is seen, once, and so is its end; metrics say it too."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING

import jsonschema
import pytest
from command_line import ROOT, SITE, run

from psnet.cli.watch import seconds_of
from psnet.errors import InputError
from psnet.journal import open_journal
from psnet.journal.metrics import Metrics, MetricsServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]


@pytest.mark.parametrize(
    ("text", "seconds"), [("0", 0), ("90s", 90), ("15m", 900), ("1h30m", 5400), ("2d", 172_800), ("7", 7)]
)
def test_times(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5 m", "-1", "1w", "m5"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(InputError, match="is no time"):
        seconds_of(text)


def test_drift_is_told_when_it_appears_and_when_it_goes(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022", count=2)
    journal = str(tmp_path / "j.sqlite")
    common = ("-i", str(lab.inventory), "--journal", journal)
    assert run("apply", SITE, *common, "--yes").exit_code == 0
    words = ("watch", SITE, *common, "--every", "0", "--count")
    quiet = run(*words, "1", "--detailed-exitcode")
    assert quiet.exit_code == 0
    assert quiet.stdout.count("2 hosts in") == 1
    assert "needed" not in quiet.stdout
    host = lab.hosts["ws2022-01"]
    del host.firewall.rules["psnet-mapping-http"]
    lab.hosts["ws2022-02"].password = "changed"
    drifted = run(*words, "2", "--detailed-exitcode")
    assert drifted.exit_code == 4
    assert drifted.stdout.count("+ ws2022-01  create firewall_rule psnet-mapping-http is needed") == 1
    assert drifted.stdout.count("! ws2022-02") == 1
    lab.hosts["ws2022-02"].password = host.password
    assert run("apply", SITE, *common, "--yes").exit_code == 0
    mended = run(*words, "1", "--json")
    assert mended.exit_code == 0
    schema = json.loads((ROOT / "docs" / "events.schema.json").read_text(encoding="utf-8"))
    events = [json.loads(line) for line in mended.stdout.splitlines()]
    for event in events:
        jsonschema.validate(event, schema)
    assert [(event["host"], event["what"]) for event in events if event["event"] == "drift_seen"] == [
        ("ws2022-01", "gone"),
        ("ws2022-02", "back"),
    ]


def test_metrics_show_the_last_round(psnet_lab: LabMaker, tmp_path: Path) -> None:
    lab = psnet_lab("2022", count=2)
    common = ("-i", str(lab.inventory), "--journal", str(tmp_path / "j.sqlite"))
    assert run("apply", SITE, *common, "--yes", "--limit", "ws2022-01").exit_code == 0
    assert run("watch", SITE, *common, "--count", "1", "--metrics", "127.0.0.1:0").exit_code == 0
    record = open_journal(f"sqlite:///{tmp_path / 'j.sqlite'}").read("last")
    metrics = Metrics()
    metrics.update(record, 1.5)
    with MetricsServer(metrics, ":0") as server:
        url = f"http://127.0.0.1:{server.port}/metrics"
        with urllib.request.urlopen(url, timeout=20) as answer:
            text = answer.read().decode()
    for line in (
        "psnet_hosts 2.0",
        "psnet_drifted_hosts 1.0",
        "psnet_failed_hosts 0.0",
        'psnet_changes_pending{host="ws2022-02"} 3.0',
        "psnet_last_run_duration_seconds 1.5",
        "psnet_runs_total 1.0",
    ):
        assert line in text.splitlines()
    assert "ws2022-01" not in text  # a host that needs nothing has no series


@pytest.mark.parametrize("place", ["9105x", "127.0.0.1:99999", "no-such-host.invalid:1"])
def test_metrics_that_cannot_be_served_are_an_error(place: str) -> None:
    with pytest.raises(InputError, match="--metrics"):
        MetricsServer(Metrics(), place)
