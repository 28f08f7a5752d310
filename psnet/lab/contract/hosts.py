"""What the engine asks of the host it runs on, and a small host in memory that answers.

``psnet.lab.host.LabHost`` answers the same questions with its model of Windows.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from .files import MemoryFiles


@runtime_checkable
class ClockApi(Protocol):
    """A clock that can be moved."""

    def now(self) -> datetime:
        """Return the time, with its zone."""

    def advance(self, seconds: float) -> None:
        """Sleep: move the clock forward."""


@runtime_checkable
class HostApi(Protocol):
    """A host. ``version`` is the OS version, such as "10.0.20348"."""

    name: str
    files: MemoryFiles
    environment: dict[str, str]
    clock: ClockApi
    culture: str
    version: str
    random: random.Random
    processes: list[dict[str, Any]]
    services: list[dict[str, Any]]
    programs: dict[str, Any]


class MemoryClock:
    """A clock that stands still unless moved."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2025, 1, 15, 12, 0, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time and let a tenth of a millisecond go by, so that it is never seen twice."""
        self._now += timedelta(microseconds=100)
        return self._now

    def advance(self, seconds: float) -> None:
        """Move forward."""
        self._now += timedelta(seconds=seconds)


def default_environment() -> dict[str, str]:
    """Return the environment variables of an administrator's session on a fresh server."""
    return {
        "COMPUTERNAME": "WIN-LAB",
        "USERNAME": "Administrator",
        "USERDOMAIN": "WIN-LAB",
        "USERPROFILE": "C:\\Users\\Administrator",
        "APPDATA": "C:\\Users\\Administrator\\AppData\\Roaming",
        "LOCALAPPDATA": "C:\\Users\\Administrator\\AppData\\Local",
        "TEMP": "C:\\Users\\Administrator\\AppData\\Local\\Temp",
        "TMP": "C:\\Users\\Administrator\\AppData\\Local\\Temp",
        "SystemRoot": "C:\\Windows",
        "windir": "C:\\Windows",
        "SystemDrive": "C:",
        "ProgramData": "C:\\ProgramData",
        "ProgramFiles": "C:\\Program Files",
        "ComSpec": "C:\\Windows\\system32\\cmd.exe",
        "OS": "Windows_NT",
        "PROCESSOR_ARCHITECTURE": "AMD64",
        "NUMBER_OF_PROCESSORS": "2",
        "PATH": "C:\\Windows\\system32;C:\\Windows;C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\",
        "PATHEXT": ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC",
        "PSModulePath": "C:\\Users\\Administrator\\Documents\\WindowsPowerShell\\Modules;"
        "C:\\Program Files\\WindowsPowerShell\\Modules;"
        "C:\\Windows\\system32\\WindowsPowerShell\\v1.0\\Modules",
    }


@dataclass
class MemoryHost:
    """A host without networks: enough for the engine alone."""

    name: str = "WIN-LAB"
    files: MemoryFiles = field(default_factory=MemoryFiles)
    environment: dict[str, str] = field(default_factory=default_environment)
    clock: ClockApi = field(default_factory=MemoryClock)
    culture: str = "en-US"
    version: str = "10.0.20348"
    random: random.Random = field(default_factory=lambda: random.Random(20348))
    processes: list[dict[str, Any]] = field(default_factory=list)
    services: list[dict[str, Any]] = field(default_factory=list)
    programs: dict[str, Any] = field(default_factory=dict)
