"""Running playbooks against the lab through ``psnet play``, and what a run told.

Starting ansible-core takes about a second: a run has many assertions.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


@dataclass
class Ran:
    """One run: its exit code, its events, and what it printed beside them."""

    code: int
    events: list[dict[str, Any]]
    text: str

    def ended(self, title: str) -> dict[str, dict[str, Any]]:
        """Return how the last task of a name ended on each host."""
        named = [item for item in self.events if item["event"] == "task_ended" and item["title"] == title]
        return {item["host"]: item for item in named}

    def result(self, title: str, host: str | None = None) -> dict[str, Any]:
        """Return the result of a task on a host, or on the only one."""
        told = self.ended(title)
        assert told, f"{title} is not among {self.text}"
        found: dict[str, Any] = told[host or next(iter(told))]["result"]
        return found

    def statuses(self) -> dict[str, dict[str, str]]:
        """Return (task -> host -> status), in the order in which tasks ended."""
        found: dict[str, dict[str, str]] = {}
        for item in self.events:
            if item["event"] == "task_ended":
                found.setdefault(item["title"], {})[item["host"]] = item["status"]
        return found

    @property
    def recap(self) -> list[str]:
        """psnet's recap."""
        return [line for item in self.events if item["event"] == "run_ended" for line in item["recap"]]


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a run that leaves nothing outside a folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "PSNET_"))}
    own = {
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        "LC_ALL": "C.UTF-8",
        "PSNET_JOURNAL": str(folder / "journal.sqlite"),
        "PYTHONPATH": str(ROOT),
    }
    return {**kept, **own, **more}


def command(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run psnet in a folder."""
    line = [str(BIN / "psnet"), *words]
    environment = surroundings(folder, **more)
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=100)
