"""psnet and its peers side by side: the same hosts, answers and forks; CPU of the client is the measure."""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench import ansible
from bench.client import TOOLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FORKS: Final = 20
#: The largest fleet that each of the slow tools is given.
MOST: Final = {
    "psnet, processes": 500,
    "psnet, transport": 500,
    "psnet, command": 500,
    "pywinrm": 100,
    "pywinrm, best": 100,
    "pypsrp": 100,
    "pypsrp, best": 500,
    "ansible": 20,
    "ansible, best": 20,
}
#: The fleet that the targets are about; those of more than LARGE are measured unchanged over the first logon alone, for
#: they are about memory.
OFTEN: Final = 100
LARGE: Final = 500
COMMAND: Final = "psnet, command"
ANSIBLE: Final = ("ansible", "ansible, best")
_QUESTION: Final = "?\n"


@contextmanager
def _lab(count: int, folder: Path, state: str, auth: str) -> Iterator[tuple[Path, Callable[[], dict[str, int]]]]:
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.lab", str(count), str(folder), state, auth],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin
    assert server.stdout
    inventory = Path(server.stdout.readline().strip())

    def counters() -> dict[str, int]:
        assert server.stdin
        assert server.stdout
        server.stdin.write(_QUESTION)
        server.stdin.flush()
        found: dict[str, int] = json.loads(server.stdout.readline())
        return found

    try:
        yield inventory, counters
    finally:
        server.stdin.close()
        server.wait(30)


class ToolError(Exception):
    """A tool could not be measured; the others go on."""


def _run(state: str, tool: str, inventory: Path, last: int, journal: str = "") -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        if tool in ANSIBLE:
            form = "best" if "best" in tool else "usual"
            words = ["-m", "bench.ansible", str(inventory), str(FORKS), folder, str(last), form]
        elif tool == COMMAND:
            words = ["-m", "bench.command", str(inventory), str(FORKS), folder, str(last)]
        else:
            words = ["-m", "bench.client", state, tool, str(inventory), str(FORKS), str(last)]
        found: dict[str, float] = json.loads(_answer(tool, words, journal))
    return found


def _answer(tool: str, words: list[str], journal: str) -> str:
    """Return the last line that a process of the bench prints; ToolError when it fails."""
    environment = {**os.environ, **({"BENCH_JOURNAL": journal} if journal else {})}
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise ToolError(f"{tool}: {(done.stdout + done.stderr).strip().splitlines()[-1:]}")
    return done.stdout.splitlines()[-1] if done.stdout else ""


def cells(sizes: tuple[int, ...], states: tuple[str, ...], auths: tuple[str, ...]) -> list[Cell]:
    """Return what is measured, the most telling first: the size that the targets are about, the largest, the others."""
    order = sorted(sizes, key=lambda count: (count != OFTEN, count != max(sizes), count))
    return [
        Cell(state, auth, count)
        for count in order
        for state in states
        for auth in auths
        if count <= LARGE or (state, auth) == (states[0], auths[0])
    ]


@dataclass(slots=True)
class Cell:
    """One fleet in one state by one logon: what each of its tools took, by round."""

    state: str
    auth: str
    count: int
    taken: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    def measure(self, tell: Callable[[dict[str, Any]], None]) -> None:
        """Measure each tool once more, in an order drawn anew; ``tell`` is given each row as it is known."""
        began = time.monotonic()
        with (
            tempfile.TemporaryDirectory() as folder,
            _lab(self.count, Path(folder), self.state, self.auth) as (inventory, counters),
        ):
            tools = self._prime(inventory, folder)
            for tool in random.sample(tools, len(tools)):
                before = counters()
                try:
                    took = _run(self.state, tool, inventory, self.count, folder if "known" in tool else "")
                except ToolError as error:
                    tell({"state": self.state, "auth": self.auth, "hosts": self.count, "tool": tool, "failed": error})
                    continue
                after = counters()
                each = self.count + (tool not in (*ANSIBLE, COMMAND))  # the one that comes before the clock
                took.setdefault("start", self.starts.get(tool, 0.0))
                took |= {key: (after[key] - before[key]) / each for key in after}
                self.taken.setdefault(tool, []).append(took)
                tell(_row(self.state, self.auth, self.count, tool, self.taken[tool]))
        self.seconds = time.monotonic() - began

    def _prime(self, inventory: Path, folder: str) -> list[str]:
        """Let the lab compute the answers; return the tools that are measured."""
        tools = [tool for tool in TOOLS[self.state] if self.count <= MOST.get(tool, self.count)]
        # with few hosts the difference of two whole commands says nothing
        beside = [COMMAND] if OFTEN <= self.count <= MOST[COMMAND] else []
        if self.state == "unchanged" and ansible.program() is not None:
            beside += [tool for tool in ANSIBLE if self.count <= MOST[tool]]
        without = [tool for tool in TOOLS[self.state] if tool not in tools]
        _answer("priming", ["-m", "bench.client", self.state, "prime", str(inventory), str(FORKS), *without], "")
        if self.state == "unchanged":  # two runs: one that verifies, and one whose digests are sent and computed
            _run(self.state, "psnet", inventory, self.count, folder)
            _run(self.state, "psnet", inventory, 1, folder)
        for tool in tuple(beside):
            try:
                one = _run(self.state, tool, inventory, 1)
            except ToolError as error:
                print(f"{tool} is left out: {error}", file=sys.stderr)
                beside.remove(tool)
            else:
                self.starts[tool] = one["cpu"]
        return tools + beside

    def rows(self) -> list[dict[str, Any]]:
        """Return a row a tool."""
        return [_row(self.state, self.auth, self.count, tool, taken) for tool, taken in self.taken.items()]


def _row(state: str, auth: str, count: int, tool: str, taken: list[dict[str, float]]) -> dict[str, Any]:
    each = sorted(_milliseconds(item, tool, count) for item in taken)
    last = taken[-1]
    return {
        "state": state,
        "auth": auth,
        "hosts": count,
        "tool": tool,
        "cpu_ms": round(statistics.median(each), 2),
        "least": round(each[0], 2),
        "start_ms": round(min(item["start"] for item in taken) * 1000),
        "hosts_per_cpu_second": round(1000 / statistics.median(each), 1),
        "hosts_per_second": round(count / statistics.median(item["seconds"] for item in taken), 1),
        "requests": round(last["requests"], 2),
        "pipelines": round(last["pipelines"], 2),
        "kilobytes": round(last["bytes"] / 1000, 1),
        "peak_mb": round(last["peak_mb"]),
        "times": len(taken),
    }


def _milliseconds(took: dict[str, float], tool: str, count: int) -> float:
    """Return the CPU a host; of a command that of one host, its start, is taken off."""
    if tool in (*ANSIBLE, COMMAND):
        return max(0.01, (took["cpu"] - took["start"]) / max(1, count - 1) * 1000)
    return took["cpu"] / count * 1000
