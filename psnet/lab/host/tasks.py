"""Scheduled tasks of a host: registered, started by hand or by their time, run as SYSTEM beside every session."""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from psnet.lab.host.model import Host

log = logging.getLogger("psnet.lab.host")
#: LastTaskResult of a task that has not run yet (rule: task-never-run).
NOT_YET_RUN: Final = 0x41303
_FILE: Final = re.compile(r'-File\s+(?:"([^"]+)"|(\S+))\s*$', re.IGNORECASE)


@dataclass(slots=True)
class Task:
    """One task; ``at`` is the time of a trigger that fires once, in UTC.

    ``batteries`` lets it start on batteries, ``when_available`` makes up a time that was missed; Windows' defaults are
    neither. ``result`` is LastTaskResult (0x41303: it has not run yet), ``missed`` NumberOfMissedRuns.
    """

    name: str
    execute: str
    argument: str
    user: str
    at: datetime | None = None
    at_startup: bool = False
    state: str = "Ready"
    runs: int = 0
    batteries: bool = False
    when_available: bool = False
    last_run: datetime | None = None
    result: int = NOT_YET_RUN
    missed: int = 0


@dataclass(slots=True)
class Tasks:
    """The tasks of a host by lower-case name.

    ``run_file`` runs the script at a path to its end on a session of its own; the wire gives one that waits for its
    turn, and then asks whether the host has not restarted meanwhile. Timers follow real time.
    """

    host: Host
    run_file: Callable[[str, Callable[[], bool]], None]
    known: dict[str, Task] = field(default_factory=dict)
    starts: int = 0
    down: bool = False
    _timers: dict[str, threading.Timer] = field(default_factory=dict)

    def register(self, task: Task) -> None:
        """Add or replace a task, and wait for its time."""
        self.unregister(task.name)
        self.known[task.name.lower()] = task
        if task.at is not None:
            seconds = max(0.0, (task.at - self.host.clock.now()).total_seconds())
            timer = threading.Timer(seconds, self.start, [task.name])
            timer.daemon = True
            self._timers[task.name.lower()] = timer
            timer.start()

    def unregister(self, name: str) -> None:
        """Forget a task; one that runs goes on."""
        self.known.pop(name.lower(), None)
        timer = self._timers.pop(name.lower(), None)
        if timer is not None:
            timer.cancel()

    def start(self, name: str) -> None:
        """Run a task beside everything else; one that runs already, or that batteries keep, is left alone."""
        task = self.known.get(name.lower())
        if task is not None and not self.down:
            self._launch(task)

    def _launch(self, task: Task) -> None:
        if task.state == "Running" or self._skipped(task):
            return
        self._began(task)
        threading.Thread(target=self._run, args=[task, self.starts], name="psnet-lab-task", daemon=True).start()

    def _skipped(self, task: Task) -> bool:
        # rule: task-batteries, task-skipped-result
        if not self.host.on_battery or task.batteries:
            return False
        task.result, task.missed = 0, task.missed + 1
        return True

    def _began(self, task: Task) -> None:
        task.state, task.result, task.last_run = "Running", 0, self.host.clock.now()
        task.runs += 1

    def slept(self, until: datetime) -> None:
        """Miss the times of tasks that passed while the host was off; those that make it up start when it is back."""
        for task in list(self.known.values()):
            if task.at is not None and task.runs == 0 and task.at <= until:
                # rule: task-missed
                timer = self._timers.pop(task.name.lower(), None)
                if timer is not None:
                    timer.cancel()
                if task.when_available:
                    self._launch(task)
                else:
                    task.at, task.missed = None, task.missed + 1

    def shut_down(self) -> None:
        """End with the host: what waits to run does so no more, and nothing begins until it is up again."""
        self.down = True
        self.starts += 1
        for task in self.known.values():
            task.state = "Ready"

    def _run(self, task: Task, begun: int) -> None:
        """Run a task of the host's ``begun``-th start: what was started before a restart ends with it."""
        found = _FILE.search(task.argument)
        try:
            if found is None or not task.execute.lower().endswith("powershell.exe"):
                log.error("%s: the lab cannot run the task %s: %s", self.host.name, task.name, task.execute)
                return
            self.run_file(found[1] or found[2], lambda: self.starts == begun)
        except Exception:
            log.exception("%s: the task %s failed", self.host.name, task.name)
        finally:
            task.state = "Ready"

    def boot(self) -> None:
        """Run the tasks of the host's start, one after the other."""
        try:
            for task in [item for item in self.known.values() if item.at_startup]:
                if self._skipped(task):
                    continue  # a start that was missed is not made up (rule: task-missed)
                self._began(task)
                self._run(task, self.starts)
        finally:
            self.down = False

    def stop(self) -> None:
        """Forget every timer."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
