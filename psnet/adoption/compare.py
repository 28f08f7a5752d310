"""How two declarations differ, thing by thing and field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet._internal.model import Model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.adoption.model import Entry


class Difference(Model):
    """One thing that is on one side alone (``field`` is empty), or one field that differs; None: not there.

    What is not ``declared`` is of the hosts themselves, and no site says it.
    """

    kind: str
    name: str
    field: str = ""
    left: Any = None
    right: Any = None
    declared: bool = True

    def turned(self) -> Difference:
        """Return it seen from the other side."""
        return self.model_copy(update={"left": self.right, "right": self.left})


def differences(left: Sequence[Entry], right: Sequence[Entry]) -> tuple[Difference, ...]:
    """Return what differs, in the order of the sections; things are the same by their kind and name."""
    return tuple(_compared(_keyed(left), _keyed(right)))


def _keyed(entries: Sequence[Entry]) -> dict[tuple[str, str], Entry]:
    return {(item.kind.kind, item.name.lower()): item for item in entries}


def _compared(left: dict[tuple[str, str], Entry], right: dict[tuple[str, str], Entry]) -> Iterator[Difference]:
    for key in dict.fromkeys((*left, *right)):
        one, other = left.get(key), right.get(key)
        there = one or other
        if there is None:
            continue
        kind, name = there.kind.kind, there.name
        if one is None or other is None:
            yield Difference(
                kind=kind, name=name, left=one.fields if one else None, right=other.fields if other else None
            )
            continue
        for field in dict.fromkeys((*one.fields, *other.fields)):
            old, new = one.fields.get(field), other.fields.get(field)
            if old != new:
                yield Difference(kind=kind, name=name, field=field, left=old, right=new)
