"""Prometheus by its conventions: names, units, suffixes, HELP and TYPE, labels; served, and in a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from psnet.dsc.server import ServerFolder
from psnet.dsc.server.admin import metrics
from psnet.journal import RunRecord
from psnet.journal.metrics import Metrics

if TYPE_CHECKING:
    from pathlib import Path

NAME = re.compile(r"psnet(_[a-z0-9]+)+|psnet")
#: Base units; a name must not end with another.
OTHER_UNITS = ("milliseconds", "ms", "minutes", "hours", "kilobytes", "megabytes", "percent")


def watched() -> Metrics:
    run = {"id": "r", "options": "{}", "ended": "2026-01-02T03:04:05+00:00"}
    hosts = [{"host": name, "status": "planned"} for name in ("web01", 'we"ird\n')]
    change = {"kind": "nat", "name": "x", "operation": "create", "status": "planned"}
    made = Metrics()
    made.update(RunRecord(run, tuple(hosts), {str(each["host"]): (change,) for each in hosts}), 1.5)
    return made


@pytest.fixture(params=["served", "file", "pull server"])
def text(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "pull server":
        return metrics(ServerFolder(tmp_path).keys().store).decode()
    if request.param == "served":
        return watched().text()
    watched().write(tmp_path / "psnet.prom")
    return (tmp_path / "psnet.prom").read_text(encoding="utf-8")


def test_names_keep_the_conventions(text: str) -> None:
    families = [each for each in text_string_to_metric_families(text) if not each.name.endswith("_created")]
    assert families
    for family in families:
        assert NAME.fullmatch(family.name), family.name
        assert family.documentation.endswith("."), family.name
        assert family.type in ("gauge", "counter"), family.name
        assert not family.name.endswith(OTHER_UNITS), family.name
        assert len({sample.name for sample in family.samples} - {family.name, f"{family.name}_total"}) == 0
        for sample in family.samples:
            assert sample.name.endswith("_total") == (family.type == "counter"), sample.name
            assert all(
                re.fullmatch(r"[a-z][a-z0-9_]*", label) and not label.startswith("__") for label in sample.labels
            )
            assert sample.name.endswith("_info") == ("version" in sample.labels)
    described = {line.split()[2] for line in text.splitlines() if line.startswith("# HELP")}
    typed = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    assert described == typed
    shown = {re.split(r"[ {]", line)[0] for line in text.splitlines() if line and not line.startswith("#")}
    assert shown <= typed
    assert text.endswith("\n")


def test_what_was_measured_is_read_back() -> None:
    values = {
        (sample.name, sample.labels.get("host")): sample.value
        for family in text_string_to_metric_families(watched().text())
        for sample in family.samples
    }
    assert values["psnet_hosts", None] == 2
    assert values["psnet_changes_pending", "web01"] == 1
    assert values["psnet_last_run_duration_seconds", None] == 1.5
    assert values["psnet_runs_total", None] == 1
