"""psnet and its peers side by side over unchanged fleets: the same hosts, the same answers, the same forks."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench import ansible

if TYPE_CHECKING:
    from collections.abc import Iterator

FORKS: Final = 20
#: How many hosts each tool is given; the slowest ones are not made to go over all.
SIZES: Final = {
    "psnet": (10, 100, 500),
    "psnet, processes": (10, 100, 500),
    "pypsrp": (10, 100, 500),
    "pywinrm": (10, 100),
    "ansible": (10, 100),
}


@contextmanager
def _lab(count: int, folder: Path) -> Iterator[tuple[Path, Any]]:
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.lab", str(count), str(folder)],
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
        server.stdin.write("?\n")
        server.stdin.flush()
        found: dict[str, int] = json.loads(server.stdout.readline())
        return found

    try:
        yield inventory, counters
    finally:
        server.stdin.close()
        server.wait(30)


def _run(tool: str, inventory: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        words = (
            ["-m", "bench.ansible", str(inventory), str(FORKS), folder]
            if tool == "ansible"
            else ["-m", "bench.client", tool, str(inventory), str(FORKS)]
        )
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{tool}: {done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def rows(sizes: tuple[int, ...] = (10, 100, 500)) -> list[dict[str, Any]]:
    """Measure every tool over fleets of these sizes; ``ratio`` is psnet's hosts a second over the tool's."""
    found: list[dict[str, Any]] = []
    for count in sizes:
        with tempfile.TemporaryDirectory() as folder, _lab(count, Path(folder)) as (inventory, counters):
            best = 0.0
            for tool, wanted in SIZES.items():
                if count not in wanted or (tool == "ansible" and ansible.program() is None):
                    continue
                _run(tool, inventory) if count <= 10 else None  # the first answers are computed, not measured
                before = counters()
                took = _run(tool, inventory)
                after = counters()
                rate = count / took["seconds"]
                best = best or rate
                found.append(
                    {
                        "hosts": count,
                        "tool": tool,
                        "hosts_per_second": rate,
                        "ratio": best / rate,
                        "requests": (after["requests"] - before["requests"]) / count,
                        "pipelines": (after["pipelines"] - before["pipelines"]) / count,
                        "kilobytes": (after["bytes"] - before["bytes"]) / count / 1000,
                        "cpu_ms": took["cpu"] / count * 1000,
                        "peak_mb": took["peak_mb"],
                    }
                )
    return found
