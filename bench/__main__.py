"""``make bench``: psnet beside its peers, in one run on one machine; printed as it goes, kept as JSON.

``make bench ARGUMENTS="--hosts 10,100"`` measures smaller fleets only.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import dsc_compile, fleet, planning

RESULTS = Path(__file__).resolve().parent / "results"


def _table(title: str, rows: list[dict[str, Any]], console: Console) -> None:
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


def main() -> None:
    """Measure, print, and keep the figures."""
    options = argparse.ArgumentParser(prog="bench")
    options.add_argument("--hosts", default="10,100,500,2000", help="sizes of fleets")
    options.add_argument("--auth", default="basic,ntlm", help="basic, ntlm or both; over TLS")
    options.add_argument("--state", default="unchanged,changed", help="unchanged, changed or both")
    options.add_argument(
        "--repeats",
        type=int,
        default=3,
        help="how often each is measured, in an order drawn anew; fleets of more than 100 once",
    )
    options.add_argument("--only-fleets", action="store_true", help="leave planning and compiling out")
    given = options.parse_args()
    console = Console(width=120)
    figures: dict[str, list[dict[str, Any]]] = {}
    if not given.only_fleets:
        figures["planning"] = planning.rows()
        _table("planning", figures["planning"], console)
        figures["dsc compile"] = dsc_compile.rows()
        _table("psnet dsc compile, on one core", figures["dsc compile"], console)
    figures["fleet"] = fleet.rows(
        tuple(int(word) for word in given.hosts.split(",")),
        tuple(given.state.split(",")),
        tuple(given.auth.split(",")),
        given.repeats,
        lambda row: console.print(" ".join(f"{key}={value}" for key, value in row.items()), soft_wrap=True),
    )
    _table("fleets: CPU of the client a host", figures["fleet"], console)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
