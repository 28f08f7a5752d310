"""Compare two runs of ``psnet watch``: drift since the last round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.fleet.events import DriftSeen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.journal import RunRecord

#: Statuses of a host whose plan is known.
_SEEN: Final = frozenset({"unchanged", "planned"})
_Key = tuple[str, str]


def drift_since(before: RunRecord | None, now: RunRecord) -> tuple[DriftSeen, ...]:
    """Return what is otherwise than ``before``; without one, everything that is to be done is new.

    A host that could not be planned for says nothing about its changes: none of them is gone.
    """
    old = {str(row["host"]): str(row["status"]) for row in before.hosts} if before is not None else {}
    found: list[DriftSeen] = []
    for row in now.hosts:
        host, status = str(row["host"]), str(row["status"])
        was = old.get(host)
        common = {"run": now.id, "time": str(row["ended"] or now.run["started"]), "host": host}
        if status not in _SEEN:
            if was is None or was in _SEEN:
                found.append(DriftSeen(**common, what="lost", reason=_reason(row)))
            continue
        if was is not None and was not in _SEEN:
            found.append(DriftSeen(**common, what="back"))
        earlier = _pending(before, host) if before is not None and was in _SEEN else {}
        current = _pending(now, host)
        for what, there, other in (("appeared", current, earlier), ("gone", earlier, current)):
            found += [
                DriftSeen(**common, what=what, kind=key[0], name=key[1], operation=operation)
                for key, operation in there.items()
                if other.get(key) != operation and (what == "appeared" or key not in other)
            ]
    return tuple(found)


def _pending(record: RunRecord, host: str) -> dict[_Key, str]:
    return {(str(item["kind"]), str(item["name"])): str(item["operation"]) for item in record.changes.get(host, ())}


def _reason(row: Mapping[str, object]) -> str:
    return str(row["error"] or f"the host is {row['status']}")


def pending_by_host(record: RunRecord) -> dict[str, int]:
    """Return how many changes each host with any needs."""
    return {host: len(items) for host, items in record.changes.items() if items}
