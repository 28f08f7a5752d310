"""psnet shell."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from psnet.cli import completion


def shell(
    pattern: Annotated[
        str | None,
        typer.Argument(
            help="Only hosts that match, such as web:&prod:!canary.",
            show_default=False,
            autocompletion=completion.patterns,
        ),
    ] = None,
    inventory: Annotated[
        Path | None,
        typer.Option("--inventory", "-i", envvar="PSNET_INVENTORY", help="The hosts.", show_default=False),
    ] = None,
    command: Annotated[
        str | None,
        typer.Option("--command", "-c", help="Run this Python instead of a prompt, and leave.", show_default=False),
    ] = None,
) -> None:
    """Open a Python prompt with the hosts at hand: fleet, host, and each host by its name.

    With IPython (psnet[shell]) names, cmdlets, parameters and the names on hosts are completed.
    """
    from psnet.errors import InputError
    from psnet.shell import console
    from psnet.shell.fleet import open_inventory

    if pattern is not None and inventory is None:
        raise InputError("a pattern chooses from an inventory", remedy="name it: -i INVENTORY")
    fleet = open_inventory(inventory) if inventory is not None else None
    if fleet is not None and pattern is not None:
        fleet = fleet.select(pattern)
    try:
        if command is not None:
            console.execute(fleet, command)
        elif not sys.stdin.isatty():
            console.execute(fleet, sys.stdin.read())
        else:
            console.start(fleet)
    finally:
        if fleet is not None:
            fleet.close()
