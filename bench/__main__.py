"""``make bench``: psnet beside its peers, in one run on one machine; printed as it goes, kept as JSON.

``make bench ARGUMENTS="--hosts 10,100"`` measures smaller fleets only.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import dsc_compile, fleet, planning, targets

RESULTS = Path(__file__).resolve().parent / "results"


def _table(title: str, rows: list[dict[str, Any]], console: Console) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left")
    for name in rows[0]:
        table.add_column(name.replace("_", " "), justify="left" if isinstance(rows[0][name], str) else "right")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    console.print(table)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.4f}" if value < 0.1 else f"{value:,.2f}" if value < 100 else f"{value:,.0f}"
    return str(value)


def _keep(figures: dict[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print, and keep the figures."""
    options = argparse.ArgumentParser(prog="bench")
    options.add_argument("--hosts", default="10,100,500,2000", help="sizes of fleets")
    options.add_argument("--auth", default="basic,ntlm", help="basic, ntlm or both; over TLS")
    options.add_argument("--state", default="unchanged,changed", help="unchanged, changed or both")
    options.add_argument("--repeats", type=int, default=3, help="how often fleets of up to 100 are measured, at most")
    options.add_argument(
        "--minutes",
        type=float,
        default=10,
        help="after these nothing more is begun, and no repeat that would not end within them",
    )
    options.add_argument("--only-fleets", action="store_true", help="leave planning and compiling out")
    given = options.parse_args()
    console = Console(width=150)
    began = time.monotonic()
    figures: dict[str, Any] = {"load": [round(os.getloadavg()[0], 1)], "cores": os.cpu_count()}
    console.print(f"load {figures['load'][0]} on {figures['cores']} cores")
    if not given.only_fleets:
        figures["planning"] = planning.rows()
        _table("planning", figures["planning"], console)
        figures["dsc compile"] = dsc_compile.rows()
        _table("psnet dsc compile, on one core", figures["dsc compile"], console)
    sizes = tuple(int(word) for word in given.hosts.split(","))
    cells = fleet.cells(sizes, tuple(given.state.split(",")), tuple(given.auth.split(",")))

    def tell(row: dict[str, Any]) -> None:
        console.print(" ".join(f"{key}={value}" for key, value in row.items()), soft_wrap=True, highlight=False)

    figures["fleet"] = []
    for number in range(given.repeats):
        for cell in cells:
            spent = time.monotonic() - began
            if number and (cell.count > fleet.OFTEN or spent + cell.seconds > given.minutes * 60):
                continue
            if spent > given.minutes * 60:
                console.print(f"{cell.state}, {cell.auth}, {cell.count} hosts is left out: --minutes are over")
                continue
            try:
                cell.measure(tell)
            except (fleet.ToolError, OSError, ValueError, subprocess.SubprocessError) as error:
                console.print(f"{cell.state}, {cell.auth}, {cell.count} hosts is left out: {error}", soft_wrap=True)
            figures["fleet"] = [row for each in cells for row in each.rows()]
            _keep(figures)
    figures["load"].append(round(os.getloadavg()[0], 1))
    figures["targets"] = targets.judged(figures["fleet"], fleet.OFTEN)
    _keep(figures)
    figures["fleet"].sort(key=lambda row: (row["state"], row["auth"], row["hosts"], row["cpu_ms"]), reverse=False)
    _table("fleets: CPU of the client a host", figures["fleet"], console)
    _table("targets", figures["targets"], console)
    console.print(f"load {figures['load'][1]}; {(time.monotonic() - began) / 60:.1f} minutes; {RESULTS / 'bench.json'}")


if __name__ == "__main__":
    main()
