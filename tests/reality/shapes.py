"""Whether what the lab answers has the shape of a record: fields, types, and the values that are rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_GUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
#: Fields whose values are rules, not the circumstances of one host.
RULES: Final = frozenset(
    {
        *("Type", "Flags", "IPv6", "IsEnabled", "ObjectType", "Tag", "IsPolicy", "IsRemoteEndpoint", "EncapOverhead"),
        *("State", "IsApplied", "IsDefault", "Priority", "Action", "Direction", "VLAN", "IsolationID", "IsolationType"),
        *("ManagementPort", "Dhcp", "Dns", "Scope"),
    }
)
_WELL_KNOWN: Final = frozenset({"Id"})
CUT: Final = "cut"


def differences(record: Any, answer: Any, *, partial: bool, path: str = "") -> Iterator[str]:
    """Yield where an answer differs in shape; a partial record says nothing of fields that it lacks."""
    if _cut(record):
        return
    if isinstance(record, dict):
        yield from _object(record, answer, partial=partial, path=path)
    elif isinstance(record, list):
        yield from _list(record, answer, partial=partial, path=path)
    else:
        yield from _scalar(record, answer, path)


def _object(record: dict[str, Any], answer: Any, *, partial: bool, path: str) -> Iterator[str]:
    if not isinstance(answer, dict):
        yield f"{path}: no object"
        return
    for name, value in record.items():
        if name in answer:
            yield from differences(value, answer[name], partial=partial, path=f"{path}.{name}")
        elif not _cut(value):
            yield f"{path}.{name}: missing"
    if not partial:
        yield from (f"{path}.{name}: not recorded" for name in answer if name not in record)


def _list(record: list[Any], answer: Any, *, partial: bool, path: str) -> Iterator[str]:
    if not isinstance(answer, list):
        yield f"{path}: no list"
        return
    for position, item in enumerate(record):
        if position < len(answer):
            yield from differences(item, answer[position], partial=partial, path=f"{path}[{position}]")
        elif not _cut(item):
            yield f"{path}[{position}]: missing"


def _cut(value: Any) -> bool:
    return value in (CUT, [CUT], {}) or (isinstance(value, str) and value.endswith("cut)"))


def _scalar(record: Any, answer: Any, path: str) -> Iterator[str]:
    field = path.rpartition(".")[2].partition("[")[0]
    if type(record) is not type(answer) or (field in RULES and record != answer):
        yield f"{path}: {record!r} is {answer!r}"
    elif isinstance(record, str):
        if field in _WELL_KNOWN and record != answer:
            yield f"{path}: {record!r} is {answer!r}"
        found, shown = _GUID.search(record), _GUID.search(answer)
        if bool(found) != bool(shown):
            yield f"{path}: {record!r} is {answer!r}"
        elif found and shown and _case(found[0]) != _case(shown[0]):
            yield f"{path}: letter case of {record!r} is that of {answer!r}"


def _case(text: str) -> str:
    letters = "".join(letter for letter in text if letter.isalpha())
    return "upper" if letters.isupper() else "lower" if letters.islower() else "none"
