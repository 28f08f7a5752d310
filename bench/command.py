"""The command line itself: ``psnet apply SITE -i INVENTORY --yes`` as a process of its own, start-up and all."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from bench.site import TEXT
from psnet.inventories import load_inventory


def measure(inventory: Path, forks: int, folder: Path, last: int) -> dict[str, float]:
    """Run it over the first hosts of an inventory; the time is that of the whole command."""
    site = folder / "site.yaml"
    site.write_text(TEXT, encoding="utf-8")
    environment = {**os.environ, "PSNET_JOURNAL": str(folder / "journal.sqlite")}
    words = [
        "apply",
        str(site),
        "-i",
        str(inventory),
        "--yes",
        "--forks",
        str(forks),
        "--limit",
        _limit(inventory, last),
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "psnet", *words], env=environment, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"psnet apply failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "cpu": cpu, "peak_mb": after.ru_maxrss / 1024}


def _limit(inventory: Path, last: int) -> str:
    return ",".join(host.name for host in load_inventory(inventory).hosts[:last])


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))))
