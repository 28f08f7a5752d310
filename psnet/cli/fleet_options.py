"""The options of every command that goes over many hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from psnet._internal.output import try_output
from psnet.cli import completion

ForksOption = Annotated[int, typer.Option("--forks", "-f", min=1, max=500, help="How many hosts at once.")]
SerialOption = Annotated[
    str | None, typer.Option("--serial", help="Batches: 5, 20%, or 1,25%,100%; the next begins when one is done.")
]
MaxFailOption = Annotated[
    str | None,
    typer.Option(
        "--max-fail", help="Begin no further host after more failures than 3, or than 10% of a batch; 0: the first."
    ),
]
OrderOption = Annotated[
    str,
    typer.Option(
        "--order",
        help="inventory, reverse, sorted, reverse_sorted or shuffle.",
        autocompletion=completion.words(*completion.ORDERS),
    ),
]
CanaryOption = Annotated[bool, typer.Option("--canary", help="One host first, and no other when it fails.")]
ExecutorOption = Annotated[
    str,
    typer.Option(
        "--executor",
        envvar="PSNET_EXECUTOR",
        help="threads, processes, processes:N, dask://HOST:PORT or dask+tls://HOST:PORT.",
        autocompletion=completion.words("threads", "processes", "dask://", "dask+tls://"),
    ),
]
JsonLinesOption = Annotated[
    bool, typer.Option("--json", help="Print JSON lines, one event a line, instead of text; the last one sums up.")
]
JournalOption = Annotated[
    str | None,
    typer.Option(
        "--journal", envvar="PSNET_JOURNAL", help="A path, or an SQLAlchemy URL.", show_default="state folder"
    ),
]
FullOption = Annotated[
    bool,
    typer.Option(
        "--full",
        envvar="PSNET_FULL",
        help="Read every host's whole state, even of one that says it is as the last run verified it.",
    ),
]
JunitOption = Annotated[
    Path | None, typer.Option("--junit", callback=try_output, help="Write JUnit XML of the run to this file.")
]
