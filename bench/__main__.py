"""`make bench`: how long planning takes as a site grows, and what one pipeline against the lab costs."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from bench import dsc_compile
from psnet.api import Host
from psnet.inventory import load_inventory
from psnet.lab.run import make_hosts, running_lab
from psnet.observe.state import Facts, HostState
from psnet.plan import plan
from psnet.resources import FirewallRule
from psnet.site import Site

RESULTS = Path(__file__).resolve().parent / "results"
FACTS = Facts(computer_name="H", build=20348, product="x", has_container_network=False, has_hns=True)


def planning() -> list[dict[str, float]]:
    """Plan sites of growing size for an empty host."""
    rows = []
    for count in (10, 100, 1_000, 10_000):
        site = Site(resources=tuple(FirewallRule(name=f"rule-{number}") for number in range(count)))
        start = time.perf_counter()
        plan(site, HostState(facts=FACTS))
        rows.append({"resources": count, "seconds": time.perf_counter() - start})
    return rows


def pipelines() -> list[dict[str, float]]:
    """Observe one lab host: the first pipeline opens the session, the next ones reuse it."""
    with tempfile.TemporaryDirectory() as folder, running_lab(make_hosts(["2022"]), Path(folder)) as path:
        rows = []
        with Host(load_inventory(path)["ws2022"].settings()) as host:
            for number in range(1, 4):
                start = time.perf_counter()
                host.observe()
                rows.append({"pipeline": number, "seconds": time.perf_counter() - start})
        return rows


def main() -> None:
    """Measure, print, and keep the figures as JSON."""
    figures = {"planning": planning(), "pipelines": pipelines()}
    for name, rows in figures.items():
        first = rows[0]["seconds"]
        for row in rows:
            label, size = next(iter(row.items()))
            print(f"{name:<10} {label:>9} {size:>7}  {row['seconds']:8.4f} s  x{row['seconds'] / first:,.1f}")
    figures["dsc_compile"] = dsc_compile.show()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
