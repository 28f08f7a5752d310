"""The command line: one file a command."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

#: New objects before Python looks for unreachable ones (700 by itself). A command makes some 200,000 that live as
#: long as it does: looking through them again and again took a sixth of the time of `psnet lab exec`.
_YOUNG = 50_000
#: What a wrong command line exits with; of ``play`` it is 2, as Ansible has it.
_USAGE = 3


def main() -> None:
    """Run psnet; errors are printed with their remedy, never as a traceback."""
    gc.set_threshold(_YOUNG, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without a character shows its number
    code = 0
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        code = _nobody_reads()
    except OSError as error:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"error: {(error.strerror or str(error)).lower()}{_place(error)}\n")
        code = _nobody_reads()
    except KeyboardInterrupt:
        code = 130
    except Exception as error:  # noqa: BLE001 - the last place where an error becomes a sentence
        code = _own_fault(error)
    sys.exit(code)


def _own_fault(error: Exception) -> int:
    """Say that psnet itself failed, and where; the log has the rest."""
    import logging
    import traceback

    from psnet._internal.terminal import echo

    logging.getLogger("psnet").debug("unexpected", exc_info=error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    echo(
        f"error psnet itself failed: {type(error).__name__} in {place.name}, line {place.lineno}: {error}\n"
        "remedy: report it, please, with what psnet -v says",
        err=True,
    )
    return 1


def _run() -> int:
    """Run the command of this process's arguments; return its exit code."""
    from typer import Abort

    from psnet.cli.app import command_tree
    from psnet.cli.completion import whole_words
    from psnet.cli.failure import show_failure, wants_json
    from psnet.errors import PsnetError

    tree = command_tree()
    try:
        with _usage_errors(tree), whole_words():
            done = tree(prog_name="psnet", standalone_mode=False)
    except PsnetError as error:
        from rich.text import Text

        from psnet._internal.terminal import console

        console(stderr=True).print(Text.assemble(("error", "bold red"), f" {error}"))
        if wants_json(sys.argv[1:], tree):
            show_failure(error)
        return error.exit_code
    except ModuleNotFoundError as error:
        return _not_installed(error, tree)
    except Abort:
        from psnet._internal.terminal import echo

        echo("stopped", err=True)
        return 1
    return done if isinstance(done, int) else 0


def _not_installed(error: ModuleNotFoundError, tree: Any) -> int:
    """Say which extra brings what a command needs; a module that no extra brings is psnet's own fault."""
    from psnet._internal.extras import missing_extra
    from psnet._internal.terminal import echo
    from psnet.cli.failure import show_failure, wants_json

    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    said = missing_extra(error, " ".join(words[: 2 if words[:1] in (["dsc"], ["lab"]) else 1]))
    if said is None:
        return _own_fault(error)
    echo(f"error {said}", err=True)
    if wants_json(sys.argv[1:], tree):
        show_failure(said)
    return said.exit_code


@contextlib.contextmanager
def _usage_errors(tree: Any) -> Iterator[None]:
    """Print what is wrong with a command line as typer does, and exit."""
    from typer._click.exceptions import ClickException

    from psnet.cli.failure import said_plainly, show_failure, wants_json
    from psnet.errors import InputError

    try:
        yield
    except ClickException as error:
        from typer.rich_utils import rich_format_error  # it brings markdown and pygments along

        error.message = said_plainly(error)
        rich_format_error(error)
        if wants_json(sys.argv[1:], tree):
            show_failure(InputError(error.format_message(), remedy="psnet COMMAND --help says what there is"))
        command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
        sys.exit(error.exit_code if command == "play" else _USAGE)


def _nobody_reads() -> int:
    """Let what is left of standard output go nowhere, so that the end of Python does not write it again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _place(error: OSError) -> str:
    return f": {error.filename}" if error.filename else ""
