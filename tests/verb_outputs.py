"""What psnet's verbs write, from the command line itself: a new verb or option is among it without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.main import get_command

from psnet.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Options that name a file, or a folder, that psnet writes; every other one is read.
FILES = frozenset({"--out", "--html", "--junit", "--picture", "--sarif", "--collect", "--inventory-out"})
FOLDERS = frozenset({"--state", "--folder"})
#: An --out of these is a folder; --junit of runs export is no file, --folder of the pull server is not only written.
FOLDER_VERBS = ("render", "record", "adopt", "dsc compile", "dsc lcm", "dsc mof")
NEITHER = {("runs export", "--junit"), *((f"dsc serve{word}", "--folder") for word in ("", " key add", " key list"))}
NEITHER |= {("dsc serve key revoke", "--folder"), ("dsc mof", "--state")}


def verbs(group: Any, *path: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        yield " ".join([*path, name]), command
        if hasattr(command, "commands"):
            yield from verbs(command, *path, name)


TREE = dict(verbs(get_command(app)))
OUTPUTS = [
    (verb, option)
    for verb, command in TREE.items()
    for item in command.params
    for option in item.opts
    if option in FILES | FOLDERS and (verb, option) not in NEITHER
]


def verb_of(words: Sequence[str]) -> str:
    """Return the verb of a command line."""
    said = [word for word in words if word != "-v"]
    return next(verb for many in (4, 3, 2, 1) if (verb := " ".join(said[:many])) in TREE)
