"""psnet and its peers side by side: the same hosts, answers and forks; CPU of the client is the measure."""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
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
    "pywinrm": 100,
    "pywinrm, best": 100,
    "pypsrp": 100,
    "pypsrp, best": 500,
    "ansible": 20,
    "ansible, best": 20,
}
#: Fleets of more are measured once, and of more than LARGE unchanged over the first logon alone: they are about memory.
OFTEN: Final = 100
LARGE: Final = 500
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


def _run(state: str, tool: str, inventory: Path, first: int, last: int, journal: str = "") -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        words = ["-m", "bench.client", state, tool, str(inventory), str(FORKS), str(first), str(last)]
        if tool in ANSIBLE:
            form = "best" if "best" in tool else "usual"
            words = ["-m", "bench.ansible", str(inventory), str(FORKS), folder, str(last), form]
        environment = {**os.environ, "BENCH_JOURNAL": journal or folder}
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise SystemExit(f"{tool}: {done.stdout}{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def rows(
    sizes: tuple[int, ...], states: tuple[str, ...], auths: tuple[str, ...], repeats: int, tell: Callable[[Any], None]
) -> list[dict[str, Any]]:
    """Measure every tool over fleets of these sizes; ``tell`` is given each row as soon as it is known.

    The order of the tools is drawn anew for each repeat. The first host's answers are computed beforehand, so that
    what is measured is clients and the wire. ``cpu_ms`` is the median over the repeats, ``least`` the smallest; of
    Ansible, whose start cannot be left out otherwise, the CPU of one host is taken off.
    """
    found: list[dict[str, Any]] = []
    for state in states:
        for auth in auths:
            for count in sizes:
                if count <= LARGE or (state, auth) == (states[0], auths[0]):
                    found += _fleet(state, auth, count, repeats if count <= OFTEN else 1, tell)
    return found


def _fleet(state: str, auth: str, count: int, repeats: int, tell: Callable[[Any], None]) -> list[dict[str, Any]]:
    tools = [tool for tool in TOOLS[state] if count <= MOST.get(tool, count)]
    if state == "unchanged" and ansible.program() is not None:
        tools += [tool for tool in ANSIBLE if count <= MOST[tool]]
    taken: dict[str, list[dict[str, float]]] = {tool: [] for tool in tools}
    start: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, _lab(count, Path(folder), state, auth) as (inventory, counters):
        for position, tool in enumerate(tools):
            # what a script gives is computed on the host that is as declared; a change on a fresh one for each tool
            first = position % count if state == "changed" else 0
            start[tool] = _run(state, tool, inventory, first, first + 1)["cpu"] if tool in ANSIBLE else 0.0
            if tool not in ANSIBLE:
                _run(state, tool, inventory, first, first + 1)
        if state == "unchanged":  # two runs: one that verifies, and one whose digests are sent and computed
            _run(state, "psnet", inventory, 0, count, folder)
            _run(state, "psnet", inventory, 0, 1, folder)
        for _ in range(repeats):
            for tool in random.sample(tools, len(tools)):
                journal = folder if "known" in tool else ""
                before = counters()
                took = _run(state, tool, inventory, 0, count, journal)
                after = counters()
                taken[tool].append({**took, **{key: (after[key] - before[key]) / count for key in after}})
    made = [_row(state, auth, count, tool, taken[tool], start[tool]) for tool in tools]
    for row in made:
        tell(row)
    return made


def _row(state: str, auth: str, count: int, tool: str, taken: list[dict[str, float]], start: float) -> dict[str, Any]:
    each = sorted((item["cpu"] - start) / max(1, count - bool(start)) * 1000 for item in taken)
    last = taken[-1]
    return {
        "state": state,
        "auth": auth,
        "hosts": count,
        "tool": tool,
        "cpu_ms": round(statistics.median(each), 2),
        "least": round(each[0], 2),
        "hosts_per_cpu_second": round(1000 / statistics.median(each), 1),
        "hosts_per_second": round(count / statistics.median(item["seconds"] for item in taken), 1),
        "requests": round(last["requests"], 2),
        "pipelines": round(last["pipelines"], 2),
        "kilobytes": round(last["bytes"] / 1000, 1),
        "peak_mb": round(last["peak_mb"]),
    }
