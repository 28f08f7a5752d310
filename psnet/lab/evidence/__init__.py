"""What each rule of the simulated hosts rests on: one YAML file an area, a list of rules in each.

Code that carries a rule says ``# rule: <id>``; several places may carry one id. A test holds that no marker is
without an entry and no entry without a marker; ``docs/evidence.md`` is written from these files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import yaml

from psnet.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a rule may rest on.
BASES: Final = re.compile(r"(claim|record) [a-z]\d{2,3}|page \S.*|source \S.*|guess")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the host model: ``builds`` in words ("all", "17763 and later"), ``rests_on`` its evidence."""

    area: str
    id: str
    rule: str
    builds: str
    rests_on: tuple[str, ...]

    @property
    def guessed(self) -> bool:
        """Whether nothing but a guess carries it."""
        return set(self.rests_on) == {"guess"}


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule in the order of the files; raises LabError for an entry in the wrong form or twice."""
    found: list[Rule] = []
    for path in sorted(files(__name__).iterdir(), key=lambda item: item.name):
        if path.name.endswith(".yaml"):
            found += read_rules(path.name, path.read_text(encoding="utf-8"))
    names = [rule.id for rule in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise LabError(f"rules with one id: {', '.join(twice)}")
    return tuple(found)


def read_rules(name: str, text: str) -> Iterator[Rule]:
    """Yield the rules of one file's text; ``name`` is the file's, for errors and the area."""
    for entry in yaml.safe_load(text) or []:
        if not isinstance(entry, dict) or set(entry) != {"id", "rule", "builds", "rests_on"}:
            raise LabError(f"{name}: an entry has id, rule, builds and rests_on, not {entry!r}")
        bases = entry["rests_on"]
        if not isinstance(bases, list) or not bases or not all(BASES.fullmatch(str(base)) for base in bases):
            remedy = "a list of: claim c01, record a01, page TITLE, source PATH, guess"
            raise LabError(f"{name}: {entry['id']} rests on {bases!r}", remedy=remedy)
        if not _ID.fullmatch(str(entry["id"])):
            raise LabError(f"{name}: {entry['id']!r} is no id of a rule")
        yield Rule(name.removesuffix(".yaml"), entry["id"], entry["rule"], str(entry["builds"]), tuple(bases))
