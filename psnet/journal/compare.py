"""Compare two runs: hosts and changes with another status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet._internal.model import Model

if TYPE_CHECKING:
    from psnet.journal.store import RunRecord


class ChangeDifference(Model):
    """One change, by the status that it has in each run; None where it is not."""

    kind: str
    name: str
    old: str | None
    new: str | None


class HostDifference(Model):
    """One host, by the status that it has in each run, and its changes that differ."""

    host: str
    old: str | None
    new: str | None
    changes: tuple[ChangeDifference, ...] = ()


def compare_runs(first: RunRecord, second: RunRecord) -> tuple[HostDifference, ...]:
    """Return the hosts that differ, in the order of the first run, then of the second."""
    old = {str(row["host"]): str(row["status"]) for row in first.hosts}
    new = {str(row["host"]): str(row["status"]) for row in second.hosts}
    found = []
    for name in dict.fromkeys([*old, *new]):
        changes = _changes(first, second, name)
        if old.get(name) != new.get(name) or changes:
            found.append(HostDifference(host=name, old=old.get(name), new=new.get(name), changes=changes))
    return tuple(found)


def _changes(first: RunRecord, second: RunRecord, host: str) -> tuple[ChangeDifference, ...]:
    old, new = (
        {(str(item["kind"]), str(item["name"])): str(item["status"]) for item in record.changes.get(host, ())}
        for record in (first, second)
    )
    return tuple(
        ChangeDifference(kind=kind, name=name, old=old.get((kind, name)), new=new.get((kind, name)))
        for kind, name in dict.fromkeys([*old, *new])
        if old.get((kind, name)) != new.get((kind, name))
    )
