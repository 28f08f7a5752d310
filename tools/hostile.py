"""Measure what every hostile host of the lab costs each transport: memory and seconds, as a table (exit 1: too much).

python tools/hostile.py [NAME ...]
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from hostile_measure import MOST_KILOBYTES, MOST_SECONDS, Cost, measure, ways

from psnet.lab.hostile import HostileServer


def main() -> int:
    """Measure, and print a line a mode and transport."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=3, help="how many at the same time")
    parser.add_argument("names", nargs="*", help="modes, all when none is named")
    given = parser.parse_args()
    chosen = [way for way in ways() if not given.names or way[0] in given.names]
    with HostileServer() as server, ThreadPoolExecutor(given.jobs) as pool:
        costs = list(pool.map(lambda way: measure(server, *way), chosen))
    for cost in costs:
        sys.stdout.write(f"{line(cost)}\n")
    for transport in sorted({cost.transport for cost in costs}):
        own = [cost for cost in costs if cost.transport == transport]
        sys.stdout.write(
            f"{transport}: {len(own)} modes, at most {max(cost.kilobytes for cost in own) / 1024:.1f} MB and "
            f"{max(cost.seconds for cost in own):.1f} s (bounds {MOST_KILOBYTES // 1024} MB, {MOST_SECONDS:.0f} s)\n"
        )
    return 1 if any(cost.wrong() for cost in costs) else 0


def line(cost: Cost) -> str:
    """Return a row of the table."""
    wrong = "; ".join(cost.wrong())
    return (
        f"{cost.name:26} {cost.transport:7} {cost.cause:16} {cost.kilobytes / 1024:6.1f} MB {cost.seconds:5.1f} s"
        f"{f'  NOT AS IT SHOULD BE: {wrong}' if wrong else ''}"
    )


if __name__ == "__main__":
    sys.exit(main())
