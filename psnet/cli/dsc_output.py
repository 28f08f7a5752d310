"""What the commands that write DSC documents share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet._internal.output import make_folder, write_whole
from psnet._internal.terminal import echo
from psnet.errors import InputError, OutputError

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
        make_folder(folder)
        for name, data in files.items():
            write_whole(folder / name, data)
            written.append(folder / name)
    except OutputError as error:
        raise InputError(error.message, remedy="choose another --out") from None
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error}", remedy="choose another --out") from None
    return written


def show_input_error(error: InputError) -> None:
    """Print what is wrong, where, and what to do."""
    from psnet.mof import MofRefusal

    echo(f"refused: {error.message}" if isinstance(error, MofRefusal) else error.message, style="red", err=True)
    if isinstance(error, MofRefusal):
        for refusal in error.refusals:
            place = ":".join(str(part) for part in (refusal.path, refusal.line, refusal.column) if part is not None)
            node = f" (node {refusal.node})" if refusal.node else ""
            echo(f"  {place}: {refusal.id}{node}", err=True)
            echo(f"      {refusal.key + ': ' if refusal.key else ''}{refusal.message}", err=True)
            if refusal.remedy:
                echo(f"      remedy: {refusal.remedy}", err=True)
        return
    for problem in error.problems:
        echo(f"  {problem}", err=True)
    if error.remedy:
        echo(f"  remedy: {error.remedy}", err=True)
