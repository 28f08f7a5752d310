"""psnet fmt."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from psnet._internal.output import write_whole
from psnet.cli.common import show


def fmt(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Sites and inventories.", show_default=False)],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 when a file would change.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
) -> None:
    """Bring site files into one form: indentation, line ends, the docs' order of fields. Comments stay.

    What a file says never changes: it is read again, and compared, before it is written.
    """
    from psnet._internal.text_files import read_text
    from psnet.site.formatting import formatted

    changed = 0
    for path in files:
        before = read_text(path)
        after = formatted(before, str(path))
        if after.encode() == path.read_bytes():
            continue
        changed += 1
        if diff:
            told = difflib.unified_diff(before.splitlines(), after.splitlines(), str(path), str(path), lineterm="")
            show(Text(line) for line in told)
        elif check:
            show([Text(f"{path} would be formatted")])
        else:
            write_whole(path, after, public=_is_public(path))
            show([Text(f"{path} formatted")])
    raise typer.Exit(int(changed > 0 and (check or diff)))


def _is_public(path: Path) -> bool:
    """Say whether others may read a file: it stays so."""
    return bool(path.stat().st_mode & 0o044)
