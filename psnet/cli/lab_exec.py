"""psnet lab exec: a script on a fresh simulated host, as powershell.exe -NonInteractive -File runs it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from psnet.cli import completion

FileArgument = Annotated[Path, typer.Argument(help="The script.", show_default=False)]
ArgumentsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ARGS]...", help="The script's arguments, such as -Name web.", show_default=False),
]


def exec_(
    file: FileArgument,
    arguments: ArgumentsArgument = None,
    os_: Annotated[
        str,
        typer.Option(
            "--os",
            help="The Windows: 2016, 2019, 2022, 2025, 1709, 1803, 1903, 2004 or tp5.",
            autocompletion=completion.words(*completion.BUILDS, "tp5"),
        ),
    ] = "2022",
    language: Annotated[
        Literal["5.1", "7"], typer.Option("--language", help="The PowerShell that reads the script.")
    ] = "5.1",
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print one object: stdout, errors (ids), warnings, verbose, exit_code."),
    ] = False,
) -> None:
    """Run a script on a fresh simulated host and print what powershell.exe -NonInteractive -File would.

    The exit code is the script's; 3 when the engine does not know something that the script needs
    ("unsupported: ..., line n"), which no script can catch.
    """
    from psnet._internal.text_files import read_data
    from psnet.lab.cmdlets import lab_registry
    from psnet.lab.dotnet.errors import UnsupportedError
    from psnet.lab.engine.execute import run_file
    from psnet.lab.labhost import LabHost
    from psnet.powershell.lint import read_script

    text = read_script(file)
    host = LabHost(f"ws{os_}", os=os_)
    host.peers = [host]
    path = f"C:\\Users\\Administrator\\{file.name}"
    host.files.write(path, read_data(file))
    try:
        result = run_file(host, text, arguments or [], language, path=path, registry=lab_registry(host))
    except UnsupportedError as refused:
        sys.stdout.write("".join(f"{line}\n" for line in refused.printed))
        sys.stdout.flush()
        raise
    if as_json:
        shown = {
            "stdout": result.stdout,
            "errors": result.errors,
            "warnings": result.warnings,
            "verbose": result.verbose,
            "exit_code": result.exit_code,
        }
        sys.stdout.write(json.dumps(shown) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in result.stdout))
        sys.stdout.flush()
        sys.stderr.write(result.stderr_text.replace("\r\n", "\n"))
    raise typer.Exit(result.exit_code)
