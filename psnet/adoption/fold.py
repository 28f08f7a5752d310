"""Group alike hosts: one site for hosts with the same things, with variables where their values differ."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from psnet.adoption.model import Declaration, Entry

#: Names that mean something else in a site.
_TAKEN: Final = frozenset({"inventory_hostname", "group_names", "host", "loop", "true", "false", "none"})


@dataclass(frozen=True, slots=True)
class Fold:
    """Hosts that have the same things: the declaration with templates where they differ, and each host's variables."""

    name: str
    file: str
    declaration: Declaration
    variables: dict[str, dict[str, Any]]

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts, in the order of the inventory."""
        return tuple(self.variables)


def fold(declarations: Sequence[Declaration], taken: Iterable[str] = ()) -> tuple[Fold, ...]:
    """Return the groups of alike hosts, in the order of their first ones; ``taken`` are names of groups not to use."""
    alike: dict[Hashable, list[Declaration]] = {}
    for item in declarations:
        alike.setdefault(_shape(item), []).append(item)
    used, single = set(taken), len(alike) == 1
    folds = []
    for group in alike.values():
        name = _name([item.host for item in group], used, alone=single)
        folds.append(_folded(group, name, "site.yaml" if single else f"site-{name}.yaml"))
    return tuple(folds)


def _shape(item: Declaration) -> Hashable:
    """Return what hosts have in common whose declarations differ in nothing but values."""
    return item.backend, tuple(
        (entry.section, entry.name if entry.named else "", tuple(entry.fields)) for entry in item.entries
    )


def _name(hosts: Sequence[str], used: set[str], *, alone: bool) -> str:
    """Return a name for a group: what its hosts' names begin with; of one host beside others its own."""
    if len(hosts) == 1 and not alone:
        return re.sub(r"[^A-Za-z0-9_.-]", "-", hosts[0])
    begin = re.sub(r"[^A-Za-z0-9_-]", "-", _begin([host.partition(".")[0] for host in hosts]))
    base = re.sub(r"([-_]+\d*|\d+)$", "", begin) or ("fleet" if alone else "group")
    if base[0].isdigit():
        base = f"hosts-{base}"
    name = next(
        item for number in range(1, 100_000) if (item := base if number == 1 else f"{base}-{number}") not in used
    )
    used.add(name)
    return name


def _begin(words: Sequence[str]) -> str:
    """Return what words have in common at their beginning."""
    first, last = min(words), max(words)
    return first[: next((place for place, each in enumerate(first) if last[place : place + 1] != each), len(first))]


def _folded(group: Sequence[Declaration], name: str, file: str) -> Fold:
    variables: dict[str, dict[str, Any]] = {item.host: {} for item in group}
    names: set[str] = set(_TAKEN)
    known: dict[tuple[str, ...], str] = {}  # an endpoint's address and the mapping to it are one variable
    entries: list[Entry] = []
    for versions in zip(*(item.entries for item in group), strict=True):
        first = versions[0]
        fields = dict(first.fields)
        for key in first.fields:
            values = [version.fields[key] for version in versions]
            if all(value == values[0] for value in values) or (key == "name" and not first.named):
                continue
            texts = tuple(values) if all(isinstance(value, str) for value in values) else None
            variable = known.get(texts or ()) or _variable(first, key, names)
            if texts:
                known[texts] = variable
            fields[key] = "{{ " + variable + " }}"
            for item, value in zip(group, values, strict=True):
                variables[item.host][variable] = value
        entries.append(replace(first, fields=fields))
    return Fold(name, file, replace(group[0], entries=tuple(entries), undeclared=()), variables)


def _variable(entry: Entry, key: str, names: set[str]) -> str:
    """Return the name of a variable for a field, such as web_subnet."""
    base = re.sub(r"\W+", "_", f"{entry.name}_{key}".lower(), flags=re.ASCII).strip("_")
    base = base if base[:1].isalpha() else f"{entry.kind.kind}_{base}"
    if base in names:
        base = f"{entry.kind.kind}_{base}"
    name = next(
        item for number in range(1, 100_000) if (item := base if number == 1 else f"{base}_{number}") not in names
    )
    names.add(name)
    return name
