"""Configurations that ask for a restart: told, or followed through it when the LCM restarts the host itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dsc_lab import MODULES, document, held, meta, setting

from psnet.dsc.deliver import ModulePackage, StartOperation
from psnet.dsc.deliver.operations import status_of
from psnet.fleet import run_fleet
from psnet.inventories import load_inventory

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.dsc.status import DscResult
    from psnet.fleet.results import HostRun
    from psnet.testing import Lab


def start(lab: Lab) -> HostRun[DscResult]:
    root = MODULES / "LabDemo"
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    wanted = document(setting("one", more=' Mood = "Reboot";'), setting("two", alias=2, depends=["one"]))
    work = StartOperation(wanted, ModulePackage("LabDemo", "1.2.0", files), timeout=60)
    (answer,) = run_fleet(load_inventory(lab.inventory).hosts, work, status_of=status_of).hosts
    return answer


@pytest.mark.parametrize("restarts", [False, True])
def test_a_restart_is_told_or_followed(psnet_lab: Callable[..., Lab], restarts: bool) -> None:  # noqa: FBT001 - a case
    lab = psnet_lab("2022")
    host = lab.hosts["ws2022"]
    host.lcm.send_settings(meta(f" RebootNodeIfNeeded = {restarts};"))
    answer = start(lab)
    assert answer.value is not None, answer.error
    assert answer.value.run is not None
    if restarts:
        assert (answer.status, answer.value.in_desired_state) == ("changed", True)
        assert held(host, "two") == "on"
    else:
        assert (answer.status, answer.value.run.reboot) == ("restart", True)
        assert answer.value.lcm.waits_for_restart
        assert held(host, "two") is None
