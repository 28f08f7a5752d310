"""The values of adoption: entries of a site file, and what cannot be declared."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from psnet.resources import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.resources import Resource
    from psnet.state import Backend

_KINDS = {cls.section: cls for cls in KINDS.values()}


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a section; ``note`` is a comment, ``named`` says that its name is the host's and not made up here."""

    section: str
    fields: dict[str, Any]
    note: str = ""
    named: bool = True

    @property
    def kind(self) -> type[Resource]:
        """The kind of thing that it declares."""
        return _KINDS[self.section]

    @property
    def name(self) -> str:
        """What it is called: its name, or the endpoint that it belongs to."""
        return str(self.fields.get("name") or self.fields.get("endpoint"))

    @property
    def identity(self) -> str:
        """Its identity as plans write it."""
        return f"{self.kind.kind} {self.name}"

    def in_order(self) -> Entry:
        """Return it with its fields in the order of the documentation, which is the model's."""
        known = list(self.kind.model_fields)
        places = {key: known.index(str(place[0])) for key, place in self.kind.short_keys.items()}
        places |= {name: place for place, name in enumerate(known)}
        return replace(self, fields=dict(sorted(self.fields.items(), key=lambda item: places[item[0]])))


@dataclass(frozen=True, slots=True)
class Undeclared:
    """Something on a host that no entry says, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """What one host has, as entries, and what could not be said. A plan of the entries is empty on that host."""

    host: str
    backend: Backend | None
    entries: tuple[Entry, ...] = ()
    undeclared: tuple[Undeclared, ...] = ()


@dataclass(slots=True)
class DeclarationBuilder:
    """Collects the entries and the undeclared things of a host."""

    entries: list[Entry] = field(default_factory=list)
    undeclared: list[Undeclared] = field(default_factory=list)

    def add(self, section: str, fields: dict[str, Any], *, note: str = "", named: bool = True) -> None:
        """Declare something; fields that are None or empty are left out."""
        kept = {key: value for key, value in fields.items() if value not in (None, "", [], {})}
        self.entries.append(Entry(section, kept, note, named).in_order())

    def skip(self, what: str, reason: str) -> None:
        """Record something that is not declared, with the reason."""
        self.undeclared.append(Undeclared(what, reason))

    def skip_all(self, things: Iterable[str], word: str, reason: str) -> None:
        """Record several things of one kind that are not declared, in one line."""
        counts = Counter(_ID.sub("...", thing) for thing in things)
        if counts:
            listed = [f"{name} ({count})" if count > 1 else name for name, count in sorted(counts.items())]
            shown = ", ".join(listed[:_SHOWN]) + (f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else "")
            self.skip(f"{word}{'s' * (counts.total() > 1)} {shown}", reason)


_SHOWN = 6
#: An id in a name says nothing to people and is another one on each host.
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def free_name(base: str, taken: set[str], between: str) -> str:
    """Return a name that is not taken yet, with a number behind it where it has to be; it is taken then."""
    name = next(item for number in range(1, 100_000) if (item := _numbered(base, number, between)) not in taken)
    taken.add(name)
    return name


def _numbered(base: str, number: int, between: str) -> str:
    return base if number == 1 else f"{base}{between}{number}"
