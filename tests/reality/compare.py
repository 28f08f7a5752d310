"""Which records can be compared with the lab, and what came of it.

Comparable is a record with a build that the lab has and a command that it can be asked. ``unasked.yaml`` gives the
reason for each other record of such a build; of all others the reason is their build.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from psnet.lab.recording.builds import recorded_builds
from psnet.powershell.facts.builds import BUILDS
from psnet.recording import Difference, Record
from reality.records import records

if TYPE_CHECKING:
    from collections.abc import Callable

_KNOWN: Final[dict[str, Callable[[Record], list[Difference]]]] = {}


def situation(
    *ids: str,
) -> Callable[[Callable[[Record], list[Difference]]], Callable[[Record], list[Difference]]]:
    """Mark a function as the situation of these records."""

    def mark(made: Callable[[Record], list[Difference]]) -> Callable[[Record], list[Difference]]:
        for item in ids:
            assert item not in _KNOWN, f"{item} has a situation already"
            _KNOWN[item] = made
        return made

    return mark


def situations() -> dict[str, Callable[[Record], list[Difference]]]:
    """Return the situation of every record that has one."""
    from reality import situations as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _KNOWN


@cache
def unasked() -> dict[str, str]:
    """Return why a record cannot be asked of the lab, by its id."""
    text = (Path(__file__).parent / "unasked.yaml").read_text(encoding="utf-8")
    found: dict[str, str] = yaml.safe_load(text)
    return found


def of_the_labs_builds() -> list[str]:
    """Return the ids of the records with a build that the lab has."""
    numbers = {build.build for build in BUILDS.values()}
    return [name for name, data in records().items() if numbers & set(recorded_builds(Record.model_validate(data)))]


def compared(identifier: str) -> list[Difference]:
    """Return where the lab differs from a record; a situation that cannot be reached is a difference."""
    made = situations()[identifier]
    try:
        return made(Record.model_validate(records()[identifier]))
    except Exception as error:  # noqa: BLE001 - whatever breaks, the lab does not answer as the host did
        text = str(error).strip().splitlines() or [""]
        return [Difference(f"{type(error).__name__} {text[0]}", "missing")]
