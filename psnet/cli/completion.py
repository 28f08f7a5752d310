"""What completion offers: hosts, groups, patterns, runs, builds and the words that an option takes.

Completion never fails and asks no host: an inventory or a journal that cannot be read offers nothing.
"""

from __future__ import annotations

import io
import os
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from psnet._internal.terminal import echo_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from psnet.inventories import Inventory

    Completer = Callable[[typer.Context, str], list[str]]

BUILDS: Final = ("2016", "1709", "1803", "2019", "1903", "2004", "2022", "2025")
ORDERS: Final = ("inventory", "reverse", "sorted", "reverse_sorted", "shuffle")
#: Where bash breaks words (COMP_WORDBREAKS) that are one for psnet.
_BREAKS: Final = (":", "=")
#: Runs that are offered: the latest.
_RUNS: Final = 50


def words(*known: str) -> Completer:
    """Return a completer that offers fixed words."""

    def offered(_: typer.Context, incomplete: str) -> list[str]:
        return _beginning(known, incomplete)

    return offered


def hosts(context: typer.Context, incomplete: str) -> list[str]:
    """Offer the hosts of the inventory that stands on the command line or in PSNET_INVENTORY."""
    found = _inventory(context)
    return _beginning((host.name for host in found.hosts), incomplete) if found else []


def patterns(context: typer.Context, incomplete: str) -> list[str]:
    """Offer hosts and groups, also behind ``:``, ``:&`` and ``:!`` of a pattern that is being written."""
    found = _inventory(context)
    if found is None:
        return []
    place = max(incomplete.rfind(mark) for mark in ":,&!") + 1
    begun, last = incomplete[:place], incomplete[place:]
    groups = (group for host in found.hosts for group in host.groups)
    names = dict.fromkeys(["all", *groups, *(host.name for host in found.hosts)])
    return [begun + name for name in _beginning(names, last)]


@contextmanager
def whole_words() -> Iterator[None]:
    """Undo how bash hands words over: unless they are quoted, they are split at colons and equals signs.

    What is offered then goes behind the last colon, so what stands before it is taken away.
    """
    if os.environ.get("_PSNET_COMPLETE") != "complete_bash":
        yield
        return
    words, place = os.environ.get("COMP_WORDS", "").split("\n"), int(os.environ.get("COMP_CWORD") or 0)
    made: list[str] = []
    at = place
    for number, word in enumerate(words):
        if made and number > 1 and (word in _BREAKS or words[number - 1] in _BREAKS):
            made[-1] += word
            at -= int(number <= place)
        else:
            made.append(word)
    begun = made[at][: made[at].rfind(":") + 1] if len(made) < len(words) and at < len(made) else ""
    os.environ["COMP_WORDS"], os.environ["COMP_CWORD"] = "\n".join(made), str(at)
    offered = io.StringIO()
    try:
        with redirect_stdout(offered):
            yield
    finally:
        echo_document("".join(line.removeprefix(begun) for line in offered.getvalue().splitlines(keepends=True)))


def runs(context: typer.Context, incomplete: str) -> list[str]:
    """Offer ``last`` and the ids of the latest runs."""
    from psnet.cli.journals import journal_to_read
    from psnet.errors import PsnetError

    found = ["last"]
    with suppress(PsnetError, OSError):
        store = journal_to_read(context.params.get("journal") or os.environ.get("PSNET_JOURNAL"))
        found += [run.id for run in store.list(_RUNS)]
    return _beginning(found, incomplete)


def schemas(context: typer.Context, incomplete: str) -> list[str]:
    """Offer what has a schema: files, verbs, and the words that follow a group's name."""
    from psnet.cli.schemas import ANSWERS

    begun = [*(context.params.get("what") or ()), incomplete]
    names = [name.split() for name in ("site", "inventory", *ANSWERS)]
    fitting = [words for words in names if words[: len(begun) - 1] == begun[:-1] and len(words) >= len(begun)]
    return _beginning(dict.fromkeys(words[len(begun) - 1] for words in fitting), incomplete)


def _inventory(context: typer.Context) -> Inventory | None:
    from psnet.errors import PsnetError
    from psnet.inventories import load_inventory

    given = context.params.get("inventory") or os.environ.get("PSNET_INVENTORY", "").split(os.pathsep)
    paths = [Path(item) for item in given if str(item)]
    with suppress(PsnetError, OSError):
        return load_inventory(paths) if paths else None
    return None


def _beginning(known: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in known if word.startswith(incomplete)]
