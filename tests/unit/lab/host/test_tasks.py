"""A task is of the host's start in which it was started: a restart ends it, as it ends every process."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from psnet.lab.host.tasks import Task, Tasks
from psnet.lab.labhost import LabHost

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("restarts", [0, 1])
def test_a_task_whose_thread_begins_after_a_restart_is_of_the_start_before(
    restarts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_run: list[bool] = []
    begun: list[threading.Thread] = []

    def run_file(_path: str, up: Callable[[], bool]) -> None:
        may_run.append(up())

    tasks = Tasks(LabHost("h", "2022"), run_file)
    tasks.known["change"] = Task("change", "powershell.exe", r'-File "C:\change.ps1"', "SYSTEM")

    def start(thread: threading.Thread) -> None:
        begun.append(thread)  # the computer is busy: it begins later

    monkeypatch.setattr(threading.Thread, "start", start)
    tasks.start("change")
    for _ in range(restarts):
        tasks.shut_down()
        tasks.boot()
    (thread,) = begun
    thread.run()
    assert may_run == [restarts == 0]
