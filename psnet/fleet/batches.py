"""Batches of hosts: serial sizes as Ansible has them, an order, a canary first, limits of failures."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.inventories import InventoryHost

T = TypeVar("T")
Order = Literal["inventory", "reverse", "sorted", "reverse_sorted", "shuffle"]
_SIZE: Final = re.compile(r"(\d+)(%?)")


def check_serial(serial: str | None) -> None:
    """Raise InputError when ``--serial`` is no list of sizes."""
    sizes_of(serial, 1)


def sizes_of(serial: str | None, total: int) -> list[int]:
    """Return the sizes of batches for ``5``, ``20%`` or ``1,25%,100%``; the last one repeats."""
    if serial is None or total == 0:
        return [total] if total else []
    words = [word.strip() for word in serial.split(",")]
    counted: list[int] = []
    for word in words:
        match = _SIZE.fullmatch(word)
        if match is None or int(match[1]) == 0:
            raise InputError(
                f"--serial {word} is no size", remedy="write a number, a percentage, or a list: 1,25%,100%"
            )
        counted.append(max(1, int(match[1]) * total // 100) if match[2] else int(match[1]))
    sizes: list[int] = []
    while sum(sizes) < total:
        size = counted[min(len(sizes), len(counted) - 1)]
        sizes.append(min(size, total - sum(sizes)))
    return sizes


def batches(items: Sequence[T], serial: str | None, *, canary: bool = False) -> list[list[T]]:
    """Return items in batches; a canary is a batch of its own before the others."""
    if canary and len(items) > 1:
        return [list(items[:1]), *batches(items[1:], serial)]
    found, place = [], 0
    for size in sizes_of(serial, len(items)):
        found.append(list(items[place : place + size]))
        place += size
    return found


def in_order(hosts: Sequence[InventoryHost], order: Order, seed: int | None = None) -> list[InventoryHost]:
    """Return hosts in an order of Ansible's."""
    if order == "shuffle":
        mixed = list(hosts)
        random.Random(seed).shuffle(mixed)  # noqa: S311 - no secret
        return mixed
    if order in ("sorted", "reverse_sorted"):
        return sorted(hosts, key=lambda host: host.name, reverse=order == "reverse_sorted")
    return list(reversed(hosts)) if order == "reverse" else list(hosts)


def check_limit(text: str | None) -> None:
    """Raise InputError when ``--max-fail`` is neither a number nor a percentage."""
    if text is not None and _SIZE.fullmatch(text.strip()) is None:
        raise InputError(f"--max-fail {text} is no number", remedy="write a number or a percentage, such as 3 or 10%")


def exceeds_failure_limit(limit: str | None, *, failed: int, in_batch: int, size: int) -> bool:
    """Say whether failures exceed ``--max-fail``.

    ``10%`` is Ansible's max_fail_percentage: it must be exceeded, by the ``in_batch`` failures among the ``size``
    hosts of the batch. A plain number counts the failures of the whole run.
    """
    if limit is None:
        return False
    match = _SIZE.fullmatch(limit.strip())
    if match is None:
        check_limit(limit)
        return False
    return in_batch * 100 > int(match[1]) * size if match[2] else failed > int(match[1])
