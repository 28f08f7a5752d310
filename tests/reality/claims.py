"""The claims that the recordings support, and which of them the lab holds.

``@claim("c01", "c04")`` marks a function of ``reality.held`` that takes nothing, builds the lab hosts it needs and
asserts. A claim is settled when it is held, argued against (argued.yaml) or waits for something (pending.yaml).
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

HERE: Final = Path(__file__).parent
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_HELD: Final[dict[str, list[Callable[[], None]]]] = {}


def claim(*ids: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Mark a function as proof of these claims (together with other functions that name them)."""
    unknown = [item for item in ids if item not in claims()]
    if unknown or not ids:
        raise ValueError(f"no such claim: {', '.join(unknown) or 'none given'}")

    def mark(proof: Callable[[], None]) -> Callable[[], None]:
        for item in ids:
            _HELD.setdefault(item, []).append(proof)
        return proof

    return mark


@cache
def claims() -> dict[str, dict[str, Any]]:
    """Return every claim by its id."""
    return {item["id"]: item for item in _load("claims.yaml")}


def held() -> dict[str, list[Callable[[], None]]]:
    """Return the proofs of every claim that has one."""
    from reality import held as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _HELD


def argued() -> dict[str, str]:
    """Return why a claim is not followed, by its id."""
    return _load("argued.yaml") or {}


def pending() -> dict[str, str]:
    """Return what a claim waits for, by its id."""
    return _load("pending.yaml") or {}


def proofs() -> list[tuple[str, Callable[[], None]]]:
    """Return every proof once with a name for a test."""
    found = {id(proof): proof for several in held().values() for proof in several}
    return [(f"{proof.__module__.rpartition('.')[2]}:{proof.__name__}", proof) for proof in found.values()]


def missing() -> list[str]:
    """Return the claims that nobody has settled."""
    settled = {*held(), *argued(), *pending()}
    return [item for item in claims() if item not in settled]


def _load(name: str) -> Any:
    return yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=Loader)
