"""psnet check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

FilesArgument = Annotated[
    list[Path], typer.Argument(help="PowerShell files and templates, or folders of them.", show_default=False)
]


def check(
    files: FilesArgument,
    tree: Annotated[bool, typer.Option("--tree", help="Print the syntax tree instead.")] = False,
    language: Annotated[
        Literal["5.1", "7"], typer.Option("--language", help="The PowerShell that has to read them.")
    ] = "5.1",
    os: Annotated[
        str | None, typer.Option("--os", help="Report what this build lacks: 2016, 1709, 2019, 2022, 2025, ...")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Check PowerShell without PowerShell: syntax, commands, parameters, values, and what a build lacks.

    Exit codes: 0 nothing found, 1 something found, 3 a file cannot be read.
    """
    from psnet.powershell.facts.builds import windows_build

    if tree:
        raise typer.Exit(_trees(files, language))
    if os is not None:
        windows_build(os)
    from psnet.errors import InputError
    from psnet.powershell.lint import Finding, lint_file, lint_text, rendered_templates, script_files

    scripts = script_files(files)
    if not scripts:
        raise InputError("no PowerShell files there", remedy="name .ps1, .psm1, .psd1 or .ps1.j2 files or folders")
    found: list[Finding] = []
    for path in scripts:
        if path.name.endswith(".ps1.j2"):
            for label, text in rendered_templates(path):
                found += lint_text(text, label, language=language, os=os)
        else:
            found += lint_file(path, language=language, os=os)
    if as_json:
        typer.echo(json.dumps({"files": len(scripts), "findings": [one.data() for one in found]}, indent=2))
    else:
        for finding in found:
            typer.echo(str(finding))
    raise typer.Exit(1 if found else 0)


def _trees(files: list[Path], language: Literal["5.1", "7"]) -> int:
    from psnet.powershell.lint import read_script
    from psnet.powershell.syntax import tree_or_errors

    failed = False
    for path in files:
        shown, valid = tree_or_errors(read_script(path), language)
        typer.echo(shown)
        failed |= not valid
    return 1 if failed else 0
