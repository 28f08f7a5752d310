"""Compare a recording with another host's answers to the same questions, record by record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.recording.compare import Difference, differences
from psnet.recording.questions import CMDLETS, failure, question

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psnet.recording.model import Record

#: Lists of which another host may not have more: that WinNAT lists nothing is an answer too (claim c01).
_WHOLE: Final = ("Get-NetNat", "Get-NetNatStaticMapping", "Get-NetNatExternalAddress")
_IDENTITY: Final = ("Name", "NAME")


def compare_recordings(
    recorded: Sequence[Record], answered: Iterable[Record]
) -> list[tuple[Record, list[Difference] | None]]:
    """Return the differences of each record; None where the other host was not asked that."""
    others = list(answered)
    return [(record, _compare(record, others)) for record in recorded]


def _compare(record: Record, others: list[Record]) -> list[Difference] | None:
    asked = question(record)
    if asked is None:
        return None
    found = [other for other in others if (question(other) or ("",))[0] == asked[0]]
    if not found:
        return None
    failed, answered_failed = failure(record), failure(found[0])
    if failed or answered_failed:
        if failed and answered_failed:
            return (
                [] if failed[0] == answered_failed[0] else [Difference("error", "value", failed[0], answered_failed[0])]
            )
        return [Difference("error", "value", str(failed or "none"), str(answered_failed or "none"))]
    given, answer = asked[1], (question(found[0]) or ("", None))[1]
    if (
        isinstance(given, list)
        and isinstance(answer, list)
        and all(isinstance(item, dict) for item in [*given, *answer])
    ):
        return list(_rows(asked[0], given, answer, record))
    return differences(given, answer, partial=record.partial)


def _rows(key: str, given: list[dict[str, Any]], answer: list[dict[str, Any]], record: Record) -> list[Difference]:
    own = CMDLETS.get(key)
    found: list[Difference] = []
    # A cmdlet's report shows some of its objects' properties.
    partial = record.partial or (own is not None and record.source != "psnet record")
    for row in given:
        fits = [item for item in answer if _same(row, item, own)]
        tries = [differences(row, item, partial=partial) for item in fits]
        label = _label(row, own)
        best = min(tries, key=len, default=[Difference("the object itself", "missing")])
        found += [Difference(f"{label}: {item.where}", item.kind, item.recorded, item.answered) for item in best]
    if key in _WHOLE:
        found += [Difference(_label(item, own), "unexpected") for item in answer[len(given) :]]
    return found


def _same(row: dict[str, Any], other: dict[str, Any], own: str | None) -> bool:
    """Say whether two rows stand for one thing: their names agree, or their name is drawn by the host."""
    names = [field for field in (own, *_IDENTITY) if field and field in row]
    if not names or own in ("StaticMappingID", "ExternalAddressID", "IPAddress", "DestinationPrefix"):
        return True
    return not differences(row[names[0]], other.get(names[0]))


def _label(row: dict[str, Any], own: str | None) -> str:
    return str(next((row[field] for field in (own, *_IDENTITY, "ID") if field and field in row), "object"))
