"""The command line: one file a command."""

from __future__ import annotations

import sys

from rich.console import Console


def main() -> None:
    """Run psnet; errors are printed with their remedy, never as a traceback."""
    from psnet.cli.app import app
    from psnet.errors import PsnetError

    try:
        app(prog_name="psnet")
    except PsnetError as error:
        Console(stderr=True, soft_wrap=True).print(f"[bold red]error[/] {_escaped(str(error))}", highlight=False)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
