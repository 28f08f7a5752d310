"""What the commands that write DSC documents share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from psnet.mof import CompileOptions


def header_options(
    options: CompileOptions, author: str | None, host: str | None, date: str | None, *, volatile: bool
) -> CompileOptions:
    """Return options with who, where and when: of now with volatile, else those given and fixed ones."""
    import datetime as dt
    import getpass
    import platform
    from dataclasses import replace

    if volatile:
        try:
            author = author or getpass.getuser()
        except (OSError, KeyError):
            author = options.author  # a container's user may have no name
        host = host or platform.node()
        date = date or dt.datetime.now().astimezone().strftime("%m/%d/%Y %H:%M:%S")
    return replace(options, author=author or options.author, host=host or options.host, date=date or options.date)


def write_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write all files, each beside its final name first, so that an error leaves no half of one."""
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            path = folder / name
            beside = path.with_name(path.name + ".part")
            beside.write_bytes(data)
            beside.replace(path)
            written.append(path)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error}", remedy="choose another --out") from None
    return written


def show_input_error(error: InputError) -> None:
    """Print what is wrong, where, and what to do."""
    from psnet.mof import MofRefusal

    typer.secho(f"refused: {error.message}" if isinstance(error, MofRefusal) else error.message, fg="red", err=True)
    if isinstance(error, MofRefusal):
        for refusal in error.refusals:
            place = ":".join(str(part) for part in (refusal.path, refusal.line, refusal.column) if part is not None)
            node = f" (node {refusal.node})" if refusal.node else ""
            typer.echo(f"  {place}: {refusal.id}{node}", err=True)
            typer.echo(f"      {refusal.key + ': ' if refusal.key else ''}{refusal.message}", err=True)
            if refusal.remedy:
                typer.echo(f"      remedy: {refusal.remedy}", err=True)
        return
    for problem in error.problems:
        typer.echo(f"  {problem}", err=True)
    if error.remedy:
        typer.echo(f"  remedy: {error.remedy}", err=True)
