"""Hours in minutes: thousands of pipelines on one session, then a fleet under faults, while memory is watched.

    python tools/soak.py [--pipelines 3000] [--hosts 200] [--seconds 120]

The lab runs in a process of its own, so that the memory is psnet's. Exits with 1 when a pipeline or a host has no
answer, or when memory grew by more than 32 MB after the first quarter.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psnet
from psnet.inventories import load_inventory
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_GROWTH: Final = 32.0  # MB
_FAULTS: Final = """\
seed: 7
faults:
  - {action: drop, operation: Receive, probability: 0.02, times: always}
  - {action: drop, operation: Command, probability: 0.01, times: always}
  - {action: slow, operation: Receive, seconds: 0.2, probability: 0.01, times: always}
  - {action: timeout, operation: Receive, probability: 0.01, times: always}
"""


def main() -> int:
    """Run both parts; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pipelines", type=int, default=3000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=120)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="psnet-soak-") as name:
        folder = Path(name)
        fine = [pipelines(folder, given.pipelines, transport) for transport in ("psrp", "pypsrp")]
        fine.append(fleet(folder, given.hosts, given.seconds))
    return 0 if all(fine) else 1


def pipelines(folder: Path, count: int, transport: str) -> bool:
    """Run so many pipelines on one session."""
    with lab(folder, "--count", "1") as inventory:
        settings = load_inventory(inventory).hosts[0].settings().model_copy(update={"transport": transport})
        sizes: list[float] = []
        answered = 0
        began = time.monotonic()
        with contextlib.closing(open_session(settings, "ws2022")) as session:
            for number in range(count):
                answered += session.run(f"{number} + 1", reading=True).objects == (number + 1,)
                if number % 100 == 0:
                    sizes.append(memory())
        return said(
            f"{transport}: {answered} of {count} pipelines on one session", sizes, began, fine=answered == count
        )


def fleet(folder: Path, count: int, seconds: int) -> bool:
    """Read so many hosts again and again while things go wrong."""
    plan = folder / "faults.yaml"
    plan.write_text(_FAULTS, encoding="utf-8")
    with lab(folder, "--count", str(count), "--faults", str(plan)) as inventory:
        hosts = psnet.inventory(inventory)
        hosts.forks = 25
        ends: Counter[str] = Counter()
        sizes: list[float] = []
        began = time.monotonic()
        rounds = 0
        while time.monotonic() - began < seconds:
            answers = hosts.run("'here'")
            ends["answered"] += sum(output.lines() == ["here"] for output in answers.good.values())
            ends["not answered"] += len(answers.errors)
            sizes.append(memory())
            rounds += 1
        told = ", ".join(f"{number} {word}" for word, number in sorted(ends.items()))
        fine = ends["not answered"] == 0 and ends.total() == rounds * count
        return said(f"{count} hosts under faults, {rounds} rounds: {told}", sizes, began, fine=fine)


def said(what: str, sizes: list[float], began: float, *, fine: bool) -> bool:
    """Print one part's outcome; return whether it is as it should be."""
    grown = max(sizes) - sizes[len(sizes) // 4]
    fine = fine and grown <= _MOST_GROWTH
    sys.stdout.write(
        f"{what} in {time.monotonic() - began:.0f} s; memory {sizes[0]:.0f} MB at first, {max(sizes):.0f} MB at most, "
        f"{grown:+.1f} MB after the first quarter{'' if fine else '  NOT AS IT SHOULD BE'}\n"
    )
    sys.stdout.flush()
    return fine


def memory() -> float:
    """Return this process's resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1024**2


@contextlib.contextmanager
def lab(folder: Path, *options: str) -> Iterator[Path]:
    """Run simulated hosts in a process of their own; yield their inventory."""
    inventory = folder / f"{time.monotonic_ns()}.yaml"
    command = [sys.executable, "-m", "psnet", "lab", "up", "--inventory-out", str(inventory), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if line.startswith("try:"):
                break
        try:
            yield inventory
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
