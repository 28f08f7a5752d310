"""The public types of .NET Framework's class library and of PowerShell, with the names of their members.

Sources: Mono's assemblies of its 4.5-4.8 profile (``data/dotnet-types.txt.gz``, made by ``tools/convert_types.py``; a
few members are newer), and the API pages of System.Management.Automation for the types that scripts meet
(``data/powershell-types.txt``). Only names are known: no signatures, no values of enumerations.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER: Final = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class NetType:
    """One type: ``kind`` is class, enum, interface or struct; members in lower case, without those of its base."""

    name: str
    kind: str
    base: str
    constructors: int
    statics: frozenset[str]
    members: frozenset[str]


@cache
def _lines() -> Mapping[str, str]:
    packed = gzip.decompress((_FOLDER / "dotnet-types.txt.gz").read_bytes()).decode()
    own = (_FOLDER / "powershell-types.txt").read_text(encoding="utf-8")
    return {line.partition(" | ")[0].lower(): line for line in [*packed.splitlines(), *own.splitlines()]}


def names() -> list[str]:
    """Return the full names of all types in the lists."""
    return [line.partition(" | ")[0] for line in _lines().values()]


@cache
def find(name: str) -> NetType | None:
    """Return a type by its full name in any case (generic ones as ``List`1``), None when it is not in the lists."""
    line = _lines().get(name.lower())
    if line is None:
        return None
    full, kind, base, constructors, statics, members = (part.strip() for part in line.split("|"))
    return NetType(
        full,
        kind,
        base,
        int(constructors),
        frozenset(statics.lower().split()),
        frozenset(members.lower().split()),
    )


#: First words of names that methods have; what begins otherwise is taken for a property.
_VERBS: Final = frozenset(
    """
    abort add all append apply are as begin bind clear clone close compare compute connect contains convert copy
    create deconstruct delete dequeue discard dispose dynamic end enqueue ensure enter equals escape evaluate
    except exists exit find flush for get group impersonate import increment index insert intersect interrupt
    invoke join last load lock make match matches merge modify move multiply negate next normalize open overlaps
    pad parse peek pop push purge raise read refresh remove replace reset restart result reverse round run save
    seek select send set sort split start starts stop sub substring subtract symmetric to transform translate trim
    try unescape union verify wait write
    """.split()  # noqa: SIM905 - words, not quoted one by one
)
#: Properties that say nothing of a value, or that take an argument.
_QUIET: Final = frozenset({"item", "itemof", "syncroot", "issynchronized", "preamble"})
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")


@cache
def likely_properties(name: str) -> frozenset[str]:
    """Return the names, in lower case, of what by its name is a property of a type, without those of its base."""
    line = _lines().get(name.lower())
    names = line.rpartition("|")[2].split() if line is not None else []
    first = {each: (_WORD.match(each) or _WORD.match("None"))[0].lower() for each in names}  # type: ignore[index]
    test = ("is", "has", "can")
    return frozenset(
        each.lower()
        for each in names
        if first[each] not in _VERBS
        and each.lower() not in _QUIET
        and not (first[each] in test and each.lower() in _TESTS)
    )


#: Methods whose names begin as properties' do.
_TESTS: Final = frozenset(
    """
    isbaseof iswellformedoriginalstring isequaldomainsid iswellknown isvalidtargettype isassignablefrom isinrole
    isinstanceoftype issubclassof isenumdefined isequivalentto isdefined ismatch issubsetof issupersetof
    ispropersubsetof ispropersupersetof
    """.split()  # noqa: SIM905 - words, not quoted one by one
)


@cache
def has_member(type_name: str, name: str, *, static: bool = False) -> bool:
    """Say whether a type or one of its bases has a member of a name in any case."""
    key, seen = name.lower(), type_name
    while (found := find(seen)) is not None:
        if key in (found.statics if static else found.members):
            return True
        seen = found.base
    return False
