"""What a host's health is read from: an event log that is empty is no failure (Get-WinEvent: NoMatchingEventsFound)."""

from __future__ import annotations

import pytest

from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file
from psnet.lab.labhost import LabHost
from psnet.observe.read import ObserveScope, observe_script, read_state


@pytest.mark.parametrize("os", ["2016", "2022"])
def test_an_empty_log_of_refusals_was_read(os: str) -> None:
    host = LabHost("h", os)
    result = run_file(host, observe_script(ObserveScope(health=True)), registry=lab_registry(host), width=1_000_000)
    health = read_state(result.stdout, "h").health
    assert health is not None
    assert (health.hns_refusals, "hns_refusals" in health.unread) == ((), False)
