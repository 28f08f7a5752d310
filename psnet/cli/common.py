"""What commands share: options, output, and the way from answers to an exit code."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.output import try_output
from psnet._internal.terminal import console, echo_json
from psnet.cli import completion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.errors import PsnetError
    from psnet.planning import Plan

_INVENTORY_HELP = "The hosts: a hosts.yaml, or an inventory of Ansible's (a file, a folder, h1,h2,); again for more."
InventoryOption = Annotated[
    list[Path],
    typer.Option(
        "--inventory",
        "-i",
        envvar="PSNET_INVENTORY",
        help=_INVENTORY_HELP,
        show_default=False,
    ),
]
SavedInventoryOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--inventory",
        "-i",
        envvar="PSNET_INVENTORY",
        help=f"{_INVENTORY_HELP} A saved plan knows its own.",
        show_default=False,
    ),
]
LimitOption = Annotated[
    str | None,
    typer.Option(
        "--limit",
        "-l",
        help="Only hosts that match, such as web:&prod:!canary.",
        show_default=False,
        autocompletion=completion.patterns,
    ),
]
BuildsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--os",
        help="2016, 2019, 2022 or 2025; repeat it.",
        show_default="all",
        autocompletion=completion.words(*completion.BUILDS),
    ),
]
SarifOption = Annotated[
    Path | None, typer.Option("--sarif", callback=try_output, help="Write SARIF 2.1.0 to this file.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
PruneOption = Annotated[
    bool, typer.Option("--prune", help="With manage: exclusive, remove what psnet made and the site declares no more.")
]
SiteArgument = Annotated[Path, typer.Argument(help="The site file: what is wanted.", show_default=False)]


def written(inventory: Iterable[Path]) -> str:
    """Return the paths of an inventory as the journal keeps them, to be read again by ``paths_of``; h1,h2, stay."""
    return os.pathsep.join(str(item) if "," in item.name else str(item.resolve()) for item in inventory)


def paths_of(text: str) -> list[Path]:
    """Return the paths of an inventory from the journal."""
    return [Path(item) for item in text.split(os.pathsep)]


def show(lines: Iterable[Text], *, err: bool = False) -> None:
    """Print lines to standard output, or to standard error."""
    stream = console(stderr=err)
    for line in lines:
        stream.print(line)


def show_json(data: Any) -> None:
    """Print one JSON document."""
    echo_json(json.dumps(data, indent=2, ensure_ascii=False))


def refuse_json(option: str, *, json: bool) -> None:
    """Raise InputError when JSON is asked for of what is text, or is a list of files."""
    from psnet.errors import InputError

    if json:
        raise InputError(f"{option} prints text", remedy="leave out --json")


def error_lines(error: PsnetError, host: str) -> list[Text]:
    """Return how a host's failure is shown."""
    line = Text(host, style="bold")
    line.append(f"  {error.step or 'failed'}: ", style="bold red")
    line.append(error.message)
    lines = [line]
    if error.remedy:
        lines.append(Text(f"    remedy: {error.remedy}"))
    lines.extend(Text(f"    {problem}") for problem in getattr(error, "problems", ()))
    return lines


def exit_code(errors: Iterable[PsnetError]) -> int:
    """Return the code of the worst error: 1 before 4 before 3; 0 without any."""
    codes = {error.exit_code for error in errors}
    return next((code for code in (1, 4, 3) if code in codes), 0)


def as_data(value: Plan) -> dict[str, Any]:
    """Return a plan as the dictionary that its JSON holds."""
    data: dict[str, Any] = json.loads(value.model_dump_json())
    return data
