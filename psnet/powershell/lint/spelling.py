"""Which known command a name that nobody has most likely means: one slip of the fingers, not one idea."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from . import names
from .facts import REFERENCE, commands

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Modules of which most hosts have newer versions beside the inbox one: what these have more is not known.
_NEWER: Final = frozenset({"Pester", "PSReadLine", "PSReadline", "PowerShellGet", "PackageManagement"})
#: Modules of which every command is known on every build: those of the engine, and those with documentation here.
_SETTLED: Final = frozenset(
    {
        *("Microsoft.PowerShell.Core", "Microsoft.PowerShell.Utility", "Microsoft.PowerShell.Management"),
        *("Microsoft.PowerShell.Security", "Microsoft.PowerShell.Diagnostics", "Microsoft.PowerShell.Host"),
        *("Microsoft.WSMan.Management", "CimCmdlets", *REFERENCE),
    }
)
_LONG: Final = 8
_SHORT: Final = 5


def nearest_command(name: str, local: Iterable[str] = ()) -> str | None:
    """Return the known command, or the one of ``local``, that a name is a misspelling of.

    A noun of ``local`` that begins otherwise is another one with a prefix (Get-EXOThing beside Get-enThing). A known
    noun's plural, or with a number, is the name of a function that somebody made around it; and of a module that has
    had more commands in later versions, only what fingers do in passing is a misspelling.
    """
    verb, dash, noun = name.lower().partition("-")
    if not dash:
        return None
    own = [one for one in local if one.lower() != name.lower() and one.lower().partition("-")[2][:2] == noun[:2]]
    candidates: list[str] = [*_by_verb().get(verb, ()), *(one for one in own if one.lower().startswith(f"{verb}-"))]
    for candidate in candidates:
        other = candidate.lower().partition("-")[2]
        if _slip(noun, other) and (candidate in own or _sure(candidate, noun, other)):
            return candidate
    if verb not in names.APPROVED_VERBS:
        for candidate in [*_by_noun().get(noun, ()), *own]:
            other, _, same = candidate.lower().partition("-")
            if same == noun and _slip(verb, other):
                return candidate
    return None


def _sure(candidate: str, written: str, meant: str) -> bool:
    """Say whether a noun near a known command's can be nothing else."""
    if _stem(written) == _stem(meant):
        return False
    return commands()[candidate.lower()].module in _SETTLED or _in_passing(written, meant)


def _stem(noun: str) -> str:
    return noun.rstrip("0123456789").rstrip("s").removesuffix("e")


def _in_passing(written: str, meant: str) -> bool:
    """Say whether two neighbours are exchanged, or one letter inside of the word is left out or doubled."""
    if len(written) == len(meant):
        differ = [at for at, (a, b) in enumerate(zip(written, meant, strict=True)) if a != b]
        first = differ[0] if len(differ) == 2 else 0
        return written[first : first + 2] == meant[first : first + 2][::-1] and differ == [first, first + 1]
    if len(written) < len(meant):
        return written[-1] == meant[-1] and _distance(written, meant) == 1
    return any(a == b and written[:at] + written[at + 1 :] == meant for at, (a, b) in enumerate(pairwise(written)))


def near(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a word is a misspelling of."""
    return next((one for one in known if _slip(word.lower(), one.lower())), None)


@cache
def _by_verb() -> Mapping[str, tuple[str, ...]]:
    return _grouped(0)


@cache
def _by_noun() -> Mapping[str, tuple[str, ...]]:
    return _grouped(1)


def _grouped(part: int) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key, facts in commands().items():
        if "-" in key and facts.module not in _NEWER:
            found.setdefault(key.split("-", 1)[part], []).append(facts.name)
    return {word: tuple(group) for word, group in found.items()}


def _slip(written: str, meant: str) -> bool:
    """Say whether two words differ by one letter (two in long ones): added, left out, changed or exchanged.

    The first letter is never the wrong one, another second letter makes another word, and short words are words
    of their own.
    """
    length = min(len(written), len(meant))
    if length < _SHORT or written[0] != meant[0] or abs(len(written) - len(meant)) > 1 + (length >= _LONG):
        return False
    if len(written) == len(meant) and written[1] != meant[1] and written[2:] == meant[2:]:
        return False  # VDSwitch is no VMSwitch
    return 0 < _distance(written, meant) <= 1 + (length >= _LONG)


def _distance(first: str, second: str) -> int:
    """Return how many letters are added, left out, changed, or exchanged with their neighbour."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for at, letter in enumerate(first, 1):
        current = [at]
        for column, other in enumerate(second, 1):
            cost = min(row[column] + 1, current[-1] + 1, row[column - 1] + (letter != other))
            if at > 1 and column > 1 and letter == second[column - 2] and first[at - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, row = row, current
    return row[-1]
