"""The public types of .NET Framework's class library and of PowerShell, with the names of their members.

Sources: Mono's assemblies of its 4.5-4.8 profile (``data/dotnet-types.txt.gz``, made by ``tools/convert_types.py``; a
few members are newer), and the API pages of System.Management.Automation for the types that scripts meet
(``data/powershell-types.txt``). Only names are known: no signatures, no values of enumerations.
"""

from __future__ import annotations

import gzip
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


@cache
def has_member(type_name: str, name: str, *, static: bool = False) -> bool:
    """Say whether a type or one of its bases has a member of a name in any case."""
    key, seen = name.lower(), type_name
    while (found := find(seen)) is not None:
        if key in (found.statics if static else found.members):
            return True
        seen = found.base
    return False
