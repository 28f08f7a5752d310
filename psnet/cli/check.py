"""psnet check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer


def check(
    files: Annotated[list[Path], typer.Argument(help="PowerShell files.", show_default=False)],
    tree: Annotated[bool, typer.Option("--tree", help="Print the syntax tree instead.")] = False,
    language: Annotated[
        Literal["5.1", "7"], typer.Option("--language", help="The PowerShell that has to read them.")
    ] = "5.1",
) -> None:
    """Read PowerShell files and report syntax errors with file, line and column."""
    from psnet.errors import InputError
    from psnet.lab.lang import line_and_column, parse_with_errors, tree_or_errors

    failed = False
    for path in files:
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path} cannot be read: {error}") from None
        if tree:
            shown, valid = tree_or_errors(text, language)
            typer.echo(shown)
            failed |= not valid
            continue
        _, errors = parse_with_errors(text, language=language)
        for item in errors:
            line, column = line_and_column(text, item.start)
            typer.echo(f"{path}:{line}:{column}: {item.error_id}: {item.message}")
        failed |= bool(errors)
    raise typer.Exit(1 if failed else 0)
