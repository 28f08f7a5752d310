"""psnet check."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from psnet._internal.terminal import echo, echo_document, echo_json
from psnet.cli import completion
from psnet.cli.common import refuse_json

if TYPE_CHECKING:
    from psnet.powershell.lint import Finding

FilesArgument = Annotated[
    list[Path] | None, typer.Argument(help="PowerShell files and templates, or folders of them.", show_default=False)
]


def check(
    files: FilesArgument = None,
    tree: Annotated[bool, typer.Option("--tree", help="Print the syntax tree instead.")] = False,
    language: Annotated[
        Literal["5.1", "7"], typer.Option("--language", help="The PowerShell that has to read them.")
    ] = "5.1",
    os: Annotated[
        str | None,
        typer.Option(
            "--os",
            help="Report what this build lacks: 2016, 1709, 2019, 2022, 2025, ...",
            autocompletion=completion.words(*completion.BUILDS),
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
    form: Annotated[
        Literal["text", "json", "sarif"], typer.Option("--format", help="How to print what is found.")
    ] = "text",
    stdin: Annotated[
        Path | None,
        typer.Option("--stdin", metavar="NAME", help="Check standard input, as the file of this name."),
    ] = None,
) -> None:
    """Check PowerShell without PowerShell: syntax, commands, parameters, values, and what a build lacks.

    Exit codes: 0 nothing found, 1 something found, 3 a file cannot be read.
    """
    from psnet.errors import InputError
    from psnet.powershell.facts.builds import windows_build

    if tree:
        refuse_json("--tree", json=as_json)
        raise typer.Exit(_trees(files or [], language))
    if os is not None:
        windows_build(os)
    if stdin is not None and files:
        raise InputError("--stdin checks one text", remedy="name either files or --stdin NAME")
    count, found = _standard_input(stdin, language, os) if stdin is not None else _files(files or [], language, os)
    _print(found, count, "json" if as_json else form)
    raise typer.Exit(1 if found else 0)


def _standard_input(name: Path, language: Literal["5.1", "7"], os: str | None) -> tuple[int, list[Finding]]:
    from psnet.powershell.lint import lint_text
    from psnet.powershell.lint.reading import decoded

    text = decoded(sys.stdin.buffer.read()).text
    return 1, lint_text(text, str(name), language=language, os=os, file=name)


def _files(files: list[Path], language: Literal["5.1", "7"], os: str | None) -> tuple[int, list[Finding]]:
    from psnet.errors import InputError
    from psnet.powershell.lint import lint_files, lint_text, rendered_templates, script_files

    scripts = script_files(files)
    for path in files:
        if path.suffix.lower() in (".yaml", ".yml") and path.is_file():
            raise InputError(f"{path} is no PowerShell", remedy="`psnet validate` and `psnet lint` check a site file")
    if not scripts:
        raise InputError("no PowerShell files there", remedy="name .ps1, .psm1, .psd1 or .ps1.j2 files or folders")
    templates = [path for path in scripts if path.name.endswith(".ps1.j2")]
    plain = [path for path in scripts if path not in set(templates)]
    by_path: dict[Path, list[Finding]] = {}
    for path in templates:
        rendered = rendered_templates(path)
        by_path[path] = [one for label, text in rendered for one in lint_text(text, label, language=language, os=os)]
    by_path.update(lint_files(plain, language=language, os=os))
    return len(scripts), [one for path in scripts for one in by_path[path]]


def _print(found: list[Finding], count: int, form: str) -> None:
    if form == "sarif":
        from psnet import __version__
        from psnet.powershell.lint.sarif import sarif

        echo_json(json.dumps(sarif(found, __version__), indent=2))
    elif form == "json":
        echo_json(json.dumps({"files": count, "findings": [one.data() for one in found]}, indent=2))
    else:
        for finding in found:
            echo(str(finding))


def _trees(files: list[Path], language: Literal["5.1", "7"]) -> int:
    from psnet.powershell.lint import read_script
    from psnet.powershell.syntax import tree_or_errors

    failed = False
    for path in files:
        shown, valid = tree_or_errors(read_script(path), language)
        echo_document(shown, end="\n")
        failed |= not valid
    return 1 if failed else 0
