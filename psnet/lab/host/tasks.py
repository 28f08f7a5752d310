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
_FILE: Final = re.compile(r'-File\s+(?:"([^"]+)"|(\S+))\s*$', re.IGNORECASE)


@dataclass(slots=True)
class Task:
    """One task; ``at`` is the time of a trigger that fires once, in UTC."""

    name: str
    execute: str
    argument: str
    user: str
    at: datetime | None = None
    at_startup: bool = False
    state: str = "Ready"
    runs: int = 0


@dataclass(slots=True)
class Tasks:
    """The tasks of a host by lower-case name.

    ``run_file`` runs the script at a path to its end on a session of its own; the wire gives one that waits for its
    turn. Timers follow real time;
    after moving the host's clock, ``fire_due`` runs what has come due.
    """

    host: Host
    run_file: Callable[[str], None]
    known: dict[str, Task] = field(default_factory=dict)
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
        """Run a task beside everything else; one that runs already is left alone."""
        task = self.known.get(name.lower())
        if task is None or task.state == "Running":
            return
        task.state = "Running"
        task.runs += 1
        threading.Thread(target=self._run, args=[task], name="psnet-lab-task", daemon=True).start()

    def fire_due(self) -> None:
        """Start what has come due by the host's clock."""
        for task in list(self.known.values()):
            if task.at is not None and task.runs == 0 and task.at <= self.host.clock.now():
                self.start(task.name)

    def _run(self, task: Task) -> None:
        found = _FILE.search(task.argument)
        try:
            if found is None or not task.execute.lower().endswith("powershell.exe"):
                log.error("%s: the lab cannot run the task %s: %s", self.host.name, task.name, task.execute)
                return
            self.run_file(found[1] or found[2])
        except Exception:
            log.exception("%s: the task %s failed", self.host.name, task.name)
        finally:
            task.state = "Ready"

    def boot(self) -> None:
        """Run the tasks of the host's start, one after the other."""
        for task in [item for item in self.known.values() if item.at_startup]:
            task.runs += 1
            self._run(task)

    def stop(self) -> None:
        """Forget every timer."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
