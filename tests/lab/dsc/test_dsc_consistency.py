"""What the Local Configuration Manager does by itself, on a clock that the test moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dsc_lab import Session, document, held, install, lab_host, meta, setting, simple

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.labhost import LabHost

FILE = "C:\\LabState\\a.txt"


def prepared(settings: str) -> tuple[LabHost, Session]:
    host = lab_host()
    host.clock.freeze()
    host.lcm.send_settings(meta(settings))
    session = Session(host)
    session.push(simple("a"))
    return host, session


@pytest.mark.parametrize(
    ("mode", "after", "records"),
    [
        ("ApplyOnly", "drift", []),
        ("ApplyAndMonitor", "drift", [("Consistency", "Success", ["a"])]),
        ("ApplyAndAutoCorrect", "on", [("Consistency", "Success", [])]),
        ("MonitorOnly", "drift", [("Consistency", "Success", ["a"])]),
    ],
)
def test_drift_is_left_seen_or_corrected_as_the_mode_says(mode: str, after: str, records: list[Any]) -> None:
    host, _ = prepared(f'ConfigurationMode = "{mode}"; ConfigurationModeFrequencyMins = 20;')
    host.files.write(FILE, b"drift")
    host.clock.advance(20 * 60 - 1)
    assert (host.lcm.due(), host.lcm.tick()) == (False, None)
    host.clock.advance(1)
    assert host.lcm.due()
    host.lcm.tick()
    assert not host.lcm.due()
    assert held(host, "a") == after
    found = [(run.type, run.status, [item.instance_name for item in run.bad]) for run in host.lcm.history.runs()[1:]]
    assert found == records


def test_several_intervals_are_one_check_and_a_new_meta_configuration_begins_the_cycle_anew() -> None:
    host, _ = prepared('ConfigurationMode = "ApplyAndMonitor";')
    host.clock.advance(100 * 60)
    assert host.lcm.tick() is not None
    assert host.lcm.tick() is None
    host.clock.advance(14 * 60)
    host.lcm.send_settings(meta('ConfigurationMode = "ApplyAndMonitor";'))
    host.clock.advance(14 * 60)
    assert not host.lcm.due()
    host.clock.advance(60)
    assert host.lcm.due()


@pytest.mark.parametrize("mode", ["ApplyOnly", "ApplyAndMonitor", "ApplyAndAutoCorrect"])
def test_what_could_not_be_applied_is_tried_again_in_every_mode(mode: str) -> None:
    host = lab_host()
    host.lcm.send_settings(meta(f'ConfigurationMode = "{mode}";'))
    session = Session(host)
    data = document(setting("a").replace('ModuleVersion = "1.2.0"', 'ModuleVersion = "1.4.0"'))
    session.push(data)
    assert (session.errors, host.lcm.state) == (["Lab.DscResourceNotFound"], "PendingConfiguration")
    host.clock.advance(15 * 60)
    assert host.lcm.tick().status == "Failure"
    install(host, "1.4.0")
    host.clock.advance(15 * 60)
    assert host.lcm.tick().status == "Success"
    assert (held(host, "a"), host.lcm.state) == ("on", "Idle")


def test_a_correction_that_fails_is_reported_and_leaves_the_current_document() -> None:
    host, _ = prepared('ConfigurationMode = "ApplyAndAutoCorrect";')
    host.files.remove("C:\\LabState\\a.txt")
    host.files.remove("C:\\LabState")
    host.files.write("C:\\LabState", b"a file where a folder should be")
    host.clock.advance(15 * 60)
    run = host.lcm.tick()
    assert (run.status, [item.instance_name for item in run.bad]) == ("Failure", ["a"])
    assert host.lcm.state == "Idle"


def test_a_check_can_be_asked_for_over_cim() -> None:
    host, session = prepared('ConfigurationMode = "ApplyAndAutoCorrect";')
    host.files.write(FILE, b"drift")
    session.run(
        "Invoke-CimMethod -Namespace root/Microsoft/Windows/DesiredStateConfiguration -ClassName "
        "MSFT_DSCLocalConfigurationManager -MethodName PerformRequiredConfigurationChecks "
        "-Arguments @{ Flags = [uint32] 1 } -Verbose"
    )
    assert session.errors == []
    assert held(host, "a") == "on"
    lines = [line.rpartition("] ")[2] for line in session.sink.verboses]
    assert "Starting consistency engine." in lines
    assert "Consistency check completed." in lines


def test_records_are_kept_as_long_as_the_settings_say() -> None:
    host, _ = prepared("StatusRetentionTimeInDays = 2;")
    host.clock.advance(3 * 86400)
    host.lcm.tick()
    assert [run.type for run in host.lcm.history.runs()] == ["Consistency"]


def test_a_running_lab_checks_by_itself(psnet_lab: Callable[..., Any]) -> None:
    lab = psnet_lab("2022")
    lab.server.beat_seconds = 0.01
    host = lab.hosts["ws2022"]
    install(host)
    host.lcm.send_settings(meta('ConfigurationMode = "ApplyAndAutoCorrect";'))
    host.lcm.send_apply(simple("a"))
    host.files.write(FILE, b"drift")
    host.clock.advance(15 * 60)
    with lab.connect() as session:
        while session.run(f"(Get-Content -LiteralPath '{FILE}' -Raw).Trim()").objects != ("on",):
            pass
    assert host.lcm.history.runs()[-1].type == "Consistency"
